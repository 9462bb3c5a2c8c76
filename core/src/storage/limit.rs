//! Calls booked within limits, by every process that books here.

use std::{collections::VecDeque, time::Duration};

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use crate::{
    Result,
    client::{Decision, Limit, RateLimits},
    id::AccountKey,
};

/// Where bookings live.
///
/// # Guarantees every implementation gives
/// - No stretch of a limit's length ever holds more than the limit, whoever booked, and from however many processes.
/// - Who must wait gets a time of their own: nobody wakes to find it taken. An account that waits holds up no other.
/// - Time is the store's own: the processes' clocks do not matter.
/// - An account that makes no calls is forgotten after a while.
#[async_trait]
pub trait LimitStore: Send + Sync {
    /// Books the next time at which `account` may make a call that costs `cost`, unless it is further away than
    /// `patience`: then nothing is booked.
    async fn book(
        &self,
        account: &AccountKey,
        limits: &RateLimits,
        cost: u32,
        patience: Duration,
    ) -> Result<Decision>;
}

/// What was used, or is booked, of one limit: what stores keep, and [`book`](Self::book) with.
///
/// Units are counted in slots of a sixtieth of the limit's length. Each counts until a whole length after its slot
/// ended, and for one slot more, since a call reaches Google a moment after its booking: so a limit of a minute is kept
/// in every stretch of 60 seconds, and at most 62 seconds pass until a unit is free again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LimitWindow {
    limit: Limit,
    /// Number of the first slot in `used`, counted from 1970.
    first: i64,
    used: VecDeque<u32>,
}

/// Slots in the length of a limit.
const SLOTS: i64 = 60;

/// Slots in a row that together hold no more than the limit: its length, the rest of the slot a unit was booked in,
/// and one for the way to Google.
const SPAN: i64 = SLOTS + 2;

impl LimitWindow {
    /// Nothing used of `limit`.
    pub fn new(limit: Limit) -> Self {
        Self { limit, first: 0, used: VecDeque::new() }
    }

    /// What is stored of `limit`: the number of its first slot, and the units of each from there on.
    pub fn of_slots(limit: Limit, first: i64, used: impl IntoIterator<Item = u32>) -> Self {
        Self { limit, first, used: used.into_iter().collect() }
    }

    /// The same use of a limit that allows another number of units in the same length.
    #[must_use]
    pub fn under(&self, limit: Limit) -> Self {
        Self { limit, ..self.clone() }
    }

    /// The number of the first slot, and the units of each from there on.
    pub fn slots(&self) -> (i64, impl Iterator<Item = u32> + '_) {
        (self.first, self.used.iter().copied())
    }

    /// From when on nothing of it counts any more.
    pub fn idle_from(&self) -> DateTime<Utc> {
        let end = self.first.saturating_add(self.used.len() as i64).saturating_add(SPAN);
        DateTime::from_timestamp_micros(end.saturating_mul(self.slot())).unwrap_or(DateTime::<Utc>::MAX_UTC)
    }

    /// Books `cost` units of every window for the next time, from `now` on, at which all of them have room, unless it
    /// is further away than `patience`.
    ///
    /// A call that costs more than a limit allows at all has a stretch of its length to itself.
    pub fn book(windows: &mut [Self], cost: u32, now: DateTime<Utc>, patience: Duration) -> Decision {
        let now = now.timestamp_micros();
        windows.iter_mut().for_each(|window| window.forget(now));
        let mut at = now;
        loop {
            let next = windows.iter().map(|window| window.next(at, cost)).max().unwrap_or(at);
            if next == at {
                break;
            }
            at = next;
        }
        let wait = Duration::from_micros(u64::try_from(at - now).unwrap_or_default());
        let allowed = wait <= patience;
        if allowed {
            windows.iter_mut().for_each(|window| window.note(at, cost));
        }
        Decision { allowed, wait }
    }

    /// Drops what no longer counts.
    fn forget(&mut self, now: i64) {
        let now = now.div_euclid(self.slot());
        while self.first + SPAN <= now && self.used.pop_front().is_some() {
            self.first += 1;
        }
        if self.used.is_empty() {
            self.first = now;
        }
    }

    /// The first time from `at` on at which `cost` more units have room.
    fn next(&self, at: i64, cost: u32) -> i64 {
        let wanted = at.div_euclid(self.slot());
        let mut slot = wanted.max(self.first);
        while let Some(later) = self.no_room_before(slot, cost) {
            slot = later;
        }
        if slot == wanted { at } else { slot * self.slot() }
    }

    /// The end of the last stretch with `slot` in it that would hold too much; none where there is room.
    fn no_room_before(&self, slot: i64, cost: u32) -> Option<i64> {
        let allowed = u64::from(self.limit.units.saturating_sub(cost));
        let first = slot + 1 - SPAN;
        let mut held: u64 = (first..=slot).map(|slot| self.units(slot)).sum();
        let mut last = None;
        for begin in first..=slot {
            if held > allowed {
                last = Some(begin + SPAN);
            }
            held = held - self.units(begin) + self.units(begin + SPAN);
        }
        last
    }

    fn note(&mut self, at: i64, cost: u32) {
        let place = usize::try_from(at.div_euclid(self.slot()) - self.first).unwrap_or_default();
        if self.used.len() <= place {
            self.used.resize(place + 1, 0);
        }
        self.used[place] = self.used[place].saturating_add(cost);
    }

    fn units(&self, slot: i64) -> u64 {
        let place = usize::try_from(slot - self.first).ok();
        place.and_then(|place| self.used.get(place)).copied().unwrap_or_default().into()
    }

    /// The length of a slot in microseconds.
    fn slot(&self) -> i64 {
        i64::try_from(self.limit.per.as_micros().div_ceil(SLOTS as u128)).unwrap_or(i64::MAX / SPAN).max(1)
    }
}
