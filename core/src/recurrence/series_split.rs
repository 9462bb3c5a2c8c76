//! A series cut in two: one that ends before an occurrence, and one that goes on from it.

use chrono::{DateTime, FixedOffset, Utc};

use super::{
    IcalTime, Occurrence, OriginalStart, Recurrence, Rule, RuleEnd, Series, TimeZones, Zone,
    civil::{DAY, LAST_SECOND},
    count, fault,
    lines::{Content, DateValue, Line, wrong_line},
    occurrences::Occurrences,
    series::Bounded,
};
use crate::{
    Error, ErrorKind, Result,
    model::Event,
    time::{EventTime, When},
};

/// The two series that one becomes when it is cut before an occurrence.
///
/// - What takes place stays the same: the occurrences of both together are those of the one.
/// - Lines that the cut does not concern stay to the byte. In a rule only its end is written anew.
/// - The first ends by `UNTIL`: of a timed series the second before the cut, in UTC; of whole days the day before.
/// - The second has what remains of `COUNT`, the `UNTIL` there was, and the dates that lie after the cut.
///
/// ```
/// use theo_calendar::{model::Event, recurrence::{OriginalStart, SeriesSplit, TimeZones, UtcOnly}};
///
/// let event: Event = serde_json::from_str(r#"{
///     "id": "standup",
///     "start": { "dateTime": "2025-04-07T09:00:00Z", "timeZone": "UTC" },
///     "end": { "dateTime": "2025-04-07T09:15:00Z", "timeZone": "UTC" },
///     "recurrence": ["RRULE:FREQ=DAILY;COUNT=5"]
/// }"#).unwrap();
/// let (_, wednesday) = OriginalStart::in_id("standup_20250409T090000Z").unwrap();
///
/// let split = SeriesSplit::of(&event, wednesday, UtcOnly.known("UTC")?, &UtcOnly)?.unwrap();
/// assert_eq!(split.before, ["RRULE:FREQ=DAILY;UNTIL=20250409T085959Z"]);
/// assert_eq!(split.after, ["RRULE:FREQ=DAILY;COUNT=3"]);
/// assert_eq!(split.start.text(), "2025-04-09T09:00:00Z");
/// # Ok::<(), theo_calendar::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct SeriesSplit {
    /// The lines of the first.
    pub before: Vec<String>,
    /// The lines of the second.
    pub after: Vec<String>,
    /// When the second starts: at the cut.
    pub start: EventTime,
    /// When its first occurrence ends.
    pub end: EventTime,
}

/// Occurrences on each side of a cut that are compared with those there were: rules that nobody writes by hand may
/// not go on from an occurrence as they went on to it.
const COMPARED: usize = 400;

impl SeriesSplit {
    /// The series of `master`, cut before its occurrence `at`; none where nothing comes before that.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`] when it has no such occurrence; [`ErrorKind::InvalidInput`] as
    /// [`Series::of_event`], when `master` is no series, and when its rule does not go on from there as it went on
    /// before: from a time that a clock skips, or from a date beside the rule.
    pub fn of(
        master: &Event,
        at: OriginalStart,
        calendar_zone: &Zone,
        zones: &dyn TimeZones,
    ) -> Result<Option<Self>> {
        let (series, start, end) = read(master, calendar_zone, zones)?;
        if series.at(at).is_none() {
            let message = format!("series {} has no occurrence {at}", master.id);
            return Err(Error::new(ErrorKind::NotFound, message));
        }
        let key = key_of(at);
        if Occurrences::starting(&series, series.first_key(), key - 1).next().is_none() {
            return Ok(None);
        }
        let wall = if series.all_day { key } else { key + series.zone.offset_of(key) };
        let cut = Cut { series: &series, key, wall, zones };
        let (before, after) = cut.lines(master.recurrence.as_deref().unwrap_or_default())?;
        let (start, end) = (
            times_at(&series, key, start),
            times_at(&series, key + length(start, end, &series, zones)?, end),
        );
        let split = Self { before, after, start, end };
        cut.check(&split, master, calendar_zone)?;
        Ok(Some(split))
    }
}

/// A cut through a series.
struct Cut<'s> {
    series: &'s Series,
    /// Where it is cut: the key of an occurrence, and the wall clock there.
    key: i64,
    wall: i64,
    zones: &'s dyn TimeZones,
}

