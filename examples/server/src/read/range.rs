//! Stretches of time, as requests name them.

use chrono::{DateTime, NaiveDate, TimeZone, Utc};
use theo_calendar::{
    CalendarService,
    id::UserId,
    recurrence::{TimeZones, Tzdb, Zone},
    time::{EventTime, TimeRange, When},
};

use crate::problem::{Answer, Problem};

/// From `start` to `end`, of which both are named or neither is.
pub(crate) async fn both(
    service: &CalendarService,
    user: &UserId,
    start: Option<When>,
    end: Option<When>,
) -> Answer<Option<TimeRange>> {
    match (start, end) {
        (None, None) => Ok(None),
        (Some(start), Some(end)) => between(Some(start), Some(end), zone(service, user).await?).map(Some),
        (Some(_), None) => Err(Problem::of_field("endDate", "is missing: startDate needs it")),
        (None, Some(_)) => Err(Problem::of_field("startDate", "is missing: endDate needs it")),
    }
}

/// From `start` to `end`; where one is not named, as far as calendars go. Days begin at midnight in `zone`.
pub(crate) fn between(start: Option<When>, end: Option<When>, zone: &Zone) -> Answer<TimeRange> {
    let start = start.map_or_else(|| Ok(year(1)), |when| instant(when, zone, "startDate"))?;
    let end = end.map_or_else(|| Ok(year(9999)), |when| instant(when, zone, "endDate"))?;
    TimeRange::new(start, end).map_err(|_| Problem::of_field("endDate", "must be after startDate"))
}

/// The zone of the person's first calendar, a primary one if they have any.
pub(crate) async fn zone(service: &CalendarService, user: &UserId) -> Answer<&'static Zone> {
    let calendars = service.calendars(user).await?;
    let name = calendars.first().and_then(|calendar| calendar.entry.time_zone.as_deref());
    Ok(Tzdb.zone_or_utc(name))
}

fn instant(when: When, zone: &Zone, field: &str) -> Answer<DateTime<Utc>> {
    let time = EventTime { when, ..EventTime::all_day(NaiveDate::default()) };
    time.resolve(zone, &Tzdb).map_err(|error| Problem::from(error).in_field(field))
}

fn year(year: i32) -> DateTime<Utc> {
    Utc.with_ymd_and_hms(year, 1, 1, 0, 0, 0).single().unwrap_or_default()
}
