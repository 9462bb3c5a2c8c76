//! What was found in the way.

use pyo3::{
    IntoPyObjectExt,
    prelude::*,
    sync::PyOnceLock,
    types::{PyIterator, PySlice, PyTuple},
};
use theo_calendar::{
    conflict::{self, Duplicate},
    recurrence::Zone,
};

use crate::{
    events::QuarantinedEvent,
    json,
    time::{self, zone_called},
    value::{Restored, ToPython, hash, picked_by, shown},
    words::Words,
};

/// What stands in the way: a sequence of `Conflict`, and how much was looked at to find it. What is unknown is not free:
/// where `truncated`, or where something is `unreadable` or `quarantined`, there may be more.
#[pyclass(frozen, eq, module = "theo_calendar")]
#[derive(Clone, PartialEq)]
pub(crate) struct Conflicts {
    pub(super) found: conflict::Conflicts,
    /// The zone that was asked in.
    pub(super) zone: &'static Zone,
    pub(super) quarantined: Vec<QuarantinedEvent>,
}

impl Conflicts {
    /// What was found among events that could all be read.
    pub(crate) fn new(found: conflict::Conflicts, zone: &'static Zone) -> Self {
        Self { found, zone, quarantined: Vec::new() }
    }
}

impl ToPython for Conflicts {
    fn to_python<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.clone().into_bound_py_any(py)
    }
}

#[pymethods]
impl Conflicts {
    /// Whether some recurring event takes place there more often than it was followed, or what is proposed goes on
    /// after the time looked at.
    #[getter]
    fn truncated(&self) -> bool {
        self.found.truncated
    }

    /// Ids of recurring events whose rules cannot be read: of those only the first occurrence was looked at.
    #[getter]
    fn unreadable<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, self.found.unreadable.iter().map(|id| id.as_str()))
    }

    /// The events that could not be read at all.
    #[getter]
    fn quarantined<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, self.quarantined.clone())
    }

    /// The time in which events were looked for.
    #[getter]
    fn looked_at<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        time::range(py, &self.found.looked_at, self.zone)
    }

    /// The times proposed that are not all in the working hours of the policy.
    #[getter]
    fn outside_hours<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        let times = self.found.outside_hours.iter().map(|range| time::range(py, range, self.zone));
        PyTuple::new(py, times.collect::<PyResult<Vec<_>>>()?)
    }

    /// Whether everything that takes place in the time looked at was looked at, and nothing is proposed beyond it.
    #[getter]
    fn is_complete(&self) -> bool {
        self.found.is_complete() && self.quarantined.is_empty()
    }

    /// Whether nothing stands in the way and nothing was left out.
    #[getter]
    fn is_free(&self) -> bool {
        self.found.is_free() && self.quarantined.is_empty()
    }

    /// How bad the worst is; `None` where nothing is in the way and no time is outside of the working hours.
    #[getter]
    fn worst<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        self.found.worst().map(|severity| severity.to_python(py)).transpose()
    }

    /// All of it as JSON, as every language of the library writes it; instants are in UTC.
    fn to_json(&self) -> PyResult<String> {
        json::text(&self.found)
    }

    fn __len__(&self) -> usize {
        self.found.conflicts.len()
    }

    fn __getitem__<'py>(&self, place: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let conflicts = &self.found.conflicts;
        let one = |place: usize| Conflict { conflict: conflicts[place].clone(), zone: self.zone };
        picked_by(conflicts.len(), place, |at| one(at).into_bound_py_any(place.py()))
    }

    fn __iter__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyIterator>> {
        self.__getitem__(&PySlice::full(py))?.try_iter()
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let (count, worst) = (self.__len__(), self.worst(py)?);
        let fields = [("count", count.into_bound_py_any(py)?), ("worst", worst.into_bound_py_any(py)?)];
        shown("Conflicts", fields)
    }

    fn __reduce__<'py>(
        &self,
        py: Python<'py>,
    ) -> PyResult<Restored<'py, (String, &str, Vec<QuarantinedEvent>)>> {
        let state = (self.to_json()?, self.zone.name(), self.quarantined.clone());
        Ok((py.get_type::<Self>().getattr("_restore")?, state))
    }

    #[staticmethod]
    fn _restore(json: &str, zone: &str, quarantined: Vec<QuarantinedEvent>) -> PyResult<Self> {
        Ok(Self { found: json::read(json)?, zone: zone_called(zone)?, quarantined })
    }
}

/// An event in the way. `str` of it is one line, safe to show.
#[pyclass(frozen, eq, module = "theo_calendar")]
#[derive(Clone, PartialEq)]
pub(crate) struct Conflict {
    pub(super) conflict: conflict::Conflict,
    /// The zone that was asked in.
    pub(super) zone: &'static Zone,
}

#[pymethods]
impl Conflict {
    /// The event's id; of an occurrence of a series, its master's.
    #[getter]
    fn event_id(&self) -> &str {
        self.conflict.event_id.as_str()
    }

