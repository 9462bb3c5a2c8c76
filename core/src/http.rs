//! The HTTP seam: one method, so that any client (reqwest, the browser's fetch, a script) serves.

#[cfg(feature = "reqwest")]
mod reqwest;

use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;

#[cfg(feature = "reqwest")]
pub use self::reqwest::ReqwestClient;

/// Sends one request and returns its answer.
///
/// # Guarantees every implementation gives
/// - Any status is an answer: a 404 or 500 is `Ok`.
/// - The body is whole: a body cut short is an error.
/// - Redirects are not followed, so that a bearer token never leaves the host it was meant for.
/// - Dropping the future abandons the request; it may have been applied all the same.
#[async_trait]
pub trait HttpClient: Send + Sync {
    /// Sends `request`.
    ///
    /// # Errors
    /// [`HttpError`] when no whole answer came.
    async fn send(&self, request: http::Request<Bytes>) -> Result<http::Response<Bytes>, HttpError>;
}

#[async_trait]
impl<T: HttpClient + ?Sized> HttpClient for Arc<T> {
    async fn send(&self, request: http::Request<Bytes>) -> Result<http::Response<Bytes>, HttpError> {
        (**self).send(request).await
    }
}

/// No whole answer came.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub struct HttpError {
    message: String,
    sent: bool,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl HttpError {
    /// The request may have reached the server: it may or may not have been applied.
    pub fn interrupted(message: impl Into<String>) -> Self {
        Self { message: message.into(), sent: true, source: None }
    }

    /// The request never reached the server: no connection was made.
    pub fn unreachable(message: impl Into<String>) -> Self {
        Self { message: message.into(), sent: false, source: None }
    }

    /// The same error with what caused it.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// Whether the request may have reached the server.
    pub fn may_have_been_sent(&self) -> bool {
        self.sent
    }
}
