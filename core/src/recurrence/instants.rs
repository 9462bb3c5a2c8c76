//! Seconds from 1970 made instants, one after the other.

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};

use super::civil::DAY;

/// Remembers the day it was on: finding the date of a day is what an instant costs, and the next one is mostly on the
/// same day or the one after.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Instants {
    day: i64,
    date: NaiveDate,
}

impl Instants {
    /// The instant `second`; none outside of the years that chrono counts.
    pub(super) fn at(&mut self, second: i64) -> Option<DateTime<Utc>> {
        let day = second.div_euclid(DAY);
        if day != self.day {
            self.date = match day - self.day {
                1 => self.date.succ_opt()?,
                _ => NaiveDate::from_epoch_days(day.try_into().ok()?)?,
            };
            self.day = day;
        }
        let time = NaiveTime::from_num_seconds_from_midnight_opt((second - day * DAY) as u32, 0)?;
        Some(self.date.and_time(time).and_utc())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_is_the_same_whichever_was_before() {
        let seconds =
            [0, 59, 86_399, 86_400, 86_401, 172_800, -1, -86_400, 951_782_400, 951_868_799, 253_402_300_799];
        let mut instants = Instants::default();
        for before in seconds {
            for second in seconds {
                instants.at(before);
                assert_eq!(
                    instants.at(second),
                    DateTime::from_timestamp(second, 0),
                    "{second} after {before}"
                );
            }
        }
        assert_eq!(instants.at(i64::MAX), None);
        assert_eq!(instants.at(0), DateTime::from_timestamp(0, 0));
    }
}
