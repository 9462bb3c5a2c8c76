//! What Google's refusals mean.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::time::Duration;

use bytes::Bytes;
use http::{Response, header};
use theo_calendar::{
    Error,
    ErrorKind::{self, *},
    google::{Operation, error_from_response},
    testing::FakeClock,
    time::Clock,
};

fn error(operation: Operation, status: u16, body: &str) -> Error {
    let response = Response::builder().status(status).body(Bytes::copy_from_slice(body.as_bytes())).unwrap();
    error_from_response(operation, &response, FakeClock::default().now())
}

fn api(status: u16, reason: &str) -> ErrorKind {
    let body =
        format!(r#"{{"error": {{"code": {status}, "message": "M", "errors": [{{"reason": "{reason}"}}]}}}}"#);
    let error = error(Operation::EventsGet, status, &body);
    assert_eq!(error.reason(), Some(reason));
    error.kind()
}

#[test]
fn the_reason_decides() {
    for (status, reason, kind) in [
        (400, "timeRangeEmpty", InvalidRequest),
        (400, "invalid", InvalidRequest),
        (400, "required", InvalidRequest),
        (400, "pushNotSupportedForRequestedResource", PushRefused),
        (401, "authError", Unauthorized),
        (403, "userRateLimitExceeded", RateLimited),
        (403, "rateLimitExceeded", RateLimited),
        (403, "quotaExceeded", QuotaExceeded),
        (403, "dailyLimitExceeded", QuotaExceeded),
        (403, "insufficientPermissions", ScopeMissing),
        (403, "ACCESS_TOKEN_SCOPE_INSUFFICIENT", ScopeMissing),
        (403, "forbiddenForNonOrganizer", Forbidden),
        (403, "forbidden", Forbidden),
        (404, "notFound", NotFound),
        (409, "duplicate", AlreadyExists),
        (410, "fullSyncRequired", SyncTokenExpired),
        (410, "updatedMinTooLongAgo", SyncTokenExpired),
        (410, "deleted", Deleted),
        (412, "conditionNotMet", PreconditionFailed),
        (429, "rateLimitExceeded", RateLimited),
        (429, "quotaExceeded", QuotaExceeded),
        (500, "backendError", Unavailable),
        (503, "backendError", Unavailable),
    ] {
        assert_eq!(api(status, reason), kind, "{status} {reason}");
    }
}

#[test]
fn without_a_reason_the_status_decides_and_for_410_what_was_asked() {
    for body in ["", "<html>Gone</html>", "{}", r#"{"error": {}}"#, r#"{"error": null}"#, "[1"] {
        for (operation, status, kind) in [
            (Operation::EventsList, 410, SyncTokenExpired),
            (Operation::EventsDelete, 410, Deleted),
            (Operation::EventsGet, 302, InvalidRequest),
            (Operation::EventsGet, 400, InvalidRequest),
            (Operation::EventsGet, 401, Unauthorized),
            (Operation::EventsGet, 403, Forbidden),
            (Operation::EventsGet, 404, NotFound),
            (Operation::EventsInsert, 409, AlreadyExists),
            (Operation::EventsPatch, 412, PreconditionFailed),
            (Operation::EventsGet, 429, RateLimited),
            (Operation::EventsGet, 502, Unavailable),
        ] {
            assert_eq!(error(operation, status, body).kind(), kind, "{status} {body}");
        }
    }
}

#[test]
fn a_detail_says_more_than_the_older_list() {
    let body = r#"{"error": {"code": 403, "message": "Request had insufficient authentication scopes.",
        "errors": [{"reason": "forbidden"}], "status": "PERMISSION_DENIED",
        "details": [{"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "ACCESS_TOKEN_SCOPE_INSUFFICIENT"}]}}"#;

    assert!(error(Operation::EventsInsert, 403, body).needs_scope_upgrade());
}

#[test]
fn a_gone_grant_is_told_from_other_refusals_of_the_token_endpoint() {
    let body = r#"{"error": "invalid_grant", "error_description": "Token has been expired or revoked."}"#;
    let error = error(Operation::EventsGet, 400, body);

    assert_eq!(error.kind(), GrantRevoked);
    assert_eq!(
        error.to_string(),
        "events.get: the grant was revoked or ran out: ask the person to connect the account again (invalid_grant)"
    );
}

#[test]
fn googles_words_are_shown_but_not_without_end() {
    let body = format!(r#"{{"error": {{"message": "{}\nnext"}}}}"#, "ü".repeat(5000));
    let shown = error(Operation::EventsGet, 400, &body).to_string();

    assert!(shown.chars().count() < 260 && shown.ends_with("ü…"), "{shown}");
}

#[test]
fn the_wait_is_what_google_names_in_seconds_or_as_a_date() {
    let now = FakeClock::default().now();
    let wait = |headers: &[(header::HeaderName, &str)], body: &str| {
        let mut response = Response::builder().status(403);
        for (name, value) in headers {
            response = response.header(name, *value);
        }
        let response = response.body(Bytes::copy_from_slice(body.as_bytes())).unwrap();
        error_from_response(Operation::EventsGet, &response, now).retry_after()
    };
    let seconds = |seconds| Some(Duration::from_secs(seconds));

    assert_eq!(wait(&[(header::RETRY_AFTER, "30")], ""), seconds(30));
    assert_eq!(wait(&[(header::RETRY_AFTER, "Fri, 28 Mar 2025 09:01:00 GMT")], ""), seconds(60));
    assert_eq!(wait(&[(header::RETRY_AFTER, "Fri, 28 Mar 2025 08:00:00 GMT")], ""), seconds(0));
    let server_clock = (header::DATE, "Fri, 28 Mar 2025 10:00:00 GMT");
    assert_eq!(wait(&[server_clock, (header::RETRY_AFTER, "Fri, 28 Mar 2025 10:00:05 GMT")], ""), seconds(5));
    assert_eq!(wait(&[(header::RETRY_AFTER, "soon")], ""), None);
    assert_eq!(wait(&[], r#"{"error": {"errors": [{"reason": "quotaExceeded"}]}}"#), seconds(3600));
}

#[test]
fn recorded_refusals_mean_what_they_say() {
    let folder = std::env::var("THEO_GOOGLE_FIXTURES")
        .unwrap_or_else(|_| concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/google-fixtures").to_owned());
    if !std::path::Path::new(&folder).is_dir() {
        return;
    }
    for (file, status, kind) in [
        ("403_calendar_rate_limit", 403, QuotaExceeded),
        ("403_daily_limit", 403, QuotaExceeded),
        ("403_forbidden", 403, Forbidden),
        ("403_rate_limit", 403, RateLimited),
        ("403_user_rate_limit", 403, RateLimited),
        ("404", 404, NotFound),
        ("409", 409, AlreadyExists),
        ("410", 410, Deleted),
    ] {
        let body = std::fs::read_to_string(format!("{folder}/northworld.{file}.json")).unwrap();
        assert_eq!(error(Operation::EventsList, status, &body).kind(), kind, "{file}");
    }
}
