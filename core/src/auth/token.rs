//! Access tokens.

use async_trait::async_trait;
use secrecy::SecretString;

use crate::{Result, id::AccountKey};

/// An access token, and what it is good for where that is known.
#[derive(Clone, Debug)]
pub struct AccessToken {
    /// The bearer token; shown by no `Debug`.
    pub secret: SecretString,
    /// The scopes granted; none where unknown, and then nothing is refused locally.
    pub scopes: Option<Vec<String>>,
}

/// How fresh a token must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Freshness {
    /// One that was good last time.
    Cached,
    /// A new one: Google refused the last.
    Renewed,
}

/// Hands out access tokens.
///
/// # Guarantees every implementation gives
/// - Callers that need a renewed token at the same time share one renewal.
#[async_trait]
pub trait TokenProvider: Send + Sync {
    /// A token for `account`.
    ///
    /// # Errors
    /// [`ErrorKind::GrantRevoked`](crate::ErrorKind::GrantRevoked) when the person must connect again;
    /// [`ErrorKind::Unauthorized`](crate::ErrorKind::Unauthorized) when it has no other token to offer.
    async fn access_token(&self, account: &AccountKey, freshness: Freshness) -> Result<AccessToken>;
}
