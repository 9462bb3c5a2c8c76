//! Recurring events expanded by the `rrule` crate: an independent witness of what a series means.

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, TimeZone, Utc};
use chrono_tz::Tz;
use rrule::{RRule, RRuleSet, Unvalidated};
use serde_json::{Map, Value};

use crate::error::{ApiError, ApiResult};
use crate::when::{When, local_instant, zone};

/// How far an endless series is looked into before the fake stops.
const LOOKAHEAD: usize = 50_000;

/// A recurring event's rule and first occurrence.
pub(crate) struct Series {
    start: When,
    end: When,
    set: RRuleSet,
    until: Option<DateTime<Utc>>,
    counted: bool,
}

impl Series {
    /// The series an event stands for; `None` when it does not recur.
    pub(crate) fn of(event: &Map<String, Value>) -> ApiResult<Option<Self>> {
        let Some(lines) = event.get("recurrence").and_then(Value::as_array).filter(|lines| !lines.is_empty())
        else {
            return Ok(None);
        };
        let start = When::parse(event.get("start").unwrap_or(&Value::Null), "start")?;
        let end = When::parse(event.get("end").unwrap_or(&Value::Null), "end")?;
        let tz = match &start {
            When::Day(_) => Tz::UTC,
            When::At(_, name) => zone(name.as_deref().unwrap_or("UTC"))?,
        };
        let first =
            DateTime::from_timestamp(start.key(), 0).unwrap_or_default().with_timezone(&rrule::Tz::from(tz));
        let mut series = Self { set: RRuleSet::new(first), until: None, counted: false, start, end };
        for line in lines {
            series.add_line(line.as_str().ok_or_else(bad_rule)?, tz, first)?;
        }
        if series.set.get_rrule().is_empty() {
            series.set = series.set.rdate(first);
        }
        series.set = series.set.limit();
        Ok(Some(series))
    }

    fn add_line(&mut self, line: &str, tz: Tz, first: DateTime<rrule::Tz>) -> ApiResult<()> {
        let (head, value) = line.split_once(':').ok_or_else(bad_rule)?;
        let mut heads = head.split(';');
        let name = heads.next().unwrap_or_default().to_ascii_uppercase();
        let set = self.set.clone();
        self.set = match name.as_str() {
            "RRULE" | "EXRULE" => {
                let (text, until, counted) = normal_rule(value, self.start.is_day())?;
                let rule: RRule<Unvalidated> = text.parse().map_err(|_| bad_rule())?;
                let rule = rule.validate(first).map_err(|_| bad_rule())?;
                if name == "RRULE" {
                    self.until = self.until.max(until);
                    self.counted |= counted;
                    set.rrule(rule)
                } else {
                    set.exrule(rule)
                }
            }
            "RDATE" | "EXDATE" => {
                let named = heads.find_map(|part| part.strip_prefix("TZID=")).map(zone).transpose()?;
                let mut set = set;
                for date in value.split(',') {
                    let at =
                        date_time(date, named.unwrap_or(tz), self.start.is_day()).ok_or_else(bad_rule)?;
                    let at = at.with_timezone(&rrule::Tz::from(tz));
                    set = if name == "RDATE" { set.rdate(at) } else { set.exdate(at) };
                }
                set
            }
            _ => return Err(bad_rule()),
        };
        Ok(())
    }

    /// Occurrences that end after `from` and start before `to`, at most `limit`.
    pub(crate) fn instances(
        &self,
        from: Option<DateTime<Utc>>,
        to: Option<DateTime<Utc>>,
        calendar: Tz,
        limit: usize,
    ) -> Vec<(When, When)> {
        let mut found = Vec::new();
        for at in self.set.into_iter().take(LOOKAHEAD) {
            let (start, end) = self.occurrence(at.to_utc());
            if to.is_some_and(|to| start.instant(calendar) >= to) || found.len() >= limit {
                break;
            }
            if from.is_none_or(|from| end.instant(calendar) > from) {
                found.push((start, end));
            }
        }
        found
    }

