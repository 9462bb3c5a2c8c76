//! Stretches of time of about one length, sorted by start.

use std::ops::Range;

use crate::time::TimeRange;

/// A stretch of time, outward to the microsecond, and where its event is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Stretch {
    start: i64,
    end: i64,
    pub(super) slot: u32,
}

/// Stretches no longer than `longest`: those that overlap a window start less than `longest` before it, so that
/// two searches and a short scan find them.
#[derive(Clone, Debug)]
pub(super) struct Lane {
    longest: i64,
    stretches: Vec<Stretch>,
}

impl Stretch {
    pub(super) fn new(range: &TimeRange, slot: u32) -> Self {
        let (start, end) = (range.start(), range.end());
        let above = i64::from(end.timestamp_subsec_nanos() % 1000 != 0);
        Self { start: start.timestamp_micros(), end: end.timestamp_micros().saturating_add(above), slot }
    }

    pub(super) fn length(&self) -> i64 {
        self.end.saturating_sub(self.start)
    }
}

impl Lane {
    pub(super) fn new(longest: i64) -> Self {
        Self { longest, stretches: Vec::new() }
    }

    pub(super) fn holds(&self, stretch: &Stretch) -> bool {
        stretch.length() <= self.longest
    }

    pub(super) fn insert(&mut self, stretch: Stretch) {
        let at = self.stretches.partition_point(|other| *other < stretch);
        self.stretches.insert(at, stretch);
    }

    pub(super) fn remove(&mut self, stretch: &Stretch) {
        if let Ok(at) = self.stretches.binary_search(stretch) {
            self.stretches.remove(at);
        }
    }

    /// Adds without keeping order; [`settle`](Self::settle) must follow.
    pub(super) fn push(&mut self, stretch: Stretch) {
        self.stretches.push(stretch);
    }

    /// Keeps what `is_kept` and brings it in order: fast, where most of it is.
    pub(super) fn settle(&mut self, is_kept: impl Fn(u32) -> bool) {
        self.stretches.retain(|stretch| is_kept(stretch.slot));
        self.stretches.sort();
    }

    /// Those that overlap `window`, and perhaps some that miss it by less than a microsecond.
    pub(super) fn overlapping(&self, window: Stretch) -> impl Iterator<Item = u32> {
        let earliest = window.start.saturating_sub(self.longest);
        let first = self.stretches.partition_point(|stretch| stretch.start < earliest);
        let from = self.stretches.get(Range { start: first, end: self.stretches.len() }).unwrap_or_default();
        from.iter()
            .take_while(move |stretch| stretch.start < window.end)
            .filter(move |stretch| stretch.end > window.start)
            .map(|stretch| stretch.slot)
    }
}
