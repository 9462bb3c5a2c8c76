//! When things break: what the mirror holds, and what Google is asked. Numbers are the rows of the fault table.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use futures_util::FutureExt;
use proptest::prelude::*;
use serde_json::json;
use theo_calendar::{
    ErrorKind, Result,
    storage::{EventStore, SyncStore},
    sync::{Standing, SyncActivity, SyncPhase, SyncResource, SyncStatus, Unobserved},
    time::Clock,
};

use crate::{
    google::{Fault, one_off},
    house::{HOUR, House, MINUTE, WORK, account, ada, user, work},
};

/// I4: at every boundary between two commits the worker dies; the next one goes on at the checkpoint.
#[tokio::test]
async fn a_crash_at_any_commit_boundary_loses_nothing_and_starts_nothing_over() {
    let boundaries = 1 + 4;
    for crash_at in 0..boundaries {
        let house = House::with_events(7);
        house.google.world().faults.insert(crash_at, Fault::Hang);

        let died = house.worker("first").full_sync(&user(), &ada(), &Unobserved).now_or_never();
        assert!(died.is_none(), "the worker was to die at request {crash_at}");

        let stored = house.store.sync_state(&SyncResource::Events(work())).await.unwrap();
        let ahead = stored.is_some_and(|state| matches!(state.phase, SyncPhase::Incremental { .. }));
        assert!(!ahead, "no token before the last page's rows");
        assert_eq!(
            house.ids().await.len(),
            crash_at.saturating_sub(1) * 2,
            "each page is whole or not there"
        );

        let busy = house.worker("second").full_sync(&user(), &ada(), &Unobserved).await.unwrap();
        assert!(busy.failures.iter().all(|failed| failed.failure.is(ErrorKind::Busy)));
        house.clock.advance(HOUR);
        let before = house.google.request_count();
        house.worker("second").full_sync(&user(), &ada(), &Unobserved).await.unwrap();

        let pages = house.google.world().requests[before..]
            .iter()
            .filter(|(path, _)| path.ends_with("/events"))
            .count();
        let stored = crash_at.saturating_sub(1);
        // A listing that was begun before the crash is followed by one of what changed since.
        let followed = usize::from(stored > 0);
        assert_eq!(pages, 4 - stored + followed, "pages stored before the crash are not read again");
        assert_eq!(house.ids().await.len(), 7);
    }
}

/// Row 14, in a complete listing (of 4 pages) and in one of changes (of 3).
#[tokio::test]
async fn a_token_that_expires_on_any_page_lists_anew_while_the_old_mirror_serves() {
    for page in 0..4 {
        let house = House::with_events(7);
        house.google.world().faults.insert(1 + page, Fault::Status(410, "fullSyncRequired"));
        let report = house.sync().await;
        assert!(report.is_complete(), "{:?}", report.failures);
        assert_eq!(house.ids().await.len(), 7);
    }
    for page in 0..3 {
        let house = House::with_events(7);
        house.sync().await;
        let generation = house.state().await.generation;
        house.google.cancel(WORK, "e0");
        for number in 0..4 {
            house.google.one_off(WORK, &format!("new{number}"));
        }
        let served = Arc::new(AtomicUsize::new(usize::MAX));
        watch_old_events(&house, &served);
        let first = house.google.request_count();
        house.google.world().faults.insert(first + 1 + page, Fault::Status(410, "fullSyncRequired"));

        let report = house.sync().await;

        assert!(report.is_complete() && report.calendars[0].full, "{:?}", report.failures);
        assert!(served.load(Ordering::Relaxed) >= 6, "an old event was missing while the new listing ran");
        assert!(house.state().await.generation > generation);
        assert_eq!(house.ids().await.len(), 10);
    }
}

/// Row 14: what vanished while no token covered it goes with a tombstone.
#[tokio::test]
async fn what_vanished_unseen_goes_when_the_new_listing_is_complete() {
    let house = House::with_events(3);
    house.sync().await;
    let cursor = house.store.changes_since(&user(), Default::default(), 100).await.unwrap().next;
    house.google.cancel(WORK, "e1");
    let first = house.google.request_count();
    house.google.world().faults.insert(first + 1, Fault::Status(410, "fullSyncRequired"));

    house.sync().await;

    let changes = house.store.changes_since(&user(), cursor, 100).await.unwrap().changes;
    assert_eq!(changes.len(), 1);
    assert_eq!((changes[0].key.event.as_str(), &changes[0].event), ("e1", &None));
}

/// Row 15.
#[tokio::test]
async fn an_expired_page_token_starts_the_listing_over() {
    for page in 1..4 {
        let house = House::with_events(7);
        house.google.world().faults.insert(1 + page, Fault::Status(400, "invalid"));

        let report = house.sync().await;

        assert!(report.is_complete(), "{:?}", report.failures);
        assert_eq!(house.ids().await.len(), 7);
    }
}

