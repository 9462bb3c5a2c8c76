//! A stretch of a day, as the clock on the wall shows it.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::{Error, ErrorKind, Result, text::one_line};

/// Minutes of a day.
const DAY: u16 = 24 * 60;

/// A stretch of one day by the clock, to the minute: `09:00-17:30`. Its end is exclusive, and may be `24:00`.
///
/// It never passes midnight: a night is two, `22:00-24:00` of one day and `00:00-06:00` of the next, which
/// [`WorkingHours`](super::WorkingHours) reads as one.
///
/// ```
/// use theo_calendar::conflict::ClockSpan;
///
/// let morning: ClockSpan = "09:00-12:30".parse()?;
/// assert_eq!(morning, ClockSpan::new((9, 0), (12, 30))?);
///
/// let error = "22:00-06:00".parse::<ClockSpan>().unwrap_err();
/// assert!(error.to_string().contains("22:00-24:00 of one day and 00:00-06:00 of the next"));
/// # Ok::<(), theo_calendar::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ClockSpan {
    pub(super) start: u16,
    pub(super) end: u16,
}

impl ClockSpan {
    /// From `start` up to `end`, both as hour and minute.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidInput`] when one is no time of a day, or the end is not after the start.
    pub fn new(start: (u8, u8), end: (u8, u8)) -> Result<Self> {
        let minutes = |(hour, minute): (u8, u8)| {
            let minutes = u16::from(hour) * 60 + u16::from(minute);
            if minute < 60 && minutes <= DAY {
                return Ok(minutes);
            }
            Err(wrong(format!("{hour:02}:{minute:02} is no time of a day: it goes from 00:00 to 24:00")))
        };
        let (from, until) = (minutes(start)?, minutes(end)?);
        if from < until {
            return Ok(Self { start: from, end: until });
        }
        let (start, end) = (Clock(from), Clock(until));
        Err(wrong(match until {
            0 => format!("{start}-00:00 ends before it starts: the midnight that ends a day is 24:00"),
            _ if from == until => format!("{start}-{end} is empty: the whole day is 00:00-24:00"),
            _ => format!(
                "{start}-{end} ends before it starts: over midnight, give {start}-24:00 of one day and 00:00-{end} \
                 of the next"
            ),
        }))
    }
}

impl FromStr for ClockSpan {
    type Err = Error;

    /// # Errors
    /// [`ErrorKind::InvalidInput`] unless it is written as `09:00-17:30`, and those of [`ClockSpan::new`].
    fn from_str(text: &str) -> Result<Self> {
        let clock = |text: &str| {
            let (hour, minute) = text.trim().split_once(':')?;
            let number = |digits: &str| {
                let plain = matches!(digits.len(), 1 | 2) && digits.bytes().all(|byte| byte.is_ascii_digit());
                digits.parse::<u8>().ok().filter(|_| plain)
            };
            Some((number(hour)?, number(minute).filter(|_| minute.len() == 2)?))
        };
        let read = text.split_once(['-', '–']).and_then(|(start, end)| Some((clock(start)?, clock(end)?)));
        let (start, end) = read.ok_or_else(|| {
            let shown = one_line(text, 40);
            wrong(format!("“{shown}” is no stretch of a day: write hours and minutes, such as 09:00-17:30"))
        })?;
        Self::new(start, end)
    }
}

impl TryFrom<String> for ClockSpan {
    type Error = Error;

    fn try_from(text: String) -> Result<Self> {
        text.parse()
    }
}

impl From<ClockSpan> for String {
    fn from(span: ClockSpan) -> Self {
        span.to_string()
    }
}

impl fmt::Display for ClockSpan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", Clock(self.start), Clock(self.end))
    }
}

/// Minutes from midnight, as a clock shows them.
struct Clock(u16);

impl fmt::Display for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.0 / 60, self.0 % 60)
    }
}

fn wrong(message: String) -> Error {
    Error::new(ErrorKind::InvalidInput, message)
}
