//! What counts as a conflict for whom.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use super::WorkingHours;
use crate::{id::EventId, time::TimeRange};

/// What counts as a conflict. The default counts everything that takes time and asks for no distance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConflictPolicy {
    /// Time to keep free before what is proposed. Default: none.
    pub buffer_before: Duration,
    /// Time to keep free after what is proposed. Default: none.
    pub buffer_after: Duration,
    /// Time to get from one place to another: kept free on either side where both have a place, the places differ
    /// and neither is a web address. Default: none.
    pub travel_time: Duration,
    /// Whether events that last all day count. Out of office counts in any case. Default: yes.
    pub count_all_day: bool,
    /// Whether tentative events, and those the person answered maybe, count. Default: yes.
    pub count_tentative: bool,
    /// Whether invitations the person has not answered count. Default: yes.
    pub count_unanswered: bool,
    /// When the person works: a time proposed that is not all in there is told, unless it is of whole days or out of
    /// office. Default: not known.
    pub working_hours: Option<WorkingHours>,
    /// Events that are left out, with their instances and wherever they are seen. Default: none.
    pub exclude: Vec<EventId>,
}

impl Default for ConflictPolicy {
    fn default() -> Self {
        Self {
            buffer_before: Duration::ZERO,
            buffer_after: Duration::ZERO,
            travel_time: Duration::ZERO,
            count_all_day: true,
            count_tentative: true,
            count_unanswered: true,
            working_hours: None,
            exclude: Vec::new(),
        }
    }
}

impl ConflictPolicy {
    /// The default, leaving out `event` and its instances: for a question about an event that is being edited.
    pub fn excluding(event: impl Into<EventId>) -> Self {
        Self { exclude: vec![event.into()], ..Self::default() }
    }

    /// `range` with what is to be free around it: the time in which events may be in the way.
    pub fn window(&self, range: &TimeRange) -> TimeRange {
        let wanted = |buffer: Duration| TimeDelta::from_std(buffer.max(self.travel_time)).ok();
        let start = wanted(self.buffer_before).and_then(|before| range.start().checked_sub_signed(before));
        let end = wanted(self.buffer_after).and_then(|after| range.end().checked_add_signed(after));
        let (earliest, latest) = (DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC);
        TimeRange::new(start.unwrap_or(earliest), end.unwrap_or(latest)).unwrap_or(*range)
    }
}
