//! People, their calendars at Google, what they and their agent do, and the one mirror of them all.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use chrono::TimeDelta;
use fake_google::{Config, FakeGoogle};
use flows::{Edits, Person, TEAM};
use serde_json::json;
use sqlx::{PgPool, postgres::PgPoolOptions};
use theo_calendar::{
    Result,
    approval::{Action, ActionRequest, ApprovalState, Approvals, Decision, Principal, RecurrenceScope},
    id::{AccountKey, CalendarKey, EventId, EventKey, UserId},
    model::{Event, EventDraft, EventPatch, SendUpdates},
    recurrence::Tzdb,
    storage::{ApprovalQuery, EventQuery, Storage, StoredGrant},
    sync::{SyncOptions, SyncResource, SyncRunner, Unobserved},
    testing::FakeClock,
    time::Clock,
};
use theo_calendar_postgres::{PostgresStore, testing::FreshDatabase};

use crate::{
    Server, ShiftedClock,
    worker::{CLIENT, client, settings},
};

/// Who lives there.
pub(crate) const NAMES: [&str; 3] = ["ada", "bob", "eve"];

/// The database of the mirror.
pub(crate) const DATABASE: &str = "theo";

/// Everything but the workers.
pub(crate) struct Town {
    pub(crate) google: Arc<FakeGoogle>,
    pub(crate) clock: ShiftedClock,
    pub(crate) people: Vec<Person>,
    pub(crate) store: Arc<dyn Storage>,
    pub(crate) pool: PgPool,
    /// Events that an approval was asked for: never a second one, so that what happened to them can be counted.
    targets: BTreeSet<EventId>,
    edits: Edits,
    pub(crate) edited: u64,
}

impl Town {
    /// Three people with two calendars each, mirrored for the first time.
    pub(crate) async fn new(server: &Server, seed: u64) -> Result<Self> {
        let google = Arc::new(FakeGoogle::spawn(Config::new()).unwrap());
        drop(server.create(DATABASE).await);
        // While PostgreSQL is down, a call is to fail before anybody gets impatient.
        let pool = PgPoolOptions::new().max_connections(8).acquire_timeout(Duration::from_secs(5));
        let pool = pool.connect_lazy(server.database(DATABASE).as_str()).unwrap();
        let store: Arc<dyn Storage> = Arc::new(PostgresStore::from_pool(pool.clone(), FreshDatabase::keys()));
        let clock = ShiftedClock::default();
        let mut people = Vec::new();
        for name in NAMES {
            let email = format!("{name}@example.com");
            google.add_person(&email, "Europe/Zurich");
            google.add_calendar(&email, &format!("{name}-team@example.com"), "Team", "America/New_York");
            let mut person = Person::at(google.clone(), FakeClock::default(), &email);
            person.account = AccountKey::new(name, &*email);
            person.store = store.clone();
            let scopes = ["calendar"];
            let grant = StoredGrant {
                access_token: google.expiring_token(&email, &scopes, TimeDelta::hours(1)).into(),
                expires_at: clock.now() + TimeDelta::hours(1),
                refresh_token: Some(google.refresh_token(&email, CLIENT, &scopes).into()),
                scopes: vec!["https://www.googleapis.com/auth/calendar".to_owned()],
            };
            store.put_grant(&person.account, &grant).await?;
            people.push(person);
        }
        let mut town = Self {
            google,
            clock,
            people,
            store,
            pool,
            targets: BTreeSet::new(),
            edits: Edits::of(seed),
            edited: 0,
        };
        for _ in 0..60 {
            town.edit().await?;
        }
        let runner = town.runner("the first sync");
        for person in &town.people {
            runner.full_sync(&person.account.user, &SyncOptions::default(), &Unobserved).await?;
        }
        Ok(town)
    }

    /// A worker in this process.
    pub(crate) fn runner(&self, name: &str) -> SyncRunner {
        let google = self.google.url().parse().unwrap();
        let client = client(&google, self.store.clone(), &self.clock);
        SyncRunner::new(self.store.clone(), client, Arc::new(self.clock.clone()), Arc::new(Tzdb), name)
            .with_settings(settings())
    }

    /// The calendars of a person.
    pub(crate) fn calendars(person: &Person) -> [String; 2] {
        let AccountKey { user, account } = &person.account;
        [account.to_string(), format!("{user}-team@example.com")]
    }

