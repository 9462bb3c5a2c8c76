//! The recurrence of an event, as its lines say it.

mod dates;
mod line;

use super::{Rule, fault};
use crate::{Error, Result};

pub(super) use dates::{DateValue, PeriodEnd};
pub(super) use line::{Content, Line};

/// The `RRULE`, `EXRULE`, `RDATE` and `EXDATE` lines of one event, read.
///
/// Without any line, nothing recurs: the event takes place once.
///
/// ```
/// use theo_calendar::recurrence::Recurrence;
///
/// let recurrence = Recurrence::parse(&["RRULE:FREQ=WEEKLY;BYDAY=MO", "EXDATE;TZID=Europe/Berlin:20250303T090000"])?;
/// assert_eq!(recurrence.rules().len(), 1);
///
/// let error = Recurrence::parse(&["RRULE:FREQ=WEEKLY", "RDATE:someday"]).unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "line 2 of the recurrence, \"RDATE:someday\": \"someday\" is no date such as 20250328 or 20250328T150000Z"
/// );
/// # Ok::<(), theo_calendar::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Recurrence {
    pub(super) rules: Vec<Rule>,
    pub(super) except_rules: Vec<Rule>,
    pub(super) dates: Vec<DateValue>,
    pub(super) except_dates: Vec<DateValue>,
}

impl Recurrence {
    /// Reads `lines`, as [`Event::recurrence`](crate::model::Event::recurrence) has them.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput), with the number of the line, the line, and what is
    /// wrong in it.
    pub fn parse(lines: &[impl AsRef<str>]) -> Result<Self> {
        let mut recurrence = Self::default();
        for (index, line) in lines.iter().enumerate() {
            let line = line.as_ref();
            recurrence.add(line).map_err(|what| wrong_line(index, line, &what))?;
        }
        Ok(recurrence)
    }

    /// The rules it recurs by.
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// Whether it has dates beside those of its rules.
    pub fn adds_dates(&self) -> bool {
        !self.dates.is_empty()
    }

    fn add(&mut self, line: &str) -> Result<(), String> {
        match Line::read(line)?.content {
            Content::Rule(rule) => self.rules.push(rule),
            Content::ExceptRule(rule) => self.except_rules.push(rule),
            Content::Dates(dates) => self.dates.extend(dates),
            Content::ExceptDates(dates) => self.except_dates.extend(dates),
        }
        Ok(())
    }
}

/// What is wrong in the line at `index`.
pub(super) fn wrong_line(index: usize, line: &str, what: &str) -> Error {
    let number = index + 1;
    fault::error(format!("line {number} of the recurrence, {}: {what}", fault::shown(line)))
}
