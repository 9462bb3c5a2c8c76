//! Many people, and what becomes of their mirrors.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use fake_google::{Config, FakeGoogle, Generate};
use futures_util::{StreamExt, stream};
use serde_json::json;
use sqlx::{PgConnection, query_scalar};
use theo_calendar::{
    client::RateLimits,
    sync::{SyncQueue, SyncResource},
};
use theo_calendar_postgres::{PostgresStore, testing::FreshDatabase};
use tokio::time::sleep;

use crate::{Busiest, WorkerArguments, WorkerProcess, account, service, token};

/// How long anything may take before it counts as never.
const NEVER: Duration = Duration::from_secs(900);

/// People with one calendar each at a fake Google, and a database to mirror them in.
pub struct Crowd {
    /// Google.
    pub google: FakeGoogle,
    /// The store on the database.
    pub store: PostgresStore,
    /// How many people.
    pub people: usize,
    database: FreshDatabase,
    program: PathBuf,
    eye: PgConnection,
}

impl Crowd {
    /// So many people, each with so many events and with their account connected; workers are run from `program`.
    pub async fn new(people: usize, events: usize, program: &Path) -> Self {
        let google = FakeGoogle::spawn(Config::new()).unwrap();
        for number in 0..people {
            let account = account(number);
            google.generate(&Generate {
                person: account.account.to_string(),
                calendars: 1,
                events,
                seed: number as u64,
                access_token: Some(token(&account)),
            });
        }
        let database = FreshDatabase::migrated().await;
        let store = database.store();
        store.migrate_queue().await.unwrap();
        let service = service(&store, google.url(), RateLimits::google(), "host");
        for number in 0..people {
            service.account_connected(&account(number)).await.unwrap();
        }
        let eye = database.superuser().await;
        Self { google, store, people, database, program: program.to_owned(), eye }
    }

    /// What a worker process of the crowd is told.
    pub fn arguments(&self, name: &str) -> WorkerArguments {
        WorkerArguments {
            database_url: self.database.url().to_owned(),
            google: self.google.url().to_owned(),
            name: name.to_owned(),
            per_person: theo_calendar::client::REQUESTS_PER_USER_PER_MINUTE,
            per_project: theo_calendar::client::REQUESTS_PER_PROJECT_PER_MINUTE,
            concurrency: 8,
            sweep_millis: 60_000,
            beat_millis: 1_000,
        }
    }

    /// Starts a worker process.
    pub fn worker(&self, arguments: &WorkerArguments) -> WorkerProcess {
        WorkerProcess::start(&self.program, arguments)
    }

    /// Says that every person's calendar list changed, and waits until all they have is mirrored; how long it took.
    pub async fn mirror(&mut self) -> Duration {
        let began = Instant::now();
        self.notify(|number| SyncResource::CalendarList(account(number)), Duration::ZERO).await;
        let people = i64::try_from(self.people).unwrap();
        self.until(MIRRORED, people).await;
        began.elapsed()
    }

    /// Changes something in every calendar.
    pub fn change(&self) {
        for number in 0..self.people {
            let person = account(number).account.to_string();
            self.google.create_event(
                &person,
                json!({
                    "summary": "One more",
                    "start": { "dateTime": "2026-06-01T09:00:00Z" },
                    "end": { "dateTime": "2026-06-01T10:00:00Z" },
                }),
            );
        }
    }

    /// Notifies of every calendar, and waits until all are synced and the queue is empty; how long it took.
    pub async fn follow(&mut self, debounce: Duration) -> Duration {
        let began = Instant::now();
        self.notify(calendar, debounce).await;
        self.until(CLEAN, 0).await;
        let took = began.elapsed();
        self.until(JOBS, 0).await;
        took
    }

    /// Notifies of one resource of each person.
    pub async fn notify(&self, resource: impl Fn(usize) -> SyncResource, debounce: Duration) {
        let notified = stream::iter((0..self.people).map(&resource)).map(|resource| {
            let store = self.store.clone();
            async move { store.notify(&resource, debounce).await }
        });
        notified.buffer_unordered(4).for_each(|noted| async { noted.unwrap() }).await;
    }

    /// Waits until no calendar has a notification left that was not followed.
    pub async fn until_clean(&mut self) {
        self.until(CLEAN, 0).await;
    }

    /// Waits until nobody works on anything.
    pub async fn until_idle(&mut self) {
        self.until(JOBS, 0).await;
        self.until(HELD, 0).await;
    }

    /// A connection of its own to the database, which nothing binds.
    pub async fn superuser(&self) -> PgConnection {
        self.database.superuser().await
    }

    /// Events in all mirrors together.
    pub async fn events(&mut self) -> i64 {
        query_scalar("SELECT count(*) FROM events").fetch_one(&mut self.eye).await.unwrap()
    }

    /// Of how many calendars Google was asked so many times for their events.
    pub fn listings(&self) -> BTreeMap<u64, usize> {
        let mut calls = BTreeMap::new();
        for request in self.google.request_log().iter().filter(|request| request.operation == "events.list") {
            *calls.entry(request.path.clone()).or_insert(0_u64) += 1;
        }
        let mut listings = BTreeMap::from([(0, self.people - calls.len())]);
        for count in calls.into_values() {
            *listings.entry(count).or_default() += 1;
        }
        listings.retain(|_, calendars| *calendars > 0);
        listings
    }

    /// The busiest minute Google saw since its books were last closed.
    pub fn busiest(&self) -> Busiest {
        Busiest::of(&self.google.request_log())
    }

    async fn until(&mut self, count: &'static str, wanted: i64) {
        let began = Instant::now();
        loop {
            let found: i64 = query_scalar(count).fetch_one(&mut self.eye).await.unwrap();
            if found == wanted {
                return;
            }
            assert!(began.elapsed() < NEVER, "{count}: {found} after {NEVER:?}, where {wanted} is wanted");
            sleep(Duration::from_millis(50)).await;
        }
    }
}

fn calendar(number: usize) -> SyncResource {
    let account = account(number);
    SyncResource::Events(account.calendar(account.account.as_str()))
}

const MIRRORED: &str =
    "SELECT count(*) FROM sync_states WHERE calendar_id IS NOT NULL AND phase = 'incremental'";

const CLEAN: &str = "SELECT count(*) FROM sync_states WHERE dirty <> clean";

/// One that was notified of again while it ran is not tried again where it fails: the queue has a new one in its place.
const JOBS: &str = "SELECT count(*) FROM theo_jobs._private_jobs WHERE attempts < max_attempts";

const HELD: &str = "SELECT count(*) FROM leases WHERE holder IS NOT NULL";
