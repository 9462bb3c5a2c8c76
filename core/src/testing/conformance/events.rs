//! Events: what a page does, and how they are read.

#![allow(missing_docs, reason = "a case says in its name what it shows")]

use std::sync::Arc;

use super::scene::{
    Scene, assert_refused, at, cancelled, changed, exception, fence, master, one_off, unmappable,
};
use crate::{
    ErrorKind, Result,
    storage::{ChangeCursor, EventQuery, EventRow, Listing, Storage, SyncPage},
    sync::{SyncPhase, SyncResource},
    time::{EventTime, TimeRange},
};

pub async fn a_page_and_its_state_land_together(store: Arc<dyn Storage>) -> Result<()> {
    let scene = Scene::new(&store).await?;
    let mut page = scene.page(Listing::Full { first: true, last: false }, 1);
    page.events = vec![one_off("a", "Lunch", 0)];
    page.quarantined = vec![unmappable(&scene.calendar, Some("b"), "{}")?];
    page.state.phase = SyncPhase::FullPaging { page: Some("p2".into()), pages: 1 };

    let counts = store.commit_page(&page).await?;

    assert_eq!((counts.added, counts.quarantined), (1, 1));
    assert_eq!(scene.ids().await?, ["a"]);
    assert_eq!(store.quarantined(&scene.calendar.user).await?, page.quarantined);
    assert_eq!(store.sync_state(&page.state.resource).await?, Some(page.state));
    assert_eq!(scene.changes(ChangeCursor::default()).await?.len(), 1);
    Ok(())
}

pub async fn a_page_under_an_old_fence_stores_nothing(store: Arc<dyn Storage>) -> Result<()> {
    let scene = Scene::new(&store).await?;
    scene.bring(vec![one_off("kept", "Kept", 0)]).await?;
    let before = store.sync_state(&scene.state(0).resource).await?;
    let cursor = scene.cursor().await?;
    fence(&store, &scene.fence.name).await?;

    let mut page = scene.page(Listing::Full { first: true, last: true }, 9);
    page.events = vec![one_off("a", "Lunch", 0)];
    page.deletions = vec!["kept".into()];
    page.quarantined = vec![unmappable(&scene.calendar, Some("b"), "{}")?];
    assert_refused(store.commit_page(&page).await, ErrorKind::LeaseLost);

    assert_eq!(scene.ids().await?, ["kept"]);
    assert_eq!(store.quarantined(&scene.calendar.user).await?, []);
    assert_eq!(store.sync_state(&scene.state(0).resource).await?, before);
    assert_eq!(scene.cursor().await?, cursor);
    Ok(())
}

pub async fn a_page_for_a_calendar_that_is_not_mirrored_is_refused(store: Arc<dyn Storage>) -> Result<()> {
    let scene = Scene::new(&store).await?;
    let calendar = scene.account.calendar("gone@example.com");
    let resource = SyncResource::Events(calendar.clone());
    let fence = fence(&store, &resource.lease_name()).await?;
    let mut page = SyncPage { calendar, fence, ..scene.page(Listing::Delta, 0) };
    page.events = vec![one_off("a", "Lunch", 0)];
    page.state.resource = resource.clone();

    assert_refused(store.commit_page(&page).await, ErrorKind::NotFound);

    assert_eq!(store.sync_state(&resource).await?, None);
    assert_eq!(scene.changes(ChangeCursor::default()).await?, []);
    Ok(())
}

pub async fn a_page_with_the_state_of_another_resource_is_refused(store: Arc<dyn Storage>) -> Result<()> {
    let scene = Scene::new(&store).await?;
    let page = SyncPage {
        events: vec![one_off("a", "Lunch", 0)],
        state: scene.list_state(0),
        ..scene.page(Listing::Delta, 0)
    };

    assert_refused(store.commit_page(&page).await, ErrorKind::InvalidInput);

    assert!(scene.ids().await?.is_empty());
    Ok(())
}

