//! The time an event takes, and how a person reads it.
#![cfg(feature = "tzdb")]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use serde_json::{Value, json};
use theo_calendar::{
    ErrorKind,
    model::{Event, EventDraft},
    recurrence::{TimeZones, Tzdb, UtcOnly, Zone},
    time::{LocalTime, TimeRange, format_range},
};

fn berlin() -> &'static Zone {
    Tzdb.zone("Europe/Berlin").unwrap()
}

fn event(start: Value, end: Value) -> Event {
    serde_json::from_value(json!({ "id": "e", "start": start, "end": end })).unwrap()
}

fn draft(start: Value, end: Value) -> EventDraft {
    serde_json::from_value(json!({ "summary": "Standup", "start": start, "end": end })).unwrap()
}

fn range(start: &str, end: &str) -> TimeRange {
    TimeRange::new(start.parse().unwrap(), end.parse().unwrap()).unwrap()
}

fn span(start: Value, end: Value) -> Option<TimeRange> {
    event(start, end).span(berlin(), &Tzdb)
}

#[test]
fn a_timed_event_takes_exactly_its_time() {
    let found = span(
        json!({"dateTime": "2025-12-25T10:00:00+01:00", "timeZone": "Mars/Base"}),
        json!({"dateTime": "2025-12-25T11:00:00+01:00"}),
    );
    assert_eq!(found, Some(range("2025-12-25T09:00:00Z", "2025-12-25T10:00:00Z")));
}

#[test]
fn an_all_day_event_runs_from_midnight_to_midnight_of_its_calendar_even_when_the_clock_changes() {
    let found = span(json!({"date": "2025-03-30"}), json!({"date": "2025-03-31"}));
    assert_eq!(found, Some(range("2025-03-29T23:00:00Z", "2025-03-30T22:00:00Z")));
}

#[test]
fn an_all_day_event_without_a_later_end_takes_its_first_day() {
    let day = Some(range("2025-12-24T23:00:00Z", "2025-12-25T23:00:00Z"));
    for end in [json!(null), json!({"date": "2025-12-25"}), json!({"date": "2025-12-01"})] {
        assert_eq!(span(json!({"date": "2025-12-25"}), end), day);
    }
}

#[test]
fn a_timed_event_without_a_later_end_takes_the_second_it_starts_in_so_that_listings_find_it() {
    for end in [
        json!(null),
        json!({"dateTime": "2025-12-25T09:00:00Z"}),
        json!({"dateTime": "2025-12-25T08:00:00Z"}),
    ] {
        let marker = event(json!({"dateTime": "2025-12-25T10:00:00+01:00"}), end);
        assert_eq!(marker.span(berlin(), &Tzdb), Some(range("2025-12-25T09:00:00Z", "2025-12-25T09:00:01Z")));
        assert!(marker.takes_no_time());
    }
}

#[test]
fn a_day_that_samoa_skipped_takes_a_second() {
    let found = event(json!({"date": "2011-12-30"}), json!({"date": "2011-12-31"}))
        .span(Tzdb.zone("Pacific/Apia").unwrap(), &Tzdb);
    assert_eq!(found, Some(range("2011-12-30T10:00:00Z", "2011-12-30T10:00:01Z")));
}

#[test]
fn a_wall_clock_is_read_in_its_own_zone_and_an_unknown_one_gives_no_time() {
    let start = json!({"dateTime": "2025-07-01T10:00:00", "timeZone": "America/New_York"});
    let end = json!({"dateTime": "2025-07-01T11:00:00", "timeZone": "America/New_York"});
    let wall = event(start, end);
    assert_eq!(wall.span(berlin(), &Tzdb), Some(range("2025-07-01T14:00:00Z", "2025-07-01T15:00:00Z")));
    assert_eq!(wall.span(berlin(), &UtcOnly), None);
}

