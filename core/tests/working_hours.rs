//! Working hours: on the clock of their zone, whatever its clocks do.
#![cfg(feature = "tzdb")]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use chrono::{DateTime, Datelike, TimeDelta, Utc, Weekday};
use proptest::prelude::*;
use theo_calendar::{
    ErrorKind,
    conflict::{ClockSpan, WorkingHours, WrittenHours},
    recurrence::{TimeZones, Tzdb, Zone},
    time::TimeRange,
};

fn range(start: &str, end: &str) -> TimeRange {
    TimeRange::new(start.parse().unwrap(), end.parse().unwrap()).unwrap()
}

fn written(json: &str) -> WorkingHours {
    let written: WrittenHours = serde_json::from_str(json).unwrap();
    WorkingHours::of_written(&written, &Tzdb).unwrap()
}

#[test]
fn hours_are_those_of_the_clock_in_winter_and_in_summer() {
    let berlin = written(r#"{"time_zone": "Europe/Berlin", "friday": ["13:00-17:00", "09:00-12:00"]}"#);
    assert_eq!(
        berlin.within(&range("2025-03-28T00:00:00Z", "2025-04-05T00:00:00Z")),
        [
            range("2025-03-28T08:00:00Z", "2025-03-28T11:00:00Z"),
            range("2025-03-28T12:00:00Z", "2025-03-28T16:00:00Z"),
            range("2025-04-04T07:00:00Z", "2025-04-04T10:00:00Z"),
            range("2025-04-04T11:00:00Z", "2025-04-04T15:00:00Z"),
        ]
    );
}

#[test]
fn a_window_cuts_the_hours_it_begins_and_ends_in() {
    let berlin = written(r#"{"time_zone": "Europe/Berlin", "friday": ["09:00-17:00"]}"#);
    let noon = range("2025-03-28T10:00:00Z", "2025-03-28T11:00:00Z");
    assert_eq!(berlin.within(&noon), [noon]);
    assert!(berlin.contains(&noon));
    assert!(berlin.contains(&range("2025-03-28T08:00:00Z", "2025-03-28T16:00:00Z")));
    assert!(!berlin.contains(&range("2025-03-28T07:59:00Z", "2025-03-28T09:00:00Z")));
    assert_eq!(berlin.within(&range("2025-03-28T16:00:00Z", "2025-03-29T16:00:00Z")), []);
}

#[test]
fn a_night_written_as_two_days_is_one() {
    let night = written(r#"{"time_zone": "UTC", "monday": ["22:00-24:00"], "tuesday": ["00:00-06:00"]}"#);
    let all = range("2025-03-03T22:00:00Z", "2025-03-04T06:00:00Z");
    assert_eq!(night.within(&range("2025-03-01T00:00:00Z", "2025-03-08T00:00:00Z")), [all]);
    assert!(night.contains(&all));
}

#[test]
fn who_works_at_all_hours_works_for_years() {
    let whole: ClockSpan = "00:00-24:00".parse().unwrap();
    let week = (0..7).map(|day| (Weekday::try_from(day).unwrap(), whole));
    let always = WorkingHours::new(Tzdb.known("America/Sao_Paulo").unwrap().clone(), week).unwrap();
    let years = range("2005-01-01T12:00:00Z", "2025-01-01T12:00:00Z");
    assert!(always.contains(&years));
    assert_eq!(always.within(&years), [years]);
}

#[test]
fn an_hour_that_is_skipped_or_shown_twice_follows_the_rule_for_all_times() {
    let berlin = written(r#"{"time_zone": "Europe/Berlin", "sunday": ["01:00-02:30", "02:45-05:00"]}"#);
    assert_eq!(
        berlin.within(&range("2025-03-30T00:00:00Z", "2025-03-31T00:00:00Z")),
        [
            range("2025-03-30T00:00:00Z", "2025-03-30T01:30:00Z"),
            range("2025-03-30T01:45:00Z", "2025-03-30T03:00:00Z"),
        ]
    );
    assert_eq!(
        berlin.within(&range("2025-10-25T12:00:00Z", "2025-10-27T00:00:00Z")),
        [
            range("2025-10-25T23:00:00Z", "2025-10-26T00:30:00Z"),
            range("2025-10-26T00:45:00Z", "2025-10-26T04:00:00Z"),
        ]
    );
    let skipped = written(r#"{"time_zone": "Europe/Berlin", "sunday": ["02:00-03:00"]}"#);
    assert_eq!(skipped.within(&range("2025-03-30T00:00:00Z", "2025-03-31T00:00:00Z")), []);
}

#[test]
fn what_is_wrong_is_said() {
    let said = |json: &str| match serde_json::from_str::<WrittenHours>(json) {
        Err(error) => error.to_string(),
        Ok(written) => {
            let error = WorkingHours::of_written(&written, &Tzdb).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidInput);
            error.to_string()
        }
    };
    for (json, words) in [
        (r#"{"time_zone": "Europe/Brlin"}"#, "time zone \"Europe/Brlin\" is not known"),
        (r#"{"time_zone": "UTC", "monday": ["9-17"]}"#, "“9-17” is no stretch of a day"),
        (r#"{"time_zone": "UTC", "monday": ["09:00-24:30"]}"#, "24:30 is no time of a day"),
        (r#"{"time_zone": "UTC", "monday": ["09:60-10:00"]}"#, "09:60 is no time of a day"),
        (r#"{"time_zone": "UTC", "monday": ["09:00-09:00"]}"#, "09:00-09:00 is empty"),
        (r#"{"time_zone": "UTC", "monday": ["09:00-00:00"]}"#, "the midnight that ends a day is 24:00"),
        (r#"{"time_zone": "UTC", "monday": ["22:00-06:00"]}"#, "22:00-24:00 of one day and 00:00-06:00"),
        (
            r#"{"time_zone": "UTC", "sunday": ["13:00-15:00", "09:00-13:30"]}"#,
            "09:00-13:30 and 13:00-15:00 of Sun overlap",
        ),
        (r#"{"time_zone": "UTC", "moonday": []}"#, "unknown field `moonday`"),
    ] {
        assert!(said(json).contains(words), "{json}: {}", said(json));
    }
}

#[test]
fn what_was_written_is_written_again() {
    let json = r#"{"time_zone":"Europe/Berlin","monday":["9:00–12:30"],"saturday":["00:00-24:00"]}"#;
    let hours = written(json);
    let again = serde_json::to_string(&hours).unwrap();
    assert!(again.contains(r#""monday":["09:00-12:30"],"tuesday":[]"#), "{again}");
    assert_eq!(written(&again), hours);
}

/// What a clock shows, where it neither skips nor repeats: the same, minute by minute.
fn naive(zone: &Zone, week: &[(Weekday, u32, u32)], instant: DateTime<Utc>) -> bool {
    let wall = zone.to_local(instant);
    let minute = u32::try_from((wall - wall.date().and_time(chrono::NaiveTime::MIN)).num_minutes()).unwrap();
    week.iter().any(|(day, start, end)| wall.weekday() == *day && (*start..*end).contains(&minute))
}

proptest! {
    #[test]
    fn hours_are_what_a_person_sees_on_the_clock(
        zone in prop::sample::select(vec!["Europe/Berlin", "Asia/Kolkata", "America/New_York", "Pacific/Kiritimati"]),
        // Each weekday once, so that none overlap; quarters of an hour.
        days in prop::collection::vec(prop::option::of((0_u8..95, 1_u8..96)), 7),
        // Through 2025, of which no night that changes the clock is asked about below.
        first in 0_i64..360,
    ) {
        let zone = Tzdb.known(zone).unwrap();
        let mut week = Vec::new();
        let mut spans = Vec::new();
        for (day, quarters) in (0..7).zip(days) {
            let Some((start, length)) = quarters else { continue };
            let (start, end) = (u32::from(start) * 15, (u32::from(start) + u32::from(length)).min(96) * 15);
            let day = Weekday::try_from(day).unwrap();
            let clock = |minute: u32| (u8::try_from(minute / 60).unwrap(), u8::try_from(minute % 60).unwrap());
            spans.push((day, ClockSpan::new(clock(start), clock(end)).unwrap()));
            week.push((day, start, end));
        }
        let hours = WorkingHours::new(zone.clone(), spans).unwrap();
        let start = range("2025-01-01T00:00:00Z", "2025-01-02T00:00:00Z").start() + TimeDelta::days(first);
        let window = TimeRange::new(start, start + TimeDelta::days(3)).unwrap();
        prop_assume!(zone.offset_at(window.start()) == zone.offset_at(window.end()));

        let found = hours.within(&window);
        for minute in 0..3 * 24 * 60 {
            let instant = window.start() + TimeDelta::minutes(minute);
            let is_in = found.iter().any(|range| range.start() <= instant && instant < range.end());
            prop_assert_eq!(is_in, naive(zone, &week, instant), "at {}", instant);
        }
        prop_assert!(found.windows(2).all(|pair| pair[0].end() < pair[1].start()));
    }
}
