//! Finding an event by id, stored or as an instance of a series, and showing it.

use chrono_tz::Tz;
use serde_json::{Map, Value};

use crate::calendar::{Calendar, Shape, Stored};
use crate::call::{Call, Reply};
use crate::error::{ApiError, ApiResult};
use crate::event::{attendee, instance};
use crate::person::Role;
use crate::series::split_instance_id;
use crate::state::State;
use crate::when::{When, zone};

/// The event an id names: stored, or an occurrence nobody has changed yet.
pub(crate) fn find(calendar: &Calendar, id: &str) -> ApiResult<Map<String, Value>> {
    if let Some(stored) = calendar.event(id) {
        return Ok(stored.map());
    }
    let (master, original) = split_instance_id(id).ok_or_else(ApiError::not_found)?;
    let master = calendar.event(master).filter(|stored| stored.shape == Shape::Master && !stored.cancelled);
    let master = master.ok_or_else(ApiError::not_found)?.map();
    instance::of(&master, &original, calendar.zone())
}

/// How a reader is shown events.
#[derive(Clone, Debug, Default)]
pub(crate) struct View {
    pub(crate) zone: Option<Tz>,
    pub(crate) max_attendees: Option<usize>,
    pub(crate) busy_only: bool,
}

impl View {
    pub(crate) fn of(call: &Call, role: Role) -> ApiResult<Self> {
        let max = call.query.limit("maxAttendees", usize::MAX, usize::MAX)?;
        Ok(Self {
            zone: call.query.one("timeZone").map(zone).transpose()?,
            max_attendees: Some(max).filter(|max| *max != usize::MAX),
            busy_only: role == Role::FreeBusyReader,
        })
    }

    /// Whether stored JSON can be sent as it is.
    pub(crate) fn is_plain(&self) -> bool {
        self.zone.is_none() && self.max_attendees.is_none() && !self.busy_only
    }

    pub(crate) fn show(&self, event: &mut Map<String, Value>) {
        attendee::show(event, self.max_attendees);
        if let Some(zone) = self.zone {
            for field in ["start", "end", "originalStartTime"] {
                if let Some(when) = event.get(field).and_then(|value| When::parse(value, field).ok()) {
                    event.insert(field.into(), when.json(zone));
                }
            }
        }
        if self.busy_only {
            const SHOWN: [&str; 13] = [
                "kind",
                "etag",
                "id",
                "status",
                "htmlLink",
                "updated",
                "start",
                "end",
                "recurrence",
                "recurringEventId",
                "originalStartTime",
                "iCalUID",
                "eventType",
            ];
            event.retain(|field, _| SHOWN.contains(&field.as_str()));
            event.insert("visibility".into(), "private".into());
        }
    }
}

/// A stored event as listings show it: cancelled ones have lost nearly everything.
pub(crate) fn listed(stored: &Stored, view: &View) -> std::sync::Arc<str> {
    if !stored.cancelled && view.is_plain() {
        return stored.json.clone();
    }
    let mut event = stored.map();
    if stored.cancelled {
        let exception = matches!(stored.shape, Shape::Exception { .. }) && !stored.bare;
        event.retain(|field, _| {
            matches!(field.as_str(), "kind" | "etag" | "id" | "status")
                || (exception && matches!(field.as_str(), "recurringEventId" | "originalStartTime"))
        });
    }
    view.show(&mut event);
    serde_json::to_string(&event).unwrap_or_default().into()
}

/// `events.get`
pub(crate) fn get(state: &mut State, call: &Call) -> ApiResult<Reply> {
    let (calendar, role) = state.visible(&call.person, call.path("calendarId"))?;
    let mut event = find(calendar, call.path("eventId"))?;
    View::of(call, role)?.show(&mut event);
    Ok(event.into())
}
