//! Events, and who takes part in them.

use std::sync::Arc;

use pyo3::{IntoPyObjectExt, prelude::*};
use serde::Serialize;
use theo_calendar::{id, model, time::EventTime};

use crate::{
    json::{self, Json},
    key::EventKey,
    time,
    value::{Restored, ToPython, hash, shown},
    words::Words,
};

/// An event as Google has it: a one-off, the master of a series, or an exception to one. Its text is hostile: whoever
/// can invite the person wrote it.
///
/// Fields are called as Google calls them, in snake case; each is `None` where Google sent none. What is not here
/// is in `to_google()`: nothing that Google sent is lost.
///
/// >>> event = Event.from_google({
/// ...     "id": "review", "start": {"dateTime": "2025-03-28T15:00:00+01:00", "timeZone": "Europe/Berlin"},
/// ...     "somethingNew": 1,
/// ... })
/// >>> event.start
/// datetime.datetime(2025, 3, 28, 15, 0, tzinfo=zoneinfo.ZoneInfo(key='Europe/Berlin'))
/// >>> event.to_google()["somethingNew"]
/// 1
#[pyclass(frozen, eq, from_py_object, module = "theo_calendar")]
#[derive(Clone, PartialEq)]
pub(crate) struct Event {
    pub(crate) event: Arc<model::Event>,
    /// The zone of the calendar it is in, where that is known.
    pub(crate) zone: Option<Arc<str>>,
    /// Where it is in the mirror, where it comes from there.
    pub(crate) key: Option<Arc<id::EventKey>>,
}

impl From<model::Event> for Event {
    fn from(event: model::Event) -> Self {
        Self { event: Arc::new(event), zone: None, key: None }
    }
}

#[pymethods]
impl Event {
    /// An event from Google's JSON: a dict, text or bytes.
    ///
    /// Raises `InvalidInputError` where it is no event.
    #[staticmethod]
    fn from_google(event: &Bound<'_, PyAny>) -> PyResult<Self> {
        Ok(Json::of(event, "event")?.read::<model::Event>("event")?.into())
    }

