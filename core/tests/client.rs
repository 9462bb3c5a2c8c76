//! What a client sends, retries, refuses and reports.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use http::{Response, header};
use theo_calendar::{
    ErrorKind,
    auth::{AccessToken, Freshness, StaticToken, TokenProvider, scope},
    client::{AccountClient, CalendarClient, RateLimits, RetryPolicy},
    google::{DeleteEvent, EventBody, EventsSync, InsertEvent, PatchEvent},
    http::HttpError,
    id::{AccountKey, CalendarId},
    model::EventDraft,
    testing::{Discovery, FakeClock, FakeTimer, ScriptedHttp, ValidatingClient},
    time::EventTime,
};

const LUNCH: &str = r#"{"id": "lunch", "summary": "Lunch"}"#;
const RATE_LIMITED: &str = r#"{"error": {"code": 403, "errors": [{"reason": "userRateLimitExceeded"}]}}"#;

struct Desk {
    http: ScriptedHttp,
    timer: FakeTimer,
    ada: AccountClient,
}

fn desk() -> Desk {
    desk_with(StaticToken::new("secret"), RetryPolicy::default())
}

fn desk_with(tokens: StaticToken, retry: RetryPolicy) -> Desk {
    let (http, clock) = (ScriptedHttp::default(), FakeClock::default());
    let timer = FakeTimer::new(&clock);
    let client = CalendarClient::builder(checked(&http), tokens, clock, timer.clone())
        .retry(retry)
        .build()
        .expect("a complete builder");
    let ada = client.for_account(&AccountKey::new("ada", "ada@example.com"));
    Desk { http, timer, ada }
}

/// Answers from `http`, to requests that Google's discovery document allows.
fn checked(http: &ScriptedHttp) -> ValidatingClient<ScriptedHttp> {
    ValidatingClient::new(http.clone(), Discovery::load().expect("a valid time"))
}

fn primary() -> CalendarId {
    "primary".into()
}

fn lunch() -> EventDraft {
    let at =
        |text: &str| EventTime::at(text.parse::<chrono::DateTime<chrono::Utc>>().expect("an RFC 3339 time"));
    EventDraft::new("Lunch", at("2025-03-28T12:00:00Z"), at("2025-03-28T13:00:00Z"))
}

#[tokio::test]
async fn a_read_is_tried_again_after_a_server_error() {
    let desk = desk();
    desk.http.answer(503, "").answer(200, LUNCH);

    let event = desk.ada.event(&primary(), &"lunch".into()).await.unwrap();

    assert_eq!(event.summary.as_deref(), Some("Lunch"));
    assert_eq!(desk.http.requests().len(), 2);
    assert!(desk.timer.waited() <= Duration::from_millis(500));
}

#[tokio::test]
async fn an_insert_without_an_id_is_sent_once_when_its_answer_is_lost() {
    let desk = desk();
    desk.http.hang();

    let error = desk.ada.insert_event(&InsertEvent::new("primary", lunch())).await.unwrap_err();

    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert!(error.is_ambiguous());
    assert_eq!(desk.http.requests().len(), 1);
}

#[tokio::test]
async fn an_insert_that_google_refused_for_its_rate_is_safe_to_send_again() {
    let desk = desk();
    desk.http.answer(403, RATE_LIMITED).answer(200, LUNCH);

    let reply = desk.ada.insert_event(&InsertEvent::new("primary", lunch())).await.unwrap();

    assert!(!reply.retried_in_doubt);
    assert_eq!(desk.http.requests().len(), 2);
}

#[tokio::test]
async fn an_insert_with_its_own_id_is_tried_again_and_says_that_there_was_doubt() {
    let desk = desk();
    desk.http.fail(HttpError::interrupted("reset")).answer(200, LUNCH);
    let insert = InsertEvent { id: Some("lunch".into()), ..InsertEvent::new("primary", lunch()) };

    let reply = desk.ada.insert_event(&insert).await.unwrap();

    assert!(reply.retried_in_doubt);
}

