//! From when until when an event may take place, a series included: without a time zone, and never too short.

use chrono::{DateTime, NaiveTime, TimeDelta, Utc};

use crate::{
    model::Event,
    recurrence::{IcalTime, Recurrence, RuleEnd},
    time::{EventTime, TimeRange, When},
};

/// No place on earth is further from UTC.
const FURTHEST: TimeDelta = TimeDelta::hours(14);

/// The first instant of the year 1: what every store can hold.
const EARLIEST: DateTime<Utc> = match DateTime::from_timestamp_secs(-62_135_596_800) {
    Some(instant) => instant,
    None => DateTime::<Utc>::MIN_UTC,
};

/// From when until when; without an end where a series has none, or only a count.
pub(super) type Reach = (DateTime<Utc>, Option<DateTime<Utc>>);

/// The reach of `event`, which takes `span`: that span, or for a master from its first start to the end of what `UNTIL`
/// still allows. None where it has no times.
pub(super) fn reach(event: &Event, span: Option<&TimeRange>) -> Option<Reach> {
    match (span, &event.recurrence) {
        (Some(span), _) => Some((span.start(), Some(span.end()))),
        (None, Some(lines)) if event.is_master() => {
            let start = event.start.as_ref()?;
            let length = length(start, event.end.as_ref());
            // The first occurrence is the event's own, even where the rule ended before it.
            let end = last_start(lines).map(|last| later(last.max(later(at(start), FURTHEST)), length));
            let first = later(at(start), if is_exact(start) { TimeDelta::zero() } else { -FURTHEST });
            // A date that is added may be before the start.
            let has_dates = lines.iter().any(|line| line.starts_with("RDATE"));
            Some((if has_dates { first.min(EARLIEST) } else { first }, end))
        }
        _ => None,
    }
}

/// The last instant at which an occurrence may start; none where nothing says so.
fn last_start(lines: &[String]) -> Option<DateTime<Utc>> {
    let recurrence = Recurrence::parse(lines).ok().filter(|recurrence| !recurrence.adds_dates())?;
    let ends = recurrence.rules().iter().map(|rule| match rule.end() {
        RuleEnd::Until(IcalTime::Utc(instant)) => Some(instant),
        RuleEnd::Until(IcalTime::Local(wall)) => Some(later(wall.and_utc(), FURTHEST)),
        RuleEnd::Until(IcalTime::Date(date)) => {
            Some(later(date.succ_opt()?.and_time(NaiveTime::MIN).and_utc(), FURTHEST))
        }
        RuleEnd::Never | RuleEnd::Count(_) => None,
    });
    ends.collect::<Option<Vec<_>>>()?.into_iter().max()
}

/// How long an occurrence is: at least the second its start takes.
fn length(start: &EventTime, end: Option<&EventTime>) -> TimeDelta {
    end.map_or(TimeDelta::zero(), |end| at(end) - at(start)).max(TimeDelta::seconds(1))
}

/// The instant, or what would be it in UTC.
fn at(time: &EventTime) -> DateTime<Utc> {
    match &time.when {
        When::Instant(timestamp) => timestamp.utc(),
        When::Date(date) => date.and_time(NaiveTime::MIN).and_utc(),
        When::Local(wall) => wall.and_utc(),
    }
}

fn is_exact(time: &EventTime) -> bool {
    matches!(time.when, When::Instant(_))
}

fn later(instant: DateTime<Utc>, by: TimeDelta) -> DateTime<Utc> {
    instant.checked_add_signed(by).unwrap_or(instant)
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::*;

    fn master(start: EventTime, lines: &[&str]) -> Event {
        let recurrence = Some(lines.iter().map(|line| (*line).to_owned()).collect());
        Event { start: Some(start), recurrence, ..Event::new("m") }
    }

    fn instant(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn a_series_reaches_until_its_rule_ends() {
        let start = EventTime::at(instant("2025-03-03T09:00:00Z"));
        let end = Some(EventTime::at(instant("2025-03-03T10:00:00Z")));
        let weekly = |lines: &[&str]| Event { end: end.clone(), ..master(start.clone(), lines) };
        let to = |lines: &[&str]| reach(&weekly(lines), None).unwrap();

        let (from, until) = to(&["EXDATE:20250310T090000Z", "RRULE:FREQ=WEEKLY;UNTIL=20250331T090000Z"]);
        assert_eq!((from, until), (instant("2025-03-03T09:00:00Z"), Some(instant("2025-03-31T10:00:00Z"))));
        assert_eq!(to(&["RRULE:FREQ=WEEKLY;UNTIL=20250331"]).1, Some(instant("2025-04-01T15:00:00Z")));
        for open in ["RRULE:FREQ=WEEKLY", "RRULE:FREQ=WEEKLY;COUNT=3", "RRULE:FREQ=WEEKLY;UNTIL=soon"] {
            assert_eq!(to(&[open]).1, None, "{open}");
        }
        assert_eq!(to(&["RRULE:FREQ=WEEKLY;UNTIL=20250331", "RDATE:20260101T090000Z"]).1, None);

        let first = TimeRange::new(instant("2025-03-03T09:00:00Z"), instant("2025-03-03T10:00:00Z")).unwrap();
        let (from, until) = to(&["RRULE:FREQ=WEEKLY;UNTIL=20240101"]);
        assert!(from <= first.start() && until.unwrap() >= first.end(), "its own start is an occurrence");
        assert!(to(&["RDATE:20240101T090000Z"]).0 < instant("2024-01-01T09:00:00Z"));
    }

    #[test]
    fn a_day_may_begin_in_any_zone() {
        let day = EventTime::all_day(NaiveDate::from_ymd_opt(2025, 3, 3).unwrap());
        let (from, _) = reach(&master(day, &["RRULE:FREQ=YEARLY"]), None).unwrap();
        assert_eq!(from, instant("2025-03-02T10:00:00Z"));
    }

    #[test]
    fn what_has_no_times_reaches_nowhere() {
        assert_eq!(reach(&Event::new("e"), None), None);
    }
}
