//! The days of a pattern, a block at a time: those of a year, or of the weeks that begin in it.

use super::{ALL_MONTHS, Pattern};
use crate::recurrence::{
    Frequency,
    civil::{DAY, LAST_YEAR, Year, first_of_week, week_of, weekday, year_of},
    days::Days,
};

impl Pattern {
    /// The block that `day` is in.
    pub(in crate::recurrence) fn block_of(&self, day: i64) -> i64 {
        match self.frequency {
            Frequency::Weekly => year_of(first_of_week(week_of(day, self.week_start), self.week_start)),
            _ => year_of(day),
        }
    }

    /// The block in which it starts.
    pub(in crate::recurrence) fn first_block(&self) -> i64 {
        self.block_of(self.start.div_euclid(DAY))
    }

    /// The block after `block` that is next to have any day; none after the last year there is.
    pub(in crate::recurrence) fn block_after(&self, block: i64) -> Option<i64> {
        let next = match self.frequency {
            Frequency::Yearly => {
                let past = (block - self.first_block()).rem_euclid(self.interval);
                block + self.interval - past
            }
            _ => block + 1,
        };
        (next <= LAST_YEAR).then_some(next)
    }

    /// The day that `block` counts from, and the days in it, those before the start among them.
    pub(in crate::recurrence) fn block(&self, block: i64) -> (i64, Days) {
        let year = Year::new(block);
        let days = match self.frequency {
            Frequency::Yearly if (block - self.first_block()) % self.interval != 0 => Days::NONE,
            Frequency::Monthly if self.interval > 1 => {
                self.matching(&year, self.months & self.months_of(&year))
            }
            Frequency::Weekly => self.weeks_from(&year),
            Frequency::Daily if self.interval > 1 => self.every_few_days(&year),
            _ => self.matching(&year, self.months),
        };
        (year.start, days)
    }

    /// The months of `year` that the interval does not leap over.
    fn months_of(&self, year: &Year) -> u64 {
        let start_day = self.start.div_euclid(DAY);
        let start_year = Year::new(year_of(start_day));
        let start =
            start_year.number * 12 + start_year.month_of((start_day - start_year.start) as usize) as i64;
        let first = (start - year.number * 12).rem_euclid(self.interval);
        let mut months = 0;
        let mut month = first;
        while month < 12 {
            months |= 1 << (month + 1);
            month += self.interval;
        }
        months
    }

    /// The days of the weeks that begin in `year`.
    fn weeks_from(&self, year: &Year) -> Days {
        let first_week = week_of(year.start + 6, self.week_start);
        let first = (first_of_week(first_week, self.week_start) - year.start) as usize;
        let weeks = (year.length() - first).div_ceil(7);
        let mut days = if self.takes_every_weekday_alike() {
            Days::weekdays(self.weekdays, weekday(year.start))
        } else {
            let mut next = self.matching(&Year::new(year.number + 1), self.months);
            next.clear_from(6);
            let mut days = self.matching(year, self.months);
            while let Some(day) = next.pop() {
                days.insert(year.length() + day);
            }
            days
        };
        if self.interval == 1 {
            days.clear_before(first);
            days.clear_from(first + 7 * weeks);
        } else {
            let start = week_of(self.start.div_euclid(DAY), self.week_start);
            let mut week = (start - first_week).rem_euclid(self.interval);
            let mut active = Days::NONE;
            while week < weeks as i64 {
                active.insert_bits(first + 7 * week as usize, 0x7f);
                week += self.interval;
            }
            days.keep_only(&active);
        }
        days
    }

    fn takes_every_weekday_alike(&self) -> bool {
        self.months == ALL_MONTHS
            && self.month_days.is_none()
            && self.year_days.is_empty()
            && self.week_numbers.is_empty()
            && self.weekdays != 0
    }

    fn every_few_days(&self, year: &Year) -> Days {
        let start = self.start.div_euclid(DAY);
        let mut day = (start - year.start).rem_euclid(self.interval);
        let mut active = Days::NONE;
        while day < year.length() as i64 {
            active.insert(day as usize);
            day += self.interval;
        }
        if !self.takes_every_day() {
            active.keep_only(&self.matching(year, self.months));
        }
        active
    }
}