impl Cut<'_> {
    /// The lines before and after it.
    fn lines(&self, lines: &[String]) -> Result<(Vec<String>, Vec<String>)> {
        let (mut before, mut after) = (Vec::new(), Vec::new());
        let (mut rules, mut except_rules) = (self.series.rules.iter(), self.series.except_rules.iter());
        let mut goes_on = false;
        for (index, text) in lines.iter().enumerate() {
            let line = Line::read(text).map_err(|what| wrong_line(index, text, &what))?;
            let key = |date: &DateValue| self.series.key(date, &date.time, self.zones);
            match &line.content {
                Content::Rule(rule) => {
                    let rest =
                        rules.next().map(|bounded| self.rest(&line, rule, bounded)).transpose()?.flatten();
                    before.push(if rest.is_some() { line.ending(self.until()) } else { line.text() });
                    goes_on |= rest.is_some();
                    after.extend(rest);
                }
                Content::ExceptRule(rule) => {
                    before.push(line.text());
                    let bounded = except_rules.next();
                    after.extend(
                        bounded.map(|bounded| self.rest(&line, rule, bounded)).transpose()?.flatten(),
                    );
                }
                Content::Dates(_) => {
                    before.extend(line.keeping(|date| Ok(key(date)? < self.key))?);
                    // The one it is cut at starts the second series.
                    let dates = line.keeping(|date| Ok(key(date)? > self.key))?;
                    goes_on |= dates.is_some();
                    after.extend(dates);
                }
                Content::ExceptDates(_) => {
                    before.push(line.text());
                    after.extend(line.keeping(|date| Ok(key(date)? >= self.key))?);
                }
            }
        }
        if !goes_on {
            // Of the second only its start is left; it stays a series, so that its occurrence has the id of one.
            after.push("RRULE:FREQ=DAILY;COUNT=1".to_owned());
        }
        Ok((before, after))
    }

    /// The line of a rule as it goes on from the cut; none where it ended before.
    fn rest(&self, line: &Line<'_>, rule: &Rule, bounded: &Bounded) -> Result<Option<String>> {
        let ended = bounded.last_key < self.key || bounded.pattern.last < self.wall;
        let count = match rule.end {
            RuleEnd::Count(count) if bounded.is_cut || !ended => count,
            RuleEnd::Never | RuleEnd::Until(_) if !ended => return Ok(Some(line.text())),
            _ => return Ok(None),
        };
        let passed = count::before(&bounded.pattern, count, self.wall).ok_or_else(|| {
            fault::error(format!("it would be too much work to count the occurrences of \"{rule}\""))
        })?;
        Ok((passed < count).then(|| line.ending(RuleEnd::Count(count - passed))))
    }

    /// Just before the cut.
    fn until(&self) -> RuleEnd {
        let before = if self.series.all_day { self.key - DAY } else { self.key - 1 };
        let before = DateTime::from_timestamp(before, 0).unwrap_or_default();
        RuleEnd::Until(if self.series.all_day {
            IcalTime::Date(before.date_naive())
        } else {
            IcalTime::Utc(before)
        })
    }

    /// Refuses a split that takes place at other times than the series did.
    fn check(&self, split: &SeriesSplit, master: &Event, calendar_zone: &Zone) -> Result<()> {
        let made = |lines: &[String], start: &EventTime, end: &EventTime| {
            Series::new(&Recurrence::parse(lines)?, start, end, calendar_zone, self.zones)
        };
        let start = master.start.as_ref().unwrap_or(&split.start);
        let first = made(&split.before, start, master.end.as_ref().unwrap_or(start))?;
        let second = made(&split.after, &split.start, &split.end)?;
        let (series, key) = (self.series, self.key);
        let beginning = series.first_key();
        let lately = beginning.max(key - 400 * DAY);
        let holds = Occurrences::starting(&first, key, LAST_SECOND).next().is_none()
            && is_same(series, &first, beginning, key - 1)
            && is_same(series, &first, lately, key - 1)
            && second.first_key() >= key
            && is_same(series, &second, key, LAST_SECOND);
        if holds {
            return Ok(());
        }
        let at = split.start.text();
        let message = format!(
            "the series cannot be split at {at}: its rule would not go on from there as it did; split it at another occurrence"
        );
        Err(fault::error(message))
    }
}

/// Whether two series take place at the same times between two keys, as far as they are compared.
fn is_same(one: &Series, other: &Series, from: i64, to: i64) -> bool {
    let few = |series: &Series| -> (Vec<Occurrence>, bool) {
        let mut occurrences = Occurrences::starting(series, from, to);
        let few: Vec<Occurrence> = occurrences.by_ref().take(COMPARED).collect();
        let is_cut = few.len() < COMPARED && occurrences.is_truncated();
        (few, is_cut)
    };
    let ((ones, one_is_cut), (others, other_is_cut)) = (few(one), few(other));
    let is_cut = one_is_cut || other_is_cut;
    ones.iter().zip(&others).all(|(one, other)| one == other) && (is_cut || ones.len() == others.len())
}

/// The series of a master, with its start and end.
pub(super) fn read<'e>(
    master: &'e Event,
    calendar_zone: &Zone,
    zones: &dyn TimeZones,
) -> Result<(Series, &'e EventTime, &'e EventTime)> {
    let series = Series::of_event(master, calendar_zone, zones)?;
    match (series, &master.start) {
        (Some(series), Some(start)) => Ok((series, start, master.end.as_ref().unwrap_or(start))),
        _ => Err(fault::error(format!("event {} is no series", master.id))),
    }
}

/// The key of an occurrence.
pub(super) fn key_of(at: OriginalStart) -> i64 {
    match at {
        OriginalStart::Date(date) => date.and_time(chrono::NaiveTime::MIN).and_utc().timestamp(),
        OriginalStart::Instant(instant) => instant.timestamp(),
    }
}

/// How long the first occurrence of a series lasts, as its start and end say it, in seconds.
fn length(start: &EventTime, end: &EventTime, series: &Series, zones: &dyn TimeZones) -> Result<i64> {
    match (&start.when, &end.when) {
        (When::Date(first), When::Date(past)) => Ok((*past - *first).num_seconds()),
        _ => Ok((end.resolve(&series.zone, zones)? - start.resolve(&series.zone, zones)?).num_seconds()),
    }
}

/// What stands at `key`, written as `like` is.
fn times_at(series: &Series, key: i64, like: &EventTime) -> EventTime {
    let instant = DateTime::from_timestamp(key, 0).unwrap_or_default();
    if series.all_day {
        return EventTime::all_day(instant.date_naive());
    }
    shown(instant, &series.zone).in_zone(like.time_zone.as_deref().unwrap_or_else(|| series.zone.name()))
}

/// An instant at the offset of `zone`.
pub(super) fn shown(instant: DateTime<Utc>, zone: &Zone) -> EventTime {
    let offset = FixedOffset::east_opt(zone.offset_at(instant));
    match offset {
        Some(offset) => EventTime::at(instant.with_timezone(&offset)),
        None => EventTime::at(instant),
    }
}
