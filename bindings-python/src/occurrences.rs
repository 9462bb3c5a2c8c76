//! When events take place.

use std::{collections::HashMap, ptr};

use chrono::{DateTime, NaiveTime, Utc};
use pyo3::{
    IntoPyObjectExt,
    prelude::*,
    types::{PyDict, PyIterator, PyTuple},
};
use theo_calendar::{
    id::EventId,
    model,
    recurrence::{self, EventOccurrence, OriginalStart, Tzdb, Zone},
    time::{EventTime, TimeRange},
};

use crate::{
    event::Event,
    event_list::EventList,
    events::QuarantinedEvent,
    json,
    time::{self, range_argument, zone_called},
    value::{Restored, ToPython, hash, picked, shown},
    work::detached,
};

/// When `events`, all of one calendar, take place between `start` and `end`: series become occurrences, exceptions stand
/// in for theirs, cancelled ones are gone.
///
/// `events` are Google's JSON as text or bytes, an `EventsPage`, one event, or any iterable of dicts and `Event`s.
/// `start` and `end` are aware datetimes, dates or RFC 3339 text. Days are those of `time_zone`, which is the zone of
/// the answer too: where it is not given the page's, else UTC.
///
/// Raises `InvalidInputError` where these are no events, a zone is unknown, or the end is not after the start.
///
/// >>> from datetime import date
/// >>> review = {
/// ...     "id": "review", "recurrence": ["RRULE:FREQ=WEEKLY"],
/// ...     "start": {"dateTime": "2015-03-02T15:00:00", "timeZone": "Europe/Berlin"},
/// ...     "end": {"dateTime": "2015-03-02T16:00:00", "timeZone": "Europe/Berlin"},
/// ... }
/// >>> found = expand([review], date(2025, 3, 24), date(2025, 4, 7), time_zone="Europe/Berlin")
/// >>> [one.start.isoformat() for one in found]
/// ['2025-03-24T15:00:00+01:00', '2025-03-31T15:00:00+02:00']
/// >>> found[0].id
/// 'review_20250324T140000Z'
#[pyfunction]
#[pyo3(signature = (events, start, end, *, time_zone=None))]
pub(crate) fn expand(
    py: Python<'_>,
    events: &Bound<'_, PyAny>,
    start: &Bound<'_, PyAny>,
    end: &Bound<'_, PyAny>,
    time_zone: Option<&Bound<'_, PyAny>>,
) -> PyResult<Expansion> {
    let list = EventList::of(events)?;
    let zone = list.zone(time_zone)?;
    let window = range_argument(start, end, zone)?;
    detached(py, || Expansion::of(list, &window, zone))
}

/// When events take place: a sequence of `Occurrence` by start and end, and what could not be told.
#[pyclass(frozen, eq, module = "theo_calendar")]
#[derive(PartialEq)]
pub(crate) struct Expansion {
    occurrences: Vec<Occurrence>,
    /// Whether some series has more in the window than are here.
    #[pyo3(get)]
    truncated: bool,
    unreadable: Vec<(EventId, String)>,
    quarantined: Vec<QuarantinedEvent>,
    /// The zone of the calendar.
    zone: &'static Zone,
}

impl Expansion {
    fn of(list: EventList, window: &TimeRange, zone: &'static Zone) -> Self {
        let found = recurrence::expand(list.events.iter().map(|event| &*event.event), window, zone, &Tzdb);
        let by_place: HashMap<*const model::Event, &Event> =
            list.events.iter().map(|event| (ptr::from_ref(&*event.event), event)).collect();
        let occurrence = |one: EventOccurrence<'_>| {
            let event = by_place.get(&ptr::from_ref(one.event))?;
            let (original_start, span) = (one.original_start, one.span);
            Some(Occurrence { event: (*event).clone(), original_start, span, zone })
        };
        let unreadable = found.unreadable.iter().map(|(event, error)| (event.id.clone(), error.to_string()));
        Self {
            unreadable: unreadable.collect(),
            truncated: found.truncated,
            occurrences: found.occurrences.into_iter().filter_map(occurrence).collect(),
            quarantined: list.quarantined,
            zone,
        }
    }
}

