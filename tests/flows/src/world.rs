//! A person, their calendars at Google, and the mirror of them.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use fake_google::{Config, FakeGoogle};
use serde_json::{Value, json};
use theo_calendar::{
    approval::{
        Action, ActionRequest, Approval, ApprovalState, Approvals, Decision, Principal, RecurrenceScope,
    },
    audit::{self, AuditRecord},
    auth::StaticToken,
    client::{CalendarClient, RetryPolicy},
    google::EventsView,
    http::HttpClient,
    id::{AccountKey, CalendarKey, EventKey},
    model::{CalendarListEntry, Event, EventDraft, EventPatch, ResponseStatus, SendUpdates},
    recurrence::{TimeZones, Tzdb},
    storage::{CalendarListPage, EventRow, Listing, Storage, SyncPage},
    sync::{QueryFingerprint, SyncResource, SyncState},
    testing::{FakeClock, FakeTimer},
    time::TimeRange,
};

use crate::{Fate, FreshStore, MortalHttp, MortalStore, Stores, google_http};

/// The person, and the id of their primary calendar.
pub const ADA: &str = "ada@example.com";

/// The guests of events here: one of Ada's domain, one of another.
pub const TEAM: [&str; 2] = ["bob@example.com", "eve@example.org"];

/// How long an attempt may take; longer waits of the timer never end.
const TIMEOUT: Duration = Duration::from_secs(60);

/// Ada, her calendar at a fake Google over real HTTP, and a mirror of it.
pub struct World {
    /// Google.
    pub google: FakeGoogle,
    /// The clock of everything but Google.
    pub clock: FakeClock,
    /// The mirror.
    pub store: Arc<dyn Storage>,
    fresh: FreshStore,
    token: String,
    http: Arc<dyn HttpClient>,
    processes: AtomicUsize,
}

impl World {
    /// Ada with an empty calendar in Zurich, mirrored in memory.
    pub async fn new() -> Self {
        Self::kept_in(Stores::Memory).await
    }

    /// Ada with an empty calendar in Zurich, mirrored in a fresh one of `stores`.
    pub async fn kept_in(stores: Stores) -> Self {
        let google = FakeGoogle::spawn(Config::new()).unwrap();
        google.add_person(ADA, "Europe/Zurich");
        let token = google.token(ADA, &["calendar"]);
        let clock = FakeClock::default();
        let fresh = stores.fresh(&clock).await;
        let (store, http) = (fresh.storage.clone(), google_http());
        let world = Self { google, clock, store, fresh, token, http, processes: AtomicUsize::new(0) };
        world.mirror("owner").await;
        world
    }

    /// Ada's calendar.
    pub fn calendar(&self) -> CalendarKey {
        AccountKey::new("ada", ADA).calendar(ADA)
    }

    /// An event of Ada's calendar.
    pub fn key(&self, event: &str) -> EventKey {
        self.calendar().event(event)
    }

    /// Ada herself.
    pub fn ada(&self) -> Principal {
        Principal::User("ada".into())
    }

    /// Her agent.
    pub fn theo(&self) -> Principal {
        Principal::Agent { user: "ada".into(), name: "theo".into() }
    }

    /// Puts an event into Ada's calendar by Google's own pages, and into the mirror; gives its id.
    pub async fn event(&self, event: Value) -> String {
        let made = self.google.create_event(ADA, event);
        self.mirror("owner").await;
        made["id"].as_str().unwrap().to_owned()
    }

    /// A meeting of Ada's with her team, Monday 10:00 to 11:00; Bob has accepted, Eve declined.
    pub async fn meeting(&self) -> String {
        let guests = json!([
            { "email": ADA, "responseStatus": "accepted" },
            { "email": TEAM[0], "responseStatus": "accepted", "comment": "gladly" },
            { "email": TEAM[1], "responseStatus": "declined" },
        ]);
        let (start, end) = ("2025-03-31T10:00:00+02:00", "2025-03-31T11:00:00+02:00");
        let event = json!({
            "summary": "Review", "location": "Room 1", "attendees": guests,
            "start": { "dateTime": start }, "end": { "dateTime": end },
        });
        self.event(event).await
    }

