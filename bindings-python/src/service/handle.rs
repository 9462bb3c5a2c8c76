//! How a method of the service runs: in the process that opened it, until it is closed, beside all others.

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
    CalendarService, Error, ErrorKind, Result, id, storage::Storage, sync::SyncResource, time::TimeRange,
};
use theo_calendar_postgres::PostgresStore;

use super::{Service, seams::timed};
use crate::{
    error::{raised, wrong_argument},
    key::{AccountKey, CalendarKey},
    runtime::{Failure, awaitable},
    time::{range_argument, zone_argument},
    value::ToPython,
};

/// What a service is made of.
#[derive(Clone)]
pub(crate) struct Parts {
    pub(super) service: CalendarService,
    pub(super) store: Arc<dyn Storage>,
    pub(super) postgres: Option<PostgresStore>,
}

impl Service {
    /// What `work` gives, as an awaitable. An error names `operation`, unless it names one inside of it.
    pub(super) fn call<'py, T, F>(
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
        // Boxed: some of the core's futures are larger than what a stack should carry from layer to layer.
        let work = timed(Box::pin(work(self.parts.clone())));
        awaitable(py, async move {
            work.await.map_err(|failure| match failure {
                Failure::Core(error) => Failure::Core(error.with_operation(operation)),
                other => other,
            })
        })
    }

    pub(super) fn check_process(&self) -> PyResult<()> {
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

/// The keys of core, where any are given.
pub(super) fn keys(keys: Option<Vec<CalendarKey>>) -> Option<Vec<id::CalendarKey>> {
    keys.map(|keys| keys.into_iter().map(|key| key.0).collect())
}

/// The time that `start` and `end` name together; none where neither is given.
pub(super) fn range(
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

/// What is synced by one token of Google's: a calendar, or an account's list of calendars.
#[derive(FromPyObject)]
pub(super) enum Resource {
    #[pyo3(transparent)]
    Events(CalendarKey),
    #[pyo3(transparent)]
    CalendarList(AccountKey),
}

impl From<Resource> for SyncResource {
    fn from(resource: Resource) -> Self {
        match resource {
            Resource::Events(calendar) => Self::Events(calendar.0),
            Resource::CalendarList(account) => Self::CalendarList(account.0),
        }
    }
}
