//! Through the hours, minutes or seconds of a rule that counts in them.

use crate::recurrence::{
    Frequency,
    civil::{DAY, Year, year_of},
    days::Days,
    fuel::{BLOCK, Fuel, STEP},
    pattern::Pattern,
};

#[derive(Clone, Debug)]
pub(in crate::recurrence) struct UnitWalk<'p> {
    pattern: &'p Pattern,
    from: i64,
    to: i64,
    /// Seconds of what the rule counts in.
    unit: i64,
    /// The unit it is in, counted from 1970.
    at: i64,
    /// The next of that unit's times.
    time: usize,
    /// The year whose days are at hand, and its days.
    year: Option<(Year, Days)>,
}

impl<'p> UnitWalk<'p> {
    pub(super) fn seek(pattern: &'p Pattern, from: i64, to: i64) -> Self {
        let unit = unit_of(pattern.frequency);
        let mut walk = Self { pattern, from, to, unit, at: 0, time: pattern.times.len(), year: None };
        // One before the first that may do, so that the first step reaches it.
        walk.at = walk.no_earlier(from.div_euclid(unit) * unit) - pattern.interval;
        if pattern.times.len() == 0 {
            walk.to = i64::MIN;
        }
        walk
    }

    pub(super) fn next(&mut self, fuel: &mut Fuel) -> Option<i64> {
        loop {
            while self.time < self.pattern.times.len() {
                let wall = self.at * self.unit + self.pattern.times.at(self.time);
                self.time += 1;
                if wall > self.to {
                    return None;
                }
                if wall >= self.from {
                    return Some(wall);
                }
            }
            self.at = self.settle(self.at + self.pattern.interval, fuel)?;
            self.time = 0;
        }
    }

    /// The first unit from `at` on that the rule counts and every `BY` part lets through.
    fn settle(&mut self, mut at: i64, fuel: &mut Fuel) -> Option<i64> {
        loop {
            let wall = at * self.unit;
            if wall > self.to || !fuel.spend(STEP) {
                return None;
            }
            match self.obstacle(wall, fuel) {
                None => return Some(at),
                Some(past) => at = self.no_earlier(past),
            }
        }
    }

    /// When the first thing that stands against `wall` is over.
    fn obstacle(&mut self, wall: i64, fuel: &mut Fuel) -> Option<i64> {
        let [hours, minutes, seconds] = self.pattern.clock;
        let day = wall.div_euclid(DAY);
        if !self.pattern.takes_every_day() {
            let free = self.next_day(day, fuel);
            if free != day {
                return Some(free * DAY);
            }
        }
        let second = wall - day * DAY;
        for (named, length, in_which) in [(hours, 3600, DAY), (minutes, 60, 3600), (seconds, 1, 60)] {
            let index = second % in_which / length;
            let from_here = named >> index;
            if from_here & 1 == 0 {
                let in_which_began = wall - second % in_which;
                return Some(match from_here {
                    0 => in_which_began + in_which,
                    _ => in_which_began + (index + i64::from(from_here.trailing_zeros())) * length,
                });
            }
        }
        None
    }

    /// The first day from `day` on that the rule lets through, or the first of the next year.
    fn next_day(&mut self, day: i64, fuel: &mut Fuel) -> i64 {
        let (year, days) = match self.year {
            Some(year) if year.0.contains(day) => year,
            _ => {
                fuel.spend(BLOCK);
                let year = Year::new(year_of(day));
                *self.year.insert((year, self.pattern.block(year.number).1))
            }
        };
        let next = days.next((day - year.start) as usize).unwrap_or(year.length());
        year.start + next as i64
    }

    /// The first unit the rule counts that begins no earlier than `wall`.
    fn no_earlier(&self, wall: i64) -> i64 {
        let first = self.pattern.start.div_euclid(self.unit);
        let least = wall.div_euclid(self.unit) + i64::from(wall.rem_euclid(self.unit) != 0);
        let past = (least - first).rem_euclid(self.pattern.interval);
        if past == 0 { least } else { least + self.pattern.interval - past }
    }
}

/// Seconds of an hour, a minute or a second.
pub(in crate::recurrence) fn unit_of(frequency: Frequency) -> i64 {
    match frequency {
        Frequency::Hourly => 3600,
        Frequency::Minutely => 60,
        _ => 1,
    }
}
