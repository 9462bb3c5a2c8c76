//! A page with a bad event, a page cut short, and listings that never end.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use futures_util::{StreamExt, TryStreamExt};
use theo_calendar::{
    ErrorKind,
    auth::StaticToken,
    client::{AccountClient, CalendarClient},
    google::{CalendarListView, EventsResponse, EventsSync, EventsView},
    id::AccountKey,
    testing::{Discovery, FakeClock, FakeTimer, ScriptedHttp, ValidatingClient},
};

fn page(bad: &str) -> String {
    format!(
        r#"{{"kind": "calendar#events", "timeZone": "Europe/Berlin", "accessRole": "owner", "nextSyncToken": "t",
        "defaultReminders": [{{"method": "popup", "minutes": 10}}], "later": 1.0,
        "items": [{{"id": "a"}}, {bad}, {{"id": "b", "summary": "after"}}]}}"#
    )
}

#[test]
fn one_event_that_cannot_be_mapped_is_kept_raw_and_the_others_are_unharmed() {
    for (bad, reason) in [
        (r#"{"id": "x", "summary": "\ud800"}"#, "hex escape"),
        (r#"{"id": "x", "sequence": "three"}"#, "i32"),
        (r#"{"id": "x", "sequence": 1e400}"#, "number"),
        (r#"{"id": "x", "start": {"date": "2025-03-28", "dateTime": "2025-03-28T10:00:00Z"}}"#, "both"),
        (r#"{"id": "x", "start": {}}"#, "neither"),
        (r#"{"id": "x", "updated": "yesterday"}"#, "RFC 3339"),
        (r#"{"id": "x", "attendees": {}}"#, "sequence"),
    ] {
        let page = EventsResponse::parse(page(bad).as_bytes()).unwrap();

        let ids: Vec<_> = page.events.iter().map(|event| event.id.as_str()).collect();
        assert_eq!(ids, ["a", "b"]);
        assert_eq!(page.quarantined[0].raw.as_str(), bad);
        assert_eq!((page.quarantined[0].index, &page.quarantined[0].id), (1, &Some("x".into())));
        assert!(page.quarantined[0].reason.contains(reason), "{}", page.quarantined[0].reason);
        assert_eq!(page.next_sync_token, Some("t".into()));
        assert_eq!(page.time_zone.as_deref(), Some("Europe/Berlin"));
        assert_eq!(page.default_reminders.len(), 1);
        assert_eq!(page.unknown.field("later"), Some("1.0"));
    }
}

#[test]
fn an_item_that_is_no_event_at_all_has_no_id() {
    for bad in ["null", "7", "[]", r#"{"summary": "nameless"}"#, r#"{"id": 7}"#] {
        let page = EventsResponse::parse(page(bad).as_bytes()).unwrap();
        assert_eq!((page.events.len(), &page.quarantined[0].id), (2, &None), "{bad}");
    }
}

#[test]
fn bytes_that_are_no_utf_8_cost_only_the_event_they_are_in() {
    let body = page(r#"{"id": "x", "summary": "caf#"}"#).replace('#', "\u{1}").into_bytes();
    let body: Vec<u8> = body.into_iter().map(|byte| if byte == 1 { 0xe9 } else { byte }).collect();

    let page = EventsResponse::parse(&body).unwrap();

    assert_eq!(page.events.len(), 2);
    assert_eq!(page.quarantined[0].reason, "is not UTF-8");
}

#[test]
fn a_page_cut_short_is_not_used_at_all() {
    let whole = page(r#"{"id": "x", "summary": "é \ud83d\ude00"}"#).into_bytes();
    EventsResponse::parse(&whole).unwrap();
    for length in 0..whole.len() {
        let error = EventsResponse::parse(&whole[..length]).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::MalformedResponse, "{length}");
    }
    for garbage in ["<html></html>", "[]", "{}", "null", r#"{"items": {}}"#, r#"{"error": {"code": 500}}"#] {
        assert!(EventsResponse::parse(garbage.as_bytes()).is_err(), "{garbage}");
    }
}

fn ada(http: &ScriptedHttp) -> AccountClient {
    let clock = FakeClock::default();
    let timer = FakeTimer::new(&clock);
    let http = ValidatingClient::new(http.clone(), Discovery::load().unwrap());
    let client =
        CalendarClient::builder(http, StaticToken::new("secret"), clock, timer).limits(None).build().unwrap();
    client.for_account(&AccountKey::new("ada", "ada@example.com"))
}

#[tokio::test]
async fn a_stream_brings_every_page_empty_ones_too_and_repeats_the_sync_token_with_each() {
    let http = ScriptedHttp::default();
    http.answer(200, r#"{"items": [{"id": "a"}], "nextPageToken": "2"}"#)
        .answer(200, r#"{"items": [], "nextPageToken": "3"}"#)
        .answer(200, r#"{"items": [{"id": "b"}, {"id": 5}], "nextSyncToken": "t"}"#);
    let query = EventsSync::default().since("before");

    let events: Vec<_> = ada(&http).events("primary".into(), query.into()).try_collect().await.unwrap();

    let ids: Vec<_> =
        events.iter().map(|event| event.as_ref().map(|event| event.id.to_string()).ok()).collect();
    assert_eq!(ids, [Some("a".to_owned()), Some("b".to_owned()), None]);
    let queries: Vec<_> =
        http.requests().iter().map(|request| request.uri().query().unwrap().to_owned()).collect();
    assert!(queries.iter().all(|query| query.contains("syncToken=before")), "{queries:?}");
    assert!(queries[2].ends_with("&pageToken=3"), "{queries:?}");
}

#[tokio::test]
async fn a_listing_that_names_the_same_page_for_ever_ends_in_an_error() {
    let http = ScriptedHttp::default();
    http.always(200, r#"{"items": [{"id": "a"}], "nextPageToken": "2"}"#);

    let stream = ada(&http).calendars(CalendarListView::default().into());
    let found: Vec<_> = stream.collect().await;

    assert_eq!(found.last().unwrap().as_ref().unwrap_err().kind(), ErrorKind::MalformedResponse);
    assert_eq!(http.requests().len(), 2);
}

#[tokio::test]
async fn a_stream_asks_for_a_page_only_when_it_is_wanted() {
    let http = ScriptedHttp::default();
    http.always(200, r#"{"items": [{"id": "a"}, {"id": "b"}], "nextPageToken": "2"}"#);

    let stream = ada(&http).events("primary".into(), EventsView::default().into());
    let first: Vec<_> = stream.take(2).collect().await;

    assert_eq!((first.len(), http.requests().len()), (2, 1));
}
