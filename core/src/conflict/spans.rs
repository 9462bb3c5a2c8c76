//! Stretches of time, in order and apart.

use chrono::{DateTime, Utc};

use crate::time::TimeRange;

/// Stretches of time by start, none touching the next.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Spans(Vec<TimeRange>);

impl FromIterator<TimeRange> for Spans {
    /// What touches becomes one.
    fn from_iter<I: IntoIterator<Item = TimeRange>>(ranges: I) -> Self {
        let mut ranges: Vec<TimeRange> = ranges.into_iter().collect();
        ranges.sort_unstable();
        ranges.dedup_by(|later, earlier| {
            let touches = later.start() <= earlier.end();
            if touches && let Ok(both) = TimeRange::new(earlier.start(), earlier.end().max(later.end())) {
                *earlier = both;
            }
            touches
        });
        Self(ranges)
    }
}

impl Spans {
    pub(super) fn into_ranges(self) -> Vec<TimeRange> {
        self.0
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &TimeRange> {
        self.0.iter()
    }

    /// Whether one shares an instant with `range`.
    pub(super) fn overlaps(&self, range: &TimeRange) -> bool {
        self.0.get(self.after(range.start())).is_some_and(|next| next.start() < range.end())
    }

    /// The end of the last one that has ended at `instant`.
    pub(super) fn end_before(&self, instant: DateTime<Utc>) -> Option<DateTime<Utc>> {
        Some(self.0.get(self.after(instant).checked_sub(1)?)?.end())
    }

    /// The start of the first one that starts at `instant` or later.
    pub(super) fn start_after(&self, instant: DateTime<Utc>) -> Option<DateTime<Utc>> {
        Some(self.0.get(self.0.partition_point(|span| span.start() < instant))?.start())
    }

    /// What of `window` is in none.
    pub(super) fn gaps(&self, window: &TimeRange) -> Self {
        let ends = self.0.iter().map(TimeRange::end);
        let starts = self.0.iter().map(TimeRange::start);
        let gaps = std::iter::once(window.start()).chain(ends).zip(starts.chain([window.end()]));
        let gaps = gaps.filter_map(|(end, start)| TimeRange::new(end, start).ok()?.intersection(window));
        Self(gaps.collect())
    }

    /// The first that has not ended at `instant`.
    fn after(&self, instant: DateTime<Utc>) -> usize {
        self.0.partition_point(|span| span.end() <= instant)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn range(from: i64, to: i64) -> TimeRange {
        let at = |second| DateTime::from_timestamp(second, 0).unwrap();
        TimeRange::new(at(from), at(to)).unwrap()
    }

    #[test]
    fn what_touches_is_one_and_the_rest_of_the_window_is_between() {
        let spans: Spans =
            [range(5, 7), range(1, 3), range(2, 4), range(7, 9), range(6, 7)].into_iter().collect();
        assert_eq!(spans.clone().into_ranges(), [range(1, 4), range(5, 9)]);
        assert_eq!(spans.gaps(&range(0, 12)).into_ranges(), [range(0, 1), range(4, 5), range(9, 12)]);
        assert_eq!(spans.gaps(&range(2, 6)).into_ranges(), [range(4, 5)]);
        assert!(!spans.overlaps(&range(4, 5)) && spans.overlaps(&range(4, 6)));
        assert_eq!(spans.end_before(range(5, 6).start()), Some(range(1, 4).end()));
        assert_eq!(spans.start_after(range(4, 5).start()), Some(range(5, 9).start()));
    }
}
