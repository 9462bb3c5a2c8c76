//! Whole accounts.

use async_trait::async_trait;
use serde::{Deserialize, Serialize};

use crate::{Result, audit::AuditEntry, id::AccountKey};

/// What went with an account.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Forgotten {
    /// Calendars.
    pub calendars: u64,
    /// Events, cancelled exceptions too.
    pub events: u64,
}

/// Forgets whole accounts.
///
/// # Guarantees every implementation gives
/// - All that is said here happens together, and with its audit entry, or not at all.
/// - Of the account stay the audit, its approvals and, in the change feed, a tombstone of each event. Its calendars,
///   events, quarantine, embeddings, sync states, push channels, grant, and consents that it was to give are gone.
/// - The leases on its resources are lost: a worker that was syncing it stores nothing more.
/// - What belongs to the user's other accounts is as it was.
#[async_trait]
pub trait AccountStore: Send + Sync {
    /// Forgets `account`; gives what went.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput) when the audit entry is of another user.
    async fn forget_account(&self, account: &AccountKey, audit: &AuditEntry) -> Result<Forgotten>;
}