#[tokio::test]
async fn a_refusal_after_a_lost_answer_leaves_the_doubt() {
    let desk = desk();
    desk.http.answer(503, "").answer(412, r#"{"error": {"errors": [{"reason": "conditionNotMet"}]}}"#);
    let mut body = EventBody::default();
    body.set("summary", &"Lunch").unwrap();
    let patch = PatchEvent { if_match: Some("\"1\"".into()), ..PatchEvent::new("primary", "lunch", body) };

    let error = desk.ada.patch_event(&patch).await.unwrap_err();

    assert_eq!(error.kind(), ErrorKind::PreconditionFailed);
    assert!(error.is_ambiguous(), "the first attempt may have been what changed the event");
}

#[tokio::test]
async fn a_connection_never_made_leaves_no_doubt_and_is_tried_again_even_for_a_write_that_counts() {
    let desk =
        desk_with(StaticToken::new("secret"), RetryPolicy { max_retries: 1, ..RetryPolicy::default() });
    desk.http.fail(HttpError::unreachable("no route")).fail(HttpError::unreachable("no route"));

    let error = desk.ada.insert_event(&InsertEvent::new("primary", lunch())).await.unwrap_err();

    assert_eq!(error.kind(), ErrorKind::Connection);
    assert!(!error.is_ambiguous());
    assert_eq!(desk.http.requests().len(), 2);
}

#[tokio::test]
async fn google_is_not_asked_again_before_the_time_it_named() {
    let desk = desk();
    let slow = Response::builder().status(429).header(header::RETRY_AFTER, "7").body(Bytes::new()).unwrap();
    desk.http.answer_with(slow).answer(200, LUNCH);

    desk.ada.event(&primary(), &"lunch".into()).await.unwrap();

    assert!(desk.timer.waited() >= Duration::from_secs(7));
}

#[tokio::test]
async fn a_wait_longer_than_the_call_may_take_is_left_to_the_caller() {
    let desk = desk();
    let slow = Response::builder().status(429).header(header::RETRY_AFTER, "600").body(Bytes::new()).unwrap();
    desk.http.answer_with(slow);

    let error = desk.ada.event(&primary(), &"lunch".into()).await.unwrap_err();

    assert_eq!(error.retry_after(), Some(Duration::from_secs(600)));
    assert_eq!(desk.timer.waited(), Duration::ZERO);
}

#[tokio::test]
async fn a_storm_of_refusals_costs_at_most_a_tenth_more_than_the_requests_made() {
    for (status, body) in [(429, ""), (403, RATE_LIMITED), (503, "")] {
        let (http, clock) = (ScriptedHttp::default(), FakeClock::default());
        http.always(status, body);
        let timer = FakeTimer::new(&clock);
        let client = CalendarClient::builder(checked(&http), StaticToken::new("secret"), clock, timer)
            .limits(None)
            .build()
            .unwrap();
        let calls = 1000;

        for caller in 0..calls {
            let account = AccountKey::new(format!("user{}", caller % 7), "ada@example.com");
            client.for_account(&account).event(&primary(), &"lunch".into()).await.unwrap_err();
        }

        let attempts = http.requests().len();
        assert!(attempts * 10 <= calls * 11, "{attempts} attempts for {calls} calls at status {status}");
    }
}

#[tokio::test]
async fn attempts_are_bounded_when_every_body_is_cut_short() {
    let desk = desk();
    desk.http.always(200, r#"{"items": [{"id": "lun"#);

    let error = desk.ada.events_page(&primary(), &EventsSync::default().into(), None).await.unwrap_err();

    assert_eq!(error.kind(), ErrorKind::MalformedResponse);
    assert_eq!(error.operation(), Some("events.list"));
    assert_eq!(desk.http.requests().len(), 4);
}

#[tokio::test]
async fn a_grant_that_lacks_the_scope_is_refused_before_anything_is_sent() {
    let tokens = StaticToken::new("secret").with_scopes([scope::CALENDAR_READONLY]);
    let desk = desk_with(tokens, RetryPolicy::default());

    let error = desk.ada.delete_event(&DeleteEvent::new("primary", "lunch")).await.unwrap_err();

    assert_eq!(error.kind(), ErrorKind::ScopeMissing);
    assert!(error.to_string().contains(scope::EVENTS), "{error}");
    assert!(!error.is_ambiguous());
    assert!(desk.http.requests().is_empty());
}

#[tokio::test]
async fn events_alone_open_neither_the_list_of_calendars_nor_free_busy() {
    let desk = desk_with(StaticToken::new("secret").with_scopes([scope::EVENTS]), RetryPolicy::default());

    let error =
        desk.ada.calendar_list_page(&theo_calendar::google::CalendarListSync::default().into(), None).await;

    assert_eq!(error.unwrap_err().kind(), ErrorKind::ScopeMissing);
    desk.http.answer(200, LUNCH);
    desk.ada.event(&primary(), &"lunch".into()).await.unwrap();
}

#[tokio::test]
async fn a_refused_token_that_cannot_be_renewed_is_an_error_after_one_request() {
    let desk = desk();
    desk.http.always(401, r#"{"error": {"code": 401, "errors": [{"reason": "authError"}]}}"#);

    let error = desk.ada.event(&primary(), &"lunch".into()).await.unwrap_err();

    assert_eq!(error.kind(), ErrorKind::Unauthorized);
    assert_eq!(desk.http.requests().len(), 1);
}

/// Hands out `old`, and `new` once that was refused.
struct Renewable;

#[async_trait::async_trait]
impl TokenProvider for Renewable {
    async fn access_token(&self, _: &AccountKey, freshness: Freshness) -> theo_calendar::Result<AccessToken> {
        let secret = if freshness == Freshness::Renewed { "new" } else { "old" };
        Ok(AccessToken { secret: secret.into(), scopes: None })
    }
}

#[tokio::test]
async fn a_refused_token_is_renewed_once_even_for_a_write_that_counts() {
    let (http, clock) = (ScriptedHttp::default(), FakeClock::default());
    let timer = FakeTimer::new(&clock);
    let client = CalendarClient::builder(checked(&http), Renewable, clock, timer).build().unwrap();
    let ada = client.for_account(&AccountKey::new("ada", "ada@example.com"));
    let insert = InsertEvent::new("primary", lunch());

    http.answer(401, "").answer(200, LUNCH);
    assert!(!ada.insert_event(&insert).await.unwrap().retried_in_doubt);
    http.answer(401, "").answer(401, "");
    let error = ada.insert_event(&insert).await.unwrap_err();

    assert_eq!(error.kind(), ErrorKind::Unauthorized);
    assert!(!error.is_ambiguous());
    let sent: Vec<_> =
        http.requests().iter().map(|request| request.headers()["authorization"].clone()).collect();
    assert_eq!(sent, ["Bearer old", "Bearer new", "Bearer old", "Bearer new"]);
}

#[test]
fn a_token_is_never_sent_in_clear_to_another_machine() {
    let (clock, http) = (FakeClock::default(), ScriptedHttp::default());
    let build = |root: &str| {
        let timer = FakeTimer::new(&clock);
        CalendarClient::builder(checked(&http), StaticToken::new("secret"), clock.clone(), timer)
            .base_url(root.parse().unwrap())
            .build()
    };

    for good in
        ["https://proxy.example.com/google", "http://127.0.0.1:8080", "http://[::1]:1", "http://localhost"]
    {
        assert!(build(good).is_ok(), "{good}");
    }
    for bad in [
        "http://www.googleapis.com",
        "http://127.0.0.1.example.com",
        "https://me@example.com",
        "ftp://localhost",
    ] {
        assert_eq!(build(bad).unwrap_err().kind(), ErrorKind::InvalidInput, "{bad}");
    }
}

#[tokio::test]
async fn callers_beyond_the_limit_wait_their_turn_and_no_minute_holds_more_than_its_limit() {
    let (http, clock) = (ScriptedHttp::default(), FakeClock::default());
    http.always(200, LUNCH);
    let timer = FakeTimer::new(&clock);
    let client = CalendarClient::builder(checked(&http), StaticToken::new("secret"), clock, timer.clone())
        .limits(RateLimits::google())
        .build()
        .unwrap();
    let ada = client.for_account(&AccountKey::new("ada", "ada@example.com"));

    for _ in 0..601 {
        ada.event(&primary(), &"lunch".into()).await.unwrap();
    }

    let waits = timer.waits();
    assert!(waits.len() == 1 && (60..=62).contains(&waits[0].as_secs()), "{waits:?}");
    assert_eq!(http.requests().len(), 601);
}

#[tokio::test]
async fn secrets_are_in_no_debug_output() {
    let desk = desk_with(StaticToken::new("canary-token"), RetryPolicy::default());
    desk.http.answer(200, LUNCH);
    desk.ada.event(&primary(), &"lunch".into()).await.unwrap();

    let shown = format!("{:?} {:?} {:?}", desk.ada, StaticToken::new("canary-token"), desk.http.requests());

    assert!(!shown.contains("canary-token"), "{shown}");
    assert_eq!(desk.http.requests()[0].headers()[header::AUTHORIZATION], "Bearer canary-token");
}

#[tokio::test]
async fn seams_may_be_shared() {
    let clock: Arc<dyn theo_calendar::time::Clock> = Arc::new(FakeClock::default());
    let http: Arc<dyn theo_calendar::http::HttpClient> = Arc::new(ScriptedHttp::default());
    let tokens: Arc<dyn TokenProvider> = Arc::new(StaticToken::new("secret"));
    let timer: Arc<dyn theo_calendar::time::Timer> = Arc::new(FakeTimer::new(&FakeClock::default()));

    assert!(CalendarClient::builder(http, tokens, clock, timer).build().is_ok());
}