#[pymethods]
impl Expansion {
    /// Ids of series whose rules cannot be read, and why: of those only the first occurrence is here.
    #[getter]
    fn unreadable<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let unreadable = PyDict::new(py);
        for (id, reason) in &self.unreadable {
            unreadable.set_item(id.as_str(), reason)?;
        }
        Ok(unreadable)
    }

    /// The events that could not be read at all.
    #[getter]
    fn quarantined<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, self.quarantined.clone())
    }

    /// The IANA name of the calendar's zone, which times are in.
    #[getter]
    fn time_zone(&self) -> &str {
        self.zone.name()
    }

    /// A `pandas.DataFrame` with a row for each occurrence: `id`, `event_id`, `summary`, `start`, `end`, `all_day` and
    /// `original_start`. Times are in the zone of the calendar; whole days are from midnight to midnight.
    ///
    /// Raises `ImportError` where pandas is not installed: it comes with `theo-calendar[pandas]`.
    fn to_pandas<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        slf.py().import("theo_calendar._tables")?.call_method1("frame", (slf,))
    }

    /// The same as a `pyarrow.Table`.
    ///
    /// Raises `ImportError` where pyarrow is not installed: it comes with `theo-calendar[pyarrow]`.
    fn to_arrow<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        slf.py().import("theo_calendar._tables")?.call_method1("table", (slf,))
    }

    /// The same for whatever reads Arrow's PyCapsule interface, such as polars and DuckDB.
    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_stream__<'py>(
        slf: &Bound<'py, Self>,
        requested_schema: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        Self::to_arrow(slf)?.call_method1("__arrow_c_stream__", (requested_schema,))
    }

    /// Its columns; instants in microseconds since 1970.
    fn _columns<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let (columns, all) = (PyDict::new(py), &self.occurrences);
        let original_start = |one: &Occurrence| match one.original_start? {
            OriginalStart::Date(date) => Some(one.zone.resolve(date.and_time(NaiveTime::MIN))),
            OriginalStart::Instant(at) => Some(at),
        };
        let micros = |at: DateTime<Utc>| at.timestamp_micros();
        columns.set_item("id", all.iter().map(Occurrence::id).collect::<Vec<_>>())?;
        columns.set_item("event_id", all.iter().map(Occurrence::event_id).collect::<Vec<_>>())?;
        columns.set_item("summary", all.iter().map(Occurrence::summary).collect::<Vec<_>>())?;
        columns.set_item("start", all.iter().map(|one| micros(one.span.start())).collect::<Vec<_>>())?;
        columns.set_item("end", all.iter().map(|one| micros(one.span.end())).collect::<Vec<_>>())?;
        columns.set_item("all_day", all.iter().map(Occurrence::all_day).collect::<Vec<_>>())?;
        let original_starts = all.iter().map(|one| original_start(one).map(micros));
        columns.set_item("original_start", original_starts.collect::<Vec<_>>())?;
        Ok(columns)
    }

    fn __len__(&self) -> usize {
        self.occurrences.len()
    }

    fn __getitem__<'py>(&self, place: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        picked(&self.occurrences, place)
    }

    fn __iter__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyIterator>> {
        self.occurrences.to_python(py)?.try_iter()
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let (count, truncated) = (self.__len__().to_python(py)?, self.truncated.to_python(py)?);
        shown("Expansion", [("count", count), ("truncated", truncated)])
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<Restored<'py, State<'py>>> {
        let occurrences = PyTuple::new(py, self.occurrences.clone())?;
        let told = (self.truncated, self.unreadable(py)?, self.quarantined.clone());
        let state = (occurrences, told, self.zone.name());
        Ok((py.get_type::<Self>().getattr("_restore")?, state))
    }

    #[staticmethod]
    fn _restore(occurrences: Vec<Occurrence>, told: Told<'_>, zone: &str) -> PyResult<Self> {
        let (truncated, unreadable, quarantined) = told;
        let zone = zone_called(zone)?;
        let unreadable = unreadable.iter().map(|(id, reason)| {
            let id: String = id.extract()?;
            Ok((id.into(), reason.extract()?))
        });
        let unreadable = unreadable.collect::<PyResult<_>>()?;
        Ok(Self { occurrences, truncated, unreadable, quarantined, zone })
    }
}

