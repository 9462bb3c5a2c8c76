//! Consents.

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::MemoryStore;
use crate::{
    Result,
    id::UserId,
    storage::{ConsentStore, PendingConsent},
};

#[async_trait]
impl ConsentStore for MemoryStore {
    async fn put_consent(&self, state_hash: &[u8; 32], consent: &PendingConsent) -> Result<()> {
        let mut inner = self.write();
        let tenant = inner.tenants.entry(consent.user.clone()).or_default();
        tenant.consents.insert(*state_hash, consent.clone());
        Ok(())
    }

    async fn take_consent(&self, user: &UserId, state_hash: &[u8; 32]) -> Result<Option<PendingConsent>> {
        let mut inner = self.write();
        Ok(inner.tenants.get_mut(user).and_then(|tenant| tenant.consents.remove(state_hash)))
    }

    async fn consents_expired(&self, before: DateTime<Utc>, limit: usize) -> Result<Vec<(UserId, [u8; 32])>> {
        let inner = self.read();
        let mut expired: Vec<(DateTime<Utc>, &UserId, [u8; 32])> = Vec::new();
        for (user, tenant) in &inner.tenants {
            let past = tenant.consents.iter().filter(|(_, consent)| consent.expires_at < before);
            expired.extend(past.map(|(hash, consent)| (consent.expires_at, user, *hash)));
        }
        expired.sort();
        Ok(expired.into_iter().take(limit).map(|(_, user, hash)| (user.clone(), hash)).collect())
    }
}
