//! Changing events.
//!
//! What Google would refuse or silently ignore is mended or refused here: `conferenceDataVersion`,
//! `eventLabelVersion` and `supportsAttachments` are set where the body needs them.

use bytes::Bytes;
use http::Method;
use url::Url;

use super::{
    Call, EventBody, Idempotency, Operation, check,
    request::{Builder, read_json},
};
use crate::{
    Result,
    id::{CalendarId, Etag, EventId},
    model::{Event, EventDraft, SendUpdates},
};

/// Makes an event.
#[derive(Clone, Debug, PartialEq)]
pub struct InsertEvent {
    /// In which calendar.
    pub calendar: CalendarId,
    /// Its id, so that making it twice is making it once: 5 to 1,024 of `a` to `v` and `0` to `9`. Ids of deleted
    /// events stay taken.
    pub id: Option<EventId>,
    /// What it is to be.
    pub draft: EventDraft,
    /// Who is emailed.
    pub send_updates: SendUpdates,
}

/// Changes fields of an event.
#[derive(Clone, Debug, PartialEq)]
pub struct PatchEvent {
    /// In which calendar.
    pub calendar: CalendarId,
    /// Which.
    pub event: EventId,
    /// The fields; see [`EventBody::patch`].
    pub body: EventBody,
    /// Only where this is its version.
    pub if_match: Option<Etag>,
    /// Who is emailed.
    pub send_updates: SendUpdates,
}

/// Replaces an event: what is left out is cleared.
#[derive(Clone, Debug, PartialEq)]
pub struct UpdateEvent {
    /// In which calendar.
    pub calendar: CalendarId,
    /// Which.
    pub event: EventId,
    /// All of it; see [`EventBody::whole`].
    pub body: EventBody,
    /// Only where this is its version.
    pub if_match: Option<Etag>,
    /// Who is emailed.
    pub send_updates: SendUpdates,
}

/// Deletes an event.
#[derive(Clone, Debug, PartialEq)]
pub struct DeleteEvent {
    /// In which calendar.
    pub calendar: CalendarId,
    /// Which.
    pub event: EventId,
    /// Only where this is its version.
    pub if_match: Option<Etag>,
    /// Who is emailed.
    pub send_updates: SendUpdates,
}

/// Moves an event to another calendar, and so to another organizer.
#[derive(Clone, Debug, PartialEq)]
pub struct MoveEvent {
    /// From which calendar.
    pub calendar: CalendarId,
    /// Which.
    pub event: EventId,
    /// To which calendar.
    pub destination: CalendarId,
    /// Who is emailed.
    pub send_updates: SendUpdates,
}

/// Adds a private copy of an event from elsewhere; nobody is emailed.
#[derive(Clone, Debug, PartialEq)]
pub struct ImportEvent {
    /// To which calendar.
    pub calendar: CalendarId,
    /// Its RFC 5545 UID.
    pub ical_uid: String,
    /// What it is to be.
    pub draft: EventDraft,
}

/// Makes an event from a line of text, which Google reads: `Lunch with Ada tomorrow 12:00`.
#[derive(Clone, Debug, PartialEq)]
pub struct QuickAddEvent {
    /// In which calendar.
    pub calendar: CalendarId,
    /// The line.
    pub text: String,
    /// Who is emailed.
    pub send_updates: SendUpdates,
}

impl InsertEvent {
    /// Makes what `draft` says, emailing nobody.
    pub fn new(calendar: impl Into<CalendarId>, draft: EventDraft) -> Self {
        Self { calendar: calendar.into(), id: None, draft, send_updates: SendUpdates::None }
    }
}

impl PatchEvent {
    /// Changes what `body` says, whatever the event's version, emailing nobody.
    pub fn new(calendar: impl Into<CalendarId>, event: impl Into<EventId>, body: EventBody) -> Self {
        let (calendar, event) = (calendar.into(), event.into());
        Self { calendar, event, body, if_match: None, send_updates: SendUpdates::None }
    }
}

impl UpdateEvent {
    /// Makes it what `body` says, whatever the event's version, emailing nobody.
    pub fn new(calendar: impl Into<CalendarId>, event: impl Into<EventId>, body: EventBody) -> Self {
        let (calendar, event) = (calendar.into(), event.into());
        Self { calendar, event, body, if_match: None, send_updates: SendUpdates::None }
    }
}

impl DeleteEvent {
    /// Deletes it, whatever its version, emailing nobody.
    pub fn new(calendar: impl Into<CalendarId>, event: impl Into<EventId>) -> Self {
        let (calendar, event) = (calendar.into(), event.into());
        Self { calendar, event, if_match: None, send_updates: SendUpdates::None }
    }
}

impl Call for InsertEvent {
    type Answer = Event;

    fn operation(&self) -> Operation {
        Operation::EventsInsert
    }

    fn idempotency(&self) -> Idempotency {
        if self.id.is_some() { Idempotency::Repeatable } else { Idempotency::Once }
    }

