//! `CalendarService`, as the Python half holds it: each method gives an awaitable of what the core's gives.
//!
//! Arguments come prepared by `service.py`, which says what they are; here they are only converted.

mod agenda;
mod open;
mod reads;
mod seams;
mod sync;
pub(crate) mod words;

use std::{
    future::Future,
    process,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use pyo3::prelude::*;
use theo_calendar::{
    CalendarService, Error, ErrorKind, Result, id,
    recurrence::Zone,
    search::{SearchMode, SearchQuery},
    storage::{CalendarSettings, ChangeCursor, EventQuery, Storage, StoredGrant},
    sync::SyncOptions,
    time::TimeRange,
};
use theo_calendar_postgres::PostgresStore;

pub(crate) use self::{agenda::*, reads::*, sync::*};
use self::{open::Options, seams::timed, words::Known};
use crate::{
    error::{raised, wrong_argument},
    key::{AccountKey, CalendarKey, EventKey},
    runtime::{Failure, awaitable},
    time::{instant_argument, range_argument, zone_argument},
    value::ToPython,
};

/// The native half of `CalendarService`.
#[pyclass(frozen, module = "theo_calendar._native")]
pub(crate) struct Service {
    parts: Parts,
    is_closed: AtomicBool,
    /// The process it was opened in: no other has its threads and connections.
    process: u32,
}

/// What a service is made of.
#[derive(Clone)]
pub(crate) struct Parts {
    service: CalendarService,
    store: Arc<dyn Storage>,
    postgres: Option<PostgresStore>,
}

#[pymethods]
impl Service {
    #[staticmethod]
    fn open(py: Python<'_>, options: Options) -> PyResult<Bound<'_, PyAny>> {
        awaitable(py, timed(open::open(options)))
    }

    fn close<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.check_process()?;
        self.is_closed.store(true, Ordering::Relaxed);
        let postgres = self.parts.postgres.clone();
        awaitable(py, async move {
            if let Some(postgres) = postgres {
                postgres.close().await;
            }
            Ok(())
        })
    }

    fn sync<'py>(
        &self,
        py: Python<'py>,
        user: &str,
        force_refresh: bool,
        calendar_ids: Option<Vec<String>>,
        accounts: Option<Vec<String>>,
        on_page: Option<Py<PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let user = user.into();
        let calendar_ids = calendar_ids.map(|ids| ids.into_iter().map(Into::into).collect());
        let accounts = accounts.map(|accounts| accounts.into_iter().map(Into::into).collect());
        let options = SyncOptions { force_refresh, calendar_ids, accounts };
        self.call(py, "sync", async move |it| it.service.full_sync(&user, &options, &Pages(on_page)).await)
    }

    fn sync_status<'py>(&self, py: Python<'py>, user: &str) -> PyResult<Bound<'py, PyAny>> {
        let user = user.into();
        self.call(py, "sync_status", async move |it| it.service.sync_status(&user).await)
    }

    fn account_connected<'py>(&self, py: Python<'py>, account: AccountKey) -> PyResult<Bound<'py, PyAny>> {
        self.call(py, "account_connected", async move |it| it.service.account_connected(&account.0).await)
    }

    fn store_grant<'py>(
        &self,
        py: Python<'py>,
        account: AccountKey,
        access_token: String,
        expires_at: &Bound<'py, PyAny>,
        refresh_token: Option<String>,
        scopes: Vec<String>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let expires_at = instant_argument(expires_at, "expires_at", &Zone::utc())?;
        let (access_token, refresh_token) = (access_token.into(), refresh_token.map(Into::into));
        let grant = StoredGrant { access_token, expires_at, refresh_token, scopes };
        self.call(py, "store_grant", async move |it| it.store.put_grant(&account.0, &grant).await)
    }

    fn granted_accounts<'py>(&self, py: Python<'py>, user: &str) -> PyResult<Bound<'py, PyAny>> {
        let user = user.into();
        self.call(py, "granted_accounts", async move |it| it.store.granted_accounts(&user).await.map(Listed))
    }

    fn delete_grant<'py>(&self, py: Python<'py>, account: AccountKey) -> PyResult<Bound<'py, PyAny>> {
        self.call(py, "delete_grant", async move |it| it.store.delete_grant(&account.0).await)
    }

    fn calendars<'py>(&self, py: Python<'py>, user: &str) -> PyResult<Bound<'py, PyAny>> {
        let user = user.into();
        self.call(py, "calendars", async move |it| it.service.calendars(&user).await.map(Listed))
    }

    fn calendar<'py>(&self, py: Python<'py>, key: CalendarKey) -> PyResult<Bound<'py, PyAny>> {
        self.call(py, "calendar", async move |it| it.service.calendar(&key.0).await)
    }

    fn set_calendar_settings<'py>(
        &self,
        py: Python<'py>,
        key: CalendarKey,
        is_selected: Option<bool>,
        is_hidden: Option<bool>,
    ) -> PyResult<Bound<'py, PyAny>> {
        self.call(py, "set_calendar_settings", async move |it| {
            let now = it.service.calendar(&key.0).await?.settings;
            let settings = CalendarSettings {
                is_selected: is_selected.unwrap_or(now.is_selected),
                is_hidden: is_hidden.unwrap_or(now.is_hidden),
            };
            it.service.set_calendar_settings(&key.0, settings).await
        })
    }

    #[expect(clippy::too_many_arguments, reason = "one for each that the Python half names")]
    fn list_events<'py>(
        &self,
        py: Python<'py>,
        user: &str,
        calendars: Option<Vec<CalendarKey>>,
        start: Option<Bound<'py, PyAny>>,
        end: Option<Bound<'py, PyAny>>,
        time_zone: Option<Bound<'py, PyAny>>,
        include_series: bool,
        text: Option<String>,
        include_cancelled: bool,
        limit: Option<usize>,
        offset: usize,
    ) -> PyResult<Bound<'py, PyAny>> {
        let user = user.into();
        let range = range(start, end, time_zone)?;
        let calendars = keys(calendars);
        let query = EventQuery { calendars, range, include_series, text, include_cancelled, limit, offset };
        self.call(py, "list_events", async move |it| it.service.list_events(&user, &query).await.map(Listed))
    }

    fn event<'py>(&self, py: Python<'py>, key: EventKey) -> PyResult<Bound<'py, PyAny>> {
        self.call(py, "event", async move |it| it.service.event(&key.0).await)
    }

    fn event_counts<'py>(&self, py: Python<'py>, user: &str) -> PyResult<Bound<'py, PyAny>> {
        let user = user.into();
        self.call(py, "event_counts", async move |it| it.service.event_counts(&user).await.map(Listed))
    }

    #[expect(clippy::too_many_arguments, reason = "one for each that the Python half names")]
    fn search<'py>(
        &self,
        py: Python<'py>,
        user: &str,
        text: String,
        mode: &str,
        calendars: Option<Vec<CalendarKey>>,
        start: Option<Bound<'py, PyAny>>,
        end: Option<Bound<'py, PyAny>>,
        time_zone: Option<Bound<'py, PyAny>>,
        attendee: Option<String>,
        limit: usize,
    ) -> PyResult<Bound<'py, PyAny>> {
        let user = user.into();
        let (mode, range) = (SearchMode::argument(mode, "mode")?, range(start, end, time_zone)?);
        let query = SearchQuery { text, mode, range, calendars: keys(calendars), attendee, limit };
        self.call(py, "search", async move |it| it.service.search(&user, &query).await)
    }

    fn agenda<'py>(
        &self,
        py: Python<'py>,
        user: &str,
        start: &Bound<'py, PyAny>,
        end: &Bound<'py, PyAny>,
        time_zone: Option<Bound<'py, PyAny>>,
        calendars: Option<Vec<CalendarKey>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let user = user.into();
        let zone = zone_argument(time_zone.as_ref())?;
        let asked = Asked { range: range_argument(start, end, zone)?, zone, calendars: keys(calendars) };
        self.call(py, "agenda", async move |it| days(&it.service, &user, &asked).await)
    }

    fn changes_since<'py>(
        &self,
        py: Python<'py>,
        user: &str,
        cursor: u64,
        limit: usize,
    ) -> PyResult<Bound<'py, PyAny>> {
        let (user, cursor) = (user.into(), ChangeCursor(cursor));
        self.call(py, "changes", async move |it| it.service.changes_since(&user, cursor, limit).await)
    }
}

