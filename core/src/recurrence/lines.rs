//! The recurrence of an event, as its lines say it.

mod dates;

use super::{Rule, fault};
use crate::Result;

pub(super) use dates::{DateValue, PeriodEnd};

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
            recurrence.add(line).map_err(|what| {
                let number = index + 1;
                fault::error(format!("line {number} of the recurrence, {}: {what}", fault::shown(line)))
            })?;
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
        let (head, value) = split(line).ok_or("it has no colon, as RRULE:FREQ=WEEKLY has")?;
        let (name, parameters) = head.split_once(';').unwrap_or((head, ""));
        match name.to_ascii_uppercase().as_str() {
            "RRULE" => self.rules.push(Rule::read(value)?),
            "EXRULE" => self.except_rules.push(Rule::read(value)?),
            "RDATE" => dates::read(parameters, value, &mut self.dates)?,
            "EXDATE" => dates::read(parameters, value, &mut self.except_dates)?,
            "DTSTART" | "DTEND" => return Err("the event's own start and end say it".to_owned()),
            _ => return Err("it is no RRULE, EXRULE, RDATE or EXDATE line".to_owned()),
        }
        Ok(())
    }
}

/// At the first colon that is not in quotes.
fn split(line: &str) -> Option<(&str, &str)> {
    let mut in_quotes = false;
    let colon = line.find(|char: char| {
        in_quotes ^= char == '"';
        char == ':' && !in_quotes
    })?;
    Some((line.get(..colon)?, line.get(colon + 1..)?))
}
