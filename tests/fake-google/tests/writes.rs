//! Writes: ids, etags, merging, validation, mail.
#![allow(clippy::unwrap_used)]

#[path = "support/google.rs"]
mod google;

use google::{ADA, Google, timed};
use reqwest::Method;
use serde_json::{Value, json};

const EVENTS: &str = "/calendars/primary/events";

#[tokio::test]
async fn an_inserted_event_comes_back_with_everything_google_adds() {
    let google = Google::with_events(0).await;
    let event = google.post(EVENTS, &[], timed("abcde", 0)).await.ok();
    assert_eq!(event["id"], "abcde");
    assert_eq!(event["iCalUID"], "abcde@google.com");
    assert_eq!(event["creator"], json!({ "email": ADA, "self": true }));
    assert_eq!(event["organizer"], json!({ "email": ADA, "self": true }));
    assert_eq!(event["start"]["dateTime"], "2026-06-01T11:00:00+02:00", "shown in the calendar's zone");
    assert_eq!(event["sequence"], 0);
    let etag = event["etag"].as_str().unwrap();
    assert!(etag.trim_matches('"').parse::<u64>().is_ok() && etag.starts_with('"'), "{etag}");
    for field in ["created", "updated", "htmlLink", "status", "kind", "eventType", "reminders"] {
        assert!(event.get(field).is_some(), "{field} is missing");
    }
    assert_eq!(google.fake.effects_on(ADA, "abcde"), 1);
}

#[tokio::test]
async fn a_taken_id_is_409_even_when_its_event_is_deleted() {
    let google = Google::with_events(0).await;
    google.post(EVENTS, &[], timed("abcde", 0)).await.ok();
    google.post(EVENTS, &[], timed("abcde", 1)).await.refused(409, "duplicate");
    google.delete("/calendars/primary/events/abcde", &[]).await.ok();
    google.post(EVENTS, &[], timed("abcde", 1)).await.refused(409, "duplicate");
    google.delete("/calendars/primary/events/abcde", &[]).await.refused(410, "deleted");
    assert_eq!(google.get("/calendars/primary/events/abcde", &[]).await.ok()["status"], "cancelled");
}

#[tokio::test]
async fn an_id_outside_base32hex_is_refused() {
    let google = Google::with_events(0).await;
    for id in ["abcd", "ABCDE", "abcdw", "abc_e"] {
        google.post(EVENTS, &[], timed(id, 0)).await.refused(400, "invalid");
    }
}

#[tokio::test]
async fn a_stale_etag_is_412_and_changes_nothing() {
    let google = Google::with_events(1).await;
    let path = "/calendars/primary/events/event0";
    let before = google.get(path, &[]).await.ok();
    let etag = before["etag"].as_str().unwrap().to_owned();
    google.fake.patch_event(ADA, "event0", json!({ "location": "Elsewhere" }));
    for method in [Method::PATCH, Method::PUT, Method::DELETE] {
        let request = google.request(method, path, &[]).header("if-match", &etag).json(&timed("event0", 3));
        google.send(request).await.refused(412, "conditionNotMet");
    }
    assert_eq!(google.fake.effects().len(), 0);
    let now = google.get(path, &[]).await.ok();
    assert_eq!(now["location"], "Elsewhere");
    let fresh = now["etag"].as_str().unwrap();
    let request =
        google.request(Method::PATCH, path, &[]).header("if-match", fresh).json(&json!({ "summary": "New" }));
    assert_eq!(google.send(request).await.ok()["summary"], "New");
}

#[tokio::test]
async fn an_unchanged_event_is_304() {
    let google = Google::with_events(1).await;
    let path = "/calendars/primary/events/event0";
    let answer = google.get(path, &[]).await;
    let etag = answer.headers["etag"].to_str().unwrap().to_owned();
    let again = google.send(google.request(Method::GET, path, &[]).header("if-none-match", etag)).await;
    assert_eq!(again.status, 304);
}

