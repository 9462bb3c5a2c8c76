//! Search: by words, by meaning, and by both at once.
//!
//! [`Search`] is what the service holds. What an event is found by is decided here, once for every store: its words and
//! filters ([`SearchEntry`]), and the text whose embedding stands for it ([`event_text`]).

mod embedder;
mod embedding_tick;
mod entry;
mod event_text;
mod fusion;
mod http_embedder;
mod plain_text;
mod query;
mod reach;
mod repetition;
mod words;

use std::{fmt, sync::Arc};

use crate::{recurrence::TimeZones, storage::Storage, time::Clock};

pub use embedder::{Embedder, Embedding};
pub use embedding_tick::EmbedTick;
pub use entry::{SearchEntry, SearchField};
pub use event_text::{EVENT_TEXT_VERSION, content_hash, event_text};
pub use http_embedder::HttpEmbedder;
pub use query::{
    MeaningPart, MeaningUse, ScoreParts, SearchHit, SearchMode, SearchQuery, SearchResults, TextPart,
};
pub use words::words;

/// Finds events, and makes the embeddings they are found by.
///
/// - Search reads the mirror alone; the query's own text goes to the embedder, nothing else does.
/// - Embeddings follow the change feed: a sync knows nothing of them and is never held up by them.
/// - Without an embedder it finds by words.
#[derive(Clone)]
pub struct Search {
    store: Arc<dyn Storage>,
    clock: Arc<dyn Clock>,
    zones: Arc<dyn TimeZones>,
    holder: Arc<str>,
    embedder: Option<Arc<dyn Embedder>>,
    retiring: Option<Arc<dyn Embedder>>,
}

impl Search {
    /// Over the seams of a host. `holder` names this process among others that share the store.
    pub fn new(
        store: Arc<dyn Storage>,
        clock: Arc<dyn Clock>,
        zones: Arc<dyn TimeZones>,
        holder: impl Into<Arc<str>>,
    ) -> Self {
        Self { store, clock, zones, holder: holder.into(), embedder: None, retiring: None }
    }

    /// The same, with `embedder` for meaning.
    #[must_use]
    pub fn with_embedder(mut self, embedder: Arc<dyn Embedder>) -> Self {
        self.embedder = Some(embedder);
        self
    }

    /// The same, answering by `embedder`'s embeddings for those whose events the current one has not embedded yet. It
    /// makes no new ones.
    #[must_use]
    pub fn retiring(mut self, embedder: Arc<dyn Embedder>) -> Self {
        self.retiring = Some(embedder);
        self
    }
}

impl fmt::Debug for Search {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Search")
            .field("holder", &self.holder)
            .field("model", &self.embedder.as_ref().map(|embedder| embedder.model()))
            .field("retiring", &self.retiring.as_ref().map(|embedder| embedder.model()))
            .finish_non_exhaustive()
    }
}
