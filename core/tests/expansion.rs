//! Series and their exceptions, as they take place together.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use proptest::prelude::*;
use serde_json::{Value, json};
use theo_calendar::{
    model::Event,
    recurrence::{Expansion, UtcOnly, Zone, expand},
    time::TimeRange,
};

/// Nine to ten on 3 March 2025 and the four days after, except the 5th.
fn standup() -> Value {
    json!({
        "id": "standup",
        "start": { "dateTime": "2025-03-03T09:00:00Z", "timeZone": "UTC" },
        "end": { "dateTime": "2025-03-03T10:00:00Z", "timeZone": "UTC" },
        "recurrence": ["RRULE:FREQ=DAILY;COUNT=5", "EXDATE:20250305T090000Z"],
    })
}

/// The occurrence of day `original` at the hour and day given.
fn moved(original: u8, day: u8, hour: u8) -> Value {
    json!({
        "id": format!("standup_202503{original:02}T090000Z"),
        "recurringEventId": "standup",
        "originalStartTime": { "dateTime": format!("2025-03-{original:02}T09:00:00Z"), "timeZone": "UTC" },
        "start": { "dateTime": format!("2025-03-{day:02}T{hour:02}:00:00Z") },
        "end": { "dateTime": format!("2025-03-{day:02}T{:02}:00:00Z", hour + 1) },
    })
}

fn events(events: &[Value]) -> Vec<Event> {
    events.iter().map(|event| serde_json::from_value(event.clone()).unwrap()).collect()
}

/// From the beginning of one day of March 2025 to that of another.
fn days(from: u8, to: u8) -> TimeRange {
    let day = |day: u8| format!("2025-03-{day:02}T00:00:00Z").parse().unwrap();
    TimeRange::new(day(from), day(to)).unwrap()
}

fn expanded<'e>(events: &'e [Event], window: &TimeRange) -> Expansion<'e> {
    expand(events, window, &Zone::utc(), &UtcOnly)
}

/// Ids without what all have, and when each starts.
fn seen(expansion: &Expansion) -> Vec<String> {
    let short =
        |text: String| text.replace("standup_202503", "").replace("2025-03-", "").replace(":00:00+00:00", "");
    let each = expansion.occurrences.iter();
    each.map(|one| format!("{} at {}", short(one.id().to_string()), short(one.span.start().to_rfc3339())))
        .collect()
}

#[test]
fn a_series_takes_place_without_the_dates_it_leaves_out() {
    let events = events(&[standup()]);
    let whole = ["03T090000Z at 03T09", "04T090000Z at 04T09", "06T090000Z at 06T09", "07T090000Z at 07T09"];
    assert_eq!(seen(&expanded(&events, &days(1, 31))), whole);
    assert_eq!(seen(&expanded(&events, &days(4, 7))), whole[1..3]);
}

#[test]
fn an_exception_stands_in_for_its_occurrence_wherever_it_was_moved() {
    let out_of = events(&[standup(), moved(4, 20, 15)]);
    assert_eq!(seen(&expanded(&out_of, &days(3, 6))), ["03T090000Z at 03T09"]);
    let into = events(&[moved(7, 4, 8), standup()]);
    assert_eq!(seen(&expanded(&into, &days(4, 6))), ["07T090000Z at 04T08", "04T090000Z at 04T09"]);
}

#[test]
fn a_cancelled_occurrence_does_not_take_place_even_where_only_its_id_is_left() {
    let full = json!({
        "id": "standup_20250304T090000Z", "status": "cancelled", "recurringEventId": "standup",
        "originalStartTime": { "dateTime": "2025-03-04T10:00:00+01:00" },
    });
    let bare = json!({ "id": "standup_20250306T090000Z", "status": "cancelled", "etag": "\"1\"" });
    let events = events(&[bare, full, standup()]);
    assert_eq!(seen(&expanded(&events, &days(1, 31))), ["03T090000Z at 03T09", "07T090000Z at 07T09"]);
}

