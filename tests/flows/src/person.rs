//! A person at a fake Google over real HTTP, and the workers that mirror their calendars.

use std::{
    sync::{Arc, OnceLock},
    time::Duration,
};

use chrono::TimeDelta;
use fake_google::{Config, FakeGoogle};
use serde_json::{Value, json};
use theo_calendar::{
    auth::{OAuthClient, RefreshingTokens, StaticToken, TokenProvider},
    client::{CalendarClient, RateLimits, RetryPolicy},
    http::{HttpClient, ReqwestClient},
    id::{AccountKey, CalendarKey},
    recurrence::Tzdb,
    storage::{Storage, StoredGrant},
    sync::{SyncOptions, SyncReport, SyncResource, SyncRunner, SyncSettings, SyncState, Unobserved},
    testing::FakeClock,
    time::{Clock, Timer},
};

use crate::{ADA, FreshStore, JointTimer, Stores, google_http};

/// How long one attempt may take; see [`JointTimer`]. Longer than any wait of limits or retries.
pub const TIMEOUT: Duration = Duration::from_secs(63);

/// The client that the grants of people are to.
const CLIENT: &str = "fake-client";

/// A person with calendars at Google, a mirror of them, and one time for both.
pub struct Person {
    /// Google.
    pub google: Arc<FakeGoogle>,
    /// The mirror's clock.
    pub clock: FakeClock,
    /// The mirror.
    pub store: Arc<dyn Storage>,
    /// Whose.
    pub account: AccountKey,
    /// How the workers work.
    pub settings: SyncSettings,
    fresh: FreshStore,
    http: OnceLock<Arc<dyn HttpClient>>,
    tokens: Arc<dyn TokenProvider>,
    timer: Arc<dyn Timer>,
    retry: RetryPolicy,
    limits: Option<RateLimits>,
}

impl Person {
    /// Ada, with an empty primary calendar in Zurich, at a Google of her own. The mirror is in memory.
    pub fn new() -> Self {
        let clock = FakeClock::default();
        let start = Clock::now(&clock);
        let google =
            Arc::new(FakeGoogle::spawn(Config::new().allow_http_webhooks().starting_at(start)).unwrap());
        google.add_person(ADA, "Europe/Zurich");
        Self::at(google, clock, ADA)
    }

    /// The person called `email` at a Google where they are already.
    pub fn at(google: Arc<FakeGoogle>, clock: FakeClock, email: &str) -> Self {
        let tokens = Arc::new(StaticToken::new(google.token(email, &["calendar"])));
        let timer = Arc::new(JointTimer::new(&clock, &google, TIMEOUT));
        let fresh = FreshStore::in_memory(&clock);
        Self {
            google,
            clock,
            store: fresh.storage.clone(),
            account: AccountKey::new("ada", email),
            settings: SyncSettings::default(),
            fresh,
            http: OnceLock::new(),
            tokens,
            timer,
            retry: RetryPolicy::default(),
            limits: None,
        }
    }

    /// Whose mirror is kept in a fresh one of `stores`.
    pub async fn kept_in(mut self, stores: Stores) -> Self {
        self.fresh = stores.fresh(&self.clock).await;
        self.store = self.fresh.storage.clone();
        self
    }

    /// With one more calendar.
    #[must_use]
    pub fn calendar(self, id: &str, time_zone: &str) -> Self {
        self.google.add_calendar(self.account.account.as_str(), id, id, time_zone);
        self
    }

    /// Whose pages hold so many events.
    #[must_use]
    pub fn page_of(mut self, events: u32) -> Self {
        self.settings.events_per_page = events;
        self
    }

    /// Whose workers call Google through `http`.
    #[must_use]
    pub fn http(mut self, http: impl HttpClient + 'static) -> Self {
        self.http = OnceLock::from(Arc::new(http) as Arc<dyn HttpClient>);
        self
    }

    /// Whose access tokens come from `tokens`.
    #[must_use]
    pub fn tokens(mut self, tokens: impl TokenProvider + 'static) -> Self {
        self.tokens = Arc::new(tokens);
        self
    }

    /// Whose access tokens come from a grant in the store, renewed at Google.
    pub async fn granted(self) -> Self {
        self.grant().await;
        self.renewing()
    }

    /// Whose access tokens come from grants in the store, renewed at Google.
    #[must_use]
    pub fn renewing(self) -> Self {
        let http = ReqwestClient::new().unwrap();
        let (store, clock) = (self.store.clone(), self.clock.clone());
        let tokens = RefreshingTokens::new(http, store, clock, self.oauth()).unwrap();
        self.tokens(tokens)
    }

    /// The registration that grants of people are to.
    pub fn oauth(&self) -> OAuthClient {
        OAuthClient::google(CLIENT, None).under(&self.google.url().parse().unwrap())
    }

    /// The person consents: a new grant, whose access token lives for an hour, is in the store.
    pub async fn grant(&self) {
        let (email, scopes) = (self.account.account.as_str(), ["calendar"]);
        let access = self.google.expiring_token(email, &scopes, TimeDelta::hours(1));
        let grant = StoredGrant {
            access_token: access.into(),
            expires_at: Clock::now(&self.clock) + TimeDelta::hours(1),
            refresh_token: Some(self.google.refresh_token(email, CLIENT, &scopes).into()),
            scopes: vec!["https://www.googleapis.com/auth/calendar".to_owned()],
        };
        self.store.put_grant(&self.account, &grant).await.unwrap();
    }

