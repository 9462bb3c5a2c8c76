//! Embeddings.

use std::collections::BTreeMap;

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::{MemoryStore, tenant::Tenant};
use crate::{
    Result,
    id::{EventKey, UserId},
    storage::{
        ChangeCursor, EmbeddingPage, EmbeddingProgress, EmbeddingRow, EmbeddingStatus, EmbeddingStore,
    },
};

/// What one model made of one user's events.
pub(super) struct Embeddings {
    pub(super) rows: BTreeMap<EventKey, EmbeddingRow>,
    pub(super) dimensions: usize,
    progress: EmbeddingProgress,
    stored_at: DateTime<Utc>,
}

#[async_trait]
impl EmbeddingStore for MemoryStore {
    async fn embedding_status(&self, user: &UserId, model: &str) -> Result<EmbeddingStatus> {
        let inner = self.read();
        let Some(tenant) = inner.tenants.get(user) else { return Ok(EmbeddingStatus::default()) };
        let feed = ChangeCursor(tenant.feed.position());
        Ok(match tenant.embeddings.get(model) {
            Some(known) => {
                EmbeddingStatus { progress: known.progress, dimensions: Some(known.dimensions), feed }
            }
            None => EmbeddingStatus { feed, ..EmbeddingStatus::default() },
        })
    }

    async fn embeddings_due(&self, model: &str, now: DateTime<Utc>, limit: usize) -> Result<Vec<UserId>> {
        let inner = self.read();
        let mut due: Vec<(Option<DateTime<Utc>>, &UserId)> = Vec::new();
        for (user, tenant) in &inner.tenants {
            let known = tenant.embeddings.get(model);
            let progress = known.map(|known| known.progress).unwrap_or_default();
            if progress.place.0 < tenant.feed.position() && progress.retry_at.is_none_or(|at| at <= now) {
                due.push((known.map(|known| known.stored_at), user));
            }
        }
        due.sort();
        Ok(due.into_iter().take(limit).map(|(_, user)| user.clone()).collect())
    }

    async fn content_hashes(
        &self,
        user: &UserId,
        model: &str,
        keys: &[EventKey],
    ) -> Result<Vec<Option<[u8; 32]>>> {
        let inner = self.read();
        let known = inner.tenants.get(user).and_then(|tenant| tenant.embeddings.get(model));
        let hash = |key: &EventKey| known.and_then(|known| known.rows.get(key)).map(|row| row.content_hash);
        Ok(keys.iter().map(hash).collect())
    }

    async fn commit_embeddings(&self, page: &EmbeddingPage) -> Result<()> {
        let now = self.clock.now();
        let mut inner = self.write();
        inner.leases.check(&page.fence)?;
        let tenant = inner.tenants.entry(page.user.clone()).or_default();
        page.check(tenant.embeddings.get(&page.model).map(|known| known.dimensions))?;
        let rows: Vec<&EmbeddingRow> = page.rows.iter().filter(|row| is_mirrored(tenant, &row.key)).collect();
        let known = tenant.embeddings.entry(page.model.clone()).or_insert_with(|| Embeddings {
            rows: BTreeMap::new(),
            dimensions: page.dimensions,
            progress: page.progress,
            stored_at: now,
        });
        known.rows.extend(rows.into_iter().map(|row| (row.key.clone(), row.clone())));
        for key in &page.removed {
            known.rows.remove(key);
        }
        (known.progress, known.stored_at) = (page.progress, now);
        Ok(())
    }

    async fn drop_embeddings(&self, model: &str) -> Result<u64> {
        let mut inner = self.write();
        let dropped = inner.tenants.values_mut().filter_map(|tenant| tenant.embeddings.remove(model));
        Ok(dropped.map(|known| known.rows.len() as u64).sum())
    }
}

fn is_mirrored(tenant: &Tenant, key: &EventKey) -> bool {
    tenant.calendar(&key.calendar_key()).is_ok_and(|calendar| calendar.mirror.row(&key.event).is_some())
}
