//! A model behind OpenAI's interface, which most servers of models speak.

use std::{fmt, sync::Arc, time::Duration};

use async_trait::async_trait;
use bytes::Bytes;
use futures_util::future::{Either, select};
use http::{HeaderValue, Method, StatusCode, header};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use url::Url;

use super::{Embedder, Embedding};
use crate::{
    Error, ErrorKind, Result, google,
    http::{HttpClient, HttpError},
    time::{Clock, Timer},
};

/// How long a call may take.
const TIMEOUT: Duration = Duration::from_secs(30);

/// Words of the server's shown in an error.
const MESSAGE_CHARACTERS: usize = 200;

const OPERATION: &str = "embeddings";

/// An [`Embedder`] over `POST {base}/v1/embeddings`: OpenAI's own, or one of the many servers that speak like it.
///
/// - The key goes only to that address, over https unless that is this machine, and into no error.
/// - It makes one call and tries none again: [`Search::embed_due`](super::Search::embed_due) does, later.
///
/// ```
/// use theo_calendar::{search::{Embedder, HttpEmbedder}, testing::{FakeClock, FakeTimer, ScriptedHttp}};
///
/// # async fn example() -> theo_calendar::Result<()> {
/// let http = ScriptedHttp::default();
/// http.answer(200, r#"{"data": [{"index": 0, "embedding": [0.6, 0.8]}]}"#);
/// let clock = FakeClock::default();
/// let timer = FakeTimer::new(&clock);
/// let base = "https://models.example.com".parse().unwrap();
/// let embedder = HttpEmbedder::new(http, clock, timer, &base, "tiny", 2)?.with_key("secret");
///
/// assert_eq!(embedder.embed(&["Lunch".to_owned()]).await?, [[0.6, 0.8]]);
/// # Ok(())
/// # }
/// # tokio::runtime::Runtime::new().unwrap().block_on(example()).unwrap();
/// ```
pub struct HttpEmbedder {
    http: Arc<dyn HttpClient>,
    clock: Arc<dyn Clock>,
    timer: Arc<dyn Timer>,
    url: Url,
    model: String,
    dimensions: usize,
    key: Option<SecretString>,
    timeout: Duration,
}

impl HttpEmbedder {
    /// The embedder `model`, of `dimensions` numbers, at the server `base`; a path that ends in `v1` is taken as such.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidInput`] when `base` is neither https nor this machine: people's events would be sent in clear.
    pub fn new(
        http: impl HttpClient + 'static,
        clock: impl Clock + 'static,
        timer: impl Timer + 'static,
        base: &Url,
        model: impl Into<String>,
        dimensions: usize,
    ) -> Result<Self> {
        Ok(Self {
            http: Arc::new(http),
            clock: Arc::new(clock),
            timer: Arc::new(timer),
            url: endpoint(base)?,
            model: model.into(),
            dimensions,
            key: None,
            timeout: TIMEOUT,
        })
    }

    /// The same, with a key sent as a bearer token.
    #[must_use]
    pub fn with_key(mut self, key: impl Into<SecretString>) -> Self {
        self.key = Some(key.into());
        self
    }

    /// The same, waiting `timeout` for an answer; 30 seconds by default.
    #[must_use]
    pub fn with_timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    fn request(&self, texts: &[String]) -> Result<http::Request<Bytes>> {
        let wrong = |message: &'static str| Error::new(ErrorKind::InvalidInput, message);
        let asked = Asked { model: &self.model, input: texts, encoding_format: "float" };
        let body = serde_json::to_vec(&asked)
            .map_err(|error| wrong("the texts cannot be written as JSON").with_source(error))?;
        let request = http::Request::builder()
            .method(Method::POST)
            .uri(self.url.as_str())
            .header(header::ACCEPT, "application/json")
            .header(header::CONTENT_TYPE, "application/json");
        let mut request = request
            .body(Bytes::from(body))
            .map_err(|error| wrong("the request for embeddings cannot be built").with_source(error))?;
        if let Some(key) = &self.key {
            let bearer = format!("Bearer {}", key.expose_secret());
            let mut value = HeaderValue::from_str(&bearer)
                .map_err(|_| wrong("the key of the embedding server holds characters no key has"))?;
            value.set_sensitive(true);
            request.headers_mut().insert(header::AUTHORIZATION, value);
        }
        Ok(request)
    }

    async fn send(&self, request: http::Request<Bytes>) -> Result<http::Response<Bytes>> {
        match select(self.http.send(request), self.timer.sleep(self.timeout)).await {
            Either::Left((answer, _)) => answer.map_err(unreachable),
            Either::Right(((), _)) => {
                let seconds = self.timeout.as_secs_f64();
                let message = format!("the embedding server gave no answer within {seconds} seconds");
                Err(Error::new(ErrorKind::Timeout, message))
            }
        }
    }

    fn refusal(&self, response: &http::Response<Bytes>) -> Error {
        let status = response.status();
        let (kind, advice) = meaning(status);
        let mut message = format!("the embedding server answered with status {}{advice}", status.as_u16());
        // What it says of a key may hold the key.
        if !matches!(kind, ErrorKind::Unauthorized | ErrorKind::Forbidden)
            && let Some(words) = Refusal::words(response.body())
        {
            message = format!("{message}: {}", crate::text::one_line(&words, MESSAGE_CHARACTERS));
        }
        let error = Error::new(kind, message);
        match google::retry_after(response.headers(), self.clock.now()) {
            Some(wait) => error.with_retry_after(wait),
            None => error,
        }
    }
}