impl Service {
    /// What `work` gives, as an awaitable. An error names `operation`, unless it names one inside of it.
    fn call<'py, T, F>(
        &self,
        py: Python<'py>,
        operation: &'static str,
        work: impl FnOnce(Parts) -> F,
    ) -> PyResult<Bound<'py, PyAny>>
    where
        T: ToPython + Send + 'static,
        F: Future<Output = Result<T>> + Send + 'static,
    {
        self.check_process()?;
        if self.is_closed.load(Ordering::Relaxed) {
            return Err(unusable("the service is closed: open another"));
        }
        let work = timed(work(self.parts.clone()));
        awaitable(py, async move {
            work.await.map_err(|failure| match failure {
                Failure::Core(error) => Failure::Core(error.with_operation(operation)),
                other => other,
            })
        })
    }

    fn check_process(&self) -> PyResult<()> {
        if self.process == process::id() {
            return Ok(());
        }
        Err(unusable(
            "the service was opened before this process was forked, and its connections are its parent's: open one here",
        ))
    }
}

fn unusable(why: &'static str) -> PyErr {
    raised(Error::new(ErrorKind::InvalidInput, why))
}

impl ToPython for Parts {
    fn to_python<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let service =
            Service { parts: self.clone(), is_closed: AtomicBool::new(false), process: process::id() };
        Ok(Bound::new(py, service)?.into_any())
    }
}

fn keys(keys: Option<Vec<CalendarKey>>) -> Option<Vec<id::CalendarKey>> {
    keys.map(|keys| keys.into_iter().map(|key| key.0).collect())
}

/// The time that `start` and `end` name together; none where neither is given.
fn range(
    start: Option<Bound<'_, PyAny>>,
    end: Option<Bound<'_, PyAny>>,
    time_zone: Option<Bound<'_, PyAny>>,
) -> PyResult<Option<TimeRange>> {
    let zone = zone_argument(time_zone.as_ref())?;
    match (start, end) {
        (Some(start), Some(end)) => range_argument(&start, &end, zone).map(Some),
        (None, None) => Ok(None),
        (None, Some(_)) => Err(wrong_argument("start", "is missing: give both start and end, or neither")),
        (Some(_), None) => Err(wrong_argument("end", "is missing: give both start and end, or neither")),
    }
}
