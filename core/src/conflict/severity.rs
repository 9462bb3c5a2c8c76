//! A conflict: which event, over what time, how badly and why.

use serde::{Deserialize, Serialize};

use crate::time::{EventTime, TimeRange};

/// How bad a conflict is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Worth knowing.
    Low,
    /// Worth asking.
    Medium,
    /// Both cannot be kept.
    High,
}

/// Why something is a conflict, or how bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ConflictReason {
    /// They share time.
    Overlap,
    /// The person accepted it, or it is their own.
    Accepted,
    /// The person answered maybe, or the event is tentative.
    Tentative,
    /// The person has not answered.
    NotAnswered,
    /// It is out of office.
    OutOfOffice,
    /// It is focus time.
    FocusTime,
    /// It lasts all day.
    AllDay,
    /// The person organizes it.
    Organizer,
    /// Others are invited.
    HasGuests,
    /// It leaves less than the buffer asked for.
    TooClose,
}

/// An event in the way.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Conflict {
    /// Its Google id.
    pub event_id: String,
    /// Its calendar's Google id, where known.
    pub calendar_id: Option<String>,
    /// Its title; hostile text.
    pub summary: Option<String>,
    /// When it starts, as Google has it.
    pub start: EventTime,
    /// When it ends, as Google has it.
    pub end: EventTime,
    /// The time it takes.
    pub span: TimeRange,
    /// The time they share; none where they are only too close.
    pub overlap: Option<TimeRange>,
    /// How bad.
    pub severity: Severity,
    /// Why, in the order of [`ConflictReason`].
    pub reasons: Vec<ConflictReason>,
}
