//! The change feed under writers that commit at the same time, and its listeners.

use std::{sync::Arc, time::Duration};

use futures_util::future::join_all;
use theo_calendar::{
    Result,
    id::{AccountKey, CalendarKey},
    model::{CalendarListEntry, Event},
    storage::{
        CalendarListPage, CalendarStore, ChangeCursor, EventRow, EventStore, Fence, LeaseStore, Listing,
        SyncPage,
    },
    sync::{QueryFingerprint, SyncResource, SyncState},
};
use theo_calendar_postgres::{PostgresStore, testing::FreshDatabase};

const HOUR: Duration = Duration::from_secs(3600);

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_beside_eight_writers_skips_nothing() -> Result<()> {
    let store = FreshDatabase::migrated().await.store();
    let (calendar, fence) = calendar_of(&store, "ada").await?;
    let writers = join_all((0..8).map(|writer| {
        let (store, calendar, fence) = (store.clone(), calendar.clone(), fence.clone());
        tokio::spawn(async move {
            for step in 0..10 {
                store.commit_page(&page(&calendar, &fence, &format!("w{writer}s{step}"))).await?;
            }
            Result::Ok(())
        })
    }));
    let reader = tokio::spawn({
        let store = store.clone();
        async move {
            let (mut cursor, mut seen) = (ChangeCursor::default(), 0);
            while seen < 80 {
                let page = store.changes_since(&"ada".into(), cursor, 7).await?;
                (cursor, seen) = (page.next, seen + page.changes.len());
            }
            Result::Ok(seen)
        }
    });

    for written in writers.await {
        written.expect("no writer panics")?;
    }
    let seen = tokio::time::timeout(Duration::from_secs(60), reader).await;

    assert_eq!(seen.expect("the reader gets to the end").expect("it does not panic")?, 80);
    Ok(())
}

#[tokio::test]
async fn a_commit_wakes_who_listens() -> Result<()> {
    let store = FreshDatabase::migrated().await.store();
    let (calendar, fence) = calendar_of(&store, "ada").await?;
    let mut listener = store.listen().await?;

    store.commit_page(&page(&calendar, &fence, "a")).await?;

    let woken = tokio::time::timeout(Duration::from_secs(30), listener.next()).await;
    assert_eq!(woken.expect("it is woken")?, Some("ada".into()));
    Ok(())
}

/// A mirrored calendar of `user`, and the lease to write to it.
pub(crate) async fn calendar_of(store: &PostgresStore, user: &str) -> Result<(CalendarKey, Fence)> {
    let account = AccountKey::new(user, "home@example.com");
    let calendar = account.calendar("work@example.com");
    let list = SyncResource::CalendarList(account);
    let fence = lease(store, &list).await?;
    let entries = vec![(calendar.clone(), CalendarListEntry::new("work@example.com"))];
    let state = SyncState::new(list, QueryFingerprint("q".into()));
    let listing = Listing::Delta;
    let page = CalendarListPage { entries, deletions: Vec::new(), listing, state, fence };
    store.commit_calendar_list(&page).await?;
    let fence = lease(store, &SyncResource::Events(calendar.clone())).await?;
    Ok((calendar, fence))
}

async fn lease(store: &PostgresStore, resource: &SyncResource) -> Result<Fence> {
    let lease = store.acquire(&resource.lease_name(), "test", HOUR).await?;
    Ok(lease.expect("nobody holds it").fence)
}

fn page(calendar: &CalendarKey, fence: &Fence, event: &str) -> SyncPage {
    let resource = SyncResource::Events(calendar.clone());
    SyncPage {
        calendar: calendar.clone(),
        events: vec![EventRow { event: Arc::new(Event::new(event)), span: None }],
        deletions: Vec::new(),
        quarantined: Vec::new(),
        listing: Listing::Delta,
        state: SyncState::new(resource, QueryFingerprint("q".into())),
        fence: fence.clone(),
    }
}
