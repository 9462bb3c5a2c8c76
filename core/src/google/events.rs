//! Reading events.

use bytes::Bytes;
use http::Method;
use url::Url;

use super::{
    Call, EventsQuery, EventsResponse, Idempotency, Operation,
    events_query::{check_page_size, rfc3339},
    request::{Builder, read_json},
};
use crate::{
    Result,
    id::{CalendarId, EventId, PageToken},
    model::Event,
    time::{EventTime, TimeRange},
};

/// One page of a calendar's events.
#[derive(Clone, Copy, Debug)]
pub struct ListEvents<'a> {
    /// Of which calendar.
    pub calendar: &'a CalendarId,
    /// Which events.
    pub query: &'a EventsQuery,
    /// Which page; none for the first.
    pub page: Option<&'a PageToken>,
}

impl Call for ListEvents<'_> {
    type Answer = EventsResponse;

    fn operation(&self) -> Operation {
        Operation::EventsList
    }

    fn idempotency(&self) -> Idempotency {
        Idempotency::Read
    }

    fn request(&self, root: &Url) -> Result<http::Request<Bytes>> {
        let request = Builder::new(Method::GET, root, &["calendars", self.calendar.as_str(), "events"])?;
        self.query.write(request)?.query_if("pageToken", self.page).build()
    }

    fn read(&self, body: &[u8]) -> Result<EventsResponse> {
        EventsResponse::parse(body)
    }
}

/// One event.
#[derive(Clone, Debug)]
pub struct GetEvent {
    /// In which calendar.
    pub calendar: CalendarId,
    /// Which.
    pub event: EventId,
    /// Guests, at most.
    pub max_attendees: Option<u32>,
    /// Zone that times are shown in; the calendar's by default.
    pub time_zone: Option<String>,
}

impl GetEvent {
    /// `event` of `calendar`, whole.
    pub fn new(calendar: impl Into<CalendarId>, event: impl Into<EventId>) -> Self {
        Self { calendar: calendar.into(), event: event.into(), max_attendees: None, time_zone: None }
    }
}

impl Call for GetEvent {
    type Answer = Event;

    fn operation(&self) -> Operation {
        Operation::EventsGet
    }

    fn idempotency(&self) -> Idempotency {
        Idempotency::Read
    }

    fn request(&self, root: &Url) -> Result<http::Request<Bytes>> {
        check_page_size(self.max_attendees, u32::MAX)?;
        let path = ["calendars", self.calendar.as_str(), "events", self.event.as_str()];
        Builder::new(Method::GET, root, &path)?
            .query_if("maxAttendees", self.max_attendees)
            .query_if("timeZone", self.time_zone.as_ref())
            .build()
    }

    fn read(&self, body: &[u8]) -> Result<Event> {
        read_json(body)
    }
}

/// One page of the instances of a series.
#[derive(Clone, Debug)]
pub struct ListInstances {
    /// In which calendar.
    pub calendar: CalendarId,
    /// The master.
    pub event: EventId,
    /// Only those in this time.
    pub range: Option<TimeRange>,
    /// Only the one that the series would have had then.
    pub original_start: Option<EventTime>,
    /// Cancelled ones, too.
    pub show_deleted: bool,
    /// Instances on a page, 2,500 at most; 250 by default.
    pub max_results: Option<u32>,
    /// Zone that times are shown in; the calendar's by default.
    pub time_zone: Option<String>,
    /// Which page; none for the first.
    pub page: Option<PageToken>,
}

impl ListInstances {
    /// All instances of `event` of `calendar`.
    pub fn new(calendar: impl Into<CalendarId>, event: impl Into<EventId>) -> Self {
        Self {
            calendar: calendar.into(),
            event: event.into(),
            range: None,
            original_start: None,
            show_deleted: false,
            max_results: None,
            time_zone: None,
            page: None,
        }
    }
}

impl Call for ListInstances {
    type Answer = EventsResponse;

    fn operation(&self) -> Operation {
        Operation::EventsInstances
    }

    fn idempotency(&self) -> Idempotency {
        Idempotency::Read
    }

    fn request(&self, root: &Url) -> Result<http::Request<Bytes>> {
        check_page_size(self.max_results, 2500)?;
        let path = ["calendars", self.calendar.as_str(), "events", self.event.as_str(), "instances"];
        Builder::new(Method::GET, root, &path)?
            .query_if("timeMin", self.range.map(|range| rfc3339(range.start())))
            .query_if("timeMax", self.range.map(|range| rfc3339(range.end())))
            .query_if("originalStart", self.original_start.as_ref().map(EventTime::text))
            .flag("showDeleted", self.show_deleted)
            .query_if("maxResults", self.max_results)
            .query_if("timeZone", self.time_zone.as_ref())
            .query_if("pageToken", self.page.as_ref())
            .build()
    }

    fn read(&self, body: &[u8]) -> Result<EventsResponse> {
        EventsResponse::parse(body)
    }
}
