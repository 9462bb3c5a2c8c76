//! What was done, by whom, append-only.

use async_trait::async_trait;

use crate::{
    Result,
    audit::{AuditEntry, AuditRecord},
    id::UserId,
};

/// Where the audit lives.
///
/// # Guarantees every implementation gives
/// - Records are never changed or removed, not even on disconnect.
/// - Each user's records are a chain: each carries the hash of the one before
///   ([`AuditRecord::chained`](crate::audit::AuditRecord::chained)).
#[async_trait]
pub trait AuditStore: Send + Sync {
    /// Appends one entry that belongs to no approval.
    async fn append_audit(&self, entry: &AuditEntry) -> Result<AuditRecord>;

    /// At most `limit` records of `user` after number `after`, oldest first. The first is number 1.
    async fn audit(&self, user: &UserId, after: u64, limit: usize) -> Result<Vec<AuditRecord>>;
}