#[tokio::test]
async fn a_patch_merges_objects_replaces_arrays_and_removes_nulls() {
    let google = Google::with_events(0).await;
    let mut event = timed("abcde", 0);
    event["description"] = "Old".into();
    event["extendedProperties"] = json!({ "private": { "a": "1", "b": "2" } });
    event["attendees"] = json!([
        { "email": "bea@example.com", "responseStatus": "accepted" }, { "email": "cho@example.com" }
    ]);
    google.post(EVENTS, &[], event).await.ok();
    let patch = json!({
        "description": null,
        "extendedProperties": { "private": { "b": null, "c": "3" } },
        "attendees": [{ "email": "bea@example.com" }],
    });
    let event = google.patch("/calendars/primary/events/abcde", &[], patch).await.ok();
    assert!(event.get("description").is_none());
    assert_eq!(event["extendedProperties"]["private"], json!({ "a": "1", "c": "3" }));
    assert_eq!(event["attendees"].as_array().unwrap().len(), 1);
    assert_eq!(event["attendees"][0]["responseStatus"], "needsAction", "a careless patch loses answers");
}

#[tokio::test]
async fn an_update_clears_what_it_leaves_out() {
    let google = Google::with_events(0).await;
    let mut event = timed("abcde", 0);
    event["description"] = "Old".into();
    google.post(EVENTS, &[], event).await.ok();
    let event = google.put("/calendars/primary/events/abcde", &[], timed("abcde", 2)).await.ok();
    assert!(event.get("description").is_none());
    assert_eq!(event["sequence"], 1);
    google
        .put("/calendars/primary/events/abcde", &[], json!({ "summary": "x" }))
        .await
        .refused(400, "required");
}

#[tokio::test]
async fn attendees_omitted_changes_only_my_answer() {
    let google = Google::with_events(0).await;
    google.fake.create_event(
        ADA,
        json!({
            "id": "invited", "start": { "date": "2026-05-04" }, "end": { "date": "2026-05-05" },
            "organizer": { "email": "bea@example.com" },
            "attendees": [
                { "email": "bea@example.com", "organizer": true, "responseStatus": "accepted" },
                { "email": ADA, "self": true, "responseStatus": "needsAction" }
            ],
        }),
    );
    let path = "/calendars/primary/events/invited";
    let body =
        json!({ "attendeesOmitted": true, "attendees": [{ "email": ADA, "responseStatus": "declined" }] });
    let event = google.patch(path, &[("sendUpdates", "all")], body).await.ok();
    assert_eq!(event["attendees"].as_array().unwrap().len(), 2);
    assert_eq!(event["attendees"][0]["responseStatus"], "accepted");
    assert_eq!(event["attendees"][1]["responseStatus"], "declined");
    let mail = google.fake.mail();
    assert_eq!((mail.len(), mail[0].to.as_str(), mail[0].about.as_str()), (1, "bea@example.com", "response"));
    let shown = google.get(path, &[("maxAttendees", "1")]).await.ok();
    assert_eq!(
        (&shown["attendeesOmitted"], shown["attendees"].as_array().unwrap().len()),
        (&Value::Bool(true), 1)
    );
    let answer = google.patch(path, &[], json!({ "summary": "Mine now" })).await;
    answer.refused(403, "forbiddenForNonOrganizer");
}

#[tokio::test]
async fn guests_are_mailed_as_send_updates_says() {
    let google = Google::with_events(0).await;
    let with_guests = |id: &str| {
        let mut event = timed(id, 0);
        event["attendees"] =
            json!([{ "email": ADA }, { "email": "bea@example.com" }, { "email": "fay@example.org" }]);
        event
    };
    for (id, send, expected) in [("aaaaa", "all", 2), ("bbbbb", "externalOnly", 1), ("ccccc", "none", 0)] {
        google.post(EVENTS, &[("sendUpdates", send)], with_guests(id)).await.ok();
        assert_eq!(google.fake.mail().iter().filter(|mail| mail.event == id).count(), expected, "{send}");
    }
    google.delete("/calendars/primary/events/aaaaa", &[("sendUpdates", "all")]).await.ok();
    let cancelled = google.fake.mail().iter().filter(|mail| mail.about == "cancellation").count();
    assert_eq!(cancelled, 2);
    google.post(EVENTS, &[("sendUpdates", "some")], timed("ddddd", 0)).await.refused(400, "invalidParameter");
}

