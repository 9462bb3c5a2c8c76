//! The wall clocks of a pattern from some moment on, one after the other.

mod days;
mod units;

use super::{Frequency, fuel::Fuel, pattern::Pattern};
use days::DayWalk;
use units::UnitWalk;

pub(super) use units::unit_of;

/// Where a walk through a pattern is.
#[derive(Clone, Debug)]
pub(super) enum Walk<'p> {
    /// Through days, and the times of each.
    Days(DayWalk<'p>),
    /// Through hours, minutes or seconds.
    Units(UnitWalk<'p>),
}

impl<'p> Walk<'p> {
    /// To the first wall clock of `pattern` that is no earlier than `from`, and from there no further than `to`.
    pub(super) fn seek(pattern: &'p Pattern, from: i64, to: i64, fuel: &mut Fuel) -> Self {
        let (from, to) = (from.max(pattern.start), to.min(pattern.last));
        if pattern.frequency >= Frequency::Daily {
            Self::Days(DayWalk::seek(pattern, from, to, fuel))
        } else {
            Self::Units(UnitWalk::seek(pattern, from, to))
        }
    }

    /// The next one; none at the end, or when `fuel` is spent.
    pub(super) fn next(&mut self, fuel: &mut Fuel) -> Option<i64> {
        match self {
            Self::Days(walk) => walk.next(fuel),
            Self::Units(walk) => walk.next(fuel),
        }
    }
}