    /// Mirrors Google's calendar as it is now, in which Ada has `role`.
    pub async fn mirror(&self, role: &str) {
        let fence = |name: &str| {
            let (store, name) = (self.store.clone(), name.to_owned());
            async move { store.acquire(&name, "mirror", Duration::from_secs(60)).await.unwrap().unwrap().fence }
        };
        let key = self.calendar();
        let entry: CalendarListEntry = serde_json::from_value(json!({
            "id": ADA, "summary": "Ada", "timeZone": "Europe/Zurich", "accessRole": role, "primary": true,
        }))
        .unwrap();
        let query = QueryFingerprint("flows".into());
        let list = CalendarListPage {
            entries: vec![(key.clone(), entry)],
            deletions: vec![],
            listing: Listing::Delta,
            state: SyncState::new(SyncResource::CalendarList(key.account_key()), query.clone()),
            fence: fence("list").await,
        };
        self.store.commit_calendar_list(&list).await.unwrap();
        let zone = Tzdb.zone("Europe/Zurich").unwrap();
        let events = self.google.snapshot(ADA).into_iter().map(|event| {
            let event: Event = serde_json::from_value(event).unwrap();
            let span = event.span(zone, &Tzdb);
            EventRow { event: Arc::new(event), span }
        });
        let page = SyncPage {
            calendar: key.clone(),
            events: events.collect(),
            deletions: vec![],
            quarantined: vec![],
            listing: Listing::Delta,
            state: SyncState::new(SyncResource::Events(key), query),
            fence: fence("events").await,
        };
        self.store.commit_page(&page).await.unwrap();
    }

    /// A process that lives, with retries in its client.
    pub fn process(&self) -> Approvals {
        self.process_of(Fate::lives(), RetryPolicy::default()).0
    }

    /// What takes place in `range` as Google itself tells series apart, by start.
    pub async fn occurrences_at_google(&self, range: TimeRange) -> Vec<Event> {
        let client = self.client(self.http.clone(), RetryPolicy::default());
        let account = client.for_account(&self.calendar().account_key());
        let view = EventsView { max_results: Some(2500), ..EventsView::agenda(range) };
        let page = account.events_page(&ADA.into(), &view.into(), None).await.unwrap();
        assert!(page.next_page_token.is_none());
        page.events
    }

    fn client(&self, http: impl HttpClient + 'static, retry: RetryPolicy) -> CalendarClient {
        let timer = FakeTimer::new(&self.clock).never_reaching(TIMEOUT);
        let token = StaticToken::new(self.token.clone());
        CalendarClient::builder(http, token, self.clock.clone(), timer)
            .base_url(self.google.url().parse().unwrap())
            .timeout(TIMEOUT)
            .retry(retry)
            .enable_rate_limiting(false)
            .build()
            .unwrap()
    }

    /// A process of that fate over the one store, and its HTTP client.
    pub fn process_of(&self, fate: Fate, retry: RetryPolicy) -> (Approvals, MortalHttp) {
        let http = MortalHttp::new(self.http.clone(), fate.clone());
        let client = self.client(http.clone(), retry);
        let store: Arc<dyn Storage> = Arc::new(MortalStore::new(self.store.clone(), fate));
        let number = self.processes.fetch_add(1, Ordering::Relaxed);
        let approvals = Approvals::new(
            store,
            client,
            Arc::new(self.clock.clone()),
            Arc::new(Tzdb),
            format!("process {number}"),
        );
        (approvals, http)
    }

    /// Asked by Theo, approved by Ada.
    pub async fn approved(&self, request: ActionRequest) -> Approval {
        let process = self.process();
        let asked = process.request(&self.theo(), request).await.unwrap();
        process.decide(&self.ada(), &asked.id, Decision::Approve { notes: None }).await.unwrap()
    }