    /// The id of the occurrence, where the event is the master of a series.
    #[getter]
    fn instance_id(&self) -> Option<&str> {
        self.conflict.instance_id.as_ref().map(|id| id.as_str())
    }

    /// When its series has it, for an occurrence and for an exception that stands in for one.
    #[getter]
    fn original_start<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        let start = self.conflict.original_start.as_ref();
        start.map(|start| time::event_time(py, start, Some(self.zone.name()))).transpose()
    }

    /// The calendar it is in, where that was named.
    #[getter]
    fn calendar_id(&self) -> Option<&str> {
        self.conflict.calendar_id.as_ref().map(|id| id.as_str()).filter(|id| !id.is_empty())
    }

    /// The account it is seen through, where that was named.
    #[getter]
    fn account_id(&self) -> Option<&str> {
        self.conflict.account_id.as_ref().map(|id| id.as_str()).filter(|id| !id.is_empty())
    }

    /// RFC 5545 UID, the same for every copy of it.
    #[getter]
    fn ical_uid(&self) -> Option<&str> {
        self.conflict.ical_uid.as_deref()
    }

    /// Its title; hostile text.
    #[getter]
    fn summary(&self) -> Option<&str> {
        self.conflict.summary.as_deref()
    }

    /// When it starts, in its own zone: a `date` where it is of whole days; of an occurrence, when that starts.
    #[getter]
    fn start<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        time::event_time(py, &self.conflict.start, Some(self.zone.name()))
    }

    /// When it ends, exclusive.
    #[getter]
    fn end<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        time::event_time(py, &self.conflict.end, Some(self.zone.name()))
    }

    /// The time it takes, in the zone that was asked in.
    #[getter]
    fn span<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        time::range(py, &self.conflict.span, self.zone)
    }

    /// The time proposed that it is in the way of: of a series, one of its occurrences.
    #[getter]
    fn proposed<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        time::range(py, &self.conflict.proposed, self.zone)
    }

    /// The time they share; `None` where they are only too close.
    #[getter]
    fn overlap<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        self.conflict.overlap.as_ref().map(|range| time::range(py, range, self.zone)).transpose()
    }

    /// How many others are invited, rooms and things not counted.
    #[getter]
    fn guests(&self) -> u32 {
        self.conflict.guests
    }

    /// How bad.
    #[getter]
    fn severity<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.conflict.severity.to_python(py)
    }

    /// Why.
    #[getter]
    fn reasons<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        let reasons = self.conflict.reasons.iter().map(|reason| reason.to_python(py));
        PyTuple::new(py, reasons.collect::<PyResult<Vec<_>>>()?)
    }

    /// The same meeting as it is seen elsewhere: all of it is one conflict.
    #[getter]
    fn duplicates<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        let duplicates = self.conflict.duplicates.iter().map(|one| duplicate(py, one));
        PyTuple::new(py, duplicates.collect::<PyResult<Vec<_>>>()?)
    }

    /// All of it as a dict, as `to_json` writes it.
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        json::to_python(py, &self.conflict)
    }

    /// All of it as JSON, as every language of the library writes it; instants are in UTC.
    fn to_json(&self) -> PyResult<String> {
        json::text(&self.conflict)
    }

    fn __str__(&self) -> String {
        conflict::format_conflict(&self.conflict, self.zone)
    }

    fn __repr__(&self) -> String {
        format!("<Conflict {}>", self.__str__())
    }

    fn __hash__(&self) -> u64 {
        let one = &self.conflict;
        hash(&(&one.event_id, &one.instance_id, &one.calendar_id, one.span, one.proposed))
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<Restored<'py, (String, &str)>> {
        Ok((py.get_type::<Self>().getattr("_restore")?, (self.to_json()?, self.zone.name())))
    }

    #[staticmethod]
    fn _restore(json: &str, zone: &str) -> PyResult<Self> {
        Ok(Self { conflict: json::read(json)?, zone: zone_called(zone)? })
    }
}

/// Conflicts of the core, as a tuple of those of Python: their times are shown in the zone of this name.
pub(crate) struct ConflictsIn<'a> {
    pub(crate) conflicts: &'a [conflict::Conflict],
    pub(crate) zone: &'a str,
}

impl ToPython for ConflictsIn<'_> {
    fn to_python<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let zone = zone_called(self.zone)?;
        let one = |conflict: &conflict::Conflict| Conflict { conflict: conflict.clone(), zone };
        Ok(PyTuple::new(py, self.conflicts.iter().map(one))?.into_any())
    }
}

fn duplicate<'py>(py: Python<'py>, one: &Duplicate) -> PyResult<Bound<'py, PyAny>> {
    static CLASS: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let named = |id: Option<&str>| id.filter(|id| !id.is_empty()).map(str::to_owned);
    let calendar = named(one.calendar_id.as_ref().map(|id| id.as_str()));
    let account = named(one.account_id.as_ref().map(|id| id.as_str()));
    let class = CLASS.import(py, "theo_calendar._records", "Duplicate")?;
    class.call1((one.event_id.as_str(), calendar, account, one.reason.to_python(py)?))
}
