//! The one JSON document that `--json` prints.

use serde::Serialize;
use theo_calendar::{
    approval::{Approval, ApprovalState, Outcome, Preview},
    conflict::Conflict,
    model::{Event, Text},
    storage::MirroredCalendar,
    sync::SyncReport,
};

use crate::mirror::Place;

/// What the run did and found. Numbers count rows of the mirror.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Report {
    /// Root of the API that was used.
    pub(crate) google: String,
    /// Whether anything may be written there.
    pub(crate) write: bool,
    /// Where the mirror is.
    pub(crate) mirror: Place,
    /// Whether it went on from an earlier run's mirror.
    pub(crate) continued: bool,
    /// Calendars mirrored.
    pub(crate) calendars: u64,
    /// Events mirrored after the first sync, cancelled occurrences of series left out.
    pub(crate) events: u64,
    /// Each calendar.
    pub(crate) calendar_list: Vec<CalendarLine>,
    /// How the first sync went about it.
    pub(crate) sync: Option<SyncKind>,
    /// Calendars that it listed completely.
    pub(crate) listed_completely: u64,
    /// The first sync: complete, save what an earlier run's mirror had.
    pub(crate) full_sync: Option<SyncReport>,
    /// The days ahead, as printed for a person.
    pub(crate) agenda: Vec<String>,
    /// The time the agent wanted first.
    pub(crate) wished: Option<String>,
    /// What is in its way there.
    pub(crate) conflicts: Vec<Conflict>,
    /// What the agent asked for.
    pub(crate) approval: Option<ApprovalLine>,
    /// What was done, once.
    pub(crate) executed: Option<Executed>,
    /// Events that the incremental sync added.
    pub(crate) added: u64,
    /// Events that it updated.
    pub(crate) updated: u64,
    /// Events that it deleted.
    pub(crate) deleted: u64,
    /// The incremental sync.
    pub(crate) incremental_sync: Option<SyncReport>,
    /// How long it all took, in milliseconds.
    pub(crate) milliseconds: u128,
}

/// How much of the calendars a sync asked Google for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum SyncKind {
    /// Everything, at least of some calendars.
    Full,
    /// Only what changed.
    Incremental,
}

/// A calendar in the list.
#[derive(Debug, Serialize)]
pub(crate) struct CalendarLine {
    pub(crate) id: String,
    pub(crate) summary: Text,
    pub(crate) time_zone: Option<Text>,
    pub(crate) access_role: Option<String>,
    pub(crate) primary: bool,
    pub(crate) events: u64,
}

impl CalendarLine {
    pub(crate) fn new(calendar: &MirroredCalendar, events: u64) -> Self {
        let entry = &calendar.entry;
        let title = entry.summary_override.as_ref().or(entry.summary.as_ref());
        Self {
            id: entry.id.to_string(),
            summary: title.cloned().unwrap_or_default(),
            time_zone: entry.time_zone.clone(),
            access_role: entry.access_role.as_ref().map(|role| role.to_string()),
            primary: entry.primary == Some(true),
            events,
        }
    }
}

/// An approval after its last step.
#[derive(Debug, Serialize)]
pub(crate) struct ApprovalLine {
    pub(crate) id: String,
    pub(crate) status: ApprovalState,
    pub(crate) outcome: Option<Outcome>,
    pub(crate) preview: Preview,
}

impl From<&Approval> for ApprovalLine {
    fn from(approval: &Approval) -> Self {
        Self {
            id: approval.id.to_string(),
            status: approval.state,
            outcome: approval.outcome.clone(),
            preview: approval.preview.clone(),
        }
    }
}

/// What was done.
#[derive(Debug, Serialize)]
pub(crate) struct Executed {
    /// Google's id of the event.
    pub(crate) event_id: String,
    /// How many events at Google carry the approval's mark after two calls to execute it.
    pub(crate) effects_seen: usize,
    /// The event as the mirror has it.
    pub(crate) mirrored: Option<Event>,
}
