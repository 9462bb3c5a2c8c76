//! Listings, page tokens, sync tokens.
#![allow(clippy::unwrap_used)]

#[path = "support/google.rs"]
mod google;

use fake_google::{Fault, FaultKind};
use google::{ADA, Google, timed};
use serde_json::{Value, json};

#[tokio::test]
async fn a_full_listing_ends_with_a_sync_token_on_its_last_page_only() {
    let google = Google::with_events(5).await;
    let first = google.list(&[("maxResults", "2")]).await;
    assert_eq!(first["items"].as_array().unwrap().len(), 2);
    assert!(first.get("nextSyncToken").is_none());
    let items = google.list_all(&[("maxResults", "2")]).await;
    assert_eq!(items.0.len(), 5);
    assert!(!items.1.is_empty());
}

#[tokio::test]
async fn a_delta_gives_what_changed_and_a_new_token() {
    let google = Google::with_events(3).await;
    let (items, token) = google.list_all(&[]).await;
    let id = items[0]["id"].as_str().unwrap();
    google.fake.patch_event(ADA, id, json!({ "summary": "Changed" }));
    google.fake.delete_event(ADA, items[1]["id"].as_str().unwrap());
    let (changed, next) = google.list_all(&[("syncToken", &token)]).await;
    assert_eq!(changed.len(), 2);
    assert_eq!(changed[0]["summary"], "Changed");
    assert_eq!(changed[1]["status"], "cancelled");
    assert!(
        changed[1].get("summary").is_none(),
        "a cancelled event has little more than its id: {}",
        changed[1]
    );
    let (nothing, _) = google.list_all(&[("syncToken", &next)]).await;
    assert!(nothing.is_empty());
}

#[tokio::test]
async fn the_pages_of_a_delta_want_the_same_sync_token_again() {
    let google = Google::with_events(0).await;
    let (_, token) = google.list_all(&[]).await;
    for number in 0..3 {
        google.fake.create_event(ADA, timed(&format!("later{number}"), number));
    }
    let page = google.list(&[("syncToken", &token), ("maxResults", "2")]).await;
    let next = page["nextPageToken"].as_str().unwrap();
    google.refused(&[("pageToken", next)], 400, "invalidParameter").await;
    let rest = google.list(&[("syncToken", &token), ("pageToken", next)]).await;
    assert_eq!(rest["items"].as_array().unwrap().len(), 1);
    assert!(rest["nextSyncToken"].is_string());
}

#[tokio::test]
async fn an_event_changed_while_paging_is_not_lost_between_pages_and_delta() {
    let google = Google::with_events(4).await;
    let first = google.list(&[("maxResults", "2")]).await;
    let last = google.fake.snapshot(ADA)[3]["id"].as_str().unwrap().to_owned();
    google.fake.patch_event(ADA, &last, json!({ "summary": "Moved to the end" }));
    let second =
        google.list(&[("maxResults", "2"), ("pageToken", first["nextPageToken"].as_str().unwrap())]).await;
    assert_eq!(second["items"].as_array().unwrap().len(), 1);
    let (delta, _) = google.list_all(&[("syncToken", second["nextSyncToken"].as_str().unwrap())]).await;
    assert_eq!(delta[0]["summary"], "Moved to the end");
}

#[tokio::test]
async fn parameters_google_refuses_with_a_sync_token_are_400() {
    let google = Google::with_events(1).await;
    let (_, token) = google.list_all(&[]).await;
    for (name, value) in [
        ("iCalUID", "x"),
        ("orderBy", "updated"),
        ("privateExtendedProperty", "a=b"),
        ("q", "x"),
        ("sharedExtendedProperty", "a=b"),
        ("timeMin", "2026-01-01T00:00:00Z"),
        ("timeMax", "2026-01-01T00:00:00Z"),
        ("updatedMin", "2026-01-01T00:00:00Z"),
        ("showDeleted", "false"),
        ("singleEvents", "true"),
    ] {
        google.refused(&[("syncToken", &token), (name, value)], 400, "invalidParameter").await;
    }
}

