//! What a sync does, as a person would see it.

use std::sync::Mutex;

use serde_json::json;
use theo_calendar::{
    ErrorKind,
    storage::{CalendarSettings, CalendarStore, SyncStore},
    sync::{SyncActivity, SyncOptions, SyncProgress, SyncResource, SyncSettings, SyncStatus, Unobserved},
    time::Clock,
};

use crate::{
    google::{Fault, one_off},
    house::{HOUR, House, MINUTE, WORK, ada, user, work},
};

#[tokio::test]
async fn a_first_sync_mirrors_everything_and_the_next_brings_exactly_what_changed() {
    let house = House::with_events(5);

    let first = house.sync().await;
    assert_eq!((first.calendars_processed, first.events_processed, first.events_added), (1, 5, 5));
    assert_eq!((first.calendars[0].pages, first.calendars[0].full), (3, true));

    house.google.one_off(WORK, "new").cancel(WORK, "e1").put(WORK, one_off("e2", "2025-03-29T08:00:00Z"));
    let second = house.sync().await;

    assert_eq!((second.events_added, second.events_updated, second.events_deleted), (1, 1, 1));
    assert_eq!((second.events_unchanged, second.calendars[0].full), (0, false));
    assert_eq!(house.ids().await, ["e0", "e2", "e3", "e4", "new"]);
}

#[tokio::test]
async fn every_page_of_changes_repeats_the_token_of_the_last_listing() {
    let house = House::with_events(1);
    house.sync().await;
    for number in 0..5 {
        house.google.one_off(WORK, &format!("new{number}"));
    }
    let before = house.google.request_count();

    house.sync().await;

    let world = house.google.world();
    let events: Vec<_> =
        world.requests[before..].iter().filter(|(path, _)| path.ends_with("/events")).collect();
    assert_eq!(events.len(), 3);
    assert!(events.iter().all(|(_, query)| query["syncToken"] == "1"), "{events:?}");
    assert!(
        events.iter().all(|(_, query)| !query.contains_key("timeMin") && !query.contains_key("singleEvents"))
    );
}

#[tokio::test]
async fn the_token_of_an_empty_delta_is_kept() {
    let house = House::with_events(1);
    house.sync().await;
    house.google.put(WORK, json!({ "id": "e0", "status": "confirmed", "summary": "Event e0" }));
    let report = house.sync().await;
    assert_eq!(report.events_updated, 1);
    let token = house.state().await.phase;
    house.clock.advance(MINUTE);

    let report = house.sync().await;

    assert_eq!((report.events_processed, report.calendars_processed), (0, 1));
    assert_eq!(house.state().await.phase, token);
    assert_eq!(house.state().await.token_set_at, Some(house.clock.now()));
}

#[tokio::test]
async fn what_fails_in_one_calendar_stops_no_other() {
    let house = House::with_events(3);
    house.google.calendar("a@example.com").one_off("a@example.com", "a1");
    house.google.calendar("z@example.com").one_off("z@example.com", "z1");
    house.google.world().broken =
        Some(("work@example.com/events".into(), Fault::Status(503, "backendError")));

    let report = house.sync().await;

    assert_eq!(house.ids().await, ["a1", "z1"]);
    assert_eq!((report.calendars_processed, report.failures.len()), (2, 1));
    assert!(report.failures[0].failure.is(ErrorKind::Unavailable));
    assert_eq!(SyncStatus::read(&*house.store, &user()).await.unwrap().status, SyncActivity::Error);
}

#[tokio::test]
async fn calendars_not_selected_are_left_alone() {
    let house = House::with_events(3);
    house.google.calendar("other@example.com").one_off("other@example.com", "x");
    house.sync().await;
    let unselected = CalendarSettings { is_selected: false, is_hidden: false };
    house.store.set_calendar_settings(&work(), unselected).await.unwrap();
    house.google.one_off(WORK, "unseen");
    house.clock.advance(HOUR);

    let report = house.sync().await;
    let options = SyncOptions { calendar_ids: Some(vec![WORK.into(), "never@example.com".into()]), ..ada() };
    let asked = house.worker("worker").full_sync(&user(), &options, &Unobserved).await.unwrap();

    assert_eq!(report.calendars.len(), 1);
    assert_eq!(house.ids().await.len(), 4, "what was mirrored is kept");
    let kinds: Vec<&str> = asked.failures.iter().map(|failed| failed.failure.kind.as_str()).collect();
    assert_eq!(kinds, ["invalid_input", "not_found"]);
    let status = SyncStatus::read(&*house.store, &user()).await.unwrap();
    assert_eq!(status.sync_calendar_ids, ["other@example.com".into()]);
    assert_eq!(status.exclude_calendar_ids, [WORK.into()]);
    assert_eq!((status.status, status.full_sync_progress), (SyncActivity::Idle, 100));
}

