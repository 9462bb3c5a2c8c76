//! The `calendars` resource: what a calendar is, apart from who lists it.

use serde_json::{Map, Value};

use crate::call::{Call, Reply};
use crate::error::{ApiError, ApiResult};
use crate::event::remove;
use crate::event::settle::{merge, new_id};
use crate::person::Role;
use crate::state::State;
use crate::when::zone;

const WRITABLE: [&str; 5] = ["summary", "description", "location", "timeZone", "conferenceProperties"];

/// `calendars.get`
pub(crate) fn get(state: &mut State, call: &Call) -> ApiResult<Reply> {
    let (calendar, _) = state.visible(&call.person, call.path("calendarId"))?;
    Ok(calendar.props.clone().into())
}

/// `calendars.insert`: a new secondary calendar, owned by the caller and in their list.
pub(crate) fn insert(state: &mut State, call: &Call) -> ApiResult<Reply> {
    let summary = call.body.get("summary").and_then(Value::as_str).filter(|summary| !summary.is_empty());
    let summary = summary.ok_or_else(|| ApiError::required("summary"))?.to_owned();
    let own_zone = state.person(&call.person)?.settings.get("timezone").cloned();
    let named = call.body.get("timeZone").and_then(Value::as_str).map(str::to_owned).or(own_zone);
    let zone = zone(named.as_deref().unwrap_or("UTC"))?;
    let id = format!("c_{}@group.calendar.google.com", new_id(&mut state.random));
    state.add_calendar(&call.person, &id, &summary, zone);
    write(state, call, &id, false)
}

/// `calendars.patch`
pub(crate) fn patch(state: &mut State, call: &Call) -> ApiResult<Reply> {
    let id = owned(state, call)?;
    write(state, call, &id, false)
}

/// `calendars.update`
pub(crate) fn update(state: &mut State, call: &Call) -> ApiResult<Reply> {
    let id = owned(state, call)?;
    if call.body.get("summary").and_then(Value::as_str).is_none() {
        return Err(ApiError::required("summary"));
    }
    write(state, call, &id, true)
}

/// `calendars.delete`: a secondary calendar and all its events are gone.
pub(crate) fn delete(state: &mut State, call: &Call) -> ApiResult<Reply> {
    let id = owned(state, call)?;
    if state.people.contains_key(&id) {
        return Err(ApiError::forbidden(
            "cannotDeletePrimaryCalendar",
            "A primary calendar cannot be deleted.",
        ));
    }
    state.calendar_mut(&id)?.deleted = true;
    relist(state, &id);
    Ok(Reply::Empty)
}

/// `calendars.clear`: every event of the caller's primary calendar is deleted.
pub(crate) fn clear(state: &mut State, call: &Call) -> ApiResult<Reply> {
    let id = owned(state, call)?;
    if id != call.person {
        return Err(ApiError::invalid("Only the primary calendar can be cleared."));
    }
    for key in state.calendar(&id)?.keys() {
        if let Some(stored) = state.calendar(&id)?.event(&key).filter(|stored| !stored.cancelled) {
            let event = stored.map();
            remove::cancel(state, &id, &event)?;
        }
    }
    Ok(Reply::Empty)
}

fn owned(state: &State, call: &Call) -> ApiResult<String> {
    let (calendar, role) = state.visible(&call.person, call.path("calendarId"))?;
    if role < Role::Owner {
        return Err(ApiError::forbidden(
            "requiredAccessLevel",
            "You need to have owner access to this calendar.",
        ));
    }
    Ok(calendar.id.clone())
}

fn write(state: &mut State, call: &Call, id: &str, whole: bool) -> ApiResult<Reply> {
    if let Some(name) = call.body.get("timeZone").and_then(Value::as_str) {
        zone(name)?;
    }
    let etag = state.clock.etag();
    let calendar = state.calendar_mut(id)?;
    call.check_etag(calendar.props.get("etag"))?;
    if whole {
        calendar.props.remove("description");
        calendar.props.remove("location");
    }
    let wanted: Map<String, Value> = call
        .body
        .iter()
        .filter(|(field, _)| WRITABLE.contains(&field.as_str()))
        .map(|(field, value)| (field.clone(), value.clone()))
        .collect();
    merge(&mut calendar.props, &wanted);
    calendar.props.insert("etag".into(), etag.into());
    let props = calendar.props.clone();
    relist(state, id);
    Ok(props.into())
}

/// A changed calendar is a change in the list of everybody who has it.
fn relist(state: &mut State, id: &str) {
    let etag = state.clock.etag();
    let mut seen = Vec::new();
    for person in state.people.values_mut().filter(|person| person.entries.contains_key(id)) {
        person.touch(id, &etag);
        seen.push(person.email.clone());
    }
    for person in seen {
        state.notify(&format!("list:{person}"));
    }
}
