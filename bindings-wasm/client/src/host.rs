//! The core's seams, as a browser and Node have them.
//!
//! The core asks for what may be handed to another thread. A module has one thread, so each wait is wrapped as if it
//! could be ([`SendWrapper`]), and never is.

use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use chrono::{DateTime, Utc};
use http::header;
use send_wrapper::SendWrapper;
use theo_calendar::{
    Error, ErrorKind, Result,
    auth::{AccessToken, Freshness, TokenProvider},
    http::{HttpClient, HttpError},
    id::AccountKey,
    time::{Clock, Timer},
};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

#[wasm_bindgen(raw_module = "./host.js")]
extern "C" {
    /// A request on its way.
    type Sending;

    #[wasm_bindgen(constructor)]
    fn new(method: &str, url: &str, headers: Vec<String>, body: Option<Vec<u8>>) -> Sending;

    #[wasm_bindgen(method, getter)]
    fn answer(this: &Sending) -> js_sys::Promise;

    /// Gives it up; nothing where it is over.
    #[wasm_bindgen(method)]
    fn abort(this: &Sending);

    /// What came back.
    type Answer;

    #[wasm_bindgen(method, getter)]
    fn status(this: &Answer) -> u16;

    #[wasm_bindgen(method, getter, js_name = retryAfter)]
    fn retry_after(this: &Answer) -> Option<String>;

    #[wasm_bindgen(method, getter)]
    fn date(this: &Answer) -> Option<String>;

    #[wasm_bindgen(method, getter)]
    fn body(this: &Answer) -> Vec<u8>;

    type Sleep;

    #[wasm_bindgen(constructor)]
    fn new(milliseconds: f64) -> Sleep;

    #[wasm_bindgen(method, getter)]
    fn done(this: &Sleep) -> js_sys::Promise;

    #[wasm_bindgen(method)]
    fn abort(this: &Sleep);
}

#[wasm_bindgen]
extern "C" {
    /// Where the host's access tokens come from.
    pub type Tokens;

    /// The token, and the scopes of its grant where they are known.
    #[wasm_bindgen(method, js_name = accessToken)]
    fn access_token(this: &Tokens, renew: bool) -> js_sys::Promise;

    type Token;

    #[wasm_bindgen(method, getter)]
    fn token(this: &Token) -> String;

    #[wasm_bindgen(method, getter)]
    fn scopes(this: &Token) -> Option<Vec<String>>;
}

/// The browser's fetch.
pub(crate) struct Fetch;

/// `setTimeout`.
pub(crate) struct HostTimer;

/// `Date.now`.
pub(crate) struct HostClock;

/// The host's callback.
pub(crate) struct HostTokens(SendWrapper<Tokens>);

impl HostTokens {
    pub(crate) fn new(tokens: Tokens) -> Self {
        Self(SendWrapper::new(tokens))
    }
}

/// Whatever is under way in JavaScript, given up where nobody waits for it any more.
struct Abandoned<T, F: Fn(&T)>(T, F);

impl<T, F: Fn(&T)> Drop for Abandoned<T, F> {
    fn drop(&mut self) {
        (self.1)(&self.0);
    }
}

#[async_trait]
impl HttpClient for Fetch {
    async fn send(&self, request: http::Request<Bytes>) -> Result<http::Response<Bytes>, HttpError> {
        SendWrapper::new(fetch(request)).await
    }
}

async fn fetch(request: http::Request<Bytes>) -> Result<http::Response<Bytes>, HttpError> {
    let text = |value: &http::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    let headers = request.headers().iter().flat_map(|(name, value)| [name.to_string(), text(value)]);
    let body = Some(request.body().to_vec()).filter(|body| !body.is_empty());
    let (method, url) = (request.method().as_str(), request.uri().to_string());
    let sending = Abandoned(Sending::new(method, &url, headers.collect(), body), Sending::abort);
    // A browser does not say how far a request came.
    let answer = JsFuture::from(sending.0.answer()).await;
    let answer = answer.map_err(|error| HttpError::interrupted(said(&error)))?.unchecked_into::<Answer>();
    let mut response = http::Response::builder().status(answer.status());
    // Of its headers, those that the core reads; a page may not see many more.
    for (name, value) in [(header::RETRY_AFTER, answer.retry_after()), (header::DATE, answer.date())] {
        if let Some(value) = value {
            response = response.header(name, value);
        }
    }
    response
        .body(answer.body().into())
        .map_err(|error| HttpError::interrupted("the answer is no HTTP").with_source(error))
}

#[async_trait]
impl Timer for HostTimer {
    async fn sleep(&self, duration: Duration) {
        SendWrapper::new(async move {
            let sleep = Abandoned(Sleep::new(duration.as_secs_f64() * 1000.0), Sleep::abort);
            // It never fails.
            let _ = JsFuture::from(sleep.0.done()).await;
        })
        .await;
    }
}

impl Clock for HostClock {
    fn now(&self) -> DateTime<Utc> {
        // Whole, and no further off than a `Date` reaches.
        DateTime::from_timestamp_millis(js_sys::Date::now() as i64).unwrap_or_default()
    }
}

#[async_trait]
impl TokenProvider for HostTokens {
    async fn access_token(&self, account: &AccountKey, freshness: Freshness) -> Result<AccessToken> {
        let asked = SendWrapper::new(self.0.access_token(freshness == Freshness::Renewed));
        let answer = SendWrapper::new(async move { JsFuture::from(asked.take()).await }).await;
        match answer {
            Ok(token) => {
                let token = token.unchecked_into::<Token>();
                Ok(AccessToken { secret: token.token().into(), scopes: token.scopes() })
            }
            Err(error) => {
                let message = format!("there is no access token for {}: {}", account.account, said(&error));
                Err(Error::new(ErrorKind::Unauthorized, message))
            }
        }
    }
}

/// What a thrown value says.
fn said(error: &JsValue) -> String {
    match error.dyn_ref::<js_sys::Error>() {
        Some(error) => error.message().into(),
        None => error.as_string().unwrap_or_else(|| "what was thrown is no error".to_owned()),
    }
}