    fn request(&self, root: &Url) -> Result<http::Request<Bytes>> {
        let mut body = EventBody::of_new(&self.draft)?;
        if let Some(id) = &self.id {
            check::own_event_id(id)?;
            body.set("id", id)?;
        }
        let request = Builder::new(Method::POST, root, &["calendars", self.calendar.as_str(), "events"])?;
        with_body(request, &body)?.query("sendUpdates", self.send_updates.as_str()).build()
    }

    fn read(&self, body: &[u8]) -> Result<Event> {
        read_json(body)
    }
}

impl Call for PatchEvent {
    type Answer = Event;

    fn operation(&self) -> Operation {
        Operation::EventsPatch
    }

    fn idempotency(&self) -> Idempotency {
        if self.if_match.is_some() { Idempotency::Repeatable } else { Idempotency::Once }
    }

    fn request(&self, root: &Url) -> Result<http::Request<Bytes>> {
        let request =
            event(Method::PATCH, root, &self.calendar, &self.event)?.if_match(self.if_match.as_ref());
        with_body(request, &self.body)?.query("sendUpdates", self.send_updates.as_str()).build()
    }

    fn read(&self, body: &[u8]) -> Result<Event> {
        read_json(body)
    }
}

impl Call for UpdateEvent {
    type Answer = Event;

    fn operation(&self) -> Operation {
        Operation::EventsUpdate
    }

    fn idempotency(&self) -> Idempotency {
        if self.if_match.is_some() { Idempotency::Repeatable } else { Idempotency::Once }
    }

    fn request(&self, root: &Url) -> Result<http::Request<Bytes>> {
        let request = event(Method::PUT, root, &self.calendar, &self.event)?.if_match(self.if_match.as_ref());
        with_body(request, &self.body)?.query("sendUpdates", self.send_updates.as_str()).build()
    }

    fn read(&self, body: &[u8]) -> Result<Event> {
        read_json(body)
    }
}

impl Call for DeleteEvent {
    type Answer = ();

    fn operation(&self) -> Operation {
        Operation::EventsDelete
    }

    fn idempotency(&self) -> Idempotency {
        Idempotency::Repeatable
    }

    fn request(&self, root: &Url) -> Result<http::Request<Bytes>> {
        event(Method::DELETE, root, &self.calendar, &self.event)?
            .if_match(self.if_match.as_ref())
            .query("sendUpdates", self.send_updates.as_str())
            .build()
    }

    fn read(&self, _: &[u8]) -> Result<()> {
        Ok(())
    }
}

impl Call for MoveEvent {
    type Answer = Event;

    fn operation(&self) -> Operation {
        Operation::EventsMove
    }

    fn idempotency(&self) -> Idempotency {
        Idempotency::Once
    }

    fn request(&self, root: &Url) -> Result<http::Request<Bytes>> {
        let path = ["calendars", self.calendar.as_str(), "events", self.event.as_str(), "move"];
        Builder::new(Method::POST, root, &path)?
            .query("destination", self.destination.as_str())
            .query("sendUpdates", self.send_updates.as_str())
            .build()
    }

    fn read(&self, body: &[u8]) -> Result<Event> {
        read_json(body)
    }
}

impl Call for ImportEvent {
    type Answer = Event;

    fn operation(&self) -> Operation {
        Operation::EventsImport
    }

    fn idempotency(&self) -> Idempotency {
        Idempotency::Once
    }

    fn request(&self, root: &Url) -> Result<http::Request<Bytes>> {
        check::new_event(&self.draft)?;
        let mut body = EventBody::draft(&self.draft)?;
        body.set("iCalUID", &self.ical_uid)?;
        let path = ["calendars", self.calendar.as_str(), "events", "import"];
        with_body(Builder::new(Method::POST, root, &path)?, &body)?.build()
    }

    fn read(&self, body: &[u8]) -> Result<Event> {
        read_json(body)
    }
}

impl Call for QuickAddEvent {
    type Answer = Event;

    fn operation(&self) -> Operation {
        Operation::EventsQuickAdd
    }

    fn idempotency(&self) -> Idempotency {
        Idempotency::Once
    }

    fn request(&self, root: &Url) -> Result<http::Request<Bytes>> {
        check::quick_add_text(&self.text)?;
        let path = ["calendars", self.calendar.as_str(), "events", "quickAdd"];
        Builder::new(Method::POST, root, &path)?
            .query("text", &self.text)
            .query("sendUpdates", self.send_updates.as_str())
            .build()
    }

    fn read(&self, body: &[u8]) -> Result<Event> {
        read_json(body)
    }
}

fn event(method: Method, root: &Url, calendar: &CalendarId, event: &EventId) -> Result<Builder> {
    Builder::new(method, root, &["calendars", calendar.as_str(), "events", event.as_str()])
}

fn with_body(request: Builder, body: &EventBody) -> Result<Builder> {
    request
        .query_if("conferenceDataVersion", body.has("conferenceData").then_some(1))
        .query_if("eventLabelVersion", body.has("eventLabelId").then_some(1))
        .flag("supportsAttachments", body.has("attachments"))
        .json(body)
}
