//! Where in an ordered list to look for a start, without searching all of it.

use std::ops::Range;

/// How many there are in a part of time, were they evenly spread.
const FEW: usize = 4;

/// Time in parts of one length, and how many starts come before each part: of a list ordered by start, where the few
/// lie that one is among. What starts before the first part counts to it, and what starts after the last one to that,
/// so that starts may come and go. Where most of them crowd in one part, no more is gained than from none.
#[derive(Clone, Debug, Default)]
pub(super) struct Marks {
    first: i64,
    /// The binary logarithm of the length.
    shift: u32,
    /// One more than parts; nothing where time was not parted.
    before: Vec<usize>,
}

impl Marks {
    /// Of so many parts that each has few of `starts`.
    pub(super) fn of(starts: impl Iterator<Item = i64> + Clone) -> Self {
        let (Some(first), Some(last)) = (starts.clone().min(), starts.clone().max()) else {
            return Self::default();
        };
        let (length, wanted) = (last.abs_diff(first), starts.clone().count().div_ceil(FEW));
        let shortest = length.checked_div(u64::try_from(wanted).unwrap_or(u64::MAX)).unwrap_or_default();
        let shift = shortest.checked_ilog2().map_or(0, |log| (log + 1).min(63));
        let parts = usize::try_from(length >> shift).unwrap_or(usize::MAX).saturating_add(1);
        let mut marks = Self { first, shift, before: vec![0; parts.saturating_add(1)] };
        for start in starts {
            let part = marks.part_of(start);
            if let Some(count) = marks.before.get_mut(part + 1) {
                *count += 1;
            }
        }
        let mut sum = 0;
        for count in &mut marks.before {
            sum += *count;
            *count = sum;
        }
        marks
    }

    /// The places of those in the same part as `start`, in a list of `length`.
    pub(super) fn around(&self, start: i64, length: usize) -> Range<usize> {
        let part = self.part_of(start);
        match (self.before.get(part), self.before.get(part + 1)) {
            (Some(from), Some(to)) => *from..*to,
            _ => 0..length,
        }
    }

    /// The places of each part, in order.
    pub(super) fn parts(&self) -> impl Iterator<Item = Range<usize>> {
        self.before.iter().zip(self.before.iter().skip(1)).map(|(from, to)| *from..*to)
    }

    /// One came that starts at `start`.
    pub(super) fn came(&mut self, start: i64) {
        self.after(start).for_each(|count| *count += 1);
    }

    /// One went that starts at `start`.
    pub(super) fn went(&mut self, start: i64) {
        self.after(start).for_each(|count| *count -= 1);
    }

    fn after(&mut self, start: i64) -> impl Iterator<Item = &mut usize> {
        let part = self.part_of(start);
        self.before.iter_mut().skip(part + 1)
    }

    pub(super) fn part_of(&self, start: i64) -> usize {
        let since = if start > self.first { start.abs_diff(self.first) >> self.shift } else { 0 };
        let last = self.before.len().saturating_sub(2);
        usize::try_from(since).unwrap_or(last).min(last)
    }
}
