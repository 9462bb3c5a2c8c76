//! When what is asked about would take place.

use chrono::{DateTime, Utc};

use super::ConflictPolicy;
use crate::{
    recurrence::{OriginalStart, Series},
    time::TimeRange,
};

/// Occurrences of a series that are asked about at most.
const MOST: usize = 500;

/// When what is asked about would take place.
#[derive(Clone, Debug)]
pub(in super::super) struct Times {
    /// By start; of a series, with what names each.
    times: Vec<(TimeRange, Option<OriginalStart>)>,
    /// From the start of the first that was asked for to the end of the last.
    hull: TimeRange,
    /// Whether there are, or may be, later ones.
    pub(in super::super) truncated: bool,
}

impl Times {
    pub(super) fn once(range: TimeRange) -> Self {
        Self { times: vec![(range, None)], hull: range, truncated: false }
    }

    pub(super) fn of_series(series: &Series, horizon: TimeRange) -> Self {
        let mut occurrences = series.occurrences(&horizon);
        let times = occurrences.by_ref().take(MOST).map(|one| (one.span, Some(one.original_start)));
        let times: Vec<_> = times.collect();
        let truncated =
            occurrences.next().is_some() || occurrences.is_truncated() || goes_on(series, &horizon);
        let hull = times.iter().map(|(span, _)| *span).reduce(|one, other| {
            let (start, end) = (one.start().min(other.start()), one.end().max(other.end()));
            TimeRange::new(start, end).unwrap_or(one)
        });
        Self { times, hull: hull.unwrap_or(horizon), truncated }
    }

    /// Leaves out those for which an exception stands in.
    pub(in super::super) fn without(&mut self, is_replaced: impl Fn(OriginalStart) -> bool) {
        self.times.retain(|(_, original_start)| !original_start.is_some_and(&is_replaced));
    }

    /// Each of them.
    pub(in super::super) fn spans(&self) -> impl Iterator<Item = TimeRange> {
        self.times.iter().map(|(span, _)| *span)
    }

    /// The time in which events may be in the way by `policy`.
    pub(in super::super) fn window(&self, policy: &ConflictPolicy) -> TimeRange {
        policy.window(&self.hull)
    }
}

/// Whether `series` has occurrences that start after `horizon`, or may have.
fn goes_on(series: &Series, horizon: &TimeRange) -> bool {
    let Ok(after) = TimeRange::new(horizon.end(), DateTime::<Utc>::MAX_UTC) else { return false };
    if series.end().is_some_and(|end| end <= after.start()) {
        return false;
    }
    let mut occurrences = series.occurrences(&after);
    occurrences.by_ref().any(|one| one.span.start() >= after.start()) || occurrences.is_truncated()
}
