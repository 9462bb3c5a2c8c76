//! What events are found by.

use async_trait::async_trait;

use crate::{
    Result,
    id::{CalendarKey, EventId, EventKey, UserId},
    search::Embedding,
    time::TimeRange,
};

/// Which events may be found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SearchFilter {
    /// Only those that [may take place](crate::search::SearchEntry::reaches) in it.
    pub range: Option<TimeRange>,
    /// Only of these calendars; all of the user's where none is named.
    pub calendars: Option<Vec<CalendarKey>>,
    /// Only those whose organizer or guest has this address, given in lower case.
    pub attendee: Option<String>,
}

/// Events by words.
#[derive(Clone, Debug, PartialEq)]
pub struct WordQuery {
    /// The [words](crate::search::words()), none twice.
    pub words: Vec<String>,
    /// Which events may be found.
    pub filter: SearchFilter,
    /// How many at most.
    pub limit: usize,
}

/// An event in which a word stands.
#[derive(Clone, Debug, PartialEq)]
pub struct WordMatch {
    /// Which event.
    pub key: EventKey,
    /// Its master where it is an exception, otherwise itself.
    pub series: EventId,
    /// How well it fits, more than zero.
    pub score: f32,
    /// Which share of what was asked stands in it, by rarity: from 0, for words that stand everywhere, to 1, for all.
    pub share: f32,
}

/// Events by a vector.
#[derive(Clone, Debug, PartialEq)]
pub struct VectorQuery {
    /// The model whose embeddings are compared.
    pub model: String,
    /// What they are compared with.
    pub vector: Embedding,
    /// Which events may be found.
    pub filter: SearchFilter,
    /// How many at most.
    pub limit: usize,
}

/// An event near a vector.
#[derive(Clone, Debug, PartialEq)]
pub struct Nearest {
    /// Which event.
    pub key: EventKey,
    /// Cosine similarity, -1 to 1.
    pub similarity: f32,
}

/// Finds events.
///
/// # Guarantees every implementation gives
/// - An event is found from the moment its page is committed, by the [`SearchEntry`](crate::search::SearchEntry) of
///   what is stored; a cancelled one never.
/// - Filters apply before a list is cut.
/// - Events that fit equally well come by account, calendar and event.
#[async_trait]
pub trait SearchStore: Send + Sync {
    /// Events of `user` in which at least one of the words stands, best first; of one series the best alone, its master
    /// where an exception is no better.
    ///
    /// An event's score is the sum, over the words that stand in it, of the word's rarity times the
    /// [weight](crate::search::SearchField::weight) of the best field it stands in. A word's rarity is
    /// ln(1 + (N − n + ½) / (n + ½)), where `n` of the `N` events the filter lets through have it: BM25's inverse
    /// document frequency (Robertson and Zaragoza, 2009), kept above zero as Lucene does. So the words of a question
    /// that stand everywhere count for little. Its share is the rarity of the words that stand in it, over that of all.
    async fn matching(&self, user: &UserId, query: &WordQuery) -> Result<Vec<WordMatch>>;

    /// The events of `user` whose embeddings by the model are nearest to the vector, nearest first; none where the
    /// model's have other dimensions than the vector.
    async fn nearest(&self, user: &UserId, query: &VectorQuery) -> Result<Vec<Nearest>>;
}