    /// Somebody changes something in Google's own pages, and Google says so, as it would to a webhook.
    pub(crate) async fn edit(&mut self) -> Result<()> {
        let person = &self.people[self.edits.below(NAMES.len())];
        let calendar = &Self::calendars(person)[self.edits.below(2)];
        if self.edits.one(&self.google, calendar) != "nothing" {
            self.edited += 1;
        }
        let resource = SyncResource::Events(person.key(calendar));
        // It fails where the calendar is not mirrored yet, and where the database is down: then a poll finds it.
        let _ = self.store.mark_dirty(&resource).await;
        Ok(())
    }

    /// An agent asks for something, and the person says yes.
    pub(crate) async fn ask(&mut self) -> Result<()> {
        let who = self.edits.below(NAMES.len());
        let person = &self.people[who];
        let user = person.account.user.clone();
        let calendar = person.key(&Self::calendars(person)[self.edits.below(2)]);
        let kind = self.edits.below(10);
        let action = match self.target(&calendar, kind).await? {
            Some(action) => action,
            None => Self::create(calendar),
        };
        let agent = Principal::Agent { user: user.clone(), name: "theo".into() };
        let asked =
            self.desk().request(&agent, ActionRequest::new(action).send_updates(SendUpdates::All)).await?;
        let yes = Decision::Approve { notes: None };
        self.desk().decide(&Principal::User(user), &asked.id, yes).await?;
        Ok(())
    }

    /// Says yes to what was asked for when the database broke down.
    pub(crate) async fn decide_pending(&self) -> Result<()> {
        for person in &self.people {
            let user = &person.account.user;
            let query = ApprovalQuery { states: vec![ApprovalState::Pending], ..ApprovalQuery::default() };
            for pending in self.store.approvals(user, &query).await? {
                let yes = Decision::Approve { notes: None };
                self.desk().decide(&Principal::User(user.clone()), &pending.id, yes).await?;
            }
        }
        Ok(())
    }

    /// Lets time pass for this process, Google and all leases.
    pub(crate) async fn pass(&self, time: Duration) {
        self.clock.pass(time);
        self.google.advance(TimeDelta::from_std(time).unwrap());
        let aged = sqlx::query(AGE_LEASES).bind(time.as_secs_f64()).execute(&self.pool).await;
        aged.unwrap();
    }

    fn desk(&self) -> Approvals {
        let client = client(&self.google.url().parse().unwrap(), self.store.clone(), &self.clock);
        Approvals::new(self.store.clone(), client, Arc::new(self.clock.clone()), Arc::new(Tzdb), "desk")
    }

    fn create(calendar: CalendarKey) -> Action {
        let draft: EventDraft = serde_json::from_value(json!({
            "summary": "Lunch", "attendees": TEAM.map(|email| json!({ "email": email })),
            "start": { "dateTime": "2030-04-01T12:00:00", "timeZone": "Europe/Zurich" },
            "end": { "dateTime": "2030-04-01T13:00:00", "timeZone": "Europe/Zurich" },
        }))
        .unwrap();
        Action::Create { calendar, draft: Box::new(draft) }
    }

    /// A change to, or the deletion of, a plain event that no approval was asked for before, save that it was made by
    /// one; those first.
    async fn target(&mut self, calendar: &CalendarKey, kind: usize) -> Result<Option<Action>> {
        if kind < 5 {
            return Ok(None);
        }
        let query = EventQuery { calendars: Some(vec![calendar.clone()]), ..EventQuery::default() };
        let mut events: Vec<Arc<Event>> =
            self.store.events(&calendar.user, &query).await?.into_iter().map(|row| row.event).collect();
        let is_plain = |event: &Event| {
            event.recurrence.is_none() && !event.is_exception() && !self.targets.contains(&event.id)
        };
        events.retain(|event| is_plain(event));
        events.sort_by_key(|event| event.attendees.is_none());
        let Some(event) = events.first() else { return Ok(None) };
        self.targets.insert(event.id.clone());
        let event: EventKey = calendar.event(event.id.clone());
        let scope = RecurrenceScope::All;
        Ok(Some(if kind < 8 {
            let patch = EventPatch::new(serde_json::from_value(json!({ "location": "Room 2" })).unwrap());
            Action::Update { event, patch: Box::new(patch), scope }
        } else {
            Action::Delete { event, scope }
        }))
    }

    /// Those whose rows there may be.
    pub(crate) fn users(&self) -> Vec<UserId> {
        self.people.iter().map(|person| person.account.user.clone()).collect()
    }
}

const AGE_LEASES: &str = "
    UPDATE leases
    SET expires_at = expires_at - $1 * interval '1 second'";