    /// The approval as it is stored.
    pub async fn stored(&self, approval: &Approval) -> Approval {
        self.store.approval(&approval.user, &approval.id).await.unwrap()
    }

    /// Lets time pass and new processes run, each doing what is due and what Ada still wants executed, until the
    /// approval has ended or half a day is over.
    pub async fn until_ended(&self, approval: &Approval) -> Approval {
        for _ in 0..144 {
            let now = self.stored(approval).await;
            if now.state.is_terminal() {
                return now;
            }
            self.pass(Duration::from_secs(5 * 60)).await;
            let process = self.process();
            if now.state == ApprovalState::Approved {
                process.execute(&now.user, &now.id).await.unwrap();
            }
            process.reconcile_due(10).await.unwrap();
        }
        self.stored(approval).await
    }

    /// The address of the mirror's database, where it has one.
    pub fn database(&self) -> Option<&str> {
        self.fresh.database()
    }

    /// Lets time pass.
    pub async fn pass(&self, time: Duration) {
        self.clock.advance(time);
        self.fresh.pass(time).await;
    }

    /// Ada's audit, whose chain holds.
    pub async fn audit(&self) -> Vec<AuditRecord> {
        let ada = "ada".into();
        let records = self.store.audit(&ada, 0, usize::MAX).await.unwrap();
        assert_eq!(audit::verify(&ada, &records).unwrap(), self.store.audit_end(&ada).await.unwrap());
        records
    }

    /// What the audit says of one approval, in order.
    pub async fn audit_of(&self, approval: &Approval) -> Vec<String> {
        let all = self.audit().await;
        let of_it = all.into_iter().filter(|record| record.entry.approval.as_ref() == Some(&approval.id));
        of_it.map(|record| record.entry.action).collect()
    }

    /// Makes a lunch on Tuesday with the team.
    pub fn create(&self) -> ActionRequest {
        let draft: EventDraft = serde_json::from_value(json!({
            "summary": "Lunch", "attendees": TEAM.map(|email| json!({ "email": email })),
            "start": { "dateTime": "2025-04-01T12:00:00", "timeZone": "Europe/Zurich" },
            "end": { "dateTime": "2025-04-01T13:00:00", "timeZone": "Europe/Zurich" },
        }))
        .unwrap();
        self.asking(Action::Create { calendar: self.calendar(), draft: Box::new(draft) })
    }

    /// Changes the fields in `set` of an event.
    pub fn update(&self, event: &str, set: Value) -> ActionRequest {
        self.patch(event, EventPatch::new(serde_json::from_value(set).unwrap()), RecurrenceScope::All)
    }

    /// Changes an event, or as much of a series as `scope` says.
    pub fn patch(&self, event: &str, patch: EventPatch, scope: RecurrenceScope) -> ActionRequest {
        self.asking(Action::Update { event: self.key(event), patch: Box::new(patch), scope })
    }

    /// Deletes an event.
    pub fn delete(&self, event: &str) -> ActionRequest {
        self.asking(Action::Delete { event: self.key(event), scope: RecurrenceScope::All })
    }

    /// Deletes as much of a series as `scope` says.
    pub fn remove(&self, event: &str, scope: RecurrenceScope) -> ActionRequest {
        self.asking(Action::Delete { event: self.key(event), scope })
    }

    /// Answers an invitation.
    pub fn respond(&self, event: &str, response: ResponseStatus) -> ActionRequest {
        self.answer(event, response, RecurrenceScope::All)
    }

    /// Answers as much of a series as `scope` says.
    pub fn answer(&self, event: &str, response: ResponseStatus, scope: RecurrenceScope) -> ActionRequest {
        self.asking(Action::Respond { event: self.key(event), response, comment: None, scope })
    }

    fn asking(&self, action: Action) -> ActionRequest {
        ActionRequest::new(action).send_updates(SendUpdates::All)
    }
}
