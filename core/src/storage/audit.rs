//! What was done, by whom, append-only.

use async_trait::async_trait;

use crate::{
    Result,
    audit::{AuditEntry, AuditRecord, ChainEnd},
    id::UserId,
};

/// Where the audit lives.
///
/// # Guarantees every implementation gives
/// - Records are never changed or removed, not even on disconnect.
/// - Each user's records are a chain: each carries the hash of the one before
///   ([`ChainEnd::extended`]).
/// - Where the chain ends is kept apart from its records and stored with each, so that a record cut off its end is
///   missed.
#[async_trait]
pub trait AuditStore: Send + Sync {
    /// Appends one entry that belongs to no approval.
    async fn append_audit(&self, entry: &AuditEntry) -> Result<AuditRecord>;

    /// At most `limit` records of `user` after number `after`, oldest first. The first is number 1.
    async fn audit(&self, user: &UserId, after: u64, limit: usize) -> Result<Vec<AuditRecord>>;

    /// Where the chain of `user` ends, as it was written.
    async fn audit_end(&self, user: &UserId) -> Result<ChainEnd>;
}
