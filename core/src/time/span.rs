//! The time an event takes.

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};

use super::{EventTime, TimeRange, When};
use crate::{
    Error, ErrorKind, Result,
    model::{Event, EventDraft},
    recurrence::{TimeZones, Zone},
};

/// What an event that takes no time is given, so that a listing of its hour finds it.
const MOMENT: TimeDelta = TimeDelta::seconds(1);

impl Event {
    /// The time it takes: exact for a timed event; for an all-day one from the midnight it starts to the midnight
    /// after it in `calendar_zone`, the zone of the calendar it is in.
    ///
    /// - None for the master of a series (see [`first_span`](Self::first_span)), for an event without a start, and
    ///   for a wall-clock time in an unknown zone.
    /// - An all-day event without an end, or with one no later than its start, takes its first day (RFC 5545 §3.6.1).
    /// - A timed event without an end, or with one no later than its start, takes the second it starts in, so that
    ///   listings find it; it is [never a conflict](crate::conflict).
    pub fn span(&self, calendar_zone: &Zone, zones: &dyn TimeZones) -> Option<TimeRange> {
        if self.is_master() { None } else { self.first_span(calendar_zone, zones) }
    }

    /// The time it takes, or the first occurrence of the series it is master of.
    pub fn first_span(&self, calendar_zone: &Zone, zones: &dyn TimeZones) -> Option<TimeRange> {
        let start_time = self.start.as_ref()?;
        let start = start_time.resolve(calendar_zone, zones).ok()?;
        let end = match &self.end {
            Some(end) => end.resolve(calendar_zone, zones).ok()?,
            None => start,
        };
        let end = match start_time.when {
            When::Date(date) if end <= start => midnight(date.succ_opt().unwrap_or(date), calendar_zone),
            _ => end,
        };
        // A day that a zone skipped whole (Samoa, 30 December 2011) ends as it starts.
        TimeRange::new(start, end).or_else(|_| TimeRange::new(start, start + MOMENT)).ok()
    }

    /// Whether it is at an instant and takes no time.
    pub fn takes_no_time(&self) -> bool {
        match (&self.start, &self.end) {
            (Some(start), Some(end)) => match (&start.when, &end.when) {
                (When::Instant(start), When::Instant(end)) => end.utc() <= start.utc(),
                (When::Local(start_wall), When::Local(end_wall)) => {
                    start.time_zone == end.time_zone && end_wall <= start_wall
                }
                _ => false,
            },
            (Some(start), None) => !start.is_all_day(),
            (None, _) => true,
        }
    }
}

impl EventDraft {
    /// The time it would take in a calendar of `calendar_zone`; the first occurrence's, where it is a series.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidInput`] when start or end is missing, one is a day and the other a time, the end is not
    /// after the start, a time zone is unknown, or one is missing where Google needs it (a wall-clock time, and a
    /// series that is not all-day).
    pub fn span(&self, calendar_zone: &Zone, zones: &dyn TimeZones) -> Result<TimeRange> {
        let wrong =
            |field, message: &'static str| Error::new(ErrorKind::InvalidInput, message).with_field(field);
        let start = self.start.as_ref().ok_or_else(|| wrong("start", "the event has no start"))?;
        let end = self.end.as_ref().ok_or_else(|| wrong("end", "the event has no end"))?;
        if start.is_all_day() != end.is_all_day() {
            return Err(wrong(
                "end",
                "the event starts and ends once on a day and once at a time: use the same for both",
            ));
        }
        for (time, field) in [(start, "start.timeZone"), (end, "end.timeZone")] {
            if let Some(name) = &time.time_zone {
                zones.known(name).map_err(|error| error.with_field(field))?;
            } else if self.recurrence.as_ref().is_some_and(|lines| !lines.is_empty()) && !time.is_all_day() {
                return Err(wrong(field, "the series has no time zone: name the one its wall clock is in"));
            } else if matches!(time.when, When::Local(_)) {
                return Err(wrong(
                    field,
                    "the event has a wall-clock time without a time zone: name one, or an offset",
                ));
            }
        }
        let span = (start.resolve(calendar_zone, zones)?, end.resolve(calendar_zone, zones)?);
        TimeRange::new(span.0, span.1).map_err(|_| wrong("end", "the event ends no later than it starts"))
    }
}

impl EventTime {
    /// The instant it is: of a day, its midnight in `calendar_zone`; of a wall-clock time, the instant its own zone
    /// shows it, or `calendar_zone` where it names none.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidInput`] when a wall-clock time is in an unknown zone.
    pub fn resolve(&self, calendar_zone: &Zone, zones: &dyn TimeZones) -> Result<DateTime<Utc>> {
        Ok(match (&self.when, &self.time_zone) {
            (When::Instant(timestamp), _) => timestamp.utc(),
            (When::Date(date), _) => midnight(*date, calendar_zone),
            (When::Local(wall), Some(name)) => zones.known(name)?.resolve(*wall),
            (When::Local(wall), None) => calendar_zone.resolve(*wall),
        })
    }
}

fn midnight(date: NaiveDate, zone: &Zone) -> DateTime<Utc> {
    zone.resolve(date.and_time(NaiveTime::MIN))
}
