//! The recurrence rule of RFC 5545 §3.3.10.

mod display;
mod parse;

use chrono::Weekday;

use super::IcalTime;

pub(super) use display::WEEKDAYS;

/// A recurrence rule: how often something repeats, and until when. Read by [`parse`](str::parse) from the value of an
/// `RRULE` line, and written back by [`to_string`](ToString::to_string) in one order of parts.
///
/// - All of RFC 5545 §3.3.10: every `FREQ`, `INTERVAL`, `COUNT`, `UNTIL`, `WKST`, every `BY` part and `BYSETPOS`.
///   Names and words may be in lower case, as its grammar allows.
/// - Refused: an unknown part, a part twice, no `FREQ`, a number out of its range, `COUNT` beside `UNTIL`. Of a
///   part that its `FREQ` may not have by RFC 5545 but might by RFC 2445 before it (`FREQ=WEEKLY;BYMONTHDAY=13`,
///   `FREQ=DAILY;BYDAY=2MO`) the days are limited to those it names, and an ordinal before a weekday counts for
///   nothing but in a month or year: calendars written under the older standard are still about.
/// - A 60th second is the 59th (§3.3.12).
///
/// ```
/// use theo_calendar::recurrence::{Frequency, Rule};
///
/// let rule: Rule = "FREQ=MONTHLY;COUNT=12;BYDAY=-1FR".parse()?;
/// assert_eq!(rule.frequency(), Frequency::Monthly);
/// assert_eq!(rule.to_string(), "FREQ=MONTHLY;COUNT=12;BYDAY=-1FR");
///
/// let error = "FREQ=MONTHLY;BYMONTHDAY=32".parse::<Rule>().unwrap_err();
/// assert_eq!(error.to_string(), "BYMONTHDAY=32: \"32\" is not a number from 1 to 31 or -31 to -1");
/// # Ok::<(), theo_calendar::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Rule {
    pub(super) frequency: Frequency,
    pub(super) interval: u32,
    pub(super) end: RuleEnd,
    pub(super) week_start: Weekday,
    /// Bit `n` is the number `n`; none where the part is absent. So are the next three.
    pub(super) months: u64,
    pub(super) hours: u64,
    pub(super) minutes: u64,
    pub(super) seconds: u64,
    /// Rising, each once; empty where the part is absent. So are the next four.
    pub(super) week_numbers: Box<[i16]>,
    pub(super) year_days: Box<[i16]>,
    pub(super) month_days: Box<[i16]>,
    pub(super) days: Box<[OrdinalDay]>,
    pub(super) positions: Box<[i16]>,
}

/// What a rule counts in: `FREQ`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Frequency {
    /// `SECONDLY`
    Secondly,
    /// `MINUTELY`
    Minutely,
    /// `HOURLY`
    Hourly,
    /// `DAILY`
    Daily,
    /// `WEEKLY`
    Weekly,
    /// `MONTHLY`
    Monthly,
    /// `YEARLY`
    Yearly,
}

/// Where a rule ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RuleEnd {
    /// Nowhere.
    Never,
    /// After so many occurrences of its own; at least one.
    Count(u32),
    /// With the last occurrence that starts no later.
    Until(IcalTime),
}

/// A weekday, and which one of its month or year: 0 where it is every one, negative from the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct OrdinalDay {
    pub(super) ordinal: i16,
    /// 0 is Monday.
    pub(super) weekday: u8,
}

impl Rule {
    /// What it counts in.
    pub fn frequency(&self) -> Frequency {
        self.frequency
    }

    /// Every how many years, weeks, … it takes place; at least 1.
    pub fn interval(&self) -> u32 {
        self.interval
    }

    /// Where it ends.
    pub fn end(&self) -> RuleEnd {
        self.end
    }

    /// The same rule with another end; a count of nothing counts as one.
    #[must_use]
    pub fn with_end(mut self, end: RuleEnd) -> Self {
        self.end = match end {
            RuleEnd::Count(count) => RuleEnd::Count(count.max(1)),
            other => other,
        };
        self
    }
}