    /// Its JSON as Google sent it, unknown fields too, as dicts and lists.
    fn to_google<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        json::to_python(py, &*self.event)
    }

    /// The same as text.
    fn to_json(&self) -> PyResult<String> {
        json::text(&*self.event)
    }

    /// Where it is in the mirror; `None` where it did not come from there.
    #[getter]
    fn key(&self) -> Option<EventKey> {
        self.key.as_deref().cloned().map(EventKey)
    }

    /// Unique within its calendar.
    #[getter]
    fn id(&self) -> &str {
        self.event.id.as_str()
    }

    /// Its version.
    #[getter]
    fn etag(&self) -> Option<&str> {
        self.event.etag.as_ref().map(|etag| etag.as_str())
    }

    /// Whether it takes place: `confirmed`, `tentative` or `cancelled`.
    #[getter]
    fn status<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        word(py, self.event.status.as_ref())
    }

    /// Title.
    #[getter]
    fn summary(&self) -> Option<&str> {
        self.event.summary.as_deref()
    }

    /// Description; may hold HTML.
    #[getter]
    fn description(&self) -> Option<&str> {
        self.event.description.as_deref()
    }

    /// Place, free text.
    #[getter]
    fn location(&self) -> Option<&str> {
        self.event.location.as_deref()
    }

    /// When it starts: a `date` where it is of whole days, else a `datetime` with its zone.
    #[getter]
    fn start<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        self.time(py, self.event.start.as_ref())
    }

    /// When it ends, exclusive: of whole days, the first day that is no longer part of it.
    #[getter]
    fn end<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        self.time(py, self.event.end.as_ref())
    }

    /// When its series would have had it, where it is an exception.
    #[getter]
    fn original_start<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        self.time(py, self.event.original_start_time.as_ref())
    }

    /// Whether it is of whole days.
    #[getter]
    fn all_day(&self) -> bool {
        self.event.start.as_ref().is_some_and(|start| start.is_all_day())
    }

    /// The IANA name of the zone that its start names.
    #[getter]
    fn time_zone(&self) -> Option<&str> {
        self.event.start.as_ref()?.time_zone.as_deref()
    }

    /// When it was made, in UTC.
    #[getter]
    fn created<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        self.event.created.as_ref().map(|at| time::instant(py, at.utc(), "UTC")).transpose()
    }

    /// When it last changed, in UTC.
    #[getter]
    fn updated<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        self.event.updated.as_ref().map(|at| time::instant(py, at.utc(), "UTC")).transpose()
    }

    /// Who made it.
    #[getter]
    fn creator(&self) -> Option<Person> {
        self.event.creator.clone().map(Person)
    }

    /// Who organizes it.
    #[getter]
    fn organizer(&self) -> Option<Person> {
        self.event.organizer.clone().map(Person)
    }

    /// Its guests.
    #[getter]
    fn attendees(&self) -> Vec<Attendee> {
        self.event.attendees().iter().cloned().map(Attendee).collect()
    }

    /// Whether some guests were left out of `attendees`.
    #[getter]
    fn attendees_omitted(&self) -> bool {
        self.event.attendees_omitted == Some(true)
    }

    /// What the person whose copy this is answered, where they are a guest.
    #[getter]
    fn my_response<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        word(py, self.event.my_response())
    }

    /// RRULE, EXRULE, RDATE and EXDATE lines of the master of a series.
    #[getter]
    fn recurrence(&self) -> Vec<&str> {
        self.event.recurrence.iter().flatten().map(|line| line.as_str()).collect()
    }

    /// The id of the master that this is an exception to.
    #[getter]
    fn recurring_event_id(&self) -> Option<&str> {
        self.event.recurring_event_id.as_ref().map(|id| id.as_str())
    }

    /// RFC 5545 UID: the same for all of a series and for every guest's copy.
    #[getter]
    fn ical_uid(&self) -> Option<&str> {
        self.event.ical_uid.as_deref()
    }

    /// RFC 5545 SEQUENCE.
    #[getter]
    fn sequence(&self) -> Option<i32> {
        self.event.sequence
    }

    /// What sort it is; absent means `default`.
    #[getter]
    fn event_type<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        word(py, self.event.event_type.as_ref())
    }

    /// Whether it takes up time; absent means `opaque`.
    #[getter]
    fn transparency<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        word(py, self.event.transparency.as_ref())
    }

    /// Who may see it; absent means `default`.
    #[getter]
    fn visibility<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        word(py, self.event.visibility.as_ref())
    }

    /// Its colour, by id.
    #[getter]
    fn color_id(&self) -> Option<&str> {
        self.event.color_id.as_deref()
    }

    /// The address of its page.
    #[getter]
    fn html_link(&self) -> Option<&str> {
        self.event.html_link.as_deref()
    }

    /// The address of its Hangout or Meet.
    #[getter]
    fn hangout_link(&self) -> Option<&str> {
        self.event.hangout_link.as_deref()
    }

    /// Its reminders, as Google has them.
    #[getter]
    fn reminders<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        details(py, self.event.reminders.as_ref())
    }

    /// Its conference, as Google has it.
    #[getter]
    fn conference_data<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        details(py, self.event.conference_data.as_ref())
    }

    /// Keys and values of programs: `{"private": {…}, "shared": {…}}`.
    #[getter]
    fn extended_properties<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        details(py, self.event.extended_properties.as_ref())
    }

    /// Its files, as Google has them.
    #[getter]
    fn attachments<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        details(py, self.event.attachments.as_ref())
    }

    fn __hash__(&self) -> u64 {
        hash(&(&self.event.id, &self.event.etag))
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let (id, summary) = (self.id().to_python(py)?, self.summary().to_python(py)?);
        let times = (self.start(py)?.into_bound_py_any(py)?, self.end(py)?.into_bound_py_any(py)?);
        shown("Event", [("id", id), ("summary", summary), ("start", times.0), ("end", times.1)])
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<Restored<'py, EventParts<'_>>> {
        let parts = (self.to_json()?, self.zone.as_deref(), self.key());
        Ok((py.get_type::<Self>().getattr("_restore")?, parts))
    }

    #[staticmethod]
    fn _restore(json: &str, zone: Option<&str>, key: Option<&EventKey>) -> PyResult<Self> {
        let event = Arc::new(json::read(json)?);
        Ok(Self { event, zone: zone.map(Into::into), key: key.map(|key| Arc::new(key.0.clone())) })
    }
}

impl Event {
    fn time<'py>(&self, py: Python<'py>, time: Option<&EventTime>) -> PyResult<Option<Bound<'py, PyAny>>> {
        time.map(|time| time::event_time(py, time, self.zone.as_deref())).transpose()
    }
}

