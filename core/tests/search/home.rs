//! Ada's mirrored calendar, without a Google behind it.

use std::{sync::Arc, time::Duration};

use chrono::{DateTime, TimeDelta, Utc};
use theo_calendar::{
    id::{AccountKey, CalendarKey, EventId, UserId},
    model::{CalendarListEntry, Event},
    recurrence::{TimeZones, UtcOnly},
    search::{EmbedTick, Embedder, Search, SearchQuery, SearchResults},
    storage::{
        CalendarListPage, CalendarStore, EventRow, EventStore, Fence, LeaseStore, Listing, MemoryStore,
        SyncPage,
    },
    sync::{QueryFingerprint, SyncResource, SyncState},
    testing::FakeClock,
    time::{Clock, EventTime},
};

const HOUR: Duration = Duration::from_secs(3600);

#[derive(Clone)]
pub(crate) struct Home {
    pub(crate) store: Arc<MemoryStore>,
    pub(crate) clock: FakeClock,
    pub(crate) calendar: CalendarKey,
    fence: Fence,
}

impl Home {
    pub(crate) async fn new() -> Self {
        let clock = FakeClock::default();
        let store = Arc::new(MemoryStore::new(Arc::new(clock.clone())));
        Self::of(store, clock, "ada", "work@example.com").await
    }

    /// A calendar of `user` in the same store.
    pub(crate) async fn beside(&self, user: &str, calendar: &str) -> Self {
        Self::of(self.store.clone(), self.clock.clone(), user, calendar).await
    }

    async fn of(store: Arc<MemoryStore>, clock: FakeClock, user: &str, calendar: &str) -> Self {
        let account = AccountKey::new(user, format!("{user}@example.com"));
        let key = account.calendar(calendar);
        let list = SyncResource::CalendarList(account);
        let page = CalendarListPage {
            entries: vec![(key.clone(), CalendarListEntry::new(calendar))],
            deletions: Vec::new(),
            listing: Listing::Delta,
            fence: fence(&store, &list).await,
            state: SyncState::new(list, QueryFingerprint("q".into())),
        };
        store.commit_calendar_list(&page).await.unwrap();
        let fence = fence(&store, &SyncResource::Events(key.clone())).await;
        Self { store, clock, calendar: key, fence }
    }

    pub(crate) fn user(&self) -> UserId {
        self.calendar.user.clone()
    }

    pub(crate) async fn bring(&self, events: Vec<Event>) {
        self.commit(events, &[]).await;
    }

    pub(crate) async fn take(&self, ids: &[&str]) {
        self.commit(Vec::new(), ids).await;
    }

    async fn commit(&self, events: Vec<Event>, gone: &[&str]) {
        let zone = UtcOnly.zone_or_utc(None);
        let row = |event: Event| EventRow { span: event.span(zone, &UtcOnly), event: Arc::new(event) };
        let resource = SyncResource::Events(self.calendar.clone());
        let page = SyncPage {
            calendar: self.calendar.clone(),
            events: events.into_iter().map(row).collect(),
            deletions: gone.iter().map(|id| EventId::from(*id)).collect(),
            quarantined: Vec::new(),
            listing: Listing::Delta,
            state: SyncState::new(resource, QueryFingerprint("q".into())),
            fence: self.fence.clone(),
        };
        self.store.commit_page(&page).await.unwrap();
    }

    pub(crate) fn search(&self, holder: &str) -> Search {
        Search::new(self.store.clone(), Arc::new(self.clock.clone()), Arc::new(UtcOnly), holder)
    }

    pub(crate) fn with(&self, embedder: Arc<impl Embedder + 'static>) -> Search {
        self.search("worker").with_embedder(embedder)
    }

    pub(crate) async fn ask(&self, search: &Search, query: SearchQuery) -> SearchResults {
        search.search(&self.user(), &query).await.unwrap()
    }

    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }
}

async fn fence(store: &MemoryStore, resource: &SyncResource) -> Fence {
    store.acquire(&resource.lease_name(), "home", HOUR).await.unwrap().unwrap().fence
}

/// An hour on Friday 28 March 2025, from 10:00.
pub(crate) fn one_off(id: &str, title: &str) -> Event {
    let start: DateTime<Utc> = "2025-03-28T10:00:00Z".parse().unwrap();
    Event {
        etag: Some(format!("\"{title}\"").into()),
        summary: Some(title.into()),
        start: Some(EventTime::at(start)),
        end: Some(EventTime::at(start + TimeDelta::hours(1))),
        ..Event::new(id)
    }
}

pub(crate) fn master(id: &str, title: &str) -> Event {
    Event { recurrence: Some(vec!["RRULE:FREQ=WEEKLY".into()]), ..one_off(id, title) }
}

pub(crate) fn exception(id: &str, title: &str, master: &str) -> Event {
    Event { recurring_event_id: Some(master.into()), ..one_off(id, title) }
}

pub(crate) fn ids(results: &SearchResults) -> Vec<String> {
    results.hits.iter().map(|hit| hit.event.key.event.to_string()).collect()
}

/// Asserts that nothing failed.
#[track_caller]
pub(crate) fn sound(tick: theo_calendar::Result<EmbedTick>) -> EmbedTick {
    let tick = tick.unwrap();
    assert!(tick.failures.is_empty(), "{tick:?}");
    tick
}
