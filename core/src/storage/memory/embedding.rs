//! Embeddings.

use async_trait::async_trait;

use super::MemoryStore;
use crate::{
    Result,
    id::{CalendarKey, EventKey, UserId},
    search::Embedding,
    storage::{EmbeddingRow, EmbeddingStore, Nearest},
};

#[async_trait]
impl EmbeddingStore for MemoryStore {
    async fn put_embeddings(&self, rows: &[EmbeddingRow]) -> Result<()> {
        let mut inner = self.write();
        for row in rows {
            let Some(tenant) = inner.tenants.get_mut(&row.key.user) else { continue };
            let calendar = tenant.calendar(&row.key.calendar_key());
            if calendar.is_ok_and(|calendar| calendar.mirror.row(&row.key.event).is_some()) {
                let models = tenant.embeddings.entry(row.key.clone()).or_default();
                models.insert(row.model.clone(), row.clone());
            }
        }
        Ok(())
    }

    async fn content_hash(&self, key: &EventKey, model: &str) -> Result<Option<[u8; 32]>> {
        let inner = self.read();
        let models = inner.tenants.get(&key.user).and_then(|tenant| tenant.embeddings.get(key));
        Ok(models.and_then(|models| models.get(model)).map(|row| row.content_hash))
    }

    async fn nearest(
        &self,
        user: &UserId,
        model: &str,
        query: &Embedding,
        calendars: Option<&[CalendarKey]>,
        limit: usize,
    ) -> Result<Vec<Nearest>> {
        let inner = self.read();
        let all = inner.tenants.get(user).into_iter().flat_map(|tenant| tenant.embeddings.iter());
        let wanted = all.filter(|(key, _)| calendars.is_none_or(|some| some.contains(&key.calendar_key())));
        let mut nearest: Vec<Nearest> = wanted
            .filter_map(|(key, models)| {
                let similarity = cosine(&models.get(model)?.embedding, query)?;
                Some(Nearest { key: key.clone(), similarity })
            })
            .collect();
        nearest.sort_by(|a, b| b.similarity.total_cmp(&a.similarity).then_with(|| a.key.cmp(&b.key)));
        nearest.truncate(limit);
        Ok(nearest)
    }
}

/// None where the two are not of one length, or one has no direction.
fn cosine(a: &[f32], b: &[f32]) -> Option<f32> {
    let dot = |x: &[f32], y: &[f32]| x.iter().zip(y).map(|(x, y)| x * y).sum::<f32>();
    let lengths = (dot(a, a) * dot(b, b)).sqrt();
    (a.len() == b.len() && lengths > 0.0).then(|| dot(a, b) / lengths)
}
