//! What is asked, and what is found.

use crate::{
    id::CalendarKey,
    search::SearchField,
    storage::{MirroredEvent, SearchFilter},
    time::TimeRange,
};

/// What to search for.
#[derive(Clone, Debug, PartialEq)]
pub struct SearchQuery {
    /// A question or some words.
    pub text: String,
    /// By what.
    pub mode: SearchMode,
    /// Only what may take place in it: one-offs and exceptions that do, and the masters of series that begin before its
    /// end and whose rule's `UNTIL`, where it has one, is not before its start.
    pub range: Option<TimeRange>,
    /// Only of these calendars; all of the user's where none is named.
    pub calendars: Option<Vec<CalendarKey>>,
    /// Only events whose organizer or guest has this address, in any case.
    pub attendee: Option<String>,
    /// How many hits at most; no more than 100 come.
    pub limit: usize,
}

/// By what is searched.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SearchMode {
    /// By words and by meaning; by words alone where the embedder is missing or fails.
    #[default]
    Hybrid,
    /// By words.
    Text,
    /// By meaning.
    Meaning,
}

impl SearchQuery {
    /// A query for the ten best hits, by words and by meaning.
    pub fn new(text: impl Into<String>) -> Self {
        let mode = SearchMode::Hybrid;
        Self { text: text.into(), mode, range: None, calendars: None, attendee: None, limit: 10 }
    }

    pub(super) fn filter(&self) -> SearchFilter {
        SearchFilter {
            range: self.range,
            calendars: self.calendars.clone(),
            attendee: self.attendee.as_ref().map(|address| address.trim().to_lowercase()),
        }
    }
}

/// What a search found.
#[derive(Clone, Debug, PartialEq)]
pub struct SearchResults {
    /// The hits, best first. Of one series, one: the master or the exception that fits best.
    pub hits: Vec<SearchHit>,
    /// What part meaning had in it.
    pub meaning: MeaningUse,
}

/// What part meaning had in a search.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MeaningUse {
    /// It was not asked for.
    NotAsked,
    /// Embeddings of a model were compared.
    Used {
        /// Which model.
        model: String,
        /// Whether every change of the mirror up to now is in them.
        complete: bool,
    },
    /// It was asked for, and could not be had: the hits are by words alone.
    Missing {
        /// Why, as a sentence.
        why: String,
    },
}

/// An event that was found.
#[derive(Clone, Debug, PartialEq)]
pub struct SearchHit {
    /// The event.
    pub event: MirroredEvent,
    /// How good it is: the sum of 1 / (60 + rank) over the lists it is in; by words times [its share](TextPart::share).
    pub score: f64,
    /// What the score is made of.
    pub parts: ScoreParts,
}

/// Where a score comes from.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ScoreParts {
    /// Its place among those found by words.
    pub text: Option<TextPart>,
    /// Its place among those found by meaning.
    pub meaning: Option<MeaningPart>,
}

/// A hit by words.
#[derive(Clone, Debug, PartialEq)]
pub struct TextPart {
    /// Its rank, from 1.
    pub rank: usize,
    /// The sum of its words' weights: see [`SearchStore::matching`](crate::storage::SearchStore::matching).
    pub score: f32,
    /// Which share of the query stands in it, by rarity of its words.
    pub share: f32,
    /// Where words of the query stand in it.
    pub fields: Vec<SearchField>,
}

/// A hit by meaning.
#[derive(Clone, Debug, PartialEq)]
pub struct MeaningPart {
    /// Its rank, from 1.
    pub rank: usize,
    /// Cosine similarity of the query and the event's text, -1 to 1.
    pub similarity: f32,
}
