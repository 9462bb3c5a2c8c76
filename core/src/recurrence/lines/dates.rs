//! The dates that `RDATE` and `EXDATE` list.

use chrono::TimeDelta;

use crate::recurrence::{IcalTime, fault};

/// One date of a list.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(in crate::recurrence) struct DateValue {
    pub(in crate::recurrence) time: IcalTime,
    /// The zone its wall clock is in, where the line names one.
    pub(in crate::recurrence) zone: Option<Box<str>>,
    /// Where it is a period.
    pub(in crate::recurrence) end: Option<PeriodEnd>,
}

/// How a period ends (RFC 5545 §3.3.9).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(in crate::recurrence) enum PeriodEnd {
    At(IcalTime),
    After(TimeDelta),
}

/// The dates of `value`.
pub(super) fn read(parameters: &str, value: &str) -> Result<Vec<DateValue>, String> {
    let (mut zone, mut list) = (None, Vec::new());
    for parameter in parameters.split(';').filter(|parameter| !parameter.is_empty()) {
        let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
        let value = value.trim_matches('"');
        match name.to_ascii_uppercase().as_str() {
            "TZID" => zone = Some(Box::from(value)),
            // What a date is shows in its form, and Google sends the two apart.
            "VALUE" => match value.to_ascii_uppercase().as_str() {
                "DATE" | "DATE-TIME" | "PERIOD" => {}
                _ => {
                    return Err(format!(
                        "VALUE={} is none of DATE, DATE-TIME and PERIOD",
                        fault::clean(value)
                    ));
                }
            },
            _ => {}
        }
    }
    for text in value.split(',') {
        let (start, end) = match text.split_once('/') {
            Some((start, end)) => (start, Some(period_end(end)?)),
            None => (text, None),
        };
        list.push(DateValue { time: IcalTime::read(start)?, zone: zone.clone(), end });
    }
    Ok(list)
}

fn period_end(text: &str) -> Result<PeriodEnd, String> {
    if text.starts_with(['P', 'p', '+']) {
        let wrong = || format!("{} is no duration such as PT1H30M", fault::shown(text));
        return duration(text).map(PeriodEnd::After).ok_or_else(wrong);
    }
    IcalTime::read(text).map(PeriodEnd::At)
}

/// RFC 5545 §3.3.6, without a minus: a period does not end before it starts.
fn duration(text: &str) -> Option<TimeDelta> {
    let text = text.strip_prefix('+').unwrap_or(text).to_ascii_uppercase();
    let (mut seconds, mut digits, mut in_time) = (0_i64, None, false);
    let body = text.strip_prefix('P').filter(|body| body.ends_with(['W', 'D', 'H', 'M', 'S']))?;
    for char in body.chars() {
        let each = match (char, in_time) {
            ('0'..='9', _) => {
                let digit = i64::from(char.to_digit(10)?);
                digits = Some(digits.unwrap_or(0_i64).checked_mul(10)?.checked_add(digit)?);
                continue;
            }
            ('T', false) if digits.is_none() => {
                in_time = true;
                continue;
            }
            ('W', false) => 7 * 86_400,
            ('D', false) => 86_400,
            ('H', true) => 3_600,
            ('M', true) => 60,
            ('S', true) => 1,
            _ => return None,
        };
        seconds = seconds.checked_add(digits.take()?.checked_mul(each)?)?;
    }
    TimeDelta::try_seconds(seconds)
}
