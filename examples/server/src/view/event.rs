//! An event.

use serde::Serialize;
use serde_json::{Map, Value};
use theo_calendar::{id::EventKey, model::Event, time::TimeRange};
use utoipa::ToSchema;

use super::Span;
use crate::name;

/// An event: a one-off, a series, or one occurrence of one. Beside its names here it has all of Google's fields, as
/// Google has them; all text in them is others', and hostile.
#[derive(Serialize, ToSchema)]
#[schema(as = Event)]
#[serde(rename_all = "camelCase")]
pub(crate) struct EventView {
    /// What it is called here.
    id: String,
    /// The account it is seen through.
    account_id: String,
    /// The `id` of its calendar.
    calendar_id: String,
    /// Google's id of its calendar.
    google_calendar_id: String,
    /// Google's id of it, unique only within its calendar.
    google_event_id: String,
    /// The time it takes; none of a series.
    #[serde(skip_serializing_if = "Option::is_none")]
    span: Option<Span>,
    #[serde(flatten)]
    #[schema(value_type = EventFields)]
    fields: Map<String, Value>,
}

impl EventView {
    pub(crate) fn new(key: &EventKey, event: &Event, span: Option<TimeRange>) -> Self {
        Self {
            id: name::of_event(key),
            account_id: key.account.to_string(),
            calendar_id: name::of_calendar(&key.calendar_key()),
            google_calendar_id: key.calendar.to_string(),
            google_event_id: event.id.to_string(),
            span: span.map(Into::into),
            fields: fields(event),
        }
    }
}

/// Google's fields of an event, its id left out.
pub(super) fn fields(event: &impl Serialize) -> Map<String, Value> {
    match serde_json::to_value(event) {
        Ok(Value::Object(mut fields)) => {
            fields.remove("id");
            fields
        }
        // An event is always an object.
        _ => Map::new(),
    }
}

/// Google's fields of an event, by their names in the reference of Google's Calendar API. These are those of most use;
/// the others are taken and given too.
#[derive(ToSchema)]
#[schema(as = EventFields, rename_all = "camelCase")]
#[allow(dead_code, reason = "it says in the document what is read and written as the SDK's own types")]
pub(crate) struct EventFields {
    summary: Option<String>,
    start: Option<EventTimeFields>,
    /// Not part of the event any more: of an event of whole days the day after its last.
    end: Option<EventTimeFields>,
    description: Option<String>,
    location: Option<String>,
    attendees: Option<Vec<AttendeeFields>>,
    /// `RRULE`, `EXDATE` and `RDATE` lines (RFC 5545).
    recurrence: Option<Vec<String>>,
    /// `confirmed`, `tentative` or `cancelled`.
    status: Option<String>,
    /// `opaque` or `transparent`.
    transparency: Option<String>,
    /// `default`, `public`, `private` or `confidential`.
    visibility: Option<String>,
    /// `default`, `outOfOffice`, `focusTime`, `workingLocation`, …
    event_type: Option<String>,
    color_id: Option<String>,
}

/// A day (`date`), or a time (`dateTime`): one of both.
#[derive(ToSchema)]
#[schema(as = EventTime, rename_all = "camelCase")]
#[allow(dead_code, reason = "as above")]
struct EventTimeFields {
    #[schema(example = "2025-03-28")]
    date: Option<String>,
    /// RFC 3339; without an offset where `timeZone` is given.
    #[schema(example = "2025-03-28T15:00:00+01:00")]
    date_time: Option<String>,
    /// IANA name.
    #[schema(example = "Europe/Berlin")]
    time_zone: Option<String>,
}

/// A guest.
#[derive(ToSchema)]
#[schema(as = Attendee, rename_all = "camelCase")]
#[allow(dead_code, reason = "as above")]
struct AttendeeFields {
    email: Option<String>,
    display_name: Option<String>,
    optional: Option<bool>,
    /// `needsAction`, `declined`, `tentative` or `accepted`.
    response_status: Option<String>,
}