pub async fn an_unchanged_row_is_not_touched_and_makes_no_change(store: Arc<dyn Storage>) -> Result<()> {
    let scene = Scene::new(&store).await?;
    let row = one_off("a", "Lunch", 0);
    scene.bring(vec![row.clone()]).await?;
    let cursor = scene.cursor().await?;

    let counts = scene.bring(vec![row]).await?;

    assert_eq!((counts.unchanged, counts.added, counts.updated), (1, 0, 0));
    assert_eq!(scene.changes(cursor).await?, []);
    Ok(())
}

pub async fn a_span_follows_its_calendars_zone_without_a_change(store: Arc<dyn Storage>) -> Result<()> {
    let scene = Scene::new(&store).await?;
    let row = one_off("a", "Holiday", 0);
    scene.bring(vec![row.clone()]).await?;
    let cursor = scene.cursor().await?;
    let span = Some(TimeRange::new(at(600), at(700))?);

    let counts = scene.bring(vec![EventRow { span, ..row }]).await?;

    assert_eq!((counts.unchanged, counts.updated), (1, 0));
    assert_eq!(store.event(&scene.calendar.event("a")).await?.span, span);
    assert_eq!(found(&scene, TimeRange::new(at(600), at(601))?).await?, ["a"]);
    assert!(found(&scene, TimeRange::new(at(0), at(30))?).await?.is_empty());
    assert_eq!(scene.changes(cursor).await?, []);
    Ok(())
}

pub async fn a_row_that_differs_is_updated(store: Arc<dyn Storage>) -> Result<()> {
    let scene = Scene::new(&store).await?;
    scene.bring(vec![one_off("a", "Lunch", 0)]).await?;

    let counts = scene.bring(vec![one_off("a", "Late lunch", 60)]).await?;

    assert_eq!((counts.updated, counts.added), (1, 0));
    let stored = store.event(&scene.calendar.event("a")).await?;
    assert_eq!(stored.event.summary.as_deref(), Some("Late lunch"));
    assert_eq!(stored.span, Some(TimeRange::new(at(60), at(90))?));
    Ok(())
}

pub async fn an_event_comes_back_as_it_was_stored(store: Arc<dyn Storage>) -> Result<()> {
    let scene = Scene::new(&store).await?;
    let json = r#"{"id":"a","etag":"\"1\"","status":"confirmed","summary":"Tea \ud83c\udf75","sequence":3,
        "start":{"dateTime":"2025-03-28T10:00:00.000+01:00","timeZone":"Europe/Berlin"},
        "end":{"dateTime":"2025-03-28T11:00:00+01:00"},"eventType":"seance",
        "attendees":[{"email":"bob@example.com","newField":[1, 2.50]}],"newField":{"b":1,"a":1e3}}"#;
    let event = Arc::new(serde_json::from_str(json).map_err(sample)?);

    scene.bring(vec![EventRow { event: Arc::clone(&event), span: None }]).await?;

    let stored = store.event(&scene.calendar.event("a")).await?;
    assert_eq!(stored.event, event);
    assert_eq!(stored.key, scene.calendar.event("a"));
    Ok(())
}

pub async fn an_exception_may_come_before_its_master(store: Arc<dyn Storage>) -> Result<()> {
    let scene = Scene::new(&store).await?;

    scene.bring(vec![exception("m", "m_1"), cancelled("m", "m_2")]).await?;
    scene.bring(vec![master("m")]).await?;

    assert_eq!(scene.ids().await?, ["m", "m_1", "m_2"]);
    Ok(())
}

pub async fn deleting_a_master_takes_its_exceptions(store: Arc<dyn Storage>) -> Result<()> {
    let scene = Scene::new(&store).await?;
    let other = [exception("m2", "m2_1"), master("m2")];
    scene
        .bring([vec![master("m"), exception("m", "m_1"), cancelled("m", "m_2")], other.into()].concat())
        .await?;
    let cursor = scene.cursor().await?;

    let counts = scene.take(&["m"]).await?;

    assert_eq!(counts.deleted, 3);
    assert_eq!(scene.ids().await?, ["m2", "m2_1"]);
    let changes = scene.changes(cursor).await?;
    let mut gone: Vec<&str> = changes.iter().map(|change| change.key.event.as_str()).collect();
    gone.sort_unstable();
    assert_eq!(gone, ["m", "m_1", "m_2"]);
    assert!(changes.iter().all(|change| change.event.is_none()));
    Ok(())
}