#[test]
fn an_exception_takes_place_without_its_master_and_one_without_its_original_start_is_known_by_its_id() {
    let alone = events(&[moved(4, 5, 9)]);
    let found = expanded(&alone, &days(1, 31));
    assert_eq!(seen(&found), ["04T090000Z at 05T09"]);
    assert_eq!(found.occurrences[0].original_start.unwrap().to_string(), "20250304T090000Z");
    let mut nameless = moved(4, 5, 9);
    nameless.as_object_mut().unwrap().remove("originalStartTime");
    let with_master = events(&[nameless, standup()]);
    assert_eq!(seen(&expanded(&with_master, &days(4, 6))), ["04T090000Z at 05T09"]);
}

#[test]
fn days_are_told_apart_by_their_dates() {
    let holiday = json!({
        "id": "holiday", "start": { "date": "2025-03-03" }, "end": { "date": "2025-03-05" },
        "recurrence": ["RRULE:FREQ=WEEKLY"],
    });
    let off = json!({
        "id": "holiday_20250310", "status": "cancelled", "recurringEventId": "holiday",
        "originalStartTime": { "date": "2025-03-10" },
    });
    let bare = json!({ "id": "holiday_20250324", "status": "cancelled" });
    let events = events(&[holiday, off, bare]);
    let found = expanded(&events, &days(4, 31));
    let ids: Vec<String> = found.occurrences.iter().map(|one| one.id().to_string()).collect();
    assert_eq!(ids, ["holiday_20250303", "holiday_20250317"]);
}

#[test]
fn a_cancelled_series_takes_its_occurrences_along_and_leaves_events_that_happen_once() {
    let mut cancelled = standup();
    cancelled["status"] = json!("cancelled");
    let once = json!({
        "id": "once", "start": { "dateTime": "2025-03-04T09:30:00Z" }, "end": { "dateTime": "2025-03-04T10:00:00Z" },
    });
    let events = events(&[cancelled, once]);
    let found = expanded(&events, &days(1, 31));
    assert_eq!(seen(&found), ["once at 04T09:30:00+00:00"]);
    assert_eq!(found.occurrences[0].original_start, None);
}

#[test]
fn a_series_that_cannot_be_read_takes_place_once_and_is_told() {
    let mut broken = standup();
    broken["recurrence"] = json!(["RRULE:FREQ=DAILY", "RDATE:soon"]);
    let events = events(&[broken]);
    let found = expanded(&events, &days(1, 31));
    assert_eq!(seen(&found), ["standup at 03T09"]);
    let (event, error) = &found.unreadable[0];
    assert_eq!(event.id.as_str(), "standup");
    assert!(error.to_string().starts_with("line 2 of the recurrence, \"RDATE:soon\": "), "{error}");
}

#[test]
fn more_than_an_answer_holds_is_cut_and_told() {
    let mut endless = standup();
    endless["recurrence"] = json!(["RRULE:FREQ=SECONDLY"]);
    let events = events(&[endless]);
    let found = expanded(&events, &days(1, 31));
    assert!(found.truncated);
    assert!((30_000..=50_000).contains(&found.occurrences.len()));
    assert!(
        !expanded(
            &events,
            &TimeRange::new("2025-03-20T00:00:00Z".parse().unwrap(), "2025-03-20T01:00:00Z".parse().unwrap())
                .unwrap()
        )
        .truncated
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// FAULTS row 28: whatever the order in which a listing brought them.
    #[test]
    fn events_in_any_order_take_place_alike(order in Just((0..6_usize).collect::<Vec<_>>()).prop_shuffle()) {
        let bare = json!({ "id": "standup_20250306T090000Z", "status": "cancelled" });
        let once = json!({ "id": "once", "start": { "date": "2025-03-04" }, "end": { "date": "2025-03-05" } });
        let weekly = json!({
            "id": "weekly", "start": { "date": "2025-03-04" }, "end": { "date": "2025-03-05" },
            "recurrence": ["RRULE:FREQ=WEEKLY"],
        });
        let all = [standup(), moved(4, 20, 15), moved(7, 4, 0), bare, once, weekly];
        let in_order = events(&all);
        let shuffled = events(&order.iter().map(|index| all[*index].clone()).collect::<Vec<_>>());
        let found = expanded(&shuffled, &days(1, 31));
        prop_assert_eq!(&found.occurrences, &expanded(&in_order, &days(1, 31)).occurrences);
        prop_assert_eq!(found.occurrences.len(), 8);
    }
}
