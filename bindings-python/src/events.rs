//! Events and pages of them, as Google's JSON has them.

use std::sync::Arc;

use pyo3::{prelude::*, types::PyTuple};
use theo_calendar::{
    google::{EventsResponse, Quarantined},
    model,
};

use crate::{
    error::raised,
    event::Event,
    event_list::EventList,
    json::{self, Json},
    value::{Restored, ToPython, hash, shown},
    work::detached,
};

/// An event from Google's JSON: a dict, text, bytes, or an `Event` as it is.
///
/// Raises `InvalidInputError` where it is no event.
///
/// >>> parse_event({"id": "fair", "summary": "Fair", "start": {"date": "2025-03-28"}}).start
/// datetime.date(2025, 3, 28)
#[pyfunction]
pub(crate) fn parse_event(event: &Bound<'_, PyAny>) -> PyResult<Event> {
    match event.cast::<Event>() {
        Ok(event) => Ok(event.get().clone()),
        Err(_) => Ok(Json::of(event, "event")?.read::<model::Event>("event")?.into()),
    }
}

/// Reads a page of Google's `events.list`: bytes, text or a dict.
///
/// An event that cannot be read is in `quarantined`, and the others are unharmed.
///
/// Raises `MalformedResponseError` where it is no page, or was cut short.
///
/// >>> page = parse_events_page(b'{"items": [{"id": "fair", "start": {"date": "2025-03-28"}}, {"id": 5}]}')
/// >>> page.events[0].id, page.quarantined[0].index
/// ('fair', 1)
#[pyfunction]
pub(crate) fn parse_events_page(py: Python<'_>, page: &Bound<'_, PyAny>) -> PyResult<EventsPage> {
    let json = Json::of(page, "page")?;
    let mut page = detached(py, || EventsResponse::parse(json.as_bytes()))?.map_err(raised)?;
    let next_page_token = page.next_page_token.take().map(|token| token.as_str().to_owned());
    let next_sync_token = page.next_sync_token.take().map(|token| token.as_str().to_owned());
    let EventList { events, quarantined, zone } = page.into();
    Ok(EventsPage {
        events: PyTuple::new(py, events)?.unbind(),
        quarantined: PyTuple::new(py, quarantined)?.unbind(),
        next_page_token,
        next_sync_token,
        time_zone: zone,
    })
}

/// A page of events, read.
#[pyclass(frozen, module = "theo_calendar")]
pub(crate) struct EventsPage {
    /// Those that could be read, in Google's order.
    #[pyo3(get)]
    events: Py<PyTuple>,
    /// Those that could not.
    #[pyo3(get)]
    quarantined: Py<PyTuple>,
    /// Where the listing goes on; `None` on its last page.
    #[pyo3(get)]
    next_page_token: Option<String>,
    /// Where the listing ended; on its last page only.
    #[pyo3(get)]
    next_sync_token: Option<String>,
    time_zone: Option<Arc<str>>,
}

#[pymethods]
impl EventsPage {
    /// The IANA name of the calendar's zone.
    #[getter]
    fn time_zone(&self) -> Option<&str> {
        self.time_zone.as_deref()
    }

    fn __len__(&self, py: Python<'_>) -> usize {
        self.events.bind(py).len()
    }

    fn __repr__(&self, py: Python<'_>) -> String {
        let (events, quarantined) = (self.events.bind(py).len(), self.quarantined.bind(py).len());
        format!("EventsPage({events} events, {quarantined} quarantined)")
    }
}

impl EventsPage {
    /// What the functions that look at all events take.
    pub(crate) fn to_list(&self, py: Python<'_>) -> PyResult<EventList> {
        Ok(EventList {
            events: self.events.extract(py)?,
            quarantined: self.quarantined.extract(py)?,
            zone: self.time_zone.clone(),
        })
    }
}

/// An event that cannot be read, kept as it came.
#[pyclass(frozen, eq, from_py_object, module = "theo_calendar")]
#[derive(Clone, PartialEq)]
pub(crate) struct QuarantinedEvent(pub(crate) Quarantined);

#[pymethods]
impl QuarantinedEvent {
    /// Its place among the items of its page or list.
    #[getter]
    fn index(&self) -> usize {
        self.0.index
    }

    /// Its id, where one can be read.
    #[getter]
    fn id(&self) -> Option<&str> {
        self.0.id.as_ref().map(|id| id.as_str())
    }

    /// Why it cannot be read.
    #[getter]
    fn reason(&self) -> &str {
        &self.0.reason
    }

    /// Its JSON, to the byte.
    #[getter]
    fn raw(&self) -> &str {
        self.0.raw.as_str()
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let (index, id) = (self.index().to_python(py)?, self.id().to_python(py)?);
        let reason = self.reason().to_python(py)?;
        shown("QuarantinedEvent", [("index", index), ("id", id), ("reason", reason)])
    }
    fn __hash__(&self) -> u64 {
        hash(&(self.0.index, self.0.raw.as_str()))
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<Restored<'py, Parts<'_>>> {
        let state = (self.0.index, self.id(), self.0.reason.as_str(), self.0.raw.as_str());
        Ok((py.get_type::<Self>().getattr("_restore")?, state))
    }

    #[staticmethod]
    fn _restore(index: usize, id: Option<&str>, reason: &str, raw: &str) -> PyResult<Self> {
        let (id, reason, raw) = (id.map(Into::into), reason.to_owned(), json::read(raw)?);
        Ok(Self(Quarantined { index, id, raw, reason }))
    }
}

/// Place, id, reason and JSON.
type Parts<'q> = (usize, Option<&'q str>, &'q str, &'q str);
