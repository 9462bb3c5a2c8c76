//! What a sync did.

use serde::{Deserialize, Serialize};

use super::{SyncFailure, SyncResource};
use crate::{id::CalendarKey, storage::CommitCounts};

/// What a sync did, in all and calendar by calendar.
///
/// A calendar that failed is among the [`failures`](Self::failures) and stops no other.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SyncReport {
    /// Calendars brought up to date.
    pub calendars_processed: u64,
    /// Events that Google sent, deleted and unmappable ones too.
    pub events_processed: u64,
    /// Events new to the mirror.
    pub events_added: u64,
    /// Events that differ from what was mirrored.
    pub events_updated: u64,
    /// Events that left the mirror.
    pub events_deleted: u64,
    /// Events that were mirrored as they are.
    pub events_unchanged: u64,
    /// Events that could not be mapped, and were kept as they came.
    pub events_quarantined: u64,
    /// Each calendar that was worked on.
    pub calendars: Vec<CalendarReport>,
    /// What could not be synced, calendar lists among them.
    pub failures: Vec<ResourceFailure>,
}

/// What a sync did to one calendar.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CalendarReport {
    /// Which.
    pub calendar: CalendarKey,
    /// Whether it was listed completely.
    pub full: bool,
    /// Pages stored.
    pub pages: u32,
    /// Events that Google sent.
    pub events: u64,
    /// What they changed.
    pub counts: CommitCounts,
    /// Whether it is up to date.
    pub finished: bool,
}

/// Why something was not synced.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResourceFailure {
    /// What.
    pub resource: SyncResource,
    /// Why.
    pub failure: SyncFailure,
}

impl SyncReport {
    /// Whether nothing failed.
    pub fn is_complete(&self) -> bool {
        self.failures.is_empty()
    }

    pub(super) fn add(&mut self, report: CalendarReport) {
        self.calendars_processed += u64::from(report.finished);
        self.events_processed += report.events;
        self.events_added += report.counts.added;
        self.events_updated += report.counts.updated;
        self.events_deleted += report.counts.deleted;
        self.events_unchanged += report.counts.unchanged;
        self.events_quarantined += report.counts.quarantined;
        self.calendars.push(report);
    }

    pub(super) fn fail(&mut self, resource: SyncResource, failure: SyncFailure) {
        self.failures.push(ResourceFailure { resource, failure });
    }
}
