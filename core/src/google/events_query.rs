//! Which events a listing brings.
//!
//! Google refuses filters together with a sync token, so the two are two types: a query that Google would refuse for
//! that cannot be written.

use chrono::{DateTime, Utc};

use super::request::Builder;
use crate::{Error, ErrorKind, Result, id::SyncToken, model::EventType, sync::QueryFingerprint};

/// Events on a page, at most (Google's reference of events.list).
const PAGE_CAP: u32 = 2500;

/// Which events a listing brings: all of them, to be mirrored, or some, to be shown.
#[derive(Clone, Debug, PartialEq)]
pub enum EventsQuery {
    /// Masters and exceptions of the whole calendar, deleted ones too, ending in a sync token.
    Sync(EventsSync),
    /// Events of a time, of a search, of a person's choice. Its sync token, where there is one, is of no use.
    View(EventsView),
}

/// Mirrors a calendar: a first listing, or with [`since`](Self::since) what changed.
///
/// Series come as masters and exceptions (`singleEvents` is never set), deleted events come as such.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct EventsSync {
    /// Where the last listing ended. Made by a query of the same [`fingerprint`](Self::fingerprint).
    pub since: Option<SyncToken>,
    /// Events on a page, 2,500 at most and by default.
    pub max_results: Option<u32>,
    /// Guests of an event, at most.
    pub max_attendees: Option<u32>,
    /// Only these sorts; all where empty.
    pub event_types: Vec<EventType>,
    /// Invitations the person hid, too.
    pub show_hidden_invitations: bool,
    /// Zone that times are shown in; the calendar's by default.
    pub time_zone: Option<String>,
}

/// Shows events: any filter of Google's, and no sync token.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct EventsView {
    /// Only events that end after it.
    pub time_min: Option<DateTime<Utc>>,
    /// Only events that start before it.
    pub time_max: Option<DateTime<Utc>>,
    /// Only events changed since.
    pub updated_min: Option<DateTime<Utc>>,
    /// Only events with these words.
    pub q: Option<String>,
    /// Only events of this RFC 5545 UID.
    pub ical_uid: Option<String>,
    /// Only events with these private properties.
    pub private_extended_properties: Vec<(String, String)>,
    /// Only events with these shared properties.
    pub shared_extended_properties: Vec<(String, String)>,
    /// Only these sorts; all where empty.
    pub event_types: Vec<EventType>,
    /// Instances of series instead of their masters.
    pub single_events: bool,
    /// In which order; Google's own, unspecified one by default.
    pub order_by: Option<EventsOrder>,
    /// Deleted ones, too.
    pub show_deleted: bool,
    /// Invitations the person hid, too.
    pub show_hidden_invitations: bool,
    /// Events on a page, 2,500 at most; 250 by default.
    pub max_results: Option<u32>,
    /// Guests of an event, at most.
    pub max_attendees: Option<u32>,
    /// Zone that times are shown in; the calendar's by default.
    pub time_zone: Option<String>,
}

/// In which order events come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventsOrder {
    /// By start; only with [`EventsView::single_events`].
    StartTime,
    /// By last change.
    Updated,
}

impl EventsSync {
    /// The same listing, of what changed since `token`.
    #[must_use]
    pub fn since(mut self, token: impl Into<SyncToken>) -> Self {
        self.since = Some(token.into());
        self
    }

    /// What must be equal in every query that uses the token of another: all but the token itself.
    pub fn fingerprint(&self) -> QueryFingerprint {
        let Self { since: _, max_results, max_attendees, event_types, show_hidden_invitations, time_zone } =
            self;
        let mut event_types: Vec<_> = event_types.iter().map(EventType::as_str).collect();
        event_types.sort_unstable();
        let parts =
            (max_results.unwrap_or(PAGE_CAP), max_attendees, event_types, show_hidden_invitations, time_zone);
        QueryFingerprint(format!("events:{parts:?}"))
    }

