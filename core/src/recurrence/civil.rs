//! Days counted from 1970-01-01, and the years and weeks of the Gregorian calendar they lie in.

/// Seconds of a day on a wall clock.
pub(super) const DAY: i64 = 86_400;

/// Nothing starts later than in this year, the last that RFC 5545 can write (§3.3.4).
pub(super) const LAST_YEAR: i64 = 9999;

/// The last second of [`LAST_YEAR`] on a wall clock.
pub(super) const LAST_SECOND: i64 = 253_402_300_799;

/// The day of the year on which each month begins and the last one ends, in common years and leap years.
const MONTHS: [[usize; 13]; 2] = [
    [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365],
    [0, 31, 60, 91, 121, 152, 182, 213, 244, 274, 305, 335, 366],
];

/// One year.
#[derive(Clone, Copy, Debug)]
pub(super) struct Year {
    pub(super) number: i64,
    /// Its 1 January.
    pub(super) start: i64,
    /// On which day of it each month begins, and what follows the last.
    pub(super) months: &'static [usize; 13],
}

impl Year {
    pub(super) fn new(number: i64) -> Self {
        let is_leap = number % 4 == 0 && (number % 100 != 0 || number % 400 == 0);
        Self { number, start: year_start(number), months: &MONTHS[usize::from(is_leap)] }
    }

    /// Its days.
    pub(super) fn length(&self) -> usize {
        self.months[12]
    }

    /// Whether `day` is in it.
    pub(super) fn contains(&self, day: i64) -> bool {
        (self.start..self.start + self.months[12] as i64).contains(&day)
    }

    /// The month that day `day` of it is in, from 0.
    pub(super) fn month_of(&self, day: usize) -> usize {
        self.months.partition_point(|start| *start <= day).saturating_sub(1)
    }
}

/// 1 January of `year`.
fn year_start(year: i64) -> i64 {
    let before = year - 1;
    365 * before + before.div_euclid(4) - before.div_euclid(100) + before.div_euclid(400) - 719_162
}

/// The year that `day` is in.
pub(super) fn year_of(day: i64) -> i64 {
    // 146,097 days make 400 years; the guess is at most one year off.
    let guess = 1970 + (day * 400).div_euclid(146_097);
    if year_start(guess) > day {
        guess - 1
    } else if year_start(guess + 1) <= day {
        guess + 1
    } else {
        guess
    }
}

/// 0 is Monday.
pub(super) fn weekday(day: i64) -> i64 {
    (day + 3).rem_euclid(7)
}

/// Weeks that begin on `week_start`, counted; of the week `day` is in.
pub(super) fn week_of(day: i64, week_start: i64) -> i64 {
    (day + 3 - week_start).div_euclid(7)
}

/// The first day of a week that [`week_of`] counted.
pub(super) fn first_of_week(week: i64, week_start: i64) -> i64 {
    week * 7 - 3 + week_start
}

#[cfg(test)]
mod tests {
    use chrono::{Datelike, NaiveDate};

    use super::*;

    #[test]
    fn every_day_of_ten_thousand_years_is_where_chrono_has_it() {
        let first = NaiveDate::from_ymd_opt(1970, 1, 1).unwrap();
        for day in (-719_528..2_932_896).step_by(13) {
            let date = first + chrono::TimeDelta::days(day);
            let year = Year::new(year_of(day));
            let of_year = usize::try_from(day - year.start).unwrap();
            assert_eq!(year.number, i64::from(date.year()));
            assert_eq!(of_year, date.ordinal0() as usize);
            assert_eq!(year.month_of(of_year), date.month0() as usize);
            assert_eq!(weekday(day), i64::from(date.weekday().num_days_from_monday()));
            assert!((0..7).contains(&(day - first_of_week(week_of(day, 6), 6))));
        }
    }
}