    /// The occurrence whose key (see [`When::key`]) is `key`, if the series has it.
    pub(crate) fn find(&self, key: i64) -> Option<(When, When)> {
        let hit = self.set.into_iter().take(LOOKAHEAD).take_while(|at| at.timestamp() <= key);
        hit.last().filter(|at| at.timestamp() == key).map(|at| self.occurrence(at.to_utc()))
    }

    /// Seconds since the epoch after which the series surely has ended; `i64::MAX` when it is endless.
    pub(crate) fn end(&self, calendar: Tz) -> i64 {
        let bound = |at: DateTime<Utc>| self.occurrence(at).1.instant(calendar).timestamp() + 86_400;
        match self.until {
            Some(until) => bound(until),
            None if self.counted || self.set.get_rrule().is_empty() => {
                match self.set.into_iter().take(5_000).enumerate().last() {
                    Some((index, last)) if index < 4_999 => bound(last.to_utc()),
                    Some(_) => i64::MAX,
                    None => bound(self.start.instant(calendar)),
                }
            }
            None => i64::MAX,
        }
    }

    fn occurrence(&self, at: DateTime<Utc>) -> (When, When) {
        let start = match &self.start {
            When::Day(_) => When::Day(at.date_naive()),
            When::At(_, name) => When::At(at, name.clone()),
        };
        let end = self.end.shifted(&self.start, &start);
        (start, end)
    }
}

fn bad_rule() -> ApiError {
    ApiError::invalid("Invalid recurrence rule.")
}

/// A rule as the `rrule` crate wants it: `UNTIL` always in UTC.
fn normal_rule(rule: &str, all_day: bool) -> ApiResult<(String, Option<DateTime<Utc>>, bool)> {
    let (mut parts, mut until, mut counted) = (Vec::new(), None, false);
    for part in rule.split(';').filter(|part| !part.is_empty()) {
        let (key, value) = part.split_once('=').ok_or_else(bad_rule)?;
        match key.to_ascii_uppercase().as_str() {
            "UNTIL" => {
                let date_only = value.len() == 8;
                let mut at = date_time(value, Tz::UTC, all_day).ok_or_else(bad_rule)?;
                if date_only && !all_day {
                    at += chrono::TimeDelta::seconds(86_399);
                }
                until = Some(at);
                parts.push(format!("UNTIL={}", at.format("%Y%m%dT%H%M%SZ")));
            }
            "INTERVAL" if value.parse::<u32>().is_ok_and(|number| number == 0) => return Err(bad_rule()),
            "COUNT" => {
                counted = true;
                parts.push(part.to_owned());
            }
            _ => parts.push(part.to_owned()),
        }
    }
    if counted && until.is_some() {
        return Err(bad_rule());
    }
    Ok((parts.join(";"), until, counted))
}

/// An iCalendar date or date-time; all-day series count in midnights of UTC.
fn date_time(text: &str, tz: Tz, all_day: bool) -> Option<DateTime<Utc>> {
    let text = text.split('/').next()?;
    let (body, utc) = match text.strip_suffix('Z') {
        Some(body) => (body, true),
        None => (text, false),
    };
    if body.len() == 8 || all_day {
        let day = NaiveDate::parse_from_str(body.get(..8)?, "%Y%m%d").ok()?;
        let midnight = day.and_time(NaiveTime::MIN);
        return Some(if all_day { midnight.and_utc() } else { local_instant(tz, midnight) });
    }
    let local = NaiveDateTime::parse_from_str(body, "%Y%m%dT%H%M%S").ok()?;
    Some(if utc { Utc.from_utc_datetime(&local) } else { local_instant(tz, local) })
}

/// Splits `base_20250328T150000Z` or `base_20250328` into the master's id and the original start.
pub(crate) fn split_instance_id(id: &str) -> Option<(&str, When)> {
    let (base, tail) = id.rsplit_once('_')?;
    if base.is_empty() {
        return None;
    }
    let when = match tail.len() {
        8 => When::Day(NaiveDate::parse_from_str(tail, "%Y%m%d").ok()?),
        16 => When::At(NaiveDateTime::parse_from_str(tail, "%Y%m%dT%H%M%SZ").ok()?.and_utc(), None),
        _ => return None,
    };
    Some((base, when))
}
