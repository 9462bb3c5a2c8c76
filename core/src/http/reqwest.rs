//! The HTTP seam over reqwest and rustls, for hosts on tokio. Feature `reqwest`.

use async_trait::async_trait;
use bytes::Bytes;

use super::{HttpClient, HttpError};

/// HTTPS by reqwest and rustls: HTTP/2 where the server speaks it, gzip, the system's certificates, no redirects.
///
/// Keeps connections open between calls: share one, clones do.
#[derive(Clone, Debug)]
pub struct ReqwestClient(::reqwest::Client);

impl ReqwestClient {
    /// A client with its own connections.
    ///
    /// # Errors
    /// [`HttpError`] when TLS cannot be set up, as without any certificates to trust.
    pub fn new() -> Result<Self, HttpError> {
        let client = ::reqwest::Client::builder()
            .redirect(::reqwest::redirect::Policy::none())
            .gzip(true)
            .user_agent(concat!("theo-calendar/", env!("CARGO_PKG_VERSION"), " (gzip)"))
            .referer(false);
        let client = client.build().map_err(|error| {
            HttpError::unreachable(format!("TLS cannot be set up: {}", innermost(&error))).with_source(error)
        })?;
        Ok(Self(client))
    }
}

#[async_trait]
impl HttpClient for ReqwestClient {
    async fn send(&self, request: http::Request<Bytes>) -> Result<http::Response<Bytes>, HttpError> {
        let host =
            request.uri().authority().map_or_else(String::new, |authority| authority.as_str().to_owned());
        let request =
            request.try_into().map_err(|error: ::reqwest::Error| failed(&host, error.without_url()))?;
        let mut answer = self.0.execute(request).await.map_err(|error| failed(&host, error.without_url()))?;

        let mut response = http::Response::new(Bytes::new());
        *response.status_mut() = answer.status();
        *response.version_mut() = answer.version();
        *response.headers_mut() = std::mem::take(answer.headers_mut());
        *response.body_mut() = answer.bytes().await.map_err(|error| {
            let error = error.without_url();
            let message = format!("the answer of {host} was cut short: {}", innermost(&error));
            HttpError::interrupted(message).with_source(error)
        })?;
        Ok(response)
    }
}

/// What went wrong before an answer began. The error carries no address: a query may hold what is nobody's business.
fn failed(host: &str, error: ::reqwest::Error) -> HttpError {
    let cause = innermost(&error);
    if error.is_connect() || error.is_builder() {
        let message = format!("{host} cannot be reached: {cause}; is the address right and the network up?");
        return HttpError::unreachable(message).with_source(error);
    }
    HttpError::interrupted(format!("the connection to {host} broke: {cause}")).with_source(error)
}

/// The last cause: reqwest's own words say only that something failed.
fn innermost(error: &dyn std::error::Error) -> String {
    let mut error = error;
    while let Some(source) = error.source() {
        error = source;
    }
    error.to_string()
}
