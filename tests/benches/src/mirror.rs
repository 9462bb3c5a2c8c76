//! What rows share: a service over a store, a calendar to store into, and a sync whose memory is watched.

use std::{
    io::{self, Write},
    sync::Arc,
    time::{Duration, Instant},
};

use serde_json::json;
use theo_calendar::{
    CalendarService,
    auth::StaticToken,
    client::CalendarClient,
    google::EventsResponse,
    http::ReqwestClient,
    id::{AccountKey, CalendarKey, UserId},
    recurrence::{TimeZones, Tzdb},
    storage::{CalendarListPage, EventRow, Fence, Listing, Storage, SyncPage},
    sync::{QueryFingerprint, SyncOptions, SyncReport, SyncResource, SyncState, Unobserved},
    time::{SystemClock, TokioTimer},
};
use theo_calendar_postgres::{PostgresStore, SealingKey, SealingKeys};

use crate::{database::wait, process::status};

/// Whose calendars the rows are about, and the token that fake-google gives them.
pub(crate) const ADA: &str = "ada@example.com";

/// The service as a host holds it, without limits on requests: a row makes more than Google would let it.
pub(crate) fn service(store: Arc<dyn Storage>, google: &str, token: &str) -> CalendarService {
    let http = ReqwestClient::new().expect("an HTTP client can be made");
    let client = CalendarClient::builder(http, StaticToken::new(token.to_owned()), SystemClock, TokioTimer)
        .base_url(google.parse().expect("the server's address is one"))
        .enable_rate_limiting(false)
        .build()
        .expect("the server is on this machine");
    CalendarService::new(store, client, Arc::new(SystemClock), Arc::new(Tzdb), "benches")
}

/// Brings all of Ada's calendars to the mirror of `user`.
pub(crate) fn sync(service: &CalendarService, user: &str) -> SyncReport {
    let options = SyncOptions { accounts: Some(vec![ADA.into()]), ..SyncOptions::default() };
    let user = UserId::from(user);
    let report = wait(service.full_sync(&user, &options, &Unobserved)).expect("the store works");
    assert!(report.is_complete(), "{:?}", report.failures);
    report
}

/// A calendar in the mirror, and the right to write to it.
pub(crate) struct Calendar {
    pub(crate) key: CalendarKey,
    fence: Fence,
}

impl Calendar {
    /// The calendar called `id` of Ada's, empty.
    pub(crate) async fn new(store: &dyn Storage, id: &str) -> Self {
        let key = AccountKey::new("ada", ADA).calendar(id);
        let entry = serde_json::from_value(json!({ "id": id, "summary": id, "accessRole": "owner" }));
        let list = SyncResource::CalendarList(key.account_key());
        let page = CalendarListPage {
            entries: vec![(key.clone(), entry.expect("it is an entry"))],
            deletions: Vec::new(),
            listing: Listing::Delta,
            fence: fence(store, &list).await,
            state: SyncState::new(list, query()),
        };
        store.commit_calendar_list(&page).await.expect("the list is stored");
        let resource = SyncResource::Events(key.clone());
        store
            .create_sync_state(&SyncState::new(resource.clone(), query()))
            .await
            .expect("the state is stored");
        Self { fence: fence(store, &resource).await, key }
    }

    /// A page of changes as Google sent it, stored.
    pub(crate) async fn bring(&self, store: &dyn Storage, page: &[u8]) -> u64 {
        let zone = Tzdb.zone("Europe/Zurich").expect("there is Zurich");
        let response = EventsResponse::parse(page).expect("it is a page");
        let events = response.events.into_iter().map(|event| {
            let span = event.span(zone, &Tzdb);
            EventRow { event: Arc::new(event), span }
        });
        let page = SyncPage {
            calendar: self.key.clone(),
            events: events.collect(),
            deletions: Vec::new(),
            quarantined: Vec::new(),
            listing: Listing::Delta,
            state: SyncState::new(SyncResource::Events(self.key.clone()), query()),
            fence: self.fence.clone(),
        };
        let counts = store.commit_page(&page).await.expect("the page is stored");
        counts.added + counts.updated
    }
}

fn query() -> QueryFingerprint {
    QueryFingerprint("benches".into())
}

async fn fence(store: &dyn Storage, resource: &SyncResource) -> Fence {
    let lease = store.acquire(&resource.lease_name(), "benches", Duration::from_secs(3600)).await;
    lease.expect("the store works").expect("nobody else is here").fence
}

/// The word by which this program is asked to be the process whose memory is watched.
pub(crate) const MEMORY_ROLE: &str = "--memory-of-a-sync";

/// Syncs all of the server `google` into the database `url`, and prints what memory it took.
pub(crate) fn memory_of_a_sync(arguments: &[String]) -> io::Result<()> {
    let [google, url] = arguments else { return Err(io::Error::other("a server and a database")) };
    let keys = SealingKeys::new(SealingKey::new("benches", [7; 32]));
    let store = wait(PostgresStore::connect(url, keys)).map_err(io::Error::other)?;
    let service = service(Arc::new(store), google, "token");
    let before = status("VmRSS:")?;
    let started = Instant::now();
    let report = sync(&service, "ada");
    let measured = json!({
        "events": report.events_added,
        "seconds": started.elapsed().as_secs_f64(),
        "before": before,
        "peak": status("VmHWM:")?,
        "after": status("VmRSS:")?,
    });
    writeln!(io::stdout(), "{measured}")
}
