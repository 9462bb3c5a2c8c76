//! The audit.

use async_trait::async_trait;

use super::{MemoryStore, tenant::Tenant};
use crate::{
    Result,
    audit::{AuditEntry, AuditRecord, ChainEnd},
    id::UserId,
    storage::AuditStore,
};

#[async_trait]
impl AuditStore for MemoryStore {
    async fn append_audit(&self, entry: &AuditEntry) -> Result<AuditRecord> {
        let mut inner = self.write();
        Ok(inner.tenants.entry(entry.user.clone()).or_default().append_audit(entry.clone()))
    }

    async fn audit(&self, user: &UserId, after: u64, limit: usize) -> Result<Vec<AuditRecord>> {
        let inner = self.read();
        let records = inner.tenants.get(user).map_or(&[][..], |tenant| &tenant.audit);
        let first = records.partition_point(|record| record.number <= after);
        Ok(records.iter().skip(first).take(limit).cloned().collect())
    }

    async fn audit_end(&self, user: &UserId) -> Result<ChainEnd> {
        Ok(self.read().tenants.get(user).map(Tenant::audit_end).unwrap_or_default())
    }
}
