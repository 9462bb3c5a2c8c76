//! Recurring events: occurrences, exceptions, "this and following".
#![allow(clippy::unwrap_used)]

#[path = "support/google.rs"]
mod google;

use google::{ADA, Google};
use serde_json::{Value, json};

const EVENTS: &str = "/calendars/primary/events";

/// Nine o'clock in Zurich on three Mondays around the change to summer time of 29 March 2026.
fn mondays() -> Value {
    let at =
        |hour: u8| json!({ "dateTime": format!("2026-03-23T{hour:02}:00:00"), "timeZone": "Europe/Zurich" });
    json!({ "id": "standup", "summary": "Standup", "start": at(9), "end": at(10), "recurrence": ["RRULE:FREQ=WEEKLY;COUNT=3"] })
}

fn ids(page: &Value) -> Vec<&str> {
    page["items"].as_array().unwrap().iter().map(|event| event["id"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn occurrences_keep_the_wall_clock_and_are_named_in_utc() {
    let google = Google::with_events(0).await;
    google.post(EVENTS, &[], mondays()).await.ok();
    let page = google.get("/calendars/primary/events/standup/instances", &[]).await.ok();
    assert_eq!(
        ids(&page),
        ["standup_20260323T080000Z", "standup_20260330T070000Z", "standup_20260406T070000Z"]
    );
    let second = &page["items"][1];
    assert_eq!(second["start"]["dateTime"], "2026-03-30T09:00:00+02:00");
    assert_eq!(second["recurringEventId"], "standup");
    assert_eq!(second["originalStartTime"]["dateTime"], "2026-03-30T09:00:00+02:00");
    assert!(second.get("recurrence").is_none());
    let single = google.list(&[("singleEvents", "true"), ("orderBy", "startTime")]).await;
    assert_eq!(ids(&single), ids(&page));
}

#[tokio::test]
async fn an_edited_occurrence_becomes_an_exception_and_a_deleted_one_stays_cancelled() {
    let google = Google::with_events(0).await;
    google.post(EVENTS, &[], mondays()).await.ok();
    let (_, token) = google.list_all(&[]).await;
    let second = "/calendars/primary/events/standup_20260330T070000Z";
    google.patch(second, &[], json!({ "summary": "Moved" })).await.ok();
    google.delete("/calendars/primary/events/standup_20260406T070000Z", &[]).await.ok();
    let (delta, _) = google.list_all(&[("syncToken", &token)]).await;
    assert_eq!(delta.len(), 2);
    assert_eq!((&delta[0]["summary"], &delta[0]["recurringEventId"]), (&json!("Moved"), &json!("standup")));
    let mut fields: Vec<&String> = delta[1].as_object().unwrap().keys().collect();
    fields.sort();
    assert_eq!(fields, ["etag", "id", "kind", "originalStartTime", "recurringEventId", "status"]);
    assert_eq!(google.list_all(&[]).await.0.len(), 3, "a full listing shows the cancelled occurrence too");
    let single = google.list(&[("singleEvents", "true"), ("orderBy", "startTime")]).await;
    assert_eq!(ids(&single), ["standup_20260323T080000Z", "standup_20260330T070000Z"]);
    google.delete("/calendars/primary/events/standup_20260406T070000Z", &[]).await.refused(410, "deleted");
    google.get("/calendars/primary/events/standup_20260407T070000Z", &[]).await.refused(404, "notFound");
}

#[tokio::test]
async fn a_deleted_series_takes_its_exceptions_with_it() {
    let google = Google::with_events(0).await;
    google.post(EVENTS, &[], mondays()).await.ok();
    google
        .patch("/calendars/primary/events/standup_20260330T070000Z", &[], json!({ "summary": "Moved" }))
        .await
        .ok();
    google.delete("/calendars/primary/events/standup", &[]).await.ok();
    assert!(google.list_all(&[]).await.0.is_empty());
    assert!(google.fake.snapshot(ADA).is_empty());
}

#[tokio::test]
async fn all_day_occurrences_are_named_by_their_day() {
    let google = Google::with_events(0).await;
    let event = json!({
        "id": "holidate", "start": { "date": "2026-05-04" }, "end": { "date": "2026-05-05" },
        "recurrence": ["RRULE:FREQ=DAILY;UNTIL=20260506", "EXDATE;VALUE=DATE:20260505"],
    });
    google.post(EVENTS, &[], event).await.ok();
    let page = google.get("/calendars/primary/events/holidate/instances", &[]).await.ok();
    assert_eq!(ids(&page), ["holidate_20260504", "holidate_20260506"]);
    assert_eq!(page["items"][1]["end"]["date"], "2026-05-07");
}

#[tokio::test]
async fn this_and_following_ends_the_old_series_and_cuts_off_its_exceptions_bare() {
    let google = Google::with_events(0).await;
    google.post(EVENTS, &[], mondays()).await.ok();
    google
        .patch("/calendars/primary/events/standup_20260406T070000Z", &[], json!({ "summary": "Late" }))
        .await
        .ok();
    let (_, token) = google.list_all(&[]).await;
    let new = google.fake.split_series(ADA, "standup_20260330T070000Z", json!({ "location": "Room 2" }));
    assert_eq!(new["id"], "standup_R20260330T090000");
    let (delta, _) = google.list_all(&[("syncToken", &token)]).await;
    let old = delta.iter().find(|event| event["id"] == "standup").unwrap();
    assert_eq!(old["recurrence"], json!(["RRULE:FREQ=WEEKLY;UNTIL=20260329T215959Z"]));
    let cut = delta.iter().find(|event| event["id"] == "standup_20260406T070000Z").unwrap();
    assert_eq!(cut["status"], "cancelled");
    assert!(cut.get("recurringEventId").is_none());
    let page = google.get("/calendars/primary/events/standup/instances", &[]).await.ok();
    assert_eq!(ids(&page), ["standup_20260323T080000Z"]);
}

#[tokio::test]
async fn free_busy_merges_occurrences_and_tells_errors_by_calendar() {
    let google = Google::with_events(0).await;
    google.post(EVENTS, &[], mondays()).await.ok();
    google.fake.create_event(
        ADA,
        json!({ "start": { "dateTime": "2026-03-30T07:30:00Z" }, "end": { "dateTime": "2026-03-30T08:30:00Z" } }),
    );
    let body = json!({
        "timeMin": "2026-03-30T00:00:00Z", "timeMax": "2026-03-31T00:00:00Z",
        "items": [{ "id": "primary" }, { "id": "nobody@example.com" }],
    });
    let answer = google.post("/freeBusy", &[], body).await.ok();
    let busy = json!([{ "start": "2026-03-30T07:00:00Z", "end": "2026-03-30T08:30:00Z" }]);
    assert_eq!(answer["calendars"]["primary"]["busy"], busy);
    assert_eq!(answer["calendars"]["nobody@example.com"]["errors"][0]["reason"], "notFound");
    let many: Vec<Value> = (0..51).map(|number| json!({ "id": format!("{number}@example.com") })).collect();
    let body = json!({ "timeMin": "2026-03-30T00:00:00Z", "timeMax": "2026-03-31T00:00:00Z", "items": many });
    google.post("/freeBusy", &[], body).await.refused(400, "tooManyCalendarsRequested");
}