#[test]
fn an_event_without_a_start_has_no_time_and_a_master_only_that_of_its_first_occurrence() {
    assert_eq!(Event::new("cancelled").span(berlin(), &Tzdb), None);

    let mut master = event(json!({"date": "2025-12-25"}), json!({"date": "2025-12-26"}));
    master.recurrence = Some(vec!["RRULE:FREQ=DAILY".into()]);
    assert_eq!(master.span(berlin(), &Tzdb), None);
    let first = Some(range("2025-12-24T23:00:00Z", "2025-12-25T23:00:00Z"));
    assert_eq!(master.first_span(berlin(), &Tzdb), first);
}

#[test]
fn a_draft_that_cannot_be_placed_is_refused_in_one_sentence() {
    let ten = || json!({"dateTime": "2025-12-25T10:00:00+01:00"});
    let eleven = || json!({"dateTime": "2025-12-25T11:00:00+01:00"});
    let mut series = draft(ten(), eleven());
    series.recurrence = Some(vec!["RRULE:FREQ=DAILY".into()]);
    let mars = json!({"dateTime": "2025-12-25T11:00:00", "timeZone": "Mars/Base"});
    let cases = [
        (draft(json!(null), eleven()), "the event has no start"),
        (draft(ten(), json!(null)), "the event has no end"),
        (
            draft(json!({"date": "2025-12-25"}), eleven()),
            "the event starts and ends once on a day and once at a time: use the same for both",
        ),
        (draft(eleven(), ten()), "the event ends no later than it starts"),
        (draft(ten(), ten()), "the event ends no later than it starts"),
        (
            draft(ten(), json!({"dateTime": "2025-12-25T11:00:00"})),
            "the event has a wall-clock time without a time zone: name one, or an offset",
        ),
        (draft(ten(), mars), "time zone \"Mars/Base\" is not known: use an IANA name such as Europe/Berlin"),
        (series, "the series has no time zone: name the one its wall clock is in"),
    ];
    for (draft, sentence) in cases {
        let error = draft.span(berlin(), &Tzdb).unwrap_err();
        assert_eq!((error.kind(), error.to_string().as_str()), (ErrorKind::InvalidInput, sentence));
    }
}

#[test]
fn a_draft_takes_the_time_its_event_will_take() {
    let wall = draft(
        json!({"dateTime": "2025-12-25T10:00:00", "timeZone": "Europe/Berlin"}),
        json!({"dateTime": "2025-12-25T11:00:00", "timeZone": "Europe/Berlin"}),
    );
    assert_eq!(wall.span(berlin(), &Tzdb).unwrap(), range("2025-12-25T09:00:00Z", "2025-12-25T10:00:00Z"));
}

#[test]
fn times_read_local_with_the_weekday_and_the_zone() {
    let reads = |start: &str, end: &str| format_range(&range(start, end), false, berlin());
    assert_eq!(
        reads("2025-12-25T09:00:00Z", "2025-12-25T10:00:00Z"),
        "Thu 2025-12-25 10:00–11:00 (Europe/Berlin)"
    );
    assert_eq!(
        reads("2025-12-25T21:00:00Z", "2025-12-26T01:00:00Z"),
        "Thu 2025-12-25 22:00 – Fri 2025-12-26 02:00 (Europe/Berlin)"
    );
    assert_eq!(
        reads("2025-10-26T00:30:00Z", "2025-10-26T01:30:00Z"),
        "Sun 2025-10-26 02:30–02:30+01:00 (Europe/Berlin)"
    );
    let instant = "2025-12-25T23:30:00Z".parse().unwrap();
    assert_eq!(LocalTime::new(instant, berlin()).to_string(), "Fri 2025-12-26 00:30");
}

#[test]
fn days_read_without_times() {
    let one = span(json!({"date": "2025-03-30"}), json!({"date": "2025-03-31"})).unwrap();
    assert_eq!(format_range(&one, true, berlin()), "Sun 2025-03-30, all day");
    let three = span(json!({"date": "2025-12-25"}), json!({"date": "2025-12-28"})).unwrap();
    assert_eq!(format_range(&three, true, berlin()), "Thu 2025-12-25 – Sat 2025-12-27, all day");
}