/// A guest of an event.
#[pyclass(frozen, eq, module = "theo_calendar")]
#[derive(Clone, PartialEq)]
pub(crate) struct Attendee(model::Attendee);

/// Who organizes or made an event.
#[pyclass(frozen, eq, module = "theo_calendar")]
#[derive(Clone, PartialEq)]
pub(crate) struct Person(model::Person);

#[pymethods]
impl Attendee {
    /// Their address.
    #[getter]
    fn email(&self) -> Option<&str> {
        self.0.email.as_deref()
    }

    /// Their name, where known.
    #[getter]
    fn display_name(&self) -> Option<&str> {
        self.0.display_name.as_deref()
    }

    /// What they answered.
    #[getter]
    fn response_status<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        word(py, self.0.response_status.as_ref())
    }

    /// What they wrote with their answer.
    #[getter]
    fn comment(&self) -> Option<&str> {
        self.0.comment.as_deref()
    }

    /// Whether this is the calendar that this copy of the event is on.
    #[getter]
    fn is_self(&self) -> bool {
        self.0.is_self == Some(true)
    }

    /// Whether they organize the event.
    #[getter]
    fn organizer(&self) -> bool {
        self.0.organizer == Some(true)
    }

    /// Whether they may stay away.
    #[getter]
    fn optional(&self) -> bool {
        self.0.optional == Some(true)
    }

    /// Whether they are a room or a thing.
    #[getter]
    fn resource(&self) -> bool {
        self.0.resource == Some(true)
    }

    /// How many they bring.
    #[getter]
    fn additional_guests(&self) -> i32 {
        self.0.additional_guests.unwrap_or_default()
    }

    /// A guest from Google's JSON: a dict, text or bytes.
    ///
    /// Raises `InvalidInputError` where it is none.
    #[staticmethod]
    fn from_google(attendee: &Bound<'_, PyAny>) -> PyResult<Self> {
        Ok(Self(Json::of(attendee, "attendee")?.read("attendee")?))
    }

    /// The JSON as Google sent it, as a dict.
    fn to_google<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        json::to_python(py, &self.0)
    }

    fn __hash__(&self) -> u64 {
        hash(&self.0.email)
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let email = self.email().to_python(py)?;
        let response = self.response_status(py)?.into_bound_py_any(py)?;
        shown("Attendee", [("email", email), ("response_status", response)])
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<Restored<'py, (String,)>> {
        Ok((py.get_type::<Self>().getattr("from_google")?, (json::text(&self.0)?,)))
    }
}

#[pymethods]
impl Person {
    /// Their address.
    #[getter]
    fn email(&self) -> Option<&str> {
        self.0.email.as_deref()
    }

    /// Their name, where known.
    #[getter]
    fn display_name(&self) -> Option<&str> {
        self.0.display_name.as_deref()
    }

    /// Whether it is the calendar that this copy of the event is on.
    #[getter]
    fn is_self(&self) -> bool {
        self.0.is_self == Some(true)
    }

    /// A person from Google's JSON: a dict, text or bytes.
    ///
    /// Raises `InvalidInputError` where it is none.
    #[staticmethod]
    fn from_google(person: &Bound<'_, PyAny>) -> PyResult<Self> {
        Ok(Self(Json::of(person, "person")?.read("person")?))
    }

    /// The JSON as Google sent it, as a dict.
    fn to_google<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        json::to_python(py, &self.0)
    }

    fn __hash__(&self) -> u64 {
        hash(&self.0.email)
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        shown("Person", [("email", self.email().to_python(py)?)])
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<Restored<'py, (String,)>> {
        Ok((py.get_type::<Self>().getattr("from_google")?, (json::text(&self.0)?,)))
    }
}

/// JSON, zone and key.
type EventParts<'e> = (String, Option<&'e str>, Option<EventKey>);

fn word<'py>(py: Python<'py>, word: Option<&impl Words>) -> PyResult<Option<Bound<'py, PyAny>>> {
    word.map(|word| word.to_python(py)).transpose()
}

/// An object of Google's that is read rarely: as dicts and lists.
fn details<'py>(py: Python<'py>, value: Option<&impl Serialize>) -> PyResult<Option<Bound<'py, PyAny>>> {
    value.map(|value| json::to_python(py, value)).transpose()
}
