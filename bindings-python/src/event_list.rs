//! The events of one calendar in whatever form Python has them, for the functions that look at all of them.

use std::{borrow::Borrow, sync::Arc};

use pyo3::{
    prelude::*,
    types::{PyByteArray, PyBytes, PyDict, PyList, PyString},
};
use serde::{Deserialize, de::IgnoredAny};
use theo_calendar::{Result, google::EventsResponse, model, recurrence::Zone};

use crate::{
    error::{wrong_argument, wrong_type},
    event::Event,
    events::{EventsPage, QuarantinedEvent},
    json::Json,
    time::{known_zone, zone_argument},
    work::detached,
};

const ARGUMENT: &str = "events";

/// Events of one calendar.
#[derive(Default)]
pub(crate) struct EventList {
    pub(crate) events: Vec<Event>,
    pub(crate) quarantined: Vec<QuarantinedEvent>,
    /// The calendar's zone, where the events say it.
    pub(crate) zone: Option<Arc<str>>,
}

impl EventList {
    /// The events of `events`: an [`EventsPage`], an [`Event`], a page or an event or a list of them as JSON or as
    /// dicts, or any iterable of events and dicts. One that cannot be read is quarantined.
    ///
    /// # Errors
    /// `InvalidInputError` where these are no events; `TypeError` for what has another type.
    pub(crate) fn of(events: &Bound<'_, PyAny>) -> PyResult<Self> {
        let py = events.py();
        if let Ok(page) = events.cast::<EventsPage>() {
            return page.get().to_list(py);
        }
        if let Ok(event) = events.cast::<Event>() {
            let event = event.get().clone();
            return Ok(Self { zone: event.zone.clone(), events: vec![event], ..Self::default() });
        }
        let is_json = events.is_instance_of::<PyBytes>()
            || events.is_instance_of::<PyByteArray>()
            || events.is_instance_of::<PyString>()
            || events.is_instance_of::<PyDict>();
        if is_json { Self::read(py, &Json::of(events, ARGUMENT)?) } else { Self::of_iterable(events) }
    }

    /// The zone of the calendar: `time_zone` where it is given, else what the events say, else UTC.
    pub(crate) fn zone(&self, time_zone: Option<&Bound<'_, PyAny>>) -> PyResult<&'static Zone> {
        match (&self.zone, time_zone) {
            (Some(name), None) => known_zone(name).map_err(|error| wrong_argument(ARGUMENT, error)),
            (_, time_zone) => zone_argument(time_zone),
        }
    }

    fn read(py: Python<'_>, json: &Json) -> PyResult<Self> {
        let page = detached(py, || page_of(json.as_bytes()))?;
        Ok(page.map_err(|error| wrong_argument(ARGUMENT, error))?.into())
    }

    /// The dicts are read in one go, and put back among the events.
    fn of_iterable(events: &Bound<'_, PyAny>) -> PyResult<Self> {
        let py = events.py();
        let wanted = "events as JSON, a page, or an iterable of dicts and Event objects";
        let dicts = PyList::empty(py);
        let mut known = Vec::new();
        let items = events.try_iter().map_err(|_| wrong_type(ARGUMENT, wanted, events))?;
        for (place, item) in items.enumerate() {
            let item = item?;
            match item.cast::<Event>() {
                Ok(event) => known.push(Some(event.get().clone())),
                Err(_) if item.is_instance_of::<PyDict>() => {
                    dicts.append(item)?;
                    known.push(None);
                }
                Err(_) => {
                    return Err(wrong_type(&format!("{ARGUMENT}[{place}]"), "a dict or an Event", &item));
                }
            }
        }
        let page = PyDict::new(py);
        page.set_item("items", dicts)?;
        let read = Self::read(py, &Json::of(&page, ARGUMENT)?)?;
        let mut unread = read.quarantined.into_iter().peekable();
        let mut read_events = read.events.into_iter();
        let mut list = Self::default();
        let mut dict = 0;
        for (place, event) in known.into_iter().enumerate() {
            if let Some(event) = event {
                list.zone = list.zone.or_else(|| event.zone.clone());
                list.events.push(event);
                continue;
            }
            match unread.next_if(|unread| unread.0.index == dict) {
                Some(mut unread) => {
                    unread.0.index = place;
                    list.quarantined.push(unread);
                }
                None => list.events.extend(read_events.next()),
            }
            dict += 1;
        }
        Ok(list)
    }
}

impl From<EventsResponse> for EventList {
    fn from(page: EventsResponse) -> Self {
        let zone: Option<Arc<str>> = page.time_zone.map(Into::into);
        let events = page.events.into_iter().map(|event| Event { zone: zone.clone(), ..event.into() });
        let quarantined = page.quarantined.into_iter().map(QuarantinedEvent);
        Self { events: events.collect(), quarantined: quarantined.collect(), zone }
    }
}

impl Borrow<model::Event> for Event {
    fn borrow(&self) -> &model::Event {
        &self.event
    }
}

/// A page, a list of events, or one event, as a page.
fn page_of(json: &[u8]) -> Result<EventsResponse> {
    #[derive(Deserialize)]
    #[expect(dead_code, reason = "whether it has an id is all that is asked")]
    struct Event {
        id: IgnoredAny,
    }
    let within = |before: &str, after: &str| {
        let page = [before.as_bytes(), json, after.as_bytes()].concat();
        EventsResponse::parse(&page)
    };
    if json.trim_ascii_start().starts_with(b"[") {
        return within(r#"{"items":"#, "}");
    }
    let page = EventsResponse::parse(json);
    let is_empty = page.as_ref().map_or(true, |page| page.events.is_empty() && page.quarantined.is_empty());
    if is_empty && serde_json::from_slice::<Event>(json).is_ok() {
        return within(r#"{"items":["#, "]}");
    }
    page
}
