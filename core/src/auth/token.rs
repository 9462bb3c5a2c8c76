//! Access tokens.

use std::sync::Arc;

use async_trait::async_trait;
use secrecy::SecretString;

use crate::{Error, ErrorKind, Result, id::AccountKey};

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

#[async_trait]
impl<T: TokenProvider + ?Sized> TokenProvider for Arc<T> {
    async fn access_token(&self, account: &AccountKey, freshness: Freshness) -> Result<AccessToken> {
        (**self).access_token(account, freshness).await
    }
}

/// One token, from elsewhere, for every account: a playground's, a test's, or one that the host renews itself.
#[derive(Clone, Debug)]
pub struct StaticToken(AccessToken);

impl StaticToken {
    /// `secret`, of which nobody knows the scopes.
    pub fn new(secret: impl Into<SecretString>) -> Self {
        Self(AccessToken { secret: secret.into(), scopes: None })
    }

    /// The same token, known to be good for `scopes` only.
    #[must_use]
    pub fn with_scopes<S: Into<String>>(mut self, scopes: impl IntoIterator<Item = S>) -> Self {
        self.0.scopes = Some(scopes.into_iter().map(Into::into).collect());
        self
    }
}

#[async_trait]
impl TokenProvider for StaticToken {
    async fn access_token(&self, account: &AccountKey, freshness: Freshness) -> Result<AccessToken> {
        match freshness {
            Freshness::Cached => Ok(self.0.clone()),
            Freshness::Renewed => {
                let account = &account.account;
                let message = format!(
                    "Google refused the access token of {account}, and it is the only one: get a new one"
                );
                Err(Error::new(ErrorKind::Unauthorized, message))
            }
        }
    }
}
