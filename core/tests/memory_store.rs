//! The store in memory holds to what every store must hold to.

#![cfg(feature = "testing")]
#![allow(clippy::unwrap_used, reason = "clippy takes the helpers of an integration test for shipped code")]

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use theo_calendar::{
    id::AccountKey,
    model::{CalendarListEntry, Event},
    storage::{
        CalendarListPage, CalendarStore, EventRow, EventStore, LeaseStore, Listing, MemoryStore, SyncPage,
    },
    store_conformance,
    sync::{QueryFingerprint, SyncResource, SyncState},
    testing::FakeClock,
    time::TimeRange,
};

const HOUR: Duration = Duration::from_secs(3600);

store_conformance! { memory => Arc::new(MemoryStore::new(Arc::new(FakeClock::default()))) }

/// The quickest of many deltas, so that a busy machine does not show in it.
#[tokio::test]
async fn a_delta_costs_the_same_in_a_mirror_a_hundred_times_the_size() {
    let small = quickest_delta(1_000).await;
    let large = quickest_delta(100_000).await;

    assert!(large < small * 8, "{small:?} among 1,000 events, {large:?} among 100,000");
}

async fn quickest_delta(mirrored: u32) -> Duration {
    let store = MemoryStore::new(Arc::new(FakeClock::default()));
    let account = AccountKey::new("ada", "ada@example.com");
    let calendar = account.calendar("work@example.com");
    let state = |resource| SyncState::new(resource, QueryFingerprint("q".into()));
    let list = SyncResource::CalendarList(account.clone());
    let events = SyncResource::Events(calendar.clone());
    let list_fence = store.acquire(&list.lease_name(), "test", HOUR).await.unwrap().unwrap().fence;
    let fence = store.acquire(&events.lease_name(), "test", HOUR).await.unwrap().unwrap().fence;
    let entries = vec![(calendar.clone(), CalendarListEntry::new("work@example.com"))];
    let page = CalendarListPage {
        entries,
        deletions: Vec::new(),
        listing: Listing::Delta,
        state: state(list),
        fence: list_fence,
    };
    store.commit_calendar_list(&page).await.unwrap();
    let page = |numbers: std::ops::Range<u32>, etag: u32| SyncPage {
        calendar: calendar.clone(),
        events: numbers.map(|number| row(number, etag)).collect(),
        deletions: vec![format!("e{}", etag % 100).into()],
        quarantined: Vec::new(),
        listing: Listing::Delta,
        state: state(events.clone()),
        fence: fence.clone(),
    };
    store.commit_page(&page(0..mirrored, 0)).await.unwrap();

    let mut quickest = Duration::MAX;
    for etag in 1..200 {
        let delta = page(200..220, etag);
        let started = Instant::now();
        store.commit_page(&delta).await.unwrap();
        quickest = quickest.min(started.elapsed());
    }
    quickest
}

fn row(number: u32, etag: u32) -> EventRow {
    let start = chrono::DateTime::from_timestamp(1_743_152_400 + i64::from(number) * 600, 0).unwrap();
    let event = Event { etag: Some(format!("\"{etag}\"").into()), ..Event::new(format!("e{number}")) };
    EventRow { event: Arc::new(event), span: TimeRange::new(start, start + chrono::TimeDelta::hours(1)).ok() }
}
