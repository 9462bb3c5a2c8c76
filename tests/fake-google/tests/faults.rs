//! What tests can break, and the books by which they prove what happened.
#![allow(clippy::unwrap_used)]

#[path = "support/google.rs"]
mod google;

use chrono::TimeDelta;
use fake_google::{Config, Fault, FaultKind, Generate, QuotaLimits};
use google::{ADA, Google, timed};
use serde_json::json;

const EVENTS: &str = "/calendars/primary/events";

fn status(status: u16, reason: &str) -> FaultKind {
    FaultKind::Status { status, reason: reason.to_owned(), retry_after: Some(7) }
}

#[tokio::test]
async fn a_status_is_answered_as_often_as_asked() {
    let google = Google::with_events(0).await;
    google.fake.fault(Fault::times("events.list", 2, status(403, "userRateLimitExceeded")).after(1));
    google.list(&[]).await;
    for _ in 0..2 {
        let answer = google.get(EVENTS, &[]).await;
        assert_eq!(answer.headers["retry-after"], "7");
        assert_eq!(answer.body["error"]["errors"][0]["domain"], "usageLimits");
        answer.refused(403, "userRateLimitExceeded");
    }
    google.list(&[]).await;
    assert_eq!(google.fake.requests("events.list"), 4);
}

#[tokio::test]
async fn a_connection_dropped_before_has_no_effect_and_after_has_one() {
    let google = Google::with_events(0).await;
    google.fake.fault(Fault::once("events.insert", FaultKind::DropBefore));
    let sent = google.request(reqwest::Method::POST, EVENTS, &[]).json(&timed("abcde", 0)).send().await;
    assert!(sent.is_err());
    assert!(google.fake.event(ADA, "abcde").is_none());
    google.fake.fault(Fault::once("events.insert", FaultKind::DropAfter));
    let sent = google.request(reqwest::Method::POST, EVENTS, &[]).json(&timed("abcde", 0)).send().await;
    assert!(sent.is_err());
    assert_eq!(google.fake.effects_on(ADA, "abcde"), 1);
    let log = google.fake.request_log();
    assert_eq!(
        log.last().map(|request| (request.operation.as_str(), request.status)),
        Some(("events.insert", None))
    );
}

#[tokio::test]
async fn bodies_can_end_in_the_middle() {
    let google = Google::with_events(5).await;
    google.fake.fault(Fault::once("events.list", FaultKind::TruncateBody));
    let response = google.request(reqwest::Method::GET, EVENTS, &[]).send().await.unwrap();
    assert_eq!(response.status(), 200);
    assert!(response.bytes().await.is_err());
    google.fake.fault(Fault::once("events.list", FaultKind::TruncateGzip));
    let response = google.request(reqwest::Method::GET, EVENTS, &[]).send().await.unwrap();
    assert!(response.bytes().await.is_err());
}

#[tokio::test]
async fn two_events_can_share_an_id_when_told_so() {
    let google = Google::with_events(0).await;
    google.post(EVENTS, &[], timed("abcde", 0)).await.ok();
    google.fake.fault(Fault::once("events.insert", FaultKind::AcceptDuplicate));
    google.post(EVENTS, &[], timed("abcde", 1)).await.ok();
    assert_eq!(google.list_all(&[]).await.0.len(), 2);
    assert_eq!(google.fake.effects_on(ADA, "abcde"), 2);
}

#[tokio::test]
async fn a_grant_revoked_on_a_page_is_401_from_there_on() {
    let google = Google::with_events(3).await;
    google.fake.fault(Fault::once("events.list", FaultKind::RevokeGrant).on_page(2));
    let page = google.list(&[("maxResults", "1")]).await;
    let query = [("maxResults", "1"), ("pageToken", page["nextPageToken"].as_str().unwrap())];
    google.refused(&query, 401, "authError").await;
    google.refused(&[], 401, "authError").await;
}

#[tokio::test]
async fn scopes_and_expiry_of_tokens_are_enforced() {
    let mut google = Google::with_events(0).await;
    google.token = google.fake.token(ADA, &["calendar.events"]);
    google.list(&[]).await;
    let answer = google.get("/users/me/calendarList", &[]).await;
    assert_eq!(answer.body["error"]["details"][0]["reason"], "ACCESS_TOKEN_SCOPE_INSUFFICIENT");
    answer.refused(403, "insufficientPermissions");
    google.token = google.fake.token(ADA, &["calendar.readonly"]);
    google.post(EVENTS, &[], timed("abcde", 0)).await.refused(403, "insufficientPermissions");
    google.token = google.fake.expiring_token(ADA, &["calendar"], TimeDelta::hours(1));
    google.list(&[]).await;
    google.fake.advance(TimeDelta::hours(2));
    google.refused(&[], 401, "authError").await;
}