#[async_trait]
impl Embedder for HttpEmbedder {
    fn model(&self) -> &str {
        &self.model
    }

    fn dimensions(&self) -> usize {
        self.dimensions
    }

    /// # Errors
    /// [`ErrorKind::InvalidRequest`] when the texts are refused (400, 413, 422); [`ErrorKind::RateLimited`],
    /// [`ErrorKind::Unavailable`], [`ErrorKind::Timeout`] and [`ErrorKind::Connection`] when it may work later;
    /// [`ErrorKind::Unauthorized`], [`ErrorKind::Forbidden`] and [`ErrorKind::NotFound`] when key, rights or address are
    /// wrong; [`ErrorKind::MalformedResponse`] for an answer that is none.
    async fn embed(&self, texts: &[String]) -> Result<Vec<Embedding>> {
        if texts.is_empty() {
            return Ok(Vec::new());
        }
        let embeddings = async {
            let response = self.send(self.request(texts)?).await?;
            if response.status().is_success() {
                read(response.body(), texts.len())
            } else {
                Err(self.refusal(&response))
            }
        };
        embeddings.await.map_err(|error| error.with_operation(OPERATION))
    }
}

impl fmt::Debug for HttpEmbedder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpEmbedder")
            .field("url", &self.url.as_str())
            .field("model", &self.model)
            .field("dimensions", &self.dimensions)
            .finish_non_exhaustive()
    }
}

fn endpoint(base: &Url) -> Result<Url> {
    let wrong = |message: String| Error::new(ErrorKind::InvalidInput, message);
    let host = base.host_str().unwrap_or_default();
    if !google::is_trusted(base) {
        let scheme = base.scheme();
        return Err(wrong(format!(
            "events cannot be sent to {host:?} over {scheme}: use https, or http to this machine only, without a login"
        )));
    }
    let mut url = base.clone();
    url.set_query(None);
    url.set_fragment(None);
    let has_version = base.path().trim_end_matches('/').ends_with("/v1");
    let mut path =
        url.path_segments_mut().map_err(|()| wrong(format!("{host:?} is no address of a server")))?;
    path.pop_if_empty();
    if !has_version {
        path.push("v1");
    }
    path.push("embeddings");
    drop(path);
    Ok(url)
}

fn meaning(status: StatusCode) -> (ErrorKind, &'static str) {
    match status.as_u16() {
        400 | 413 | 422 => (ErrorKind::InvalidRequest, ""),
        401 => (ErrorKind::Unauthorized, ": is its key right?"),
        403 => (ErrorKind::Forbidden, ": may this key use the model?"),
        404 => (ErrorKind::NotFound, ": are its address and the model's name right?"),
        429 => (ErrorKind::RateLimited, ": it asks to wait"),
        408 | 500..=599 => (ErrorKind::Unavailable, ""),
        _ => (ErrorKind::MalformedResponse, ", which is no answer to a request for embeddings"),
    }
}

fn unreachable(error: HttpError) -> Error {
    Error::new(ErrorKind::Connection, format!("the embedding server cannot be reached: {error}"))
        .with_source(error)
}

/// The embeddings in the order of the texts, whatever order they came in.
fn read(body: &[u8], texts: usize) -> Result<Vec<Embedding>> {
    let malformed = |message: String| Error::new(ErrorKind::MalformedResponse, message);
    let answer: Answer = serde_json::from_slice(body).map_err(|error| {
        malformed(format!("the embedding server's answer is not of OpenAI's form: {error}"))
            .with_source(error)
    })?;
    let mut embeddings: Vec<Option<Embedding>> = vec![None; texts];
    let got = answer.data.len();
    for embedded in answer.data {
        match embeddings.get_mut(embedded.index) {
            Some(place @ None) => *place = Some(embedded.embedding),
            _ => {
                let index = embedded.index;
                return Err(malformed(format!(
                    "the embedding server gave an embedding for text {index} of {texts}, or gave it twice"
                )));
            }
        }
    }
    embeddings
        .into_iter()
        .collect::<Option<Vec<Embedding>>>()
        .ok_or_else(|| malformed(format!("the embedding server gave {got} embeddings for {texts} texts")))
}

#[derive(Serialize)]
struct Asked<'a> {
    model: &'a str,
    input: &'a [String],
    encoding_format: &'static str,
}

#[derive(Deserialize)]
struct Answer {
    data: Vec<Embedded>,
}

#[derive(Deserialize)]
struct Embedded {
    index: usize,
    embedding: Embedding,
}

/// `{"error": {"message": …}}`, `{"error": …}`, `{"message": …}` or `{"detail": …}`.
#[derive(Deserialize)]
struct Refusal {
    error: Option<serde_json::Value>,
    message: Option<serde_json::Value>,
    detail: Option<serde_json::Value>,
}

impl Refusal {
    fn words(body: &[u8]) -> Option<String> {
        let refusal: Self = serde_json::from_slice(body).ok()?;
        let said = refusal.error.or(refusal.message).or(refusal.detail)?;
        let said = said.get("message").unwrap_or(&said);
        said.as_str().map(str::to_owned)
    }
}
