//! What takes place in the mirror is what Google lists as single events.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use chrono::{DateTime, TimeDelta, Utc};
use fake_google::Generate;
use flows::{ADA, Person};
use futures_util::TryStreamExt;
use serde_json::{Value, json};
use theo_calendar::{
    google::EventsView,
    model::Event,
    recurrence::{TimeZones, Tzdb, expand},
    storage::EventQuery,
    time::TimeRange,
};

/// An occurrence or event: its id and the time it takes.
type Seen = (String, TimeRange);

/// Google's own expansion of `window`.
async fn at_google(ada: &Person, window: &TimeRange) -> Vec<Seen> {
    let zone = Tzdb.known("Europe/Zurich").unwrap();
    let view = EventsView {
        time_min: Some(window.start()),
        time_max: Some(window.end()),
        single_events: true,
        max_results: Some(2_500),
        ..EventsView::default()
    };
    let account = ada.client().for_account(&ada.account);
    let listed: Vec<_> = account.events(ADA.into(), view.into()).try_collect().await.unwrap();
    let events = listed.into_iter().map(|event: Result<Event, _>| event.unwrap());
    sorted(events.map(|event| (event.id.to_string(), event.span(zone, &Tzdb).unwrap())).collect())
}

/// Ours, of what is mirrored.
async fn in_mirror(ada: &Person, window: &TimeRange) -> Vec<Seen> {
    let query = EventQuery { include_cancelled: true, ..EventQuery::default() };
    let rows = ada.store.events(&ada.account.user, &query).await.unwrap();
    let events = rows.iter().map(|row| &*row.event);
    let found = expand(events, window, Tzdb.known("Europe/Zurich").unwrap(), &Tzdb);
    assert!(found.unreadable.is_empty() && !found.truncated, "{found:?}");
    sorted(found.occurrences.iter().map(|one| (one.id().to_string(), one.span)).collect())
}

fn sorted(mut seen: Vec<Seen>) -> Vec<Seen> {
    seen.sort();
    seen
}

/// A series of ours: a start in New York, an hour, and lines.
fn series(id: &str, start: &str, lines: &[&str]) -> Value {
    let time = |clock: &str| json!({ "dateTime": format!("2026-{start}T{clock}:00"), "timeZone": "America/New_York" });
    json!({ "id": id, "summary": id, "start": time("09:00"), "end": time("10:00"), "recurrence": lines })
}

async fn assert_alike(ada: &Person, begin: DateTime<Utc>) {
    let mut seen = 0;
    for (from, length) in [(0, 7), (3, 1), (20, 45), (50, 365), (400, 30)] {
        let from = begin + TimeDelta::days(from);
        let window = TimeRange::new(from, from + TimeDelta::days(length)).unwrap();
        let (theirs, ours) = (at_google(ada, &window).await, in_mirror(ada, &window).await);
        assert_eq!(ours, theirs, "{window:?}");
        seen += ours.len();
    }
    assert!(seen > 100, "{seen}");
}

#[tokio::test]
async fn series_of_every_sort_take_place_as_google_lists_them() {
    let ada = Person::new();
    for (id, start, lines) in [
        ("each7", "02-23", &["RRULE:FREQ=WEEKLY;BYDAY=MO,WE"][..]),
        ("counted", "02-24", &["RRULE:FREQ=DAILY;INTERVAL=2;COUNT=40"]),
        (
            "monthly",
            "02-27",
            &["RRULE:FREQ=MONTHLY;BYDAY=-1FR", "EXDATE;TZID=America/New_York:20260327T090000"],
        ),
        ("until", "02-23", &["RRULE:FREQ=DAILY;UNTIL=20260402T130000Z"]),
        ("dates", "02-25", &["RDATE;TZID=America/New_York:20260301T120000,20260309T090000"]),
        ("annual", "03-01", &["RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=1SU"]),
    ] {
        ada.google.create_event(ADA, series(id, start, lines));
    }
    ada.google.create_event(
        ADA,
        json!({
            "id": "days0", "start": { "date": "2026-02-28" }, "end": { "date": "2026-03-02" },
            "recurrence": ["RRULE:FREQ=WEEKLY;COUNT=9", "EXDATE;VALUE=DATE:20260307"],
        }),
    );
    // Moved a week on, cancelled, cancelled of whole days, and this and the following cut off.
    let time = |clock: &str| json!({ "dateTime": format!("2026-03-16T{clock}:00-04:00") });
    ada.google.patch_event(
        ADA,
        "each7_20260309T130000Z",
        json!({ "start": time("15:00"), "end": time("16:00") }),
    );
    ada.google.delete_event(ADA, "each7_20260318T130000Z");
    ada.google.delete_event(ADA, "days0_20260314");
    ada.google.patch_event(ADA, "counted_20260411T130000Z", json!({ "summary": "changed, then cut off" }));
    ada.google.split_series(ADA, "counted_20260401T130000Z", json!({ "location": "Room 2" }));
    ada.sync().await;

    assert_alike(&ada, "2026-02-20T00:00:00Z".parse().unwrap()).await;
}

#[tokio::test]
async fn a_life_made_up_takes_place_as_google_lists_it() {
    let ada = Person::new();
    ada.google.generate(&Generate { calendars: 1, events: 600, seed: 11, ..Generate::default() });
    ada.sync().await;

    assert_alike(&ada, ada.google.now() - TimeDelta::days(60)).await;
}
