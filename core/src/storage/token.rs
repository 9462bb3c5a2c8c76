//! Grants: what a person allowed, and the tokens for it.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use secrecy::{ExposeSecret, SecretString};

use crate::{
    Result,
    id::{AccountKey, UserId},
};

/// What a person granted through one account.
#[derive(Clone, Debug)]
pub struct StoredGrant {
    /// The access token.
    pub access_token: SecretString,
    /// When it expires.
    pub expires_at: DateTime<Utc>,
    /// The refresh token, where Google gave one.
    pub refresh_token: Option<SecretString>,
    /// The scopes granted.
    pub scopes: Vec<String>,
}

impl StoredGrant {
    /// Whether it holds the same access token, and so is the same grant, unrenewed.
    pub fn is_same_as(&self, other: &Self) -> bool {
        self.access_token.expose_secret() == other.access_token.expose_secret()
    }
}

/// Where grants live.
///
/// # Guarantees every implementation gives
/// - A durable store seals tokens under a key it does not hold itself, bound to their user and account.
#[async_trait]
pub trait TokenStore: Send + Sync {
    /// The grant of an account, where there is one.
    async fn grant(&self, account: &AccountKey) -> Result<Option<StoredGrant>>;

    /// The accounts of `user` that have a grant.
    async fn granted_accounts(&self, user: &UserId) -> Result<Vec<AccountKey>>;

    /// Stores a grant, over the one there is.
    async fn put_grant(&self, account: &AccountKey, grant: &StoredGrant) -> Result<()>;

    /// Stores `next` where the grant is still the one that was `seen`, told by its access token; otherwise gives false
    /// and stores nothing. A renewal under way so neither brings back a grant that was forgotten, nor takes the place of
    /// one that the person gave meanwhile.
    async fn renew_grant(&self, account: &AccountKey, seen: &StoredGrant, next: &StoredGrant)
    -> Result<bool>;

    /// Forgets a grant; nothing happens where there is none.
    async fn delete_grant(&self, account: &AccountKey) -> Result<()>;
}
