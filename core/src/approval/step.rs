//! The calls of what takes more than one.

use serde::{Deserialize, Serialize};

use crate::{
    google::EventBody,
    id::EventId,
    model::{Event, EventDraft},
};

/// The private extended property that says of an occurrence of a new series when the old
/// one had the exception that it carries on.
pub const CARRIED_TAG: &str = "theoCarried";

/// One call of those that an approved change to a part of a series takes, stored before it is made.
///
/// Each takes effect once, however often it is sent: it names the version it changes or an id of its own, and leaves
/// the approval's mark or [`CARRIED_TAG`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// Ends the series before the occurrence.
    Trim {
        /// Its lines then.
        recurrence: Vec<String>,
        /// Its exceptions that Google then drops.
        cut_off: Vec<EventId>,
    },
    /// Makes the series that goes on from there.
    Insert {
        /// Its id.
        event: EventId,
        /// What it is.
        draft: Box<EventDraft>,
    },
    /// Makes an occurrence of the new series what an exception of the old one was.
    Carry {
        /// The occurrence.
        event: EventId,
        /// The exception.
        from: EventId,
        /// How the two differ.
        changes: EventBody,
    },
    /// Answers one occurrence.
    Answer {
        /// Which.
        event: EventId,
    },
}

impl Step {
    /// The event it makes or changes, where that is not the series itself.
    pub(super) fn event(&self) -> Option<&EventId> {
        match self {
            Self::Trim { .. } => None,
            Self::Insert { event, .. } | Self::Carry { event, .. } | Self::Answer { event } => Some(event),
        }
    }
}

/// What [`CARRIED_TAG`] says of an occurrence that carries on the exception `from`: when the old series had it.
pub(super) fn carried_from(from: &EventId) -> &str {
    let id = from.as_str();
    id.rsplit_once('_').map_or(id, |(_, start)| start)
}

/// Whether `event` carries on the exception `from`.
pub(super) fn carries(event: &Event, from: &EventId) -> bool {
    event.private_property(CARRIED_TAG) == Some(carried_from(from))
}
