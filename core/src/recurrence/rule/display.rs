//! A rule, written.

use std::fmt;

use chrono::Weekday;

use super::{Frequency, OrdinalDay, Rule, RuleEnd};

/// The weekdays of RFC 5545, from Monday.
pub(in crate::recurrence) const WEEKDAYS: [&str; 7] = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];

/// The value of its `RRULE` line. Numbers of a part rise, whatever order they were read in.
impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FREQ={}", self.frequency)?;
        if self.week_start != Weekday::Mon {
            write!(f, ";WKST={}", name(self.week_start.num_days_from_monday()))?;
        }
        match self.end {
            RuleEnd::Never => {}
            RuleEnd::Count(count) => write!(f, ";COUNT={count}")?,
            RuleEnd::Until(until) => write!(f, ";UNTIL={until}")?,
        }
        if self.interval != 1 {
            write!(f, ";INTERVAL={}", self.interval)?;
        }
        list(f, "BYMONTH", bits(self.months))?;
        list(f, "BYWEEKNO", self.week_numbers.iter().copied())?;
        list(f, "BYYEARDAY", self.year_days.iter().copied())?;
        list(f, "BYMONTHDAY", self.month_days.iter().copied())?;
        list(f, "BYDAY", self.days.iter().copied())?;
        list(f, "BYHOUR", bits(self.hours))?;
        list(f, "BYMINUTE", bits(self.minutes))?;
        list(f, "BYSECOND", bits(self.seconds))?;
        list(f, "BYSETPOS", self.positions.iter().copied())
    }
}

impl fmt::Display for Frequency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Secondly => "SECONDLY",
            Self::Minutely => "MINUTELY",
            Self::Hourly => "HOURLY",
            Self::Daily => "DAILY",
            Self::Weekly => "WEEKLY",
            Self::Monthly => "MONTHLY",
            Self::Yearly => "YEARLY",
        })
    }
}

impl fmt::Display for OrdinalDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.ordinal != 0 {
            write!(f, "{}", self.ordinal)?;
        }
        f.write_str(name(self.weekday.into()))
    }
}

fn name(weekday: u32) -> &'static str {
    WEEKDAYS.get(weekday as usize).copied().unwrap_or("MO")
}

fn bits(set: u64) -> impl Iterator<Item = u32> {
    (0..64).filter(move |bit| set >> bit & 1 == 1)
}

fn list(
    f: &mut fmt::Formatter<'_>,
    part: &str,
    values: impl Iterator<Item = impl fmt::Display>,
) -> fmt::Result {
    for (index, value) in values.enumerate() {
        if index == 0 { write!(f, ";{part}={value}")? } else { write!(f, ",{value}")? }
    }
    Ok(())
}