/// Row 15.
#[tokio::test]
async fn a_page_token_that_repeats_for_ever_is_given_up_and_tried_later() {
    let house = House::with_events(7);
    house.google.world().broken = Some(("/events".into(), Fault::RepeatPage));

    let report = house.sync().await;

    assert!(report.failures[0].failure.is(ErrorKind::MalformedResponse));
    assert!(house.google.request_count() < 6, "{} requests", house.google.request_count());
    assert!(matches!(house.state().await.standing, Standing::Backoff { failures: 1, .. }));
    let before = house.google.request_count();
    house.sync().await;
    assert_eq!(house.google.request_count(), before + 1, "only the list, while the calendar waits");

    house.google.world().broken = None;
    house.clock.advance(HOUR);
    house.settle().await;
    assert_eq!(house.ids().await.len(), 7);
}

/// Row 19, on every page.
#[tokio::test]
async fn a_revoked_grant_pauses_the_account_with_one_failure_and_keeps_the_data() {
    for page in 0..4 {
        let house = House::with_events(7);
        house.google.calendar("a-later@example.com").one_off("a-later@example.com", "x");
        house.google.world().faults.insert(1 + page, Fault::Status(403, "insufficientPermissions"));

        let report = house.sync().await;

        assert_eq!(report.failures.len(), 1, "one alert");
        let failed = &report.failures[0];
        assert!(failed.failure.is(ErrorKind::ScopeMissing), "{failed:?}");
        let kept = house.ids().await;
        let status = SyncStatus::read(&*house.store, &user()).await.unwrap();
        assert_eq!(status.status, SyncActivity::Paused);
        assert_eq!(status.error.as_deref(), Some(failed.failure.message.as_str()));

        let before = house.google.request_count();
        house.clock.advance(48 * HOUR);
        house.sync().await;
        assert_eq!(house.worker("tick").sync_due(100).await.unwrap().resources, []);
        assert_eq!(house.google.request_count(), before, "no retries");
        assert_eq!(house.ids().await, kept);

        house.worker("worker").account_reconnected(&account()).await.unwrap();
        house.settle().await;
        assert_eq!(house.ids().await.len(), 8);
    }
}

/// Row 24.
#[tokio::test]
async fn an_event_that_cannot_be_mapped_is_set_aside_and_the_rest_goes_on() {
    let house = House::with_events(3);
    house.google.put(WORK, json!({ "id": "bad", "status": "confirmed", "start": { "dateTime": "soon" } }));

    let report = house.sync().await;

    assert!(report.is_complete());
    assert_eq!((report.events_quarantined, report.events_added), (1, 3));
    let held = house.store.quarantined(&user()).await.unwrap();
    assert_eq!(held[0].event.as_ref().map(|id| id.as_str()), Some("bad"));
    assert!(held[0].raw.as_str().contains("soon"));

    house.google.one_off(WORK, "bad");
    house.sync().await;
    assert_eq!(house.store.quarantined(&user()).await.unwrap(), []);
    assert_eq!(house.ids().await.len(), 4);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Row 28: masters, exceptions and bare cancelled instances converge in any order, on pages of any size.
    #[test]
    fn a_series_converges_in_any_order(shuffle in any::<u64>(), page_size in 1_usize..6, split in 0_usize..7) {
        let series = [
            json!({ "id": "_m", "status": "confirmed", "summary": "Standup", "recurrence": ["RRULE:FREQ=DAILY"],
                "start": { "dateTime": "2025-03-20T15:00:00Z", "timeZone": "UTC" },
                "end": { "dateTime": "2025-03-20T15:15:00Z", "timeZone": "UTC" } }),
            json!({ "id": "_m_20250327T150000Z", "status": "confirmed", "recurringEventId": "_m", "summary": "moved",
                "originalStartTime": { "dateTime": "2025-03-27T15:00:00Z" },
                "start": { "dateTime": "2025-03-27T16:00:00Z" }, "end": { "dateTime": "2025-03-27T16:15:00Z" } }),
            json!({ "id": "_m_20250328T150000Z", "status": "cancelled" }),
            json!({ "id": "_m_20250329T150000Z", "status": "cancelled", "recurringEventId": "_m",
                "originalStartTime": { "dateTime": "2025-03-29T15:00:00Z" } }),
            json!({ "id": "day_20250401", "status": "cancelled" }),
            json!({ "id": "single", "status": "cancelled" }),
            json!({ "id": "other_20250328T150000Z", "status": "confirmed", "summary": "of its own",
                "start": { "dateTime": "2025-03-28T16:00:00Z" }, "end": { "dateTime": "2025-03-28T16:15:00Z" } }),
        ];
        let house = House::with_events(0);
        {
            let mut world = house.google.world();
            (world.shuffle, world.page_size) = (shuffle, page_size);
        }
        tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
            for part in [&series[split..], &series[..split]] {
                for event in part {
                    house.google.put(WORK, event.clone());
                }
                assert!(house.sync().await.is_complete());
            }
            house.google.cancel(WORK, "other_20250328T150000Z");
            house.sync().await;

            assert_eq!(house.ids().await, ["_m", "_m_20250327T150000Z"]);
            for (id, master) in [
                ("_m_20250328T150000Z", "_m"),
                ("_m_20250329T150000Z", "_m"),
                ("day_20250401", "day"),
            ] {
                let exception = house.store.event(&work().event(id)).await.unwrap().event;
                assert!(exception.is_cancelled());
                assert_eq!(exception.recurring_event_id.as_ref().map(|id| id.as_str()), Some(master));
                assert!(exception.original_start_time.is_some());
            }
            let gone = house.store.event(&work().event("other_20250328T150000Z")).await;
            assert_eq!(gone.unwrap_err().kind(), ErrorKind::NotFound, "an event of its own is no exception");
        });
    }
}

