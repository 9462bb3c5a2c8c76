//! Lists of events, in whatever form Python has them.

use std::sync::Arc;

use pyo3::{prelude::*, types::PyTuple};
use theo_calendar::{
    google::{EventsResponse, Quarantined},
    model,
};

use crate::{error::raised, event::Event, json::Json, work::detached};

/// An event from Google's JSON: a dict, text, bytes, or an `Event` as it is.
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
#[pyfunction]
pub(crate) fn parse_events_page(py: Python<'_>, page: &Bound<'_, PyAny>) -> PyResult<EventsPage> {
    let json = Json::of(page, "page")?;
    let read = detached(py, || EventsResponse::parse(json.as_bytes()))?.map_err(raised)?;
    let zone: Option<Arc<str>> = read.time_zone.map(Into::into);
    let events =
        read.events.into_iter().map(|event| Event { event: Arc::new(event), zone: zone.clone(), key: None });
    let quarantined = read.quarantined.into_iter().map(QuarantinedEvent);
    Ok(EventsPage {
        events: PyTuple::new(py, events.collect::<Vec<_>>())?.unbind(),
        quarantined: PyTuple::new(py, quarantined.collect::<Vec<_>>())?.unbind(),
        next_page_token: read.next_page_token.map(|token| token.as_str().to_owned()),
        next_sync_token: read.next_sync_token.map(|token| token.as_str().to_owned()),
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

/// An event that cannot be read, kept as it came.
#[pyclass(frozen, eq, module = "theo_calendar")]
#[derive(PartialEq)]
pub(crate) struct QuarantinedEvent(Quarantined);

#[pymethods]
impl QuarantinedEvent {
    /// Its place among the items of its page.
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
        let (id, reason) = (self.id().into_pyobject(py)?.repr()?, self.reason().into_pyobject(py)?.repr()?);
        Ok(format!("QuarantinedEvent(index={}, id={id}, reason={reason})", self.0.index))
    }
}