#[tokio::test]
async fn an_expired_sync_token_is_410_full_sync_required() {
    let google = Google::with_events(1).await;
    let (_, token) = google.list_all(&[]).await;
    google.fake.expire_sync_tokens(ADA);
    google.refused(&[("syncToken", &token)], 410, "fullSyncRequired").await;
    assert_eq!(google.list_all(&[]).await.0.len(), 1);
}

#[tokio::test]
async fn a_fault_can_expire_the_sync_token_on_any_page() {
    let google = Google::with_events(5).await;
    google.fake.fault(Fault::once("events.list", FaultKind::ExpireSyncToken).on_page(2));
    let first = google.list(&[("maxResults", "2")]).await;
    let next = first["nextPageToken"].as_str().unwrap();
    google.refused(&[("maxResults", "2"), ("pageToken", next)], 410, "fullSyncRequired").await;
}

#[tokio::test]
async fn page_tokens_can_repeat_expire_or_lead_over_an_empty_page() {
    let google = Google::with_events(3).await;
    google.fake.fault(Fault::always("events.list", FaultKind::RepeatPageToken));
    let first = google.list(&[]).await;
    let token = first["nextPageToken"].as_str().unwrap();
    let again = google.list(&[("pageToken", token)]).await;
    assert_eq!(again["nextPageToken"], token);
    google.fake.clear_faults();
    google.fake.fault(Fault::once("events.list", FaultKind::ExpirePageToken));
    google.refused(&[("pageToken", token)], 400, "invalidParameter").await;
    google.fake.fault(Fault::once("events.list", FaultKind::EmptyPage));
    let (items, token) = google.list_all(&[]).await;
    assert_eq!((items.len(), token.is_empty()), (3, false));
}

#[tokio::test]
async fn the_calendar_list_syncs_by_a_token_of_its_own() {
    let google = Google::with_events(0).await;
    let list = google.get("/users/me/calendarList", &[]).await.ok();
    let token = list["nextSyncToken"].as_str().unwrap().to_owned();
    google.fake.add_calendar(ADA, "team@group.calendar.google.com", "Team", "Asia/Tokyo");
    let delta = google.get("/users/me/calendarList", &[("syncToken", &token)]).await.ok();
    assert_eq!(delta["items"][0]["summary"], "Team");
    google.fake.expire_list_sync_tokens(ADA);
    google.get("/users/me/calendarList", &[("syncToken", &token)]).await.refused(410, "fullSyncRequired");
    let answer =
        google.get("/users/me/calendarList", &[("syncToken", &token), ("minAccessRole", "owner")]).await;
    answer.refused(400, "invalidParameter");
}

#[tokio::test]
async fn time_bounds_are_exclusive_and_want_an_offset() {
    let google = Google::with_events(0).await;
    google.fake.create_event(
        ADA,
        json!({ "id": "onehour", "start": { "dateTime": "2026-05-04T10:00:00Z" }, "end": { "dateTime": "2026-05-04T11:00:00Z" } }),
    );
    let count = |page: Value| page["items"].as_array().unwrap().len();
    assert_eq!(count(google.list(&[("timeMin", "2026-05-04T11:00:00Z")]).await), 0);
    assert_eq!(count(google.list(&[("timeMin", "2026-05-04T10:59:59Z")]).await), 1);
    assert_eq!(count(google.list(&[("timeMax", "2026-05-04T10:00:00Z")]).await), 0);
    assert_eq!(count(google.list(&[("timeMax", "2026-05-04T10:00:01Z")]).await), 1);
    google.refused(&[("timeMin", "2026-05-04T10:00:00")], 400, "invalidParameter").await;
    let empty = [("timeMin", "2026-05-04T10:00:00Z"), ("timeMax", "2026-05-04T10:00:00Z")];
    google.refused(&empty, 400, "timeRangeEmpty").await;
    google.refused(&[("timeZnoe", "UTC")], 400, "invalidParameter").await;
    google.refused(&[("orderBy", "startTime")], 400, "invalidParameter").await;
}
