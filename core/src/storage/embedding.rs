//! Embeddings of events, and how far each model is with them.

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::{ChangeCursor, Fence};
use crate::{
    Error, ErrorKind, Result,
    id::{EventKey, UserId},
    search::Embedding,
};

/// The embedding of an event's text.
#[derive(Clone, Debug, PartialEq)]
pub struct EmbeddingRow {
    /// Which event; the master stands for its series.
    pub key: EventKey,
    /// [SHA-256 of the text](crate::search::content_hash): a new embedding is made only when it differs.
    pub content_hash: [u8; 32],
    /// The vector; none where the model refused the text.
    pub embedding: Option<Embedding>,
}

/// How far a model is with a user's events.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct EmbeddingProgress {
    /// The last change that was embedded.
    pub place: ChangeCursor,
    /// Whether it has been at the end of the feed, now or before: from then on it answers.
    pub caught_up: bool,
    /// Failures since it last got on.
    pub failures: u32,
    /// Not before then.
    pub retry_at: Option<DateTime<Utc>>,
}

/// How far a model is, and how far it has to go.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct EmbeddingStatus {
    /// How far it is.
    pub progress: EmbeddingProgress,
    /// How many numbers its vectors have; none before the first page.
    pub dimensions: Option<usize>,
    /// The last change in the user's feed.
    pub feed: ChangeCursor,
}

impl EmbeddingStatus {
    /// Whether every change up to now is embedded.
    pub fn is_complete(&self) -> bool {
        self.progress.place >= self.feed
    }
}

/// Some embeddings of one user, with how far the model then is.
#[derive(Clone, Debug)]
pub struct EmbeddingPage {
    /// Whose.
    pub user: UserId,
    /// The model that made them.
    pub model: String,
    /// How many numbers each has.
    pub dimensions: usize,
    /// New embeddings, and new refusals.
    pub rows: Vec<EmbeddingRow>,
    /// Events that are no longer to be found by meaning.
    pub removed: Vec<EventKey>,
    /// How far the model is once this page is stored.
    pub progress: EmbeddingProgress,
    /// Proof of the lease.
    pub fence: Fence,
}

impl EmbeddingPage {
    /// What every store checks before it stores a page, given the dimensions of those it has.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidInput`] when a row is another user's, or a vector has not the page's dimensions, or these are
    /// not `stored`.
    pub fn check(&self, stored: Option<usize>) -> Result<()> {
        let wrong = |message: String| Err(Error::new(ErrorKind::InvalidInput, message));
        let keys = self.rows.iter().map(|row| &row.key).chain(&self.removed);
        if keys.into_iter().any(|key| key.user != self.user) {
            return wrong("a page of embeddings holds an event of another user".to_owned());
        }
        let mut vectors = self.rows.iter().filter_map(|row| row.embedding.as_ref());
        if vectors
            .any(|vector| vector.len() != self.dimensions || vector.iter().any(|number| !number.is_finite()))
        {
            return wrong(
                "a page of embeddings holds a vector of other dimensions, or one that is not finite"
                    .to_owned(),
            );
        }
        match stored {
            Some(stored) if stored != self.dimensions => wrong(format!(
                "embeddings by model \"{}\" have {stored} numbers in the store and {} now: drop them with `drop_embeddings`, or give the model another name",
                self.model, self.dimensions
            )),
            _ => Ok(()),
        }
    }
}

/// Where embeddings live.
///
/// # Guarantees every implementation gives
/// - An embedding goes with its event.
/// - A page's rows, removals and progress are stored together or not at all.
#[async_trait]
pub trait EmbeddingStore: Send + Sync {
    /// How far `model` is with the events of `user`.
    async fn embedding_status(&self, user: &UserId, model: &str) -> Result<EmbeddingStatus>;

    /// At most `limit` users whose feed is past what `model` embedded, and who need not wait longer at `now`; those
    /// first for whom nothing was stored the longest.
    async fn embeddings_due(&self, model: &str, now: DateTime<Utc>, limit: usize) -> Result<Vec<UserId>>;

    /// The content hashes of `keys` of `user`, in their order; none for one that `model` neither embedded nor refused.
    async fn content_hashes(
        &self,
        user: &UserId,
        model: &str,
        keys: &[EventKey],
    ) -> Result<Vec<Option<[u8; 32]>>>;

    /// Stores a page, over what there is of the same event and model; passes over events not in the mirror.
    ///
    /// # Errors
    /// [`ErrorKind::LeaseLost`] when the fence is old; [`ErrorKind::InvalidInput`] as in [`EmbeddingPage::check`].
    async fn commit_embeddings(&self, page: &EmbeddingPage) -> Result<()>;

    /// Forgets everything about `model`, of every user; gives how many embeddings went.
    async fn drop_embeddings(&self, model: &str) -> Result<u64>;
}