    fn write(&self, request: Builder) -> Builder {
        let request = request
            .query_if("syncToken", self.since.as_ref())
            .query("maxResults", self.max_results.unwrap_or(PAGE_CAP).to_string())
            .query_if("maxAttendees", self.max_attendees)
            .query("showDeleted", "true")
            .flag("showHiddenInvitations", self.show_hidden_invitations)
            .query_if("timeZone", self.time_zone.as_ref());
        self.event_types.iter().fold(request, |request, kind| request.query("eventTypes", kind.as_str()))
    }
}

impl EventsView {
    /// The instances of all events between `start` and `end`, in order of their start.
    pub fn agenda(range: crate::time::TimeRange) -> Self {
        Self {
            time_min: Some(range.start()),
            time_max: Some(range.end()),
            single_events: true,
            order_by: Some(EventsOrder::StartTime),
            ..Self::default()
        }
    }

    fn write(&self, request: Builder) -> Builder {
        let order = self.order_by.map(|order| match order {
            EventsOrder::StartTime => "startTime",
            EventsOrder::Updated => "updated",
        });
        let request = request
            .query_if("timeMin", self.time_min.map(rfc3339))
            .query_if("timeMax", self.time_max.map(rfc3339))
            .query_if("updatedMin", self.updated_min.map(rfc3339))
            .query_if("q", self.q.as_ref())
            .query_if("iCalUID", self.ical_uid.as_ref())
            .flag("singleEvents", self.single_events)
            .query_if("orderBy", order)
            .flag("showDeleted", self.show_deleted)
            .flag("showHiddenInvitations", self.show_hidden_invitations)
            .query_if("maxResults", self.max_results)
            .query_if("maxAttendees", self.max_attendees)
            .query_if("timeZone", self.time_zone.as_ref());
        let pairs = |request: Builder, name, pairs: &[(String, String)]| {
            pairs.iter().fold(request, |request, (key, value)| request.query(name, format!("{key}={value}")))
        };
        let request = pairs(request, "privateExtendedProperty", &self.private_extended_properties);
        let request = pairs(request, "sharedExtendedProperty", &self.shared_extended_properties);
        self.event_types.iter().fold(request, |request, kind| request.query("eventTypes", kind.as_str()))
    }

    fn check(&self) -> Result<()> {
        if let (Some(min), Some(max)) = (self.time_min, self.time_max) {
            crate::time::TimeRange::new(min, max)?;
        }
        if self.order_by == Some(EventsOrder::StartTime) && !self.single_events {
            let message = "events can be ordered by their start only where series are shown as instances";
            return Err(Error::new(ErrorKind::InvalidInput, message));
        }
        Ok(())
    }
}

impl EventsQuery {
    /// The fingerprint of a query that ends in a sync token worth keeping.
    pub fn fingerprint(&self) -> Option<QueryFingerprint> {
        match self {
            Self::Sync(sync) => Some(sync.fingerprint()),
            Self::View(_) => None,
        }
    }

    pub(crate) fn write(&self, request: Builder) -> Result<Builder> {
        let (max_results, max_attendees) = match self {
            Self::Sync(sync) => (sync.max_results, sync.max_attendees),
            Self::View(view) => (view.max_results, view.max_attendees),
        };
        check_page_size(max_results, PAGE_CAP)?;
        check_page_size(max_attendees, u32::MAX)?;
        match self {
            Self::Sync(sync) => Ok(sync.write(request)),
            Self::View(view) => {
                view.check()?;
                Ok(view.write(request))
            }
        }
    }
}

impl From<EventsSync> for EventsQuery {
    fn from(sync: EventsSync) -> Self {
        Self::Sync(sync)
    }
}

impl From<EventsView> for EventsQuery {
    fn from(view: EventsView) -> Self {
        Self::View(view)
    }
}

/// RFC 3339 with `Z`, as Google's examples write it.
pub(crate) fn rfc3339(instant: DateTime<Utc>) -> String {
    instant.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true)
}

/// Refuses a page of nothing, or of more than Google gives.
pub(crate) fn check_page_size(asked: Option<u32>, cap: u32) -> Result<()> {
    match asked {
        Some(asked) if asked == 0 || asked > cap => {
            let message = format!("{asked} at a time cannot be asked for: 1 to {cap} can");
            Err(Error::new(ErrorKind::InvalidInput, message))
        }
        _ => Ok(()),
    }
}