pub async fn deleting_a_master_that_never_came_takes_its_exceptions(store: Arc<dyn Storage>) -> Result<()> {
    let scene = Scene::new(&store).await?;
    scene.bring(vec![exception("m", "m_1"), one_off("a", "Lunch", 0)]).await?;

    scene.take(&["m"]).await?;

    assert_eq!(scene.ids().await?, ["a"]);
    Ok(())
}

pub async fn deleting_what_is_not_there_changes_nothing(store: Arc<dyn Storage>) -> Result<()> {
    let scene = Scene::new(&store).await?;

    let counts = scene.take(&["nowhere"]).await?;

    assert_eq!(counts.deleted, 0);
    assert_eq!(scene.changes(ChangeCursor::default()).await?, []);
    assert_refused(store.event(&scene.calendar.event("nowhere")).await, ErrorKind::NotFound);
    Ok(())
}

pub async fn events_come_by_start_then_id_and_those_without_one_last(store: Arc<dyn Storage>) -> Result<()> {
    let scene = Scene::new(&store).await?;
    let rows = vec![master("a"), one_off("c", "C", 30), one_off("b", "B", 30), one_off("d", "D", 0)];
    scene.bring(rows).await?;
    let user = &scene.calendar.user;

    let ids = async |query: EventQuery| -> Result<Vec<String>> {
        Ok(store.events(user, &query).await?.iter().map(|found| found.key.event.to_string()).collect())
    };

    assert_eq!(ids(EventQuery::default()).await?, ["d", "b", "c", "a"]);
    assert_eq!(ids(EventQuery { offset: 1, limit: Some(2), ..EventQuery::default() }).await?, ["b", "c"]);
    let none = EventQuery { calendars: Some(Vec::new()), ..EventQuery::default() };
    assert!(ids(none).await?.is_empty());
    Ok(())
}

pub async fn events_asked_for_by_key_come_in_that_order(store: Arc<dyn Storage>) -> Result<()> {
    let scene = Scene::new(&store).await?;
    scene.bring(vec![one_off("a", "A", 0), one_off("b", "B", 1), master("m"), cancelled("m", "m_1")]).await?;
    let keys = ["m", "gone", "m_1", "a"].map(|id| scene.calendar.event(id));

    let events = store.events_by_key(&scene.calendar.user, &keys).await?;

    let ids: Vec<&str> = events.iter().map(|found| found.key.event.as_str()).collect();
    assert_eq!(ids, ["m", "m_1", "a"]);
    assert_eq!(events[2], store.event(&keys[3]).await?);
    assert_eq!(store.events_by_key(&"eve".into(), &keys).await?, []);
    Ok(())
}

pub async fn a_range_brings_what_overlaps_it_and_no_masters(store: Arc<dyn Storage>) -> Result<()> {
    let scene = Scene::new(&store).await?;
    let long =
        EventRow { span: Some(TimeRange::new(at(-50_000), at(50_000))?), ..one_off("long", "Leave", 0) };
    let rows = vec![
        master("m"),
        long,
        one_off("before", "Before", -30),
        one_off("into", "Into", -1),
        one_off("inside", "Inside", 10),
        one_off("last", "Last", 59),
        one_off("after", "After", 60),
    ];
    scene.bring(rows).await?;

    let found = found(&scene, TimeRange::new(at(0), at(60))?).await?;

    assert_eq!(found, ["long", "into", "inside", "last"]);
    Ok(())
}