#[tokio::test]
async fn a_calendar_taken_off_the_list_goes_with_its_events() {
    let house = House::with_events(3);
    house.google.calendar("other@example.com").one_off("other@example.com", "x");
    house.sync().await;

    house.google.remove_calendar(WORK);
    let report = house.sync().await;

    assert!(report.is_complete());
    assert_eq!(house.ids().await, ["x"]);
    assert_eq!(house.store.sync_state(&SyncResource::Events(work())).await.unwrap(), None);
}

#[tokio::test]
async fn a_quota_that_is_used_up_is_not_asked_again_for_long() {
    let house = House::with_events(3);
    house.google.world().broken = Some(("/events".into(), Fault::Status(403, "quotaExceeded")));
    house.sync().await;
    let worker = house.worker("worker");
    house.google.world().broken = None;

    house.clock.advance(59 * MINUTE);
    let calendars_due = async || {
        let tick = worker.sync_due(10).await.unwrap();
        tick.resources.iter().filter(|resource| matches!(resource, SyncResource::Events(_))).count()
    };
    assert_eq!(calendars_due().await, 0);
    house.clock.advance(2 * MINUTE);

    assert_eq!(calendars_due().await, 1);
    assert_eq!(house.ids().await.len(), 3);
}

#[tokio::test]
async fn a_forced_refresh_lists_everything_again_and_changes_nothing_that_is_the_same() {
    let house = House::with_events(5);
    house.sync().await;
    house.clock.advance(HOUR);

    let options = SyncOptions { force_refresh: true, ..ada() };
    let report = house.worker("worker").full_sync(&user(), &options, &Unobserved).await.unwrap();

    assert_eq!((report.events_unchanged, report.events_updated, report.events_deleted), (5, 0, 0));
    assert!(report.calendars[0].full);
    assert_eq!(house.state().await.last_full_sync_at, Some(house.clock.now()));
}

#[tokio::test]
async fn a_query_that_changed_lists_anew() {
    let house = House::with_events(5);
    house.sync().await;
    let before = house.google.request_count();
    let settings = SyncSettings { events_per_page: 100, ..Default::default() };

    let worker = house.worker("worker").with_settings(settings);
    worker.full_sync(&user(), &ada(), &Unobserved).await.unwrap();

    let world = house.google.world();
    let first = world.requests[before..].iter().find(|(path, _)| path.ends_with("/events")).unwrap();
    assert!(!first.1.contains_key("syncToken"), "Row 16: {first:?}");
}

#[tokio::test]
async fn progress_is_told_page_by_page() {
    let house = House::with_events(5);
    let seen: Mutex<Vec<SyncProgress>> = Mutex::default();

    let observer = |progress: &SyncProgress| seen.lock().unwrap().push(progress.clone());
    house.worker("worker").full_sync(&user(), &ada(), &observer).await.unwrap();

    let seen = seen.into_inner().unwrap();
    let told: Vec<_> =
        seen.iter().map(|page| (page.calendar, page.pages, page.items, page.finished)).collect();
    assert_eq!(told, [(0, 1, 1, true), (1, 1, 2, false), (1, 2, 4, false), (1, 3, 5, true)]);
    assert_eq!(seen[1].title.as_deref(), Some(WORK));
}

#[tokio::test]
async fn a_person_without_an_account_is_told_so() {
    let house = House::with_events(1);

    let error = house.worker("worker").incremental_sync(&user()).await.unwrap_err();

    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    assert!(error.to_string().contains("no Google account connected"), "{error}");
}