#[tokio::test]
async fn events_that_make_no_sense_are_refused() {
    let google = Google::with_events(0).await;
    let day = json!({ "date": "2026-05-04" });
    let hour = |hour: u8| json!({ "dateTime": format!("2026-05-04T{hour:02}:00:00Z") });
    let cases: Vec<(Value, &str)> = vec![
        (json!({ "start": day }), "required"),
        (json!({ "start": hour(10), "end": hour(9) }), "timeRangeEmpty"),
        (json!({ "start": day, "end": day }), "timeRangeEmpty"),
        (json!({ "start": day, "end": hour(10) }), "invalid"),
        (json!({ "start": hour(10), "end": hour(11), "recurrence": ["RRULE:FREQ=DAILY"] }), "required"),
        (
            json!({ "start": hour(10), "end": hour(11), "reminders": { "useDefault": false,
            "overrides": [{ "method": "popup", "minutes": 40321 }] } }),
            "invalid",
        ),
        (json!({ "start": hour(10), "end": hour(11), "visibility": "secret" }), "invalid"),
        (json!({ "start": hour(10), "end": hour(11), "attendees": [{ "displayName": "Bea" }] }), "required"),
        (json!({ "start": hour(10), "end": hour(11), "summary": 7 }), "invalid"),
        (
            json!({ "start": hour(10), "end": hour(11), "extendedProperties": { "private": { "a": "x".repeat(1025) } } }),
            "invalid",
        ),
    ];
    for (body, reason) in cases {
        google.post(EVENTS, &[], body).await.refused(400, reason);
    }
    for rule in
        ["RRULE:FREQ=DAILY;COUNT=2;UNTIL=20270101T000000Z", "RRULE:FREQ=DAILY;INTERVAL=0", "DTSTART:20260101"]
    {
        let zoned =
            |hour: u8| json!({ "dateTime": format!("2026-05-04T{hour:02}:00:00"), "timeZone": "Asia/Tokyo" });
        let body = json!({ "start": zoned(9), "end": zoned(10), "recurrence": [rule] });
        google.post(EVENTS, &[], body).await.refused(400, "invalid");
    }
}

#[tokio::test]
async fn conference_data_counts_only_with_its_version() {
    let google = Google::with_events(0).await;
    let mut event = timed("abcde", 0);
    event["conferenceData"] = json!({ "createRequest": { "requestId": "once" } });
    assert!(google.post(EVENTS, &[], event.clone()).await.ok().get("conferenceData").is_none());
    event["id"] = "fghij".into();
    let made = google.post(EVENTS, &[("conferenceDataVersion", "1")], event).await.ok();
    assert_eq!(made["conferenceData"]["createRequest"]["status"]["statusCode"], "success");
    assert_eq!(made["hangoutLink"], made["conferenceData"]["entryPoints"][0]["uri"]);
}

#[tokio::test]
async fn a_change_of_reminders_moves_the_etag_and_not_updated() {
    let google = Google::with_events(1).await;
    let before = google.get("/calendars/primary/events/event0", &[]).await.ok();
    let reminders =
        json!({ "reminders": { "useDefault": false, "overrides": [{ "method": "popup", "minutes": 5 }] } });
    let after = google.patch("/calendars/primary/events/event0", &[], reminders).await.ok();
    assert_ne!(before["etag"], after["etag"]);
    assert_eq!(before["updated"], after["updated"]);
}
