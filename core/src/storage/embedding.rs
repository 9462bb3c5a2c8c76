//! Embeddings of events, for search by meaning.

use async_trait::async_trait;

use crate::{
    Result,
    id::{CalendarKey, EventKey, UserId},
    search::Embedding,
};

/// The embedding of an event's text.
#[derive(Clone, Debug, PartialEq)]
pub struct EmbeddingRow {
    /// Which event; the master stands for its series.
    pub key: EventKey,
    /// SHA-256 of the text: a new embedding is made only when it differs.
    pub content_hash: [u8; 32],
    /// The model that made it.
    pub model: String,
    /// The vector.
    pub embedding: Embedding,
}

/// An event near a vector.
#[derive(Clone, Debug, PartialEq)]
pub struct Nearest {
    /// Which event.
    pub key: EventKey,
    /// Cosine similarity, -1 to 1.
    pub similarity: f32,
}

/// Where embeddings live.
///
/// # Guarantees every implementation gives
/// - An embedding goes with its event.
#[async_trait]
pub trait EmbeddingStore: Send + Sync {
    /// Stores embeddings, over those there are of the same event and model; passes over events not in the mirror.
    async fn put_embeddings(&self, rows: &[EmbeddingRow]) -> Result<()>;

    /// The content hash of an event's embedding by `model`, where it has one.
    async fn content_hash(&self, key: &EventKey, model: &str) -> Result<Option<[u8; 32]>>;

    /// The `limit` events of `user` nearest to `query` among embeddings by `model`, nearest first.
    async fn nearest(
        &self,
        user: &UserId,
        model: &str,
        query: &Embedding,
        calendars: Option<&[CalendarKey]>,
        limit: usize,
    ) -> Result<Vec<Nearest>>;
}