    /// Whose workers wait by `timer`.
    #[must_use]
    pub fn timer(mut self, timer: impl Timer + 'static) -> Self {
        self.timer = Arc::new(timer);
        self
    }

    /// Whose calls are tried again as `retry` says.
    #[must_use]
    pub fn retry(mut self, retry: RetryPolicy) -> Self {
        self.retry = retry;
        self
    }

    /// Whose calls are kept within `limits`.
    #[must_use]
    pub fn limits(mut self, limits: RateLimits) -> Self {
        self.limits = Some(limits);
        self
    }

    /// A client of its own: its retry quota and its limits are shared by its clones alone.
    pub fn client(&self) -> CalendarClient {
        self.client_over(self.http.get_or_init(google_http).clone())
    }

    /// A client of its own that calls Google through `http`.
    pub fn client_over(&self, http: impl HttpClient + 'static) -> CalendarClient {
        let tokens = self.tokens.clone();
        CalendarClient::builder(http, tokens, self.clock.clone(), self.timer.clone())
            .base_url(self.google.url().parse().unwrap())
            .timeout(TIMEOUT)
            .retry(self.retry)
            .limits(self.limits.clone())
            .build()
            .unwrap()
    }

    /// A worker with a client of its own.
    pub fn worker(&self, name: &str) -> SyncRunner {
        self.worker_with(self.client(), name)
    }

    /// A worker over `client`.
    pub fn worker_with(&self, client: CalendarClient, name: &str) -> SyncRunner {
        let clock = Arc::new(self.clock.clone());
        SyncRunner::new(self.store.clone(), client, clock, Arc::new(Tzdb), name)
            .with_settings(self.settings.clone())
    }

    /// What to sync: all of this account.
    pub fn everything(&self) -> SyncOptions {
        SyncOptions { accounts: Some(vec![self.account.account.clone()]), ..SyncOptions::default() }
    }

    /// Brings the mirror up to date by a worker of its own; what fails is in the report.
    pub async fn sync(&self) -> SyncReport {
        self.sync_by(&self.worker("worker")).await
    }

    /// Brings the mirror up to date by `worker`.
    pub async fn sync_by(&self, worker: &SyncRunner) -> SyncReport {
        worker.full_sync(&self.account.user, &self.everything(), &Unobserved).await.unwrap()
    }

    /// Lists everything completely, whatever is known.
    pub async fn refresh(&self) -> SyncReport {
        let options = SyncOptions { force_refresh: true, ..self.everything() };
        self.worker("worker").full_sync(&self.account.user, &options, &Unobserved).await.unwrap()
    }

    /// Syncs until nothing fails, letting back-offs pass; so does the mirror once things are quiet.
    pub async fn settle(&self) -> SyncReport {
        let mut report = SyncReport::default();
        for _ in 0..16 {
            report = self.sync().await;
            if report.is_complete() {
                return report;
            }
            self.pass(Duration::from_secs(2 * 60 * 60)).await;
        }
        panic!("the mirror never settles: {:?}", report.failures);
    }

    /// The address of the mirror's database, where it has one.
    pub fn database(&self) -> Option<&str> {
        self.fresh.database()
    }

    /// Lets time pass, here and at Google.
    pub async fn pass(&self, time: Duration) {
        self.clock.advance(time);
        self.fresh.pass(time).await;
        self.google.advance(TimeDelta::from_std(time).unwrap());
    }

    /// The key of one of the person's calendars.
    pub fn key(&self, calendar: &str) -> CalendarKey {
        self.account.calendar(calendar)
    }

    /// The sync state of a calendar.
    pub async fn state(&self, calendar: &str) -> SyncState {
        let resource = SyncResource::Events(self.key(calendar));
        self.store.sync_state(&resource).await.unwrap().unwrap()
    }

    /// Makes a one-hour event in Google's own pages, `hours` after the clock's start; gives its id.
    pub fn event(&self, calendar: &str, summary: &str, hours: i64) -> String {
        self.made(calendar, one_hour(summary, hours))
    }

    /// Makes a daily series of `count` in Google's own pages; gives its id.
    pub fn series(&self, calendar: &str, summary: &str, count: u32) -> String {
        let mut event = one_hour(summary, 24);
        event["recurrence"] = json!([format!("RRULE:FREQ=DAILY;COUNT={count}")]);
        self.made(calendar, event)
    }

    /// Makes any event in Google's own pages; gives its id.
    pub fn made(&self, calendar: &str, event: Value) -> String {
        self.google.create_event(calendar, event)["id"].as_str().unwrap().to_owned()
    }
}

impl Default for Person {
    fn default() -> Self {
        Self::new()
    }
}

/// An event from `hours` after the clock's start, in Zurich.
pub fn one_hour(summary: &str, hours: i64) -> Value {
    let start = Clock::now(&FakeClock::default()) + TimeDelta::hours(hours);
    let time = |at: chrono::DateTime<chrono::Utc>| json!({ "dateTime": at.to_rfc3339(), "timeZone": "Europe/Zurich" });
    json!({ "summary": summary, "start": time(start), "end": time(start + TimeDelta::hours(1)) })
}

/// The id of the occurrence of a [`series`](Person::series) on its day `day`, from 0.
///
/// The clocks of Zurich change on the second day: the series keeps its wall clock.
pub fn occurrence(series: &str, day: i64) -> String {
    let start = Clock::now(&FakeClock::default()) + TimeDelta::hours(24);
    let summer = TimeDelta::hours(i64::from(day >= 1));
    format!("{series}_{}", (start + TimeDelta::days(day) - summer).format("%Y%m%dT%H%M%SZ"))
}
