//! Through the days of a rule that counts in days or more.

use crate::recurrence::{
    civil::DAY,
    days::Days,
    fuel::{BLOCK, Fuel},
    pattern::Pattern,
};

#[derive(Clone, Debug)]
pub(in crate::recurrence) struct DayWalk<'p> {
    pattern: &'p Pattern,
    to: i64,
    /// The block it is in; none past the last one.
    block: Option<i64>,
    /// The day from which the block counts.
    base: i64,
    /// Days of the block that are still to come.
    days: Days,
    /// Midnight of the day it is on.
    midnight: i64,
    /// The next of that day's times.
    time: usize,
    /// Where the pattern picks: the block's wall clocks, the next one last.
    picks: Vec<i64>,
}

impl<'p> DayWalk<'p> {
    pub(super) fn seek(pattern: &'p Pattern, from: i64, to: i64, fuel: &mut Fuel) -> Self {
        let day = from.div_euclid(DAY);
        let block = pattern.block_of(day);
        let mut walk = Self {
            pattern,
            to,
            block: Some(block),
            base: 0,
            days: Days::NONE,
            midnight: 0,
            time: pattern.times.len(),
            picks: Vec::new(),
        };
        if pattern.times.len() == 0 || from > to {
            walk.block = None;
            return walk;
        }
        walk.enter(block, fuel);
        if pattern.is_picking() {
            while walk.picks.pop_if(|wall| *wall < from).is_some() {}
        } else {
            let of_block = usize::try_from(day - walk.base).unwrap_or(0);
            walk.days.clear_before(of_block);
            // On its first day only the times that are not past.
            if walk.days.contains(of_block) {
                walk.days.clear_before(of_block + 1);
                walk.midnight = day * DAY;
                walk.time = pattern.times.before(from - walk.midnight);
            }
        }
        walk
    }

    pub(super) fn next(&mut self, fuel: &mut Fuel) -> Option<i64> {
        let wall = loop {
            if self.time < self.pattern.times.len() {
                self.time += 1;
                break self.midnight + self.pattern.times.at(self.time - 1);
            }
            if let Some(day) = self.days.pop() {
                self.midnight = (self.base + day as i64) * DAY;
                self.time = 0;
            } else if let Some(wall) = self.picks.pop() {
                break wall;
            } else {
                let next = self.pattern.block_after(self.block?);
                self.block = next.filter(|_| self.base * DAY <= self.to && !fuel.is_spent());
                self.enter(self.block?, fuel);
            }
        };
        if wall <= self.to {
            return Some(wall);
        }
        self.end();
        None
    }

    fn enter(&mut self, block: i64, fuel: &mut Fuel) {
        fuel.spend(BLOCK);
        if self.pattern.is_picking() {
            self.base = self.pattern.picks(block, &mut self.picks, fuel);
            self.picks.reverse();
        } else {
            (self.base, self.days) = self.pattern.block(block);
        }
    }

    fn end(&mut self) {
        self.block = None;
        self.days = Days::NONE;
        self.time = self.pattern.times.len();
        self.picks.clear();
    }
}
