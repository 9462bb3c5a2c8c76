//! The days of a year that the `BY` parts of a rule let through.

use super::{ALL_MONTHS, Pattern};
use crate::recurrence::{
    civil::{Year, first_of_week, week_of, weekday},
    days::Days,
};

impl Pattern {
    /// The days of `year` in `months` that every `BY` part lets through.
    pub(super) fn matching(&self, year: &Year, months: u64) -> Days {
        let mut days = match self.month_days {
            Some((from_start, from_end)) => days_of_months(year, months, from_start, from_end),
            None if months == ALL_MONTHS => Days::range(0, year.length()),
            None => days_of_months(year, months, u32::MAX, 0),
        };
        if !self.year_days.is_empty() {
            days.keep_only(&year_days(year, &self.year_days));
        }
        if !self.week_numbers.is_empty() {
            days.keep_only(&self.weeks(year));
        }
        if self.weekdays != 0 || !self.ordinals.is_empty() {
            let mut named = Days::weekdays(self.weekdays, weekday(year.start));
            if !self.ordinals.is_empty() {
                named.insert_all(&self.ordinal_days(year, months));
            }
            days.keep_only(&named);
        }
        days
    }

    /// `2MO`: of the year, or of each month where the rule counts in months or names some.
    fn ordinal_days(&self, year: &Year, months: u64) -> Days {
        let mut days = Days::NONE;
        if !self.ordinals_of_month {
            self.ordinal_days_of(year, 0, year.length(), &mut days);
        } else {
            for month in (0..12).filter(|month| months >> (month + 1) & 1 == 1) {
                self.ordinal_days_of(year, year.months[month], year.months[month + 1], &mut days);
            }
        }
        days
    }

    fn ordinal_days_of(&self, year: &Year, from: usize, to: usize, days: &mut Days) {
        let (from, to) = (from as i64, to as i64);
        for day in &self.ordinals {
            let (wanted, ordinal) = (i64::from(day.weekday), i64::from(day.ordinal));
            let found = if ordinal > 0 {
                from + (wanted - weekday(year.start + from)).rem_euclid(7) + 7 * (ordinal - 1)
            } else {
                to - 1 - (weekday(year.start + to - 1) - wanted).rem_euclid(7) + 7 * (ordinal + 1)
            };
            if (from..to).contains(&found) {
                days.insert(found as usize);
            }
        }
    }

    /// The days of `year` in the weeks of `BYWEEKNO`: of its own weeks, and where they are in it of the last one of the
    /// year before and the first one of the year after.
    fn weeks(&self, year: &Year) -> Days {
        let mut days = Days::NONE;
        for number in year.number - 1..=year.number + 1 {
            let (first, next) =
                (first_week(number, self.week_start), first_week(number + 1, self.week_start));
            for wanted in &self.week_numbers {
                let wanted = i64::from(*wanted);
                let week = if wanted > 0 { first + wanted - 1 } else { next + wanted };
                if (first..next).contains(&week) {
                    let day = first_of_week(week, self.week_start) - year.start;
                    match usize::try_from(day) {
                        Ok(day) => days.insert_bits(day, 0x7f),
                        Err(_) => days.insert_bits(0, 0x7f >> (-day).clamp(0, 7)),
                    }
                }
            }
        }
        days.clear_from(year.length());
        days
    }
}

/// The week of which at least four days are the first in `year` (RFC 5545 §3.3.10, `BYWEEKNO`).
fn first_week(year: i64, week_start: i64) -> i64 {
    week_of(Year::new(year).start + 3, week_start)
}

fn days_of_months(year: &Year, months: u64, from_start: u32, from_end: u32) -> Days {
    let mut days = Days::NONE;
    for month in (0..12).filter(|month| months >> (month + 1) & 1 == 1) {
        let (from, to) = (year.months[month], year.months[month + 1]);
        let length = (to - from) as u32;
        // Bit `n` of one is day `n`, of the other the `n`th from the end; wanted is day `n` at bit `n - 1`.
        let counted = from_start >> 1 | from_end.reverse_bits() >> (31 - length);
        days.insert_bits(from, u64::from(counted) & ((1 << length) - 1));
    }
    days
}

fn year_days(year: &Year, list: &[i16]) -> Days {
    let mut days = Days::NONE;
    for day in list {
        let distance = usize::from(day.unsigned_abs());
        let found = if *day > 0 { Some(distance - 1) } else { year.length().checked_sub(distance) };
        if let Some(found) = found.filter(|found| *found < year.length()) {
            days.insert(found);
        }
    }
    days
}
