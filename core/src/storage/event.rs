//! Events: masters, exceptions and one-offs. Occurrences are computed, not stored.

use std::{ops::AddAssign, sync::Arc};

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::Fence;
use crate::{
    Result,
    id::{CalendarKey, EventId, EventKey, UserId},
    model::{Event, RawJson},
    sync::SyncState,
    time::TimeRange,
};

/// An event as mirrored.
#[derive(Clone, Debug, PartialEq)]
pub struct MirroredEvent {
    /// Which.
    pub key: EventKey,
    /// As Google has it.
    pub event: Arc<Event>,
    /// The time it takes; see [`EventRow::span`].
    pub span: Option<TimeRange>,
}

/// An event to be stored.
#[derive(Clone, Debug, PartialEq)]
pub struct EventRow {
    /// As Google has it: live, or the cancelled exception of a series.
    pub event: Arc<Event>,
    /// The time it takes, all-day dates read in the calendar's zone; none for a master, or where it has no times.
    pub span: Option<TimeRange>,
}

/// An event that could not be mapped, kept as it came.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct QuarantinedEvent {
    /// The calendar it is in.
    pub calendar: CalendarKey,
    /// Its id, where that much could be read.
    pub event: Option<EventId>,
    /// What came, to the byte.
    pub raw: RawJson,
    /// Why it could not be mapped.
    pub reason: String,
}

/// What sort of listing a page is from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Listing {
    /// Of changes.
    Delta,
    /// Complete: what its pages do not bring goes when the last is stored.
    Full {
        /// Whether it is the first page.
        first: bool,
        /// Whether it is the last page.
        last: bool,
    },
}

/// One page of a calendar's events, with where the listing then stands.
#[derive(Clone, Debug)]
pub struct SyncPage {
    /// Which calendar.
    pub calendar: CalendarKey,
    /// Events that are new or changed.
    pub events: Vec<EventRow>,
    /// Events that are gone.
    pub deletions: Vec<EventId>,
    /// Events that could not be mapped.
    pub quarantined: Vec<QuarantinedEvent>,
    /// What sort of listing.
    pub listing: Listing,
    /// Where the listing stands once this page is stored: the next page, or the token.
    pub state: SyncState,
    /// Proof of the lease.
    pub fence: Fence,
}

/// What a commit did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CommitCounts {
    /// Rows that were not there.
    pub added: u64,
    /// Rows that were there and differ (by etag).
    pub updated: u64,
    /// Rows that went.
    pub deleted: u64,
    /// Rows that were there already, untouched.
    pub unchanged: u64,
    /// Rows kept raw.
    pub quarantined: u64,
}

impl AddAssign for CommitCounts {
    fn add_assign(&mut self, other: Self) {
        self.added += other.added;
        self.updated += other.updated;
        self.deleted += other.deleted;
        self.unchanged += other.unchanged;
        self.quarantined += other.quarantined;
    }
}

/// Which events to read.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct EventQuery {
    /// Only of these calendars; all of the user's where none is named.
    pub calendars: Option<Vec<CalendarKey>>,
    /// Only those whose [`span`](EventRow::span) overlaps; leaves masters out, unless they are asked for.
    pub range: Option<TimeRange>,
    /// With a range: also masters of series that [may take place](crate::search::SearchEntry::reaches) in it, and every
    /// exception to those, cancelled or not and wherever it was moved. Together they say what takes place in it.
    pub include_series: bool,
    /// Only those whose title, place or description holds this, in any case; exceptions that come with
    /// their master need not.
    pub text: Option<String>,
    /// Cancelled exceptions too.
    pub include_cancelled: bool,
    /// How many at most.
    pub limit: Option<usize>,
    /// How many to pass over first.
    pub offset: usize,
}

/// A place in a user's change feed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ChangeCursor(pub u64);

/// One change to the mirror.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// Its place in the feed.
    pub cursor: ChangeCursor,
    /// Which event.
    pub key: EventKey,
    /// The event as it is in the mirror when the feed is read; none when it is gone (a tombstone).
    pub event: Option<Arc<Event>>,
    /// When it was stored.
    pub at: DateTime<Utc>,
}

/// Some changes, in commit order.
#[derive(Clone, Debug, PartialEq)]
pub struct ChangePage {
    /// The changes.
    pub changes: Vec<Change>,
    /// Where to read on.
    pub next: ChangeCursor,
}

/// Where events live.
///
/// # Guarantees every implementation gives
/// - A page's rows, deletions, quarantine, sync state and change-feed rows are stored together or not at all.
/// - A row whose etag is the stored one's is not touched and makes no change-feed row; only its span follows when the
///   calendar moved to another zone. Where one has no etag, they are compared whole.
/// - Deleting a master takes its exceptions with it; exceptions may be stored before their master.
/// - At the last page of a complete listing, rows the listing did not bring go, each with a tombstone; until then
///   every row of the old mirror is served, as it was or newer. An exception the listing brought stays, though its
///   master goes.
/// - A row that is mapped, deleted or missing from a complete listing leaves the quarantine. One that comes and cannot
///   be mapped leaves the mirrored row as it was; one without an id is kept once, however often it comes.
/// - The change feed is in commit order and skips nothing; `changes_since` at its own cursor brings nothing twice.
#[async_trait]
pub trait EventStore: Send + Sync {
    /// Stores one page.
    ///
    /// # Errors
    /// [`ErrorKind::LeaseLost`](crate::ErrorKind::LeaseLost) when the fence is old;
    /// [`ErrorKind::NotFound`](crate::ErrorKind::NotFound) when the calendar is not mirrored, or no longer;
    /// [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput) when the state is of another resource.
    async fn commit_page(&self, page: &SyncPage) -> Result<CommitCounts>;

    /// One event, cancelled or not.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`](crate::ErrorKind::NotFound).
    async fn event(&self, key: &EventKey) -> Result<MirroredEvent>;

    /// Those of `keys` that are in the mirror of `user`, cancelled or not, in the order of `keys`.
    async fn events_by_key(&self, user: &UserId, keys: &[EventKey]) -> Result<Vec<MirroredEvent>>;

    /// Events by the start of their [`span`](EventRow::span), then by id; those without one last.
    async fn events(&self, user: &UserId, query: &EventQuery) -> Result<Vec<MirroredEvent>>;

    /// How many events each calendar of `user` has in the mirror, cancelled exceptions left out; 0 where none.
    async fn event_counts(&self, user: &UserId) -> Result<Vec<(CalendarKey, u64)>>;

    /// At most `limit` changes after `cursor`. Of an event that changed often, a store may keep the last change alone.
    async fn changes_since(&self, user: &UserId, cursor: ChangeCursor, limit: usize) -> Result<ChangePage>;

    /// Events that could not be mapped.
    async fn quarantined(&self, user: &UserId) -> Result<Vec<QuarantinedEvent>>;
}