#[tokio::test]
async fn one_person_sees_nothing_of_another() {
    let mut google = Google::with_events(1).await;
    google.fake.add_person("bea@example.com", "UTC");
    google.token = google.fake.token("bea@example.com", &["calendar"]);
    assert!(google.list_all(&[]).await.0.is_empty());
    google.get("/calendars/ada%40example.com/events", &[]).await.refused(404, "notFound");
    google.fake.share(ADA, "bea@example.com", "reader");
    google.get("/calendars/ada%40example.com/events", &[]).await.ok();
    let path = "/calendars/ada%40example.com/events";
    google.post(path, &[], timed("abcde", 0)).await.refused(403, "requiredAccessLevel");
    google.fake.share(ADA, "bea@example.com", "freeBusyReader");
    let page = google.get(path, &[]).await.ok();
    assert!(page["items"][0].get("summary").is_none());
    google.fake.unshare(ADA, "bea@example.com");
    google.get(path, &[]).await.refused(404, "notFound");
    let list = google.get("/users/me/calendarList", &[]).await.ok();
    assert_eq!(list["items"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn quotas_slide_with_the_clock() {
    let google = Google::with_events(0).await;
    google.fake.set_quota(QuotaLimits { per_user: Some(2), per_project: None, as_429: false });
    google.list(&[]).await;
    google.list(&[]).await;
    google.refused(&[], 403, "userRateLimitExceeded").await;
    google.fake.advance(TimeDelta::seconds(61));
    google.list(&[]).await;
}

#[tokio::test]
async fn six_thousand_events_are_listed_in_pages_of_at_most_2500() {
    let generate = Generate { calendars: 1, events: 6_000, ..Generate::default() };
    let google = Google::with_config(Config::new().generate(generate), 0).await;
    let started = std::time::Instant::now();
    let (items, token) = google.list_all(&[("maxResults", "2500")]).await;
    println!("{} events and cancelled occurrences listed in {:?}", items.len(), started.elapsed());
    assert_eq!(items.iter().filter(|event| event["status"] != "cancelled").count(), 6_000);
    assert_eq!(google.fake.requests("events.list"), 3);
    let started = std::time::Instant::now();
    assert!(google.list_all(&[("syncToken", &token)]).await.0.is_empty());
    println!("an empty delta took {:?}", started.elapsed());
}

#[tokio::test]
async fn the_control_api_steers_over_http_what_the_handle_steers_in_process() {
    let google = Google::with_events(1).await;
    let control = |action: &str| format!("{}/_control/{action}", google.fake.url());
    let say = async |action: &str, body: serde_json::Value| {
        let answer = google.http.post(control(action)).json(&body).send().await.unwrap();
        assert!(answer.status().is_success(), "{action}: {}", answer.text().await.unwrap());
        answer.json::<serde_json::Value>().await.unwrap()
    };
    let fault = json!({ "operation": "*", "kind": "status", "status": 429, "reason": "rateLimitExceeded", "times": 1 });
    say("faults", fault).await;
    google.refused(&[], 429, "rateLimitExceeded").await;
    say("patch-event", json!({ "calendar": ADA, "id": "event0", "patch": { "summary": "By hand" } })).await;
    let token = say("token", json!({ "person": ADA, "scopes": ["calendar.readonly"] })).await;
    assert!(token["accessToken"].is_string());
    let now = say("clock", json!({ "now": "2026-01-01T00:00:00Z", "seconds": 60 })).await;
    assert!(now["now"].as_str().unwrap().starts_with("2026-01-01T00:01:00"), "{now}");
    let read = async |path: &str| {
        google.http.get(control(path)).send().await.unwrap().json::<serde_json::Value>().await.unwrap()
    };
    assert_eq!(read("snapshot/ada@example.com").await[0]["summary"], "By hand");
    assert_eq!(read("counters").await["requests"]["events.list"], 1);
    assert_eq!(read("requests").await[0]["status"], 429);
    let wrong = google.http.post(control("no-such-thing")).send().await.unwrap();
    assert_eq!(wrong.status(), 404);
}