/// Row 29.
#[tokio::test]
async fn two_days_of_incremental_syncs_never_pass_for_a_complete_listing() {
    let house = House::with_events(3);
    house.sync().await;
    let listed_at = house.clock.now();
    let worker = house.worker("worker");
    let mut ticks = 0;

    while house.clock.now() - listed_at < chrono::TimeDelta::hours(48) {
        house.clock.advance(16 * MINUTE);
        house.google.one_off(WORK, &format!("hour{ticks}"));
        let tick = worker.sync_due(10).await.unwrap();
        assert!(tick.report.is_complete() && tick.report.events_added == 1, "{:?}", tick.report);
        ticks += 1;
    }

    let status = SyncStatus::read(&*house.store, &user()).await.unwrap();
    assert!(ticks >= 180, "{ticks} syncs");
    assert_eq!(status.last_full_sync_at, Some(listed_at));
    assert_eq!(status.last_sync_at, Some(house.clock.now()));
    assert_eq!(status.event_count, 3 + ticks);
}

/// Row 8: the first worker is stopped at any page for longer than its lease; the second does the work; the first
/// wakes up and can store nothing.
#[tokio::test]
async fn a_worker_that_lost_its_lease_stores_nothing() {
    for page in 0..4 {
        let house = House::with_events(7);
        let other = house.clone();
        house.google.world().on_request = Some(Box::new(move |number| {
            if number == 1 + page {
                other.clock.advance(HOUR);
                let report = other.worker("second").full_sync(&user(), &ada(), &Unobserved).now_or_never();
                assert!(report.expect("it never waits").unwrap().is_complete());
                other.google.one_off(WORK, "later");
            }
        }));

        let report = house.worker("first").full_sync(&user(), &ada(), &Unobserved).await.unwrap();

        assert_eq!(report.failures.len(), 1, "page {page}");
        assert!(report.failures[0].failure.is(ErrorKind::LeaseLost), "{:?}", report.failures);
        assert_eq!(house.state().await.phase, SyncPhase::Incremental { token: "7".into() });
        assert_eq!(house.state().await.standing, Standing::Ready);
        house.google.world().on_request = None;
        house.settle().await;
        assert_eq!(house.ids().await.len(), 8);
    }
}

/// Row 10: a notification comes at any request of a sync.
#[tokio::test]
async fn a_notification_that_arrives_while_its_calendar_is_syncing_causes_one_more_pass() {
    let resource = SyncResource::Events(work());
    for at in 1..=4 {
        let house = House::with_events(7);
        house.sync().await;
        for number in 0..7 {
            house.google.put(WORK, one_off(&format!("e{number}"), "2025-04-01T08:00:00Z"));
        }
        let (other, notified) = (house.clone(), resource.clone());
        let first = house.google.request_count();
        house.google.world().on_request = Some(Box::new(move |number| {
            if number == first + at {
                other.google.one_off(WORK, "just made");
                other.store.mark_dirty(&notified).now_or_never().unwrap().unwrap();
            }
        }));

        let report = house.sync().await;

        assert_eq!(report.events_added, 1, "found in the same run, at request {at}");
        let state = house.state().await;
        assert_eq!((state.dirty, state.clean), (1, 1));
    }
}

/// At each request, how many of the old events e1 to e6 the mirror serves; the least is kept.
fn watch_old_events(house: &House, served: &Arc<AtomicUsize>) {
    let (store, served) = (house.store.clone(), served.clone());
    house.google.world().on_request = Some(Box::new(move |_| {
        let old = (1..7).filter(|number| {
            let event = store.event(&work().event(format!("e{number}"))).now_or_never();
            event.is_some_and(|event: Result<_>| event.is_ok())
        });
        served.fetch_min(old.count(), Ordering::Relaxed);
    }));
}
