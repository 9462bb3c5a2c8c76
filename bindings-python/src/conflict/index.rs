//! Events kept ready for many questions.

use std::sync::{PoisonError, RwLock};

use pyo3::{prelude::*, types::PyTuple};
use theo_calendar::{
    conflict,
    id::{AccountKey, CalendarKey},
    recurrence::Tzdb,
};

use super::{Conflicts, question::Question};
use crate::{argument::text, error::internal, event_list::EventList, time::zone_argument, work::detached};

/// The events of any number of calendars and accounts of one person, kept ready: a question takes microseconds. Any
/// number of threads may ask and change it at once.
///
/// >>> index = ConflictIndex()
/// >>> index.add({"id": "fair", "start": {"date": "2025-03-28"}, "end": {"date": "2025-03-30"}})
/// ()
/// >>> index.check("2025-03-28T09:00:00Z", "2025-03-28T10:00:00Z").worst
/// <Severity.LOW: 'low'>
/// >>> index.remove("fair"), len(index)
/// (True, 0)
#[pyclass(frozen, module = "theo_calendar")]
#[derive(Default)]
pub(crate) struct ConflictIndex(RwLock<conflict::ConflictIndex>);

#[pymethods]
impl ConflictIndex {
    #[new]
    fn new() -> Self {
        Self::default()
    }

    /// Adds events of one calendar, in any form that `detect_conflicts` takes, each in the place of the one with its
    /// id; gives those that cannot be read. Days are those of `time_zone`: where it is not given of the page's, else
    /// UTC.
    ///
    /// Raises `InvalidInputError` where these are no events, or the zone is unknown: then nothing is added.
    #[pyo3(signature = (events, *, calendar_id=None, account_id=None, time_zone=None))]
    fn add<'py>(
        &self,
        py: Python<'py>,
        events: &Bound<'py, PyAny>,
        calendar_id: Option<&Bound<'py, PyAny>>,
        account_id: Option<&Bound<'py, PyAny>>,
        time_zone: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyTuple>> {
        let list = EventList::of(events)?;
        let zone = list.zone(time_zone)?;
        let calendar = key(account_id, calendar_id)?;
        let events = list.events.into_iter().map(|event| event.event);
        self.change(py, |index| index.extend(&calendar, events, zone, &Tzdb))?;
        PyTuple::new(py, list.quarantined)
    }

    /// Takes out an event; says whether there was one that mattered.
    #[pyo3(signature = (event_id, *, calendar_id=None, account_id=None))]
    fn remove(
        &self,
        py: Python<'_>,
        event_id: &Bound<'_, PyAny>,
        calendar_id: Option<&Bound<'_, PyAny>>,
        account_id: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<bool> {
        let event = key(account_id, calendar_id)?.event(&*text(event_id, "event_id")?);
        self.change(py, |index| index.remove(&event))
    }

    /// Takes out every event of a calendar.
    #[pyo3(signature = (*, calendar_id=None, account_id=None))]
    fn remove_calendar(
        &self,
        py: Python<'_>,
        calendar_id: Option<&Bound<'_, PyAny>>,
        account_id: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<()> {
        let calendar = key(account_id, calendar_id)?;
        self.change(py, |index| index.remove_calendar(&calendar))
    }

    /// What stands in the way of the time from `start` to `end`, or of `draft`; the arguments are those of
    /// `detect_conflicts`, and so is the answer.
    #[pyo3(signature = (start=None, end=None, *, draft=None, horizon=None, time_zone=None, policy=None))]
    #[expect(clippy::too_many_arguments, reason = "in Python each has a name and a default")]
    fn check(
        &self,
        py: Python<'_>,
        start: Option<&Bound<'_, PyAny>>,
        end: Option<&Bound<'_, PyAny>>,
        draft: Option<&Bound<'_, PyAny>>,
        horizon: Option<&Bound<'_, PyAny>>,
        time_zone: Option<&Bound<'_, PyAny>>,
        policy: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Conflicts> {
        let zone = zone_argument(time_zone)?;
        let Question { proposal, policy } = Question::of(start, end, draft, horizon, zone, policy)?;
        let found = detached(py, || self.0.read().map(|index| index.detect(&proposal, &policy)).ok())?;
        Ok(Conflicts::new(found.ok_or_else(internal)?, zone))
    }

    /// How many events it keeps: those that may be in the way of something. A series counts as one.
    fn __len__(&self, py: Python<'_>) -> PyResult<usize> {
        detached(py, || self.0.read().unwrap_or_else(PoisonError::into_inner).len())
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        Ok(format!("<ConflictIndex of {} events>", self.__len__(py)?))
    }
}

impl ConflictIndex {
    /// Waits for its turn without the GIL, so that whoever has the turn can end it.
    ///
    /// # Errors
    /// `InternalError` after a change that failed half done.
    fn change<T: Send>(
        &self,
        py: Python<'_>,
        change: impl FnOnce(&mut conflict::ConflictIndex) -> T + Send,
    ) -> PyResult<T> {
        detached(py, || self.0.write().ok().map(|mut index| change(&mut index)))?.ok_or_else(internal)
    }
}

/// The calendar that the arguments name. An index is one person's, so the person has no name here.
fn key(account: Option<&Bound<'_, PyAny>>, calendar: Option<&Bound<'_, PyAny>>) -> PyResult<CalendarKey> {
    let named = |value: Option<&Bound<'_, PyAny>>, argument| {
        let name = value.map(|value| text(value, argument)).transpose()?;
        PyResult::Ok(name.as_deref().unwrap_or_default().to_owned())
    };
    Ok(AccountKey::new("", named(account, "account_id")?).calendar(named(calendar, "calendar_id")?))
}
