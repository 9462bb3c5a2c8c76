//! What was found, and how much was looked at to find it.

use serde::{Deserialize, Serialize};

use super::{Conflict, Severity};
use crate::{id::EventId, time::TimeRange};

/// What stands in the way of a [`Proposal`](super::Proposal).
///
/// What could not be looked at is told beside what was found: where [`is_complete`](Self::is_complete) says no, there
/// may be more conflicts than these.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Conflicts {
    /// In the [order of the module](super#order).
    pub conflicts: Vec<Conflict>,
    /// The time in which events were looked for.
    pub looked_at: TimeRange,
    /// Whether some recurring event takes place there more often than it was followed.
    pub truncated: bool,
    /// Masters whose recurrence cannot be read, by id, each once: of those only the first occurrence was looked at.
    pub unreadable: Vec<EventId>,
}

impl Conflicts {
    pub(super) fn of(conflicts: Vec<Conflict>, looked_at: TimeRange) -> Self {
        Self { conflicts, looked_at, truncated: false, unreadable: Vec::new() }
    }

    /// Whether nothing stands in the way and nothing was left out. What is unknown is not free.
    pub fn is_free(&self) -> bool {
        self.conflicts.is_empty() && self.is_complete()
    }

    /// Whether everything that takes place in the time looked at was looked at.
    pub fn is_complete(&self) -> bool {
        !self.truncated && self.unreadable.is_empty()
    }

    /// How bad the worst is; none where there is no conflict.
    pub fn worst(&self) -> Option<Severity> {
        self.conflicts.iter().map(|conflict| conflict.severity).max()
    }
}
