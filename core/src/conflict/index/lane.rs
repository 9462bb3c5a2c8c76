//! Stretches of time, laid out so that what overlaps a window is found without looking at the rest.

use super::marks::Marks;
use crate::time::TimeRange;

/// A stretch of time, outward to the microsecond, and where what takes it is kept.
#[derive(Clone, Copy, Debug, Default)]
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
/// that a search and a short scan find them.
#[derive(Clone, Debug)]
struct Lane {
    longest: i64,
    stretches: Vec<Stretch>,
    marks: Marks,
}

impl Stretch {
    #[inline]
    pub(super) fn new(range: &TimeRange, slot: u32) -> Self {
        let (start, end) = (range.start(), range.end());
        let above = i64::from(end.timestamp_subsec_nanos() % 1000 != 0);
        Self { start: start.timestamp_micros(), end: end.timestamp_micros().saturating_add(above), slot }
    }

    fn length(&self) -> i64 {
        self.end.saturating_sub(self.start)
    }

    /// By start, and then by slot, in one number: two of them are compared without a branch.
    fn order(&self) -> i128 {
        i128::from(self.start) << 32 | i128::from(self.slot)
    }
}

impl Default for Lanes {
    fn default() -> Self {
        Self(LONGEST.map(|longest| Lane { longest, stretches: Vec::new(), marks: Marks::default() }))
    }
}

impl Lanes {
    pub(super) fn insert(&mut self, stretch: Stretch) {
        if let Some(lane) = self.lane_of(stretch.length()) {
            let (Ok(at) | Err(at)) = lane.place_of(&stretch);
            lane.stretches.insert(at, stretch);
            lane.marks.came(stretch.start);
        }
    }

    pub(super) fn remove(&mut self, stretch: &Stretch) {
        if let Some(lane) = self.lane_of(stretch.length())
            && let Ok(at) = lane.place_of(stretch)
        {
            lane.stretches.remove(at);
            lane.marks.went(stretch.start);
        }
    }

    /// Adds without keeping order; [`sort`](Self::sort) must follow.
    #[inline]
    pub(super) fn push(&mut self, stretch: Stretch) {
        if let Some(lane) = self.lane_of(stretch.length()) {
            lane.stretches.push(stretch);
        }
    }

    /// Keeps what `is_kept`; [`sort`](Self::sort) must follow.
    pub(super) fn retain(&mut self, is_kept: impl Fn(u32) -> bool) {
        for lane in &mut self.0 {
            lane.stretches.retain(|stretch| is_kept(stretch.slot));
        }
    }

    /// Brings all in order.
    pub(super) fn sort(&mut self) {
        self.0.iter_mut().for_each(Lane::sort);
    }

    /// Those that overlap `window`, and perhaps some that miss it by less than a microsecond.
    pub(super) fn overlapping(&self, window: TimeRange) -> impl Iterator<Item = u32> {
        let window = Stretch::new(&window, 0);
        self.0.iter().flat_map(move |lane| lane.overlapping(window))
    }

    fn lane_of(&mut self, length: i64) -> Option<&mut Lane> {
        self.0.iter_mut().find(|lane| length <= lane.longest)
    }
}

impl Lane {
    fn overlapping(&self, window: Stretch) -> impl Iterator<Item = u32> {
        let earliest = window.start.saturating_sub(self.longest);
        let around = self.marks.around(earliest, self.stretches.len());
        let among = self.stretches.get(around.clone()).unwrap_or_default();
        let first = around.start + among.partition_point(|stretch| stretch.start < earliest);
        let from = self.stretches.get(first..).unwrap_or_default();
        from.iter()
            .take_while(move |stretch| stretch.start < window.end)
            .filter(move |stretch| stretch.end > window.start)
            .map(|stretch| stretch.slot)
    }

    /// Where `stretch` is, or belongs.
    fn place_of(&self, stretch: &Stretch) -> Result<usize, usize> {
        let around = self.marks.around(stretch.start, self.stretches.len());
        let among = self.stretches.get(around.clone()).unwrap_or_default();
        let place = among.binary_search_by_key(&stretch.order(), Stretch::order);
        place.map(|at| around.start + at).map_err(|at| around.start + at)
    }

    /// First into the parts of time, then in order in each of these few.
    fn sort(&mut self) {
        self.marks = Marks::of(self.stretches.iter().map(|stretch| stretch.start));
        let mut free: Vec<usize> = self.marks.parts().map(|part| part.start).collect();
        let mut ordered = vec![Stretch::default(); self.stretches.len()];
        for stretch in &self.stretches {
            if let Some(at) = free.get_mut(self.marks.part_of(stretch.start))
                && let Some(place) = ordered.get_mut(*at)
            {
                *place = *stretch;
                *at += 1;
            }
        }
        for part in self.marks.parts() {
            if let Some(part) = ordered.get_mut(part) {
                part.sort_unstable_by_key(Stretch::order);
            }
        }
        self.stretches = ordered;
    }
}
