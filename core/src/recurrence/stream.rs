//! The starts of a pattern as instants, in order.

use std::collections::VecDeque;

use super::{
    civil::DAY,
    fuel::Fuel,
    series::{Bounded, Series},
    walk::Walk,
    zone::Stretch,
};

/// The keys of a pattern's starts, rising: instants in seconds from 1970, or of days the midnight that a wall clock
/// shows.
///
/// The zone is asked once a stretch between two changes of offset, not once an occurrence.
#[derive(Clone, Debug)]
pub(super) struct Stream<'s> {
    series: &'s Series,
    pattern: &'s Bounded,
    walk: Walk<'s>,
    stretch: Option<Stretch>,
    /// Starts that wall clocks skip, and that so come to lie among those after the gap.
    skipped: VecDeque<i64>,
    /// One that was found while there were some of those.
    waiting: Option<i64>,
    /// The next one.
    pub(super) head: Option<i64>,
}

impl<'s> Stream<'s> {
    /// Those of `pattern` that start from `from` up to `to`; a few outside of that may be among them.
    pub(super) fn seek(
        series: &'s Series,
        pattern: &'s Bounded,
        from: i64,
        to: i64,
        fuel: &mut Fuel,
    ) -> Self {
        let (from, to) = if series.all_day {
            (from, to)
        } else {
            // A day of margin holds the change of offset that may lie between.
            let offsets =
                |at: i64| [series.zone.offset_of(at.saturating_sub(DAY)), series.zone.offset_of(at)];
            let ([a, b], [c, d]) = (offsets(from), offsets(to));
            (from.saturating_add(a.min(b)), to.saturating_add(c.max(d)))
        };
        let walk = Walk::seek(&pattern.pattern, from, to, fuel);
        let (skipped, waiting) = (VecDeque::new(), None);
        let mut stream = Self { series, pattern, walk, stretch: None, skipped, waiting, head: None };
        stream.advance(fuel);
        stream
    }

    /// Makes the one after the head the head.
    pub(super) fn advance(&mut self, fuel: &mut Fuel) {
        let shown = self.waiting.take().or_else(|| self.next_key(fuel));
        self.head = match (self.skipped.front(), shown) {
            (Some(skipped), shown) if shown.is_none_or(|shown| *skipped <= shown) => {
                self.waiting = shown;
                self.skipped.pop_front()
            }
            _ => shown,
        }
        .filter(|key| *key <= self.pattern.last_key);
    }

    /// The next start that no wall clock skips; those that one does are put aside.
    fn next_key(&mut self, fuel: &mut Fuel) -> Option<i64> {
        loop {
            let wall = self.walk.next(fuel)?;
            if self.series.all_day {
                return Some(wall);
            }
            if wall == self.pattern.pattern.start {
                // Of an hour that is shown twice, the event itself may be in the second.
                return Some(self.series.start);
            }
            let stretch = match &self.stretch {
                Some(stretch) if (stretch.from..stretch.until).contains(&wall) => stretch,
                _ => self.stretch.insert(self.series.zone.stretch(wall)),
            };
            let key = wall - stretch.offset;
            if !stretch.is_skipped {
                return Some(key);
            }
            self.skipped.push_back(key);
        }
    }
}
