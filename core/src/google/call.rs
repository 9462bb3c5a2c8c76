//! What every call is.

use bytes::Bytes;
use chrono::{DateTime, Utc};
use url::Url;

use super::{Operation, error_from_response};
use crate::Result;

/// One call of Google's API: how it is asked, and what its answer means. Holds no token and does no IO.
pub trait Call: Send + Sync {
    /// What a good answer holds.
    type Answer: Send;

    /// Which method of the API it is.
    fn operation(&self) -> Operation;

    /// Whether it may be sent again when nobody knows whether it was applied.
    fn idempotency(&self) -> Idempotency;

    /// The request, to the API under `root` ([`ROOT`](super::ROOT) for Google's), without authorisation.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput) for what Google is known to refuse.
    fn request(&self, root: &Url) -> Result<http::Request<Bytes>>;

    /// Reads the body of an answer that says success.
    ///
    /// # Errors
    /// [`ErrorKind::MalformedResponse`](crate::ErrorKind::MalformedResponse) when it is not what Google documents.
    fn read(&self, body: &[u8]) -> Result<Self::Answer>;

    /// What `response`, which came at `now`, means.
    ///
    /// # Errors
    /// That of [`error_from_response`] unless its status says success; else those of [`read`](Self::read).
    fn answer(&self, response: &http::Response<Bytes>, now: DateTime<Utc>) -> Result<Self::Answer> {
        if response.status().is_success() {
            return self.read(response.body()).map_err(|error| error.with_operation(self.operation().name()));
        }
        Err(error_from_response(self.operation(), response, now))
    }
}

/// Whether a call may be sent again when nobody knows whether it was applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Idempotency {
    /// It changes nothing.
    Read,
    /// It changes something, but twice is the same as once: it names its own id, the version it changes, or what is
    /// to be gone.
    Repeatable,
    /// Twice is not once.
    Once,
}
