//! When calendars are busy, without their events.

use std::collections::BTreeMap;

use bytes::Bytes;
use http::Method;
use serde::Serialize;
use url::Url;

use super::{
    Call, Idempotency, Operation,
    events_query::rfc3339,
    request::{Builder, read_json},
};
use crate::{
    Error, ErrorKind, Result,
    id::CalendarId,
    model::google_object,
    time::{TimeRange, Timestamp},
};

/// Calendars of one query, at most (Google's discovery document, `calendarExpansionMax`).
const CALENDARS_CAP: usize = 50;

/// Asks when calendars are busy.
#[derive(Clone, Debug, PartialEq)]
pub struct FreeBusy {
    /// When.
    pub range: TimeRange,
    /// Which calendars or groups: 50 at most.
    pub calendars: Vec<CalendarId>,
    /// Zone that times are shown in; UTC by default.
    pub time_zone: Option<String>,
}

impl FreeBusy {
    /// When `calendars` are busy in `range`.
    pub fn new(range: TimeRange, calendars: impl IntoIterator<Item = impl Into<CalendarId>>) -> Self {
        Self { range, calendars: calendars.into_iter().map(Into::into).collect(), time_zone: None }
    }
}

/// The question as Google reads it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Asked<'a> {
    time_min: String,
    time_max: String,
    items: Vec<Item<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    time_zone: Option<&'a str>,
}

#[derive(Serialize)]
struct Item<'a> {
    id: &'a CalendarId,
}

google_object! {
    /// When calendars are busy.
    pub struct FreeBusyResponse {
        /// By calendar.
        "calendars" => calendars: BTreeMap<CalendarId, FreeBusyCalendar>,
        /// The calendars of each group asked for.
        "groups" => groups: BTreeMap<String, FreeBusyGroup>,
        /// From when.
        "timeMin" => time_min: Timestamp,
        /// Until when.
        "timeMax" => time_max: Timestamp,
        /// `calendar#freeBusy`.
        "kind" => kind: String,
    }
}

google_object! {
    /// When one calendar is busy. Where it has errors, it is unknown, not free.
    pub struct FreeBusyCalendar {
        /// When it is busy.
        "busy" => busy: Vec<TimePeriod>,
        /// Why it is not known.
        "errors" => errors: Vec<FreeBusyError>,
    }
}

google_object! {
    /// The calendars of a group.
    pub struct FreeBusyGroup {
        /// Which.
        "calendars" => calendars: Vec<CalendarId>,
        /// Why they are not known.
        "errors" => errors: Vec<FreeBusyError>,
    }
}

google_object! {
    /// Why a calendar's time is not known.
    pub struct FreeBusyError {
        /// `global` and others.
        "domain" => domain: String,
        /// `notFound`, `groupTooBig`, `tooManyCalendarsRequested` or `internalError`.
        "reason" => reason: String,
    }
}

google_object! {
    /// A stretch of busy time, its end exclusive.
    pub struct TimePeriod {
        required {
            /// From when.
            "start" => start: Timestamp,
            /// Until when.
            "end" => end: Timestamp,
        }
    }
}

impl Call for FreeBusy {
    type Answer = FreeBusyResponse;

    fn operation(&self) -> Operation {
        Operation::FreeBusyQuery
    }

    fn idempotency(&self) -> Idempotency {
        Idempotency::Read
    }

    fn request(&self, root: &Url) -> Result<http::Request<Bytes>> {
        if self.calendars.is_empty() || self.calendars.len() > CALENDARS_CAP {
            let message = format!(
                "free time of {} calendars cannot be asked for at once: 1 to {CALENDARS_CAP} can",
                self.calendars.len()
            );
            return Err(Error::new(ErrorKind::InvalidInput, message));
        }
        let body = Asked {
            time_min: rfc3339(self.range.start()),
            time_max: rfc3339(self.range.end()),
            items: self.calendars.iter().map(|id| Item { id }).collect(),
            time_zone: self.time_zone.as_deref(),
        };
        Builder::new(Method::POST, root, &["freeBusy"])?.json(&body)?.build()
    }

    fn read(&self, body: &[u8]) -> Result<FreeBusyResponse> {
        read_json(body)
    }
}
