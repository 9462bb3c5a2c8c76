//! What was found, and how much was looked at to find it.

use serde::{Deserialize, Serialize};

use super::{ConflictReason, Severity};
use crate::{
    codes::codes,
    id::{AccountId, CalendarId, EventId},
    model::Text,
    time::{EventTime, TimeRange},
};

/// What stands in the way of a [`Proposal`](super::Proposal).
///
/// What could not be looked at is told beside what was found: where [`is_complete`](Self::is_complete) says no, there
/// may be more conflicts than these.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Conflicts {
    /// In the [order of the module](super#order).
    pub conflicts: Vec<Conflict>,
    /// The times proposed that are not all in the [working hours](super::ConflictPolicy::working_hours): each
    /// [`Severity::Low`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub outside_hours: Vec<TimeRange>,
    /// The time in which events were looked for.
    pub looked_at: TimeRange,
    /// Whether some recurring event takes place there more often than it was followed, what is proposed goes on after
    /// it, or a mirrored event was read so little that not even its id is known.
    pub truncated: bool,
    /// By id, each once: masters whose recurrence cannot be read, of which only the first occurrence was looked at, and
    /// mirrored events that may take place there and cannot be read at all.
    pub unreadable: Vec<EventId>,
}

/// An event in the way.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Conflict {
    /// Its Google id; of an occurrence of a series, its master's.
    pub event_id: EventId,
    /// The Google id of the occurrence, where the event is the master of a series.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instance_id: Option<EventId>,
    /// When its series has it, for an occurrence and for an exception that stands in for one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub original_start: Option<EventTime>,
    /// Its calendar's Google id, where known.
    pub calendar_id: Option<CalendarId>,
    /// The account it is seen through, where known.
    pub account_id: Option<AccountId>,
    /// RFC 5545 UID, the same for every copy of it.
    pub ical_uid: Option<Text>,
    /// Its title; hostile text.
    pub summary: Option<Text>,
    /// When it starts, as Google has it; of an occurrence, when that starts.
    pub start: EventTime,
    /// When it ends, likewise; where Google has no end, its start.
    pub end: EventTime,
    /// The time it takes.
    pub span: TimeRange,
    /// The time proposed that it is in the way of: of a series, one of its occurrences.
    pub proposed: TimeRange,
    /// The time they share; none where they are only too close.
    pub overlap: Option<TimeRange>,
    /// How many others are invited, rooms and things not counted; as far as Google names them.
    pub guests: u32,
    /// How bad.
    pub severity: Severity,
    /// Why, in the order of [`ConflictReason`].
    pub reasons: Vec<ConflictReason>,
    /// The same meeting as it is seen elsewhere, by calendar, account and event id: all of it is one conflict.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub duplicates: Vec<Duplicate>,
}

/// The meeting of a [`Conflict`] as it is seen elsewhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Duplicate {
    /// Its Google id there; of an occurrence of a series, its master's.
    pub event_id: EventId,
    /// The calendar it is in there, where known.
    pub calendar_id: Option<CalendarId>,
    /// The account it is seen through there, where known.
    pub account_id: Option<AccountId>,
    /// Why it is taken for the same.
    pub reason: DuplicateReason,
}

codes! {
    /// Why two events are taken for the same meeting.
    #[derive(PartialOrd, Ord, Serialize, Deserialize)]
    #[serde(rename_all = "snake_case")]
    #[non_exhaustive]
    DuplicateReason {
        /// It is the same event (iCalUID) at the same time.
        SameEvent = "same_event",
        /// It is in another calendar, has the same letters and digits in its title, and starts and ends within five
        /// minutes of it or has the same days.
        LooksSame = "looks_same",
    }
}

impl Conflicts {
    /// Whether nothing stands in the way and nothing was left out. What is unknown is not free.
    pub fn is_free(&self) -> bool {
        self.worst().is_none() && self.is_complete()
    }

    /// Whether everything that takes place in the time looked at was looked at, and nothing is proposed beyond it.
    pub fn is_complete(&self) -> bool {
        !self.truncated && self.unreadable.is_empty()
    }

    /// How bad the worst is; none where there is no conflict and no time outside of the working hours.
    pub fn worst(&self) -> Option<Severity> {
        let outside = self.outside_hours.first().map(|_| Severity::Low);
        self.conflicts.iter().map(|conflict| conflict.severity).max().max(outside)
    }
}
