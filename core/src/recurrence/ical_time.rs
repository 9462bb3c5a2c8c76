//! Dates and times as iCalendar writes them.

use std::{fmt, str::FromStr};

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, NaiveTime, Timelike, Utc};

use super::fault;
use crate::Error;

/// A date, a wall-clock time or an instant as RFC 5545 writes it (§3.3.4, §3.3.5): the value of `UNTIL`, `RDATE` and
/// `EXDATE`.
///
/// ```
/// use theo_calendar::recurrence::IcalTime;
///
/// let until: IcalTime = "20250328T150000Z".parse()?;
/// assert!(matches!(until, IcalTime::Utc(_)));
/// assert_eq!(until.to_string(), "20250328T150000Z");
/// # Ok::<(), theo_calendar::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum IcalTime {
    /// `20250328`
    Date(NaiveDate),
    /// `20250328T150000`: what a clock shows, in a zone that is told elsewhere.
    Local(NaiveDateTime),
    /// `20250328T150000Z`
    Utc(DateTime<Utc>),
}

impl IcalTime {
    /// What its digits say; of a date, its midnight.
    pub(super) fn wall(&self) -> NaiveDateTime {
        match self {
            Self::Date(date) => date.and_time(NaiveTime::MIN),
            Self::Local(wall) => *wall,
            Self::Utc(instant) => instant.naive_utc(),
        }
    }

    /// Reads it, or says what is wrong.
    pub(super) fn read(text: &str) -> Result<Self, String> {
        let wrong = || format!("{} is no date such as 20250328 or 20250328T150000Z", fault::shown(text));
        let (body, is_utc) = match text.strip_suffix(['Z', 'z']) {
            Some(body) => (body, true),
            None => (text, false),
        };
        let bytes = body.as_bytes();
        let date = bytes.get(..8).and_then(date).ok_or_else(wrong)?;
        match bytes.get(8..) {
            Some([]) if !is_utc => Ok(Self::Date(date)),
            Some([b'T' | b't', clock @ ..]) => {
                let wall = date.and_time(time(clock).ok_or_else(wrong)?);
                Ok(if is_utc { Self::Utc(wall.and_utc()) } else { Self::Local(wall) })
            }
            _ => Err(wrong()),
        }
    }
}

impl FromStr for IcalTime {
    type Err = Error;

    /// # Errors
    /// [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput), with the text.
    fn from_str(text: &str) -> Result<Self, Error> {
        Self::read(text).map_err(fault::error)
    }
}

/// As RFC 5545 writes it.
impl fmt::Display for IcalTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Date(date) => write_date(f, date),
            Self::Local(wall) => write_wall(f, wall),
            Self::Utc(instant) => write_wall(f, &instant.naive_utc()).and_then(|()| f.write_str("Z")),
        }
    }
}

fn write_date(f: &mut fmt::Formatter<'_>, date: &NaiveDate) -> fmt::Result {
    write!(f, "{:04}{:02}{:02}", date.year(), date.month(), date.day())
}

fn write_wall(f: &mut fmt::Formatter<'_>, wall: &NaiveDateTime) -> fmt::Result {
    write_date(f, &wall.date())?;
    write!(f, "T{:02}{:02}{:02}", wall.hour(), wall.minute(), wall.second())
}

fn date(digits: &[u8]) -> Option<NaiveDate> {
    let (year, month_and_day) = digits.split_at_checked(4)?;
    let (month, day) = month_and_day.split_at_checked(2)?;
    NaiveDate::from_ymd_opt(number(year)?.cast_signed(), number(month)?, number(day)?)
}

/// A leap second is the second before it (RFC 5545 §3.3.12, for those that do not keep them).
fn time(digits: &[u8]) -> Option<NaiveTime> {
    let [h0, h1, m0, m1, s0, s1] = *digits else { return None };
    let second = number(&[s0, s1]).filter(|second| *second <= 60)?.min(59);
    NaiveTime::from_hms_opt(number(&[h0, h1])?, number(&[m0, m1])?, second)
}

/// At most nine decimal digits.
fn number(digits: &[u8]) -> Option<u32> {
    digits.iter().try_fold(0, |sum, byte| byte.is_ascii_digit().then(|| sum * 10 + u32::from(byte - b'0')))
}