/// What pickle keeps of an [`Expansion`]: its occurrences, what it tells beside them, and its zone.
type State<'py> = (Bound<'py, PyTuple>, Told<'py>, &'static str);

/// Whether it is truncated, what is unreadable, and what is quarantined.
type Told<'py> = (bool, Bound<'py, PyDict>, Vec<QuarantinedEvent>);

/// An event at one time it takes place: once, or one of many.
#[pyclass(frozen, eq, from_py_object, module = "theo_calendar")]
#[derive(Clone, PartialEq)]
pub(crate) struct Occurrence {
    event: Event,
    original_start: Option<OriginalStart>,
    span: TimeRange,
    /// The zone of the calendar.
    zone: &'static Zone,
}

#[pymethods]
impl Occurrence {
    /// Its id at Google: the event's own, or of an occurrence its master's and its original start.
    #[getter]
    fn id(&self) -> String {
        let event = &self.event.event;
        EventOccurrence { event, original_start: self.original_start, span: self.span }.id().to_string()
    }

    /// The id of the event itself; of an occurrence its master's, or that of the exception that stands in for it.
    #[getter]
    fn event_id(&self) -> &str {
        self.event.event.id.as_str()
    }

    /// The event itself; of an occurrence its master, or the exception that stands in for it.
    #[getter]
    fn event(&self) -> Event {
        self.event.clone()
    }

    /// Its title; hostile text.
    #[getter]
    fn summary(&self) -> Option<&str> {
        self.event.event.summary.as_deref()
    }

    /// When it starts, in the zone of the calendar: a `date` where it is of whole days.
    #[getter]
    fn start<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.time(py, self.span.start())
    }

    /// When it ends, exclusive: of whole days, the first day that is no longer part of it.
    #[getter]
    fn end<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.time(py, self.span.end())
    }

    /// The time it takes, in the zone of the calendar: of whole days from midnight to midnight.
    #[getter]
    fn span<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        time::range(py, &self.span, self.zone)
    }

    /// When its series has it, wherever it was moved to; `None` where there is no series.
    #[getter]
    fn original_start<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        let time = |start| match start {
            OriginalStart::Date(date) => date.into_bound_py_any(py),
            OriginalStart::Instant(at) => time::instant(py, at, self.zone.name()),
        };
        self.original_start.map(time).transpose()
    }

    /// Whether it is of whole days.
    #[getter]
    fn all_day(&self) -> bool {
        self.event.event.start.as_ref().is_some_and(|start| start.is_all_day())
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let (id, summary) = (self.id().to_python(py)?, self.summary().to_python(py)?);
        let fields = [("id", id), ("summary", summary), ("start", self.start(py)?), ("end", self.end(py)?)];
        shown("Occurrence", fields)
    }

    fn __hash__(&self) -> u64 {
        hash(&(&self.event.event.id, self.original_start, self.span))
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<Restored<'py, Parts<'_>>> {
        let original_start = self.original_start.map(|start| match start {
            OriginalStart::Date(date) => EventTime::all_day(date),
            OriginalStart::Instant(at) => EventTime::at(at),
        });
        let original_start = original_start.as_ref().map(json::text).transpose()?;
        let state = (self.event.clone(), original_start, json::text(&self.span)?, self.zone.name());
        Ok((py.get_type::<Self>().getattr("_restore")?, state))
    }

    #[staticmethod]
    fn _restore(event: Event, original_start: Option<&str>, span: &str, zone: &str) -> PyResult<Self> {
        let zone = zone_called(zone)?;
        let start = original_start.map(json::read::<EventTime>).transpose()?;
        // Days and instants need no zone to be told apart.
        let original_start = start.and_then(|start| OriginalStart::of(&start, zone, &Tzdb).ok());
        Ok(Self { event, original_start, span: json::read(span)?, zone })
    }
}

/// Event, original start, span and zone.
type Parts<'o> = (Event, Option<String>, String, &'o str);

impl ToPython for Occurrence {
    fn to_python<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.clone().into_bound_py_any(py)
    }
}

impl Occurrence {
    fn time<'py>(&self, py: Python<'py>, at: DateTime<Utc>) -> PyResult<Bound<'py, PyAny>> {
        if self.all_day() {
            return self.zone.to_local(at).date().into_bound_py_any(py);
        }
        time::instant(py, at, self.zone.name())
    }
}
