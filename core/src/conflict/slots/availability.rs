//! What is known of somebody's time.

use serde::{Deserialize, Serialize};

use crate::{
    conflict::{Conflicts, Severity},
    time::TimeRange,
};

/// What is known of somebody's time: the rest is free, of those instants of which it is known.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Availability {
    /// What takes it.
    pub taken: Vec<TakenTime>,
    /// When it is not known what takes it, and why not.
    pub unknown: Vec<(TimeRange, String)>,
}

/// Time that something takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TakenTime {
    /// When.
    pub range: TimeRange,
    /// How bad a meeting at that time would be.
    pub severity: Severity,
    /// Whether it lasts all day: then it asks for no buffer.
    pub is_all_day: bool,
}

impl Availability {
    /// Busy at these times, and no more is known of them.
    pub fn busy(ranges: impl IntoIterator<Item = TimeRange>) -> Self {
        let taken = |range| TakenTime { range, severity: Severity::High, is_all_day: false };
        Self { taken: ranges.into_iter().map(taken).collect(), unknown: Vec::new() }
    }

    /// Not known in `range`, for that reason.
    pub fn unknown(range: TimeRange, why: impl Into<String>) -> Self {
        Self { taken: Vec::new(), unknown: vec![(range, why.into())] }
    }

    /// Adds what else is known of the same person's time.
    pub fn extend(&mut self, other: Self) {
        self.taken.extend(other.taken);
        self.unknown.extend(other.unknown);
    }
}

/// What is in the way of a [proposal](crate::conflict::Proposal) that is all the time looked at. Where something could
/// not be followed, all of it is unknown.
impl From<&Conflicts> for Availability {
    fn from(found: &Conflicts) -> Self {
        let taken = found.conflicts.iter().map(|conflict| TakenTime {
            range: conflict.span,
            severity: conflict.severity,
            is_all_day: conflict.start.is_all_day(),
        });
        let truncated =
            found.truncated.then(|| "a recurring event takes place too often to follow".to_owned());
        let unreadable =
            found.unreadable.iter().map(|id| format!("the recurrence of event {id} cannot be read"));
        let unknown = truncated.into_iter().chain(unreadable).map(|why| (found.looked_at, why));
        Self { taken: taken.collect(), unknown: unknown.collect() }
    }
}
