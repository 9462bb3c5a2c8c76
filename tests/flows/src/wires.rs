//! HTTP clients that stand between a worker and Google.

use std::{
    collections::BTreeMap,
    future::Future,
    pin::Pin,
    sync::{Arc, LazyLock, Mutex},
};

use async_trait::async_trait;
use bytes::Bytes;
use http::{Request, Response};
use serde_json::Value;
use theo_calendar::{
    http::{HttpClient, HttpError, ReqwestClient},
    testing::{Discovery, ValidatingClient},
};

/// Real HTTP, every request judged by Google's discovery document where that is at hand.
pub fn google_http() -> Arc<dyn HttpClient> {
    // One for all tests: setting up TLS takes longer than most of them. Each has a Google, so connections, of its own.
    static HTTP: LazyLock<ReqwestClient> = LazyLock::new(|| ReqwestClient::new().unwrap());
    judged(HTTP.clone())
}

/// `http`, every request judged by Google's discovery document where that is at hand.
pub fn judged(http: impl HttpClient + 'static) -> Arc<dyn HttpClient> {
    static DISCOVERY: LazyLock<Option<Discovery>> = LazyLock::new(|| Discovery::load().ok());
    match &*DISCOVERY {
        Some(discovery) => Arc::new(ValidatingClient::new(http, discovery.clone())),
        None => Arc::new(http),
    }
}

type Meanwhile = Pin<Box<dyn Future<Output = ()> + Send>>;

/// Lets something happen just before the `n`th request goes out, or just after its answer came.
#[derive(Clone)]
pub struct Interrupted {
    inner: Arc<dyn HttpClient>,
    plan: Arc<Mutex<Plan>>,
}

struct Plan {
    seen: usize,
    at: usize,
    after_answer: bool,
    meanwhile: Option<Meanwhile>,
}

impl Interrupted {
    /// Lets `meanwhile` happen at request `at`, counted from 0: after its answer came, or before it goes out.
    pub fn at(at: usize, after_answer: bool, meanwhile: impl Future<Output = ()> + Send + 'static) -> Self {
        let plan = Plan { seen: 0, at, after_answer, meanwhile: Some(Box::pin(meanwhile)) };
        Self { inner: google_http(), plan: Arc::new(Mutex::new(plan)) }
    }

    /// Whether it happened.
    pub fn happened(&self) -> bool {
        self.plan.lock().unwrap().meanwhile.is_none()
    }
}

#[async_trait]
impl HttpClient for Interrupted {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let (meanwhile, after_answer) = {
            let mut plan = self.plan.lock().unwrap();
            let is_it = plan.seen == plan.at;
            plan.seen += 1;
            (if is_it { plan.meanwhile.take() } else { None }, plan.after_answer)
        };
        let Some(meanwhile) = meanwhile else { return self.inner.send(request).await };
        if after_answer {
            let answer = self.inner.send(request).await;
            meanwhile.await;
            return answer;
        }
        meanwhile.await;
        self.inner.send(request).await
    }
}

/// Puts other bytes in the place of a marker in every answer: what no JSON library would write.
#[derive(Clone)]
pub struct Rewritten {
    inner: Arc<dyn HttpClient>,
    markers: Vec<(&'static str, Vec<u8>)>,
}

impl Rewritten {
    /// Replaces each marker.
    pub fn new(markers: impl IntoIterator<Item = (&'static str, Vec<u8>)>) -> Self {
        Self { inner: google_http(), markers: markers.into_iter().collect() }
    }
}

#[async_trait]
impl HttpClient for Rewritten {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let mut answer = self.inner.send(request).await?;
        for (marker, bytes) in &self.markers {
            let body = replaced(answer.body(), marker.as_bytes(), bytes);
            *answer.body_mut() = body;
        }
        Ok(answer)
    }
}

fn replaced(body: &Bytes, marker: &[u8], bytes: &[u8]) -> Bytes {
    let mut written = Vec::with_capacity(body.len());
    let mut rest = &body[..];
    while let Some(place) = rest.windows(marker.len()).position(|window| window == marker) {
        written.extend_from_slice(&rest[..place]);
        written.extend_from_slice(bytes);
        rest = &rest[place + marker.len()..];
    }
    written.extend_from_slice(rest);
    written.into()
}

/// Remembers which query made each sync and page token, and notes each request that uses one with another query.
#[derive(Clone)]
pub struct TokenWitness {
    inner: Arc<dyn HttpClient>,
    books: Arc<Mutex<Books>>,
}

#[derive(Default)]
struct Books {
    made_by: BTreeMap<String, String>,
    used: usize,
    misused: Vec<String>,
}

impl TokenWitness {
    /// A witness who has seen nothing.
    pub fn new() -> Self {
        Self { inner: google_http(), books: Arc::default() }
    }

    /// How many requests carried a sync or page token.
    pub fn used(&self) -> usize {
        self.books.lock().unwrap().used
    }

    /// The requests that used a token with a query that did not make it.
    pub fn misused(&self) -> Vec<String> {
        self.books.lock().unwrap().misused.clone()
    }
}

impl Default for TokenWitness {
    fn default() -> Self {
        Self::new()
    }
}

#[async_trait]
impl HttpClient for TokenWitness {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let uri = request.uri().clone();
        let answer = self.inner.send(request).await?;
        let mut query: BTreeMap<String, String> =
            url::form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes()).into_owned().collect();
        let page_token = query.remove("pageToken");
        // What a page token was made by includes the sync token; what a sync token was made by does not.
        let with_sync = format!("{} {query:?}", uri.path());
        let sync_token = query.remove("syncToken");
        let without = format!("{} {query:?}", uri.path());
        let mut books = self.books.lock().unwrap();
        for (token, made_by) in [(page_token, &with_sync), (sync_token, &without)] {
            let Some(token) = token else { continue };
            books.used += 1;
            if books.made_by.get(&token) != Some(made_by) {
                books.misused.push(uri.to_string());
            }
        }
        if let Ok(body) = serde_json::from_slice::<Value>(answer.body()) {
            for (field, made_by) in [("nextPageToken", with_sync), ("nextSyncToken", without)] {
                if let Some(token) = body[field].as_str() {
                    books.made_by.insert(token.to_owned(), made_by);
                }
            }
        }
        Ok(answer)
    }
}