pub async fn a_range_with_series_brings_what_says_what_takes_place_in_it(
    store: Arc<dyn Storage>,
) -> Result<()> {
    let scene = Scene::new(&store).await?;
    let ended = changed(&master("ended"), |event| {
        event.start = Some(EventTime::at(at(-50_000)));
        event.end = Some(EventTime::at(at(-49_970)));
        event.recurrence = Some(vec!["RRULE:FREQ=DAILY;UNTIL=20250310T000000Z".into()]);
    });
    let later = changed(&master("later"), |event| {
        event.start = Some(EventTime::at(at(90)));
        event.end = Some(EventTime::at(at(120)));
    });
    let moved_away = changed(&one_off("m_2", "Moved away", 50_000), |event| {
        event.recurring_event_id = Some("m".into());
    });
    let rows = vec![
        cancelled("m", "m_1"),
        moved_away,
        master("m"),
        exception("m", "m_3"),
        one_off("inside", "Inside", 60),
        one_off("outside", "Outside", 500),
        ended,
        later,
        cancelled("later", "later_1"),
        exception("ended", "ended_1"),
        exception("gone", "gone_1"),
    ];
    scene.bring(rows).await?;
    let ids = async |query: EventQuery| -> Result<Vec<String>> {
        let events = store.events(&scene.calendar.user, &query).await?;
        Ok(events.iter().map(|found| found.key.event.to_string()).collect())
    };

    let range = TimeRange::new(at(60), at(75))?;
    let query = EventQuery { range: Some(range), include_series: true, ..EventQuery::default() };
    let found = ["ended_1", "gone_1", "inside", "m_3", "m_2", "m", "m_1"];
    assert_eq!(ids(query.clone()).await?, found);
    assert_eq!(ids(EventQuery { include_cancelled: true, ..query.clone() }).await?, found, "each once");
    let text = EventQuery { text: Some("inside".into()), ..query.clone() };
    assert_eq!(ids(text).await?, ["inside"]);
    let elsewhere = scene.account.calendar("other@example.com");
    assert!(ids(EventQuery { calendars: Some(vec![elsewhere]), ..query.clone() }).await?.is_empty());
    assert_eq!(store.events(&"eve".into(), &query).await?, []);

    scene.take(&["m"]).await?;
    assert_eq!(ids(query).await?, ["ended_1", "gone_1", "inside"]);
    Ok(())
}

pub async fn words_are_found_in_any_case(store: Arc<dyn Storage>) -> Result<()> {
    let scene = Scene::new(&store).await?;
    let place = changed(&one_off("place", "X", 1), |event| event.location = Some("Café MÜNCHEN".into()));
    let text = changed(&one_off("text", "Y", 2), |event| event.description = Some("über münchen".into()));
    let sign = changed(&one_off("sign", "100%_sure", 3), |_| {});
    scene.bring(vec![one_off("title", "To München", 0), place, text, sign, one_off("no", "Z", 4)]).await?;

    let ids = async |text: &str| -> Result<Vec<String>> {
        let query = EventQuery { text: Some(text.into()), ..EventQuery::default() };
        let events = store.events(&scene.calendar.user, &query).await?;
        Ok(events.iter().map(|found| found.key.event.to_string()).collect())
    };

    assert_eq!(ids("mÜnchen").await?, ["title", "place", "text"]);
    assert_eq!(ids("%_").await?, ["sign"], "no character is a wildcard");
    Ok(())
}

pub async fn cancelled_exceptions_are_shown_only_when_asked_for(store: Arc<dyn Storage>) -> Result<()> {
    let scene = Scene::new(&store).await?;
    scene.bring(vec![master("m"), cancelled("m", "m_1")]).await?;
    let user = &scene.calendar.user;

    let shown = store.events(user, &EventQuery::default()).await?;
    let query = EventQuery { include_cancelled: true, ..EventQuery::default() };
    let all = store.events(user, &query).await?;

    assert_eq!((shown.len(), all.len()), (1, 2));
    assert_eq!(store.event_counts(user).await?, [(scene.calendar.clone(), 1)]);
    assert!(store.event(&scene.calendar.event("m_1")).await?.event.is_cancelled());
    Ok(())
}

async fn found(scene: &Scene, range: TimeRange) -> Result<Vec<String>> {
    let query = EventQuery { range: Some(range), ..EventQuery::default() };
    let events = scene.store.events(&scene.calendar.user, &query).await?;
    Ok(events.iter().map(|found| found.key.event.to_string()).collect())
}

fn sample(error: serde_json::Error) -> crate::Error {
    crate::Error::new(ErrorKind::InvalidInput, "the sample is no event").with_source(error)
}
