//! Days as a person reads them.
#![cfg(feature = "tzdb")]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use theo_calendar::{
    agenda::agenda,
    recurrence::{TimeZones, Tzdb},
    time::TimeRange,
};

fn range(start: &str, end: &str) -> TimeRange {
    TimeRange::new(start.parse().unwrap(), end.parse().unwrap()).unwrap()
}

fn days(
    zone: &str,
    within: TimeRange,
    items: &[(TimeRange, &'static str)],
) -> Vec<(String, Vec<&'static str>)> {
    let days = agenda(items.iter().copied(), &within, Tzdb.zone(zone).unwrap());
    days.into_iter().map(|day| (day.date.to_string(), day.items)).collect()
}

#[test]
fn events_stand_on_their_local_day_in_the_order_they_start() {
    let within = range("2025-03-02T23:00:00Z", "2025-03-04T23:00:00Z");
    let items = [
        (range("2025-03-03T23:30:00Z", "2025-03-04T00:30:00Z"), "night call"),
        (range("2025-03-03T09:00:00Z", "2025-03-03T09:30:00Z"), "standup"),
        (range("2025-03-03T08:00:00Z", "2025-03-03T09:00:00Z"), "breakfast"),
    ];
    assert_eq!(
        days("Europe/Berlin", within, &items),
        [
            ("2025-03-03".to_owned(), vec!["breakfast", "standup"]),
            ("2025-03-04".to_owned(), vec!["night call"]),
        ]
    );
}

#[test]
fn what_lasts_for_days_stands_first_on_each_of_its_days_within_the_range_and_not_on_the_day_it_ends() {
    let within = range("2025-03-02T23:00:00Z", "2025-03-04T23:00:00Z");
    let items = [
        (range("2025-03-03T23:00:00Z", "2025-03-04T00:30:00Z"), "midnight snack"),
        (range("2025-02-28T23:00:00Z", "2025-03-09T23:00:00Z"), "vacation"),
        (range("2025-03-02T23:00:00Z", "2025-03-03T23:00:00Z"), "holiday"),
    ];
    assert_eq!(
        days("Europe/Berlin", within, &items),
        [
            ("2025-03-03".to_owned(), vec!["vacation", "holiday"]),
            ("2025-03-04".to_owned(), vec!["vacation", "midnight snack"]),
        ]
    );
}

#[test]
fn events_outside_the_range_are_on_no_day() {
    let within = range("2025-03-03T00:00:00Z", "2025-03-04T00:00:00Z");
    assert_eq!(days("UTC", within, &[(range("2025-03-04T00:00:00Z", "2025-03-04T01:00:00Z"), "later")]), []);
}
