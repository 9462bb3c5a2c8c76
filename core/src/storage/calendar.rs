//! Calendars of a person's lists.

use async_trait::async_trait;
use serde::{Deserialize, Serialize};

use super::{CommitCounts, Fence};
use crate::{
    Result,
    id::{CalendarId, CalendarKey, UserId},
    model::CalendarListEntry,
    sync::SyncState,
};

/// A calendar as mirrored, with what the person chose here.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MirroredCalendar {
    /// Which.
    pub key: CalendarKey,
    /// As Google has it.
    pub entry: CalendarListEntry,
    /// What the person chose here.
    pub settings: CalendarSettings,
}

/// What the person chose for a calendar here, apart from Google's own page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CalendarSettings {
    /// Whether its events are synced and count in conflicts.
    pub is_selected: bool,
    /// Whether lists leave it out.
    pub is_hidden: bool,
}

impl Default for CalendarSettings {
    fn default() -> Self {
        Self { is_selected: true, is_hidden: false }
    }
}

/// One page of a calendar list, with where the listing then stands.
#[derive(Clone, Debug)]
pub struct CalendarListPage {
    /// Calendars that are new or changed.
    pub entries: Vec<(CalendarKey, CalendarListEntry)>,
    /// Calendars taken off the list.
    pub deletions: Vec<CalendarId>,
    /// Whether it is a complete listing, and its last page.
    pub listing: super::Listing,
    /// Where the listing stands once this page is stored; names the account.
    pub state: SyncState,
    /// Proof of the lease.
    pub fence: Fence,
}

/// Where calendars live.
///
/// # Guarantees every implementation gives
/// - A page, its sync state and its tombstones are stored together or not at all.
/// - A new calendar gets [`CalendarSettings::default`]; a known one keeps the person's choice.
/// - At the last page of a complete listing, calendars of that account that it did not bring go.
/// - A calendar that goes takes its events, sync state, channels and embeddings with it, each event with a tombstone.
#[async_trait]
pub trait CalendarStore: Send + Sync {
    /// Stores one page.
    ///
    /// # Errors
    /// [`ErrorKind::LeaseLost`](crate::ErrorKind::LeaseLost) when the fence is old;
    /// [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput) when the state, or a calendar, is of another account.
    async fn commit_calendar_list(&self, page: &CalendarListPage) -> Result<CommitCounts>;

    /// The calendars of all accounts of `user`, primary ones first, then by title.
    async fn calendars(&self, user: &UserId) -> Result<Vec<MirroredCalendar>>;

    /// One calendar.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`](crate::ErrorKind::NotFound).
    async fn calendar(&self, key: &CalendarKey) -> Result<MirroredCalendar>;

    /// Keeps what the person chose.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`](crate::ErrorKind::NotFound).
    async fn set_calendar_settings(&self, key: &CalendarKey, settings: CalendarSettings) -> Result<()>;
}
