//! One line of a recurrence, read and written again: what is not changed stays to the byte.

use super::{DateValue, dates};
use crate::{
    Result,
    recurrence::{Rule, RuleEnd},
};

/// A line, and what it says.
#[derive(Clone, Debug)]
pub(in crate::recurrence) struct Line<'l> {
    text: &'l str,
    /// Before the colon: the name and its parameters.
    head: &'l str,
    value: &'l str,
    pub(in crate::recurrence) content: Content,
}

/// What a line says.
#[derive(Clone, Debug)]
pub(in crate::recurrence) enum Content {
    /// `RRULE`
    Rule(Rule),
    /// `EXRULE`
    ExceptRule(Rule),
    /// `RDATE`
    Dates(Vec<DateValue>),
    /// `EXDATE`
    ExceptDates(Vec<DateValue>),
}

impl<'l> Line<'l> {
    /// Reads it, or says what is wrong.
    pub(in crate::recurrence) fn read(text: &'l str) -> Result<Self, String> {
        let (head, value) = split(text).ok_or("it has no colon, as RRULE:FREQ=WEEKLY has")?;
        let (name, parameters) = head.split_once(';').unwrap_or((head, ""));
        let content = match name.to_ascii_uppercase().as_str() {
            "RRULE" => Content::Rule(Rule::read(value)?),
            "EXRULE" => Content::ExceptRule(Rule::read(value)?),
            "RDATE" => Content::Dates(dates::read(parameters, value)?),
            "EXDATE" => Content::ExceptDates(dates::read(parameters, value)?),
            "DTSTART" | "DTEND" => return Err("the event's own start and end say it".to_owned()),
            _ => return Err("it is no RRULE, EXRULE, RDATE or EXDATE line".to_owned()),
        };
        Ok(Self { text, head, value, content })
    }

    /// As it stands.
    pub(in crate::recurrence) fn text(&self) -> String {
        self.text.to_owned()
    }

    /// Its name, without parameters: `EXDATE`.
    pub(in crate::recurrence) fn name(&self) -> &'l str {
        self.head.split_once(';').map_or(self.head, |(name, _)| name)
    }

    /// The line of a rule with another end, where the old one stood; everything else as it stands.
    pub(in crate::recurrence) fn ending(&self, end: RuleEnd) -> String {
        let part = match end {
            RuleEnd::Never => None,
            RuleEnd::Count(count) => Some(format!("COUNT={count}")),
            RuleEnd::Until(until) => Some(format!("UNTIL={until}")),
        };
        let is_end = |old: &&str| is_named(old, "COUNT") || is_named(old, "UNTIL");
        let mut parts: Vec<&str> = self.value.split(';').collect();
        let place = parts.iter().position(is_end);
        match (place, &part) {
            (Some(place), Some(part)) => parts[place] = part,
            (Some(place), None) => drop(parts.remove(place)),
            (None, Some(part)) => parts.push(part),
            (None, None) => {}
        }
        format!("{}:{}", self.head, parts.join(";"))
    }

    /// The line of a rule with `value` for its part `name`; everything else as it stands.
    pub(in crate::recurrence) fn with_part(&self, name: &str, value: &str) -> String {
        let part = format!("{name}={value}");
        let parts: Vec<&str> =
            self.value.split(';').map(|old| if is_named(old, name) { part.as_str() } else { old }).collect();
        format!("{}:{}", self.head, parts.join(";"))
    }

    /// The line of dates with those alone that `keep` lets through; none where that is none.
    pub(in crate::recurrence) fn keeping(
        &self,
        mut keep: impl FnMut(&DateValue) -> Result<bool>,
    ) -> Result<Option<String>> {
        let (Content::Dates(dates) | Content::ExceptDates(dates)) = &self.content else {
            return Ok(Some(self.text()));
        };
        let mut kept = Vec::new();
        for (date, text) in dates.iter().zip(self.value.split(',')) {
            if keep(date)? {
                kept.push(text);
            }
        }
        if kept.len() == dates.len() {
            return Ok(Some(self.text()));
        }
        Ok((!kept.is_empty()).then(|| format!("{}:{}", self.head, kept.join(","))))
    }
}

/// Whether a part of a rule is called `name`.
fn is_named(part: &str, name: &str) -> bool {
    part.split_once('=').is_some_and(|(of, _)| of.eq_ignore_ascii_case(name))
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recurrence::IcalTime;

    fn ending(line: &str, end: RuleEnd) -> String {
        Line::read(line).unwrap().ending(end)
    }

    #[test]
    fn only_the_end_of_a_rule_is_written_anew() {
        let until = RuleEnd::Until(IcalTime::read("20250408T065959Z").unwrap());
        let day = RuleEnd::Until(IcalTime::read("20250408").unwrap());
        for (line, end, expected) in [
            ("RRULE:FREQ=DAILY", until, "RRULE:FREQ=DAILY;UNTIL=20250408T065959Z"),
            (
                "RRULE:count=10;FREQ=weekly;BYDAY=WE,MO",
                until,
                "RRULE:UNTIL=20250408T065959Z;FREQ=weekly;BYDAY=WE,MO",
            ),
            (
                "RRULE;X-A=1:FREQ=DAILY;UNTIL=20260101;WKST=SU",
                day,
                "RRULE;X-A=1:FREQ=DAILY;UNTIL=20250408;WKST=SU",
            ),
            (
                "RRULE:FREQ=DAILY;COUNT=10;INTERVAL=2",
                RuleEnd::Count(3),
                "RRULE:FREQ=DAILY;COUNT=3;INTERVAL=2",
            ),
            ("RRULE:FREQ=DAILY;COUNT=10", RuleEnd::Never, "RRULE:FREQ=DAILY"),
            ("RRULE:FREQ=DAILY", RuleEnd::Never, "RRULE:FREQ=DAILY"),
        ] {
            assert_eq!(ending(line, end), expected, "{line}");
        }
    }

    #[test]
    fn a_part_is_written_anew_in_its_place() {
        let line = Line::read("RRULE:FREQ=WEEKLY;byday=MO,TH;INTERVAL=2").unwrap();
        assert_eq!(line.with_part("BYDAY", "TU,FR"), "RRULE:FREQ=WEEKLY;BYDAY=TU,FR;INTERVAL=2");
    }

    #[test]
    fn a_line_of_dates_keeps_those_that_are_to_stay_and_where_all_do_every_byte() {
        let line =
            Line::read("exdate;TZID=Europe/Zurich:20250401T090000,20250402T090000,20250403T090000").unwrap();
        let day = |date: &DateValue| date.time.wall().format("%d").to_string();

        let later = line.keeping(|date| Ok(day(date) != "01")).unwrap();
        assert_eq!(later.as_deref(), Some("exdate;TZID=Europe/Zurich:20250402T090000,20250403T090000"));
        assert_eq!(line.keeping(|_| Ok(true)).unwrap(), Some(line.text()));
        assert_eq!(line.keeping(|_| Ok(false)).unwrap(), None);
    }
}
