//! Ada, her Google, and workers over one store.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use theo_calendar::{
    auth::StaticToken,
    client::CalendarClient,
    id::{AccountKey, CalendarKey, UserId},
    model::Text,
    recurrence::UtcOnly,
    storage::{EventQuery, EventStore, MemoryStore, SyncStore},
    sync::{SyncOptions, SyncReport, SyncResource, SyncRunner, SyncState, Unobserved},
    testing::{FakeClock, FakeTimer},
};

use crate::google::Google;

pub(crate) const WORK: &str = "work@example.com";
pub(crate) const MINUTE: Duration = Duration::from_secs(60);
pub(crate) const HOUR: Duration = Duration::from_secs(3600);

/// One person, one calendar to begin with.
#[derive(Clone)]
pub(crate) struct House {
    pub(crate) google: Google,
    pub(crate) store: Arc<MemoryStore>,
    pub(crate) clock: FakeClock,
}

impl House {
    /// A calendar with `events` events, two on a page.
    pub(crate) fn with_events(events: usize) -> Self {
        let google = Google::new();
        google.calendar(WORK);
        for number in 0..events {
            google.one_off(WORK, &format!("e{number}"));
        }
        let clock = FakeClock::default();
        let store = Arc::new(MemoryStore::new(Arc::new(clock.clone())));
        Self { google, store, clock }
    }

    pub(crate) fn worker(&self, name: &str) -> SyncRunner {
        let timer = FakeTimer::new(&self.clock).never_reaching(Duration::from_secs(30));
        let token = StaticToken::new("secret");
        let client = CalendarClient::builder(self.google.clone(), token, self.clock.clone(), timer);
        let client = client.max_retries(0).build().unwrap();
        SyncRunner::new(self.store.clone(), client, Arc::new(self.clock.clone()), Arc::new(UtcOnly), name)
    }

    pub(crate) async fn sync(&self) -> SyncReport {
        self.worker("worker").full_sync(&user(), &ada(), &Unobserved).await.unwrap()
    }

    /// Syncs, going on after every failure, until nothing fails.
    pub(crate) async fn settle(&self) {
        for _ in 0..20 {
            if self.sync().await.is_complete() {
                return;
            }
            self.clock.advance(HOUR);
        }
        panic!("it does not settle");
    }

    pub(crate) async fn state(&self) -> SyncState {
        self.store.sync_state(&SyncResource::Events(work())).await.unwrap().unwrap()
    }

    /// What the mirror shows: titles by id.
    pub(crate) async fn mirror(&self) -> BTreeMap<String, Option<Text>> {
        let events = self.store.events(&user(), &EventQuery::default()).await.unwrap();
        events.into_iter().map(|found| (found.key.event.to_string(), found.event.summary.clone())).collect()
    }

    pub(crate) async fn ids(&self) -> Vec<String> {
        self.mirror().await.into_keys().collect()
    }
}

pub(crate) fn user() -> UserId {
    "ada".into()
}

pub(crate) fn account() -> AccountKey {
    AccountKey::new("ada", "ada@example.com")
}

pub(crate) fn work() -> CalendarKey {
    account().calendar(WORK)
}

/// Ada's account, which the mirror may not know yet.
pub(crate) fn ada() -> SyncOptions {
    SyncOptions { accounts: Some(vec![account().account]), ..SyncOptions::default() }
}
