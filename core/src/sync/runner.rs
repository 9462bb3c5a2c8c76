//! Drives the machine: leases, pages, rows, commits.

mod accounts;
mod due;
mod resource;

use std::{
    collections::BTreeSet,
    fmt,
    sync::{Arc, Mutex},
    time::Duration,
};

use super::{
    SyncMachine, SyncResource,
    source::{CalendarList, Events},
};
use crate::{
    client::CalendarClient,
    google::{CalendarListSync, EventsSync},
    id::{AccountId, AccountKey, CalendarId},
    recurrence::TimeZones,
    storage::{MirroredCalendar, Storage},
    time::Clock,
};

pub use due::SyncTick;

/// Keeps mirrors equal to Google: all that is needed for it, and no task of its own.
///
/// - Of all runners over one store, one works on a resource at a time; one that lost its lease stores nothing more.
/// - A sync that is dropped or dies goes on, next time, at the page after the last one stored.
/// - What fails is recorded with the resource and tried again when its back-off is over, but what only the person can
///   mend (a revoked grant, a missing scope) pauses the whole account, with one failure reported and the data kept.
///
/// ```no_run
/// # use std::sync::Arc;
/// # use theo_calendar::{client::CalendarClient, id::AccountKey, recurrence::UtcOnly, storage::MemoryStore};
/// # use theo_calendar::{sync::{SyncOptions, SyncRunner, Unobserved}, time::SystemClock};
/// # async fn example(client: CalendarClient) -> theo_calendar::Result<()> {
/// let clock = Arc::new(SystemClock);
/// let store = Arc::new(MemoryStore::new(clock.clone()));
/// let runner = SyncRunner::new(store, client, clock, Arc::new(UtcOnly), "worker 1");
///
/// let ada = AccountKey::new("ada", "ada@example.com");
/// let options = SyncOptions { accounts: Some(vec![ada.account.clone()]), ..SyncOptions::default() };
/// let report = runner.full_sync(&ada.user, &options, &Unobserved).await?;
/// assert!(report.is_complete());
/// # Ok(())
/// # }
/// ```
pub struct SyncRunner {
    store: Arc<dyn Storage>,
    client: CalendarClient,
    clock: Arc<dyn Clock>,
    zones: Arc<dyn TimeZones>,
    holder: String,
    settings: SyncSettings,
    /// What this runner works on now: the lease does not keep a holder from itself.
    running: Mutex<BTreeSet<SyncResource>>,
}

/// How a runner works.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyncSettings {
    /// Events on a page. Another number lists each calendar anew: Google ties a token to its query.
    pub events_per_page: u32,
    /// Calendars on a page of the list.
    pub calendars_per_page: u32,
    /// How long a lease lasts; renewed page by page, so it must outlast the slowest one, retries included.
    pub lease: Duration,
    /// How often one run goes over a resource, at most, when notifications keep coming.
    pub passes: u32,
    /// Pages of one listing, at most.
    pub max_pages: u32,
    /// How long after its last sync a resource is due again, whether or not a notification came.
    pub poll_every: Duration,
    /// How long a tick that found nothing left to do lets pass until the next.
    pub tick_every: Duration,
}

impl Default for SyncSettings {
    fn default() -> Self {
        Self {
            events_per_page: 2500,
            calendars_per_page: 250,
            lease: Duration::from_secs(5 * 60),
            passes: 3,
            max_pages: SyncMachine::MAX_PAGES,
            poll_every: Duration::from_secs(15 * 60),
            tick_every: Duration::from_secs(30),
        }
    }
}

/// What to sync, and how thoroughly.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SyncOptions {
    /// List everything completely, whatever is mirrored, and whatever failed or paused before.
    pub force_refresh: bool,
    /// Only these calendars, of those selected; `primary` is the account's own. All selected ones where none.
    pub calendar_ids: Option<Vec<CalendarId>>,
    /// Only these accounts; an account not known yet becomes so. All known ones where none.
    pub accounts: Option<Vec<AccountId>>,
}

impl SyncRunner {
    /// A runner over `store` and `client`. `holder` names it among all runners over the store.
    pub fn new(
        store: Arc<dyn Storage>,
        client: CalendarClient,
        clock: Arc<dyn Clock>,
        zones: Arc<dyn TimeZones>,
        holder: impl Into<String>,
    ) -> Self {
        let (holder, settings, running) = (holder.into(), SyncSettings::default(), Mutex::default());
        Self { store, client, clock, zones, holder, settings, running }
    }

    /// The same runner, working as `settings` say.
    #[must_use]
    pub fn with_settings(mut self, settings: SyncSettings) -> Self {
        self.settings = settings;
        self
    }

    fn calendar_list(&self, account: &AccountKey) -> CalendarList {
        let query = CalendarListSync { since: None, max_results: Some(self.settings.calendars_per_page) };
        CalendarList { account: account.clone(), query }
    }

    fn events(&self, calendar: &MirroredCalendar) -> Events<'_> {
        Events {
            calendar: calendar.key.clone(),
            time_zone: calendar.entry.time_zone.clone(),
            query: EventsSync { max_results: Some(self.settings.events_per_page), ..EventsSync::default() },
            zones: &*self.zones,
        }
    }
}

impl fmt::Debug for SyncRunner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SyncRunner")
            .field("holder", &self.holder)
            .field("settings", &self.settings)
            .finish_non_exhaustive()
    }
}
