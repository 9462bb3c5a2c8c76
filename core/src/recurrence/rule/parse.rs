//! A rule, read.

use std::str::FromStr;

use chrono::Weekday;

use super::{Frequency, OrdinalDay, Rule, RuleEnd, display::WEEKDAYS};
use crate::{
    Error,
    recurrence::{IcalTime, fault},
};

impl FromStr for Rule {
    type Err = Error;

    /// # Errors
    /// [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput), with the part that is wrong.
    fn from_str(text: &str) -> Result<Self, Error> {
        Self::read(text).map_err(fault::error)
    }
}

impl Rule {
    /// Reads it, or says what is wrong.
    pub(in crate::recurrence) fn read(text: &str) -> Result<Self, String> {
        let mut rule = Self {
            frequency: Frequency::Daily,
            interval: 1,
            end: RuleEnd::Never,
            week_start: Weekday::Mon,
            months: 0,
            hours: 0,
            minutes: 0,
            seconds: 0,
            week_numbers: Box::default(),
            year_days: Box::default(),
            month_days: Box::default(),
            days: Box::default(),
            positions: Box::default(),
        };
        let mut seen: u32 = 0;
        for part in text.split(';') {
            let (name, value) = part
                .split_once('=')
                .ok_or_else(|| format!("{} is no part of a rule, such as FREQ=WEEKLY", fault::shown(part)))?;
            let place = NAMES
                .iter()
                .position(|known| known.eq_ignore_ascii_case(name))
                .ok_or_else(|| format!("{} is no part of a rule in RFC 5545", fault::shown(name)))?;
            let known = NAMES[place];
            if seen & 1 << place != 0 {
                return Err(format!("{known} stands twice in the rule"));
            }
            seen |= 1 << place;
            rule.set(known, value).map_err(|what| format!("{known}={}: {what}", fault::clean(value)))?;
        }
        if seen & 1 == 0 {
            return Err("the rule has no FREQ, such as FREQ=WEEKLY".to_owned());
        }
        if seen & 0b110 == 0b110 {
            return Err("the rule has both COUNT and UNTIL: it ends by one of them".to_owned());
        }
        Ok(rule)
    }

    fn set(&mut self, name: &'static str, value: &str) -> Result<(), String> {
        match name {
            "FREQ" => self.frequency = frequency(value)?,
            "COUNT" => self.end = RuleEnd::Count(positive(value)?),
            "UNTIL" => self.end = RuleEnd::Until(IcalTime::read(value)?),
            "INTERVAL" => self.interval = positive(value)?,
            "WKST" => self.week_start = week_start(value)?,
            "BYMONTH" => self.months = set(value, 1, 12)?,
            "BYHOUR" => self.hours = set(value, 0, 23)?,
            "BYMINUTE" => self.minutes = set(value, 0, 59)?,
            "BYSECOND" => {
                let seconds = set(value, 0, 60)?;
                self.seconds = seconds & !(1 << 60) | seconds >> 1 & 1 << 59;
            }
            "BYWEEKNO" => self.week_numbers = list(value, |text| signed(text, 53))?,
            "BYYEARDAY" => self.year_days = list(value, |text| signed(text, 366))?,
            "BYMONTHDAY" => self.month_days = list(value, |text| signed(text, 31))?,
            "BYDAY" => self.days = list(value, ordinal_day)?,
            _ => self.positions = list(value, |text| signed(text, 366))?,
        }
        Ok(())
    }
}

/// The parts of a rule. The first three are looked for by their place.
const NAMES: [&str; 14] = [
    "FREQ",
    "COUNT",
    "UNTIL",
    "INTERVAL",
    "WKST",
    "BYMONTH",
    "BYWEEKNO",
    "BYYEARDAY",
    "BYMONTHDAY",
    "BYDAY",
    "BYHOUR",
    "BYMINUTE",
    "BYSECOND",
    "BYSETPOS",
];

fn frequency(text: &str) -> Result<Frequency, String> {
    use Frequency::{Daily, Hourly, Minutely, Monthly, Secondly, Weekly, Yearly};
    [Secondly, Minutely, Hourly, Daily, Weekly, Monthly, Yearly]
        .into_iter()
        .find(|frequency| frequency.to_string().eq_ignore_ascii_case(text))
        .ok_or_else(|| "it is SECONDLY, MINUTELY, HOURLY, DAILY, WEEKLY, MONTHLY or YEARLY".to_owned())
}

fn positive(text: &str) -> Result<u32, String> {
    let number = if text.starts_with('+') { None } else { text.parse().ok() };
    number
        .filter(|number| *number > 0)
        .ok_or_else(|| format!("{} is not a number from 1 to {}", fault::shown(text), u32::MAX))
}

fn signed(text: &str, most: i16) -> Result<i16, String> {
    text.parse()
        .ok()
        .filter(|number: &i16| (1..=most).contains(&number.abs()))
        .ok_or_else(|| format!("{} is not a number from 1 to {most} or -{most} to -1", fault::shown(text)))
}

fn set(value: &str, least: u32, most: u32) -> Result<u64, String> {
    value.split(',').try_fold(0, |set, text| {
        let number = text.parse().ok().filter(|number| (least..=most).contains(number));
        let number =
            number.ok_or_else(|| format!("{} is not a number from {least} to {most}", fault::shown(text)))?;
        Ok(set | 1 << number)
    })
}

fn list<T: Ord>(value: &str, read: impl Fn(&str) -> Result<T, String>) -> Result<Box<[T]>, String> {
    let mut list = value.split(',').map(read).collect::<Result<Vec<T>, String>>()?;
    list.sort_unstable();
    list.dedup();
    Ok(list.into())
}

fn weekday(text: &str) -> Option<u8> {
    let place = WEEKDAYS.iter().position(|name| name.eq_ignore_ascii_case(text))?;
    u8::try_from(place).ok()
}

fn week_start(text: &str) -> Result<Weekday, String> {
    weekday(text)
        .and_then(|weekday| Weekday::try_from(weekday).ok())
        .ok_or_else(|| "it is MO, TU, WE, TH, FR, SA or SU".to_owned())
}

fn ordinal_day(text: &str) -> Result<OrdinalDay, String> {
    let wrong = || format!("{} is no weekday such as MO, 2MO or -1MO", fault::shown(text));
    let (ordinal, name) =
        text.len().checked_sub(2).and_then(|split| text.split_at_checked(split)).ok_or_else(wrong)?;
    let ordinal = if ordinal.is_empty() { 0 } else { signed(ordinal, 53)? };
    Ok(OrdinalDay { ordinal, weekday: weekday(name).ok_or_else(wrong)? })
}
