//! Stretches of time, laid out so that what overlaps a window is found without looking at the rest.

use crate::time::TimeRange;

/// A stretch of time, outward to the microsecond, and where what takes it is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Stretch {
    start: i64,
    end: i64,
    pub(super) slot: u32,
}

const HOUR: i64 = 3_600_000_000;

/// The longest a stretch of each lane may be, in microseconds: meetings, days (of 26 hours at most, where a clock
/// changes), weeks, months, anything. A query scans at most this much before its window, so one vacation does not
/// slow down every question about an hour.
const LONGEST: [i64; 5] = [2 * HOUR, 26 * HOUR, 8 * 24 * HOUR, 64 * 24 * HOUR, i64::MAX];

/// Stretches of any length, in one lane for each order of it.
#[derive(Clone, Debug)]
pub(super) struct Lanes([Lane; LONGEST.len()]);

/// Stretches no longer than `longest`, by start: those that overlap a window start less than `longest` before it, so
/// that two searches and a short scan find them.
#[derive(Clone, Debug)]
struct Lane {
    longest: i64,
    stretches: Vec<Stretch>,
}

impl Stretch {
    pub(super) fn new(range: &TimeRange, slot: u32) -> Self {
        let (start, end) = (range.start(), range.end());
        let above = i64::from(end.timestamp_subsec_nanos() % 1000 != 0);
        Self { start: start.timestamp_micros(), end: end.timestamp_micros().saturating_add(above), slot }
    }
}

impl Default for Lanes {
    fn default() -> Self {
        Self(LONGEST.map(|longest| Lane { longest, stretches: Vec::new() }))
    }
}

impl Lanes {
    pub(super) fn insert(&mut self, stretch: Stretch) {
        if let Some(lane) = self.lane_of(&stretch) {
            let at = lane.partition_point(|other| *other < stretch);
            lane.insert(at, stretch);
        }
    }

    pub(super) fn remove(&mut self, stretch: &Stretch) {
        if let Some(lane) = self.lane_of(stretch)
            && let Ok(at) = lane.binary_search(stretch)
        {
            lane.remove(at);
        }
    }

    /// Adds without keeping order; [`sort`](Self::sort) must follow.
    pub(super) fn push(&mut self, stretch: Stretch) {
        if let Some(lane) = self.lane_of(&stretch) {
            lane.push(stretch);
        }
    }

    /// Keeps what `is_kept`.
    pub(super) fn retain(&mut self, is_kept: impl Fn(u32) -> bool) {
        for lane in &mut self.0 {
            lane.stretches.retain(|stretch| is_kept(stretch.slot));
        }
    }

    /// Brings all in order: fast, where most of it is.
    pub(super) fn sort(&mut self) {
        for lane in &mut self.0 {
            lane.stretches.sort();
        }
    }

    /// Those that overlap `window`, and perhaps some that miss it by less than a microsecond.
    pub(super) fn overlapping(&self, window: TimeRange) -> impl Iterator<Item = u32> {
        let window = Stretch::new(&window, 0);
        self.0.iter().flat_map(move |lane| lane.overlapping(window))
    }

    fn lane_of(&mut self, stretch: &Stretch) -> Option<&mut Vec<Stretch>> {
        let length = stretch.end.saturating_sub(stretch.start);
        self.0.iter_mut().find(|lane| length <= lane.longest).map(|lane| &mut lane.stretches)
    }
}

impl Lane {
    fn overlapping(&self, window: Stretch) -> impl Iterator<Item = u32> {
        let earliest = window.start.saturating_sub(self.longest);
        let first = self.stretches.partition_point(|stretch| stretch.start < earliest);
        let from = self.stretches.get(first..).unwrap_or_default();
        from.iter()
            .take_while(move |stretch| stretch.start < window.end)
            .filter(move |stretch| stretch.end > window.start)
            .map(|stretch| stretch.slot)
    }
}
