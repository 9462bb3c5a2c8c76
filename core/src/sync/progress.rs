//! Watching a sync while it runs.

use serde::{Deserialize, Serialize};

use super::SyncResource;
use crate::{model::Text, storage::CommitCounts};

/// How far a sync is, after each page stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SyncProgress {
    /// What the page was of.
    pub resource: SyncResource,
    /// The calendar's title, where it is one and has one.
    pub title: Option<Text>,
    /// Number of the calendar among those to be synced, from 1; 0 for a calendar list.
    pub calendar: usize,
    /// Calendars to be synced.
    pub calendars: usize,
    /// Whether it is listed completely.
    pub full: bool,
    /// Pages of it stored in this run.
    pub pages: u32,
    /// Events, or calendars of a list, that Google sent in this run.
    pub items: u64,
    /// What they changed.
    pub counts: CommitCounts,
    /// Whether that was its last page.
    pub finished: bool,
}

/// Told of each page stored. Any closure over [`SyncProgress`] is one; [`Unobserved`] is none.
///
/// Called between two pages: what takes long holds up the sync.
pub trait SyncObserver: Send + Sync {
    /// A page was stored.
    fn page_stored(&self, progress: &SyncProgress);
}

impl<F: Fn(&SyncProgress) + Send + Sync> SyncObserver for F {
    fn page_stored(&self, progress: &SyncProgress) {
        self(progress);
    }
}

/// Nobody watches.
#[derive(Clone, Copy, Debug, Default)]
pub struct Unobserved;

impl SyncObserver for Unobserved {
    fn page_stored(&self, _: &SyncProgress) {}
}
