//! Consents that were asked for and not given yet.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use secrecy::SecretString;

use crate::{
    Result,
    id::{AccountId, UserId},
};

/// A consent that a person was sent to Google for.
#[derive(Clone, Debug)]
pub struct PendingConsent {
    /// Who was sent.
    pub user: UserId,
    /// SHA-256 of the session they were sent from: it is finished in no other.
    pub session_hash: [u8; 32],
    /// What proves to Google that who brings the code is who asked for it (RFC 7636).
    pub verifier: SecretString,
    /// The scopes asked for.
    pub scopes: Vec<String>,
    /// Where Google sends the person back to, to the byte.
    pub redirect: String,
    /// The account that is to grant more; any where none is named.
    pub account: Option<AccountId>,
    /// From when on it can no longer be finished.
    pub expires_at: DateTime<Utc>,
}

/// Where consents wait for their answer.
///
/// # Guarantees every implementation gives
/// - Of several callers that take one consent, from whatever processes, one gets it.
/// - The state that Google brings back is nowhere stored, only its SHA-256.
/// - A durable store seals the verifier under a key it does not hold itself, bound to the user and the state.
#[async_trait]
pub trait ConsentStore: Send + Sync {
    /// Stores a consent under the SHA-256 of its state.
    async fn put_consent(&self, state_hash: &[u8; 32], consent: &PendingConsent) -> Result<()>;

    /// Takes the consent of `user` under that hash out of the store; none where they have none, or it was taken.
    async fn take_consent(&self, user: &UserId, state_hash: &[u8; 32]) -> Result<Option<PendingConsent>>;

    /// At most `limit` consents of any user that expired before `before`, first expired first: whose, and under what.
    async fn consents_expired(&self, before: DateTime<Utc>, limit: usize) -> Result<Vec<(UserId, [u8; 32])>>;
}
