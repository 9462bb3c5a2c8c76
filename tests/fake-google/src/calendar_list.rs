//! The `calendarList` resource: which calendars a person sees, and how.

use serde_json::{Map, Value, json};

use crate::call::{Call, Query, Reply};
use crate::cursor::{PageToken, SyncToken, fingerprint};
use crate::error::{ApiError, ApiResult};
use crate::event::page::{listing, next_token, refuse};
use crate::event::settle::merge;
use crate::fault::PageFault;
use crate::person::{Entry, Role};
use crate::state::State;

const WRITABLE: [&str; 8] = [
    "summaryOverride",
    "colorId",
    "backgroundColor",
    "foregroundColor",
    "hidden",
    "selected",
    "defaultReminders",
    "notificationSettings",
];

/// One entry as Google shows it.
fn render(state: &State, id: &str, entry: &Entry) -> Map<String, Value> {
    let mut map = Map::new();
    map.insert("kind".into(), "calendar#calendarListEntry".into());
    map.insert("etag".into(), entry.etag.as_str().into());
    map.insert("id".into(), id.into());
    let calendar = state.calendars.get(id);
    if entry.deleted || calendar.is_none_or(|calendar| calendar.deleted) {
        map.insert("deleted".into(), true.into());
        return map;
    }
    if let Some(calendar) = calendar {
        for field in ["summary", "description", "location", "timeZone", "conferenceProperties"] {
            map.extend(calendar.props.get(field).map(|value| (field.to_owned(), value.clone())));
        }
        if calendar.id.ends_with("@group.calendar.google.com") {
            map.insert("dataOwner".into(), calendar.owner.as_str().into());
        }
        let primary = state.people.contains_key(id) && calendar.owner == id && entry.role == Role::Owner;
        if primary {
            map.insert("primary".into(), true.into());
        }
    }
    map.insert("accessRole".into(), entry.role.name().into());
    map.extend(entry.own.clone());
    map
}

/// `calendarList.list`
pub(crate) fn list(state: &mut State, call: &Call) -> ApiResult<Reply> {
    let query = &call.query;
    let person = state.person(&call.person)?;
    let max = query.limit("maxResults", 100, 250)?;
    let resource = format!("list:{}", person.email);
    let made_for = fingerprint(query, &["syncToken", "showDeleted", "showHidden", "minAccessRole"]);
    let sync = sync_token(query, &resource, person.epoch, &made_for)?;
    refuse(call)?;
    let min_role = match query.one("minAccessRole") {
        Some(name) => {
            Some(Role::parse(name).ok_or_else(|| ApiError::parameter("minAccessRole", "Invalid value."))?)
        }
        None => None,
    };
    let deleted = query.flag("showDeleted")? || sync.is_some();
    let hidden = query.flag("showHidden")? || sync.is_some();
    let here = match query.one("pageToken") {
        Some(text) => PageToken::parse(text, &resource, person.epoch, &listing(query))?,
        None => PageToken {
            resource: resource.clone(),
            epoch: person.epoch,
            after: sync.as_ref().map_or(0, |sync| sync.seen),
            until: person.seq,
            page: 1,
            query: listing(query),
            kept: None,
        },
    };
    let mut entries: Vec<(&String, &Entry)> = person.entries.iter().collect();
    entries.sort_by_key(|(_, entry)| entry.seq);
    let mut found = entries.into_iter().filter(|(id, entry)| {
        let gone = entry.deleted || state.calendars.get(*id).is_none_or(|calendar| calendar.deleted);
        let is_hidden = entry.own.get("hidden") == Some(&Value::Bool(true));
        (here.after + 1..=here.until).contains(&entry.seq)
            && (deleted || !gone)
            && (hidden || !is_hidden)
            && min_role.is_none_or(|min| entry.role >= min)
    });
    let (mut items, mut reached) = (Vec::new(), here.after);
    for (id, entry) in found.by_ref().take(if call.fault == Some(PageFault::Empty) { 0 } else { max }) {
        items.push(Value::Object(render(state, id, entry)));
        reached = entry.seq;
    }
    let more = found.next().is_some();
    let mut map = Map::new();
    map.insert("kind".into(), "calendar#calendarList".into());
    map.insert("etag".into(), format!("\"p{}{}\"", person.epoch, person.seq).into());
    let until = here.until;
    match next_token(here, more.then_some(reached), call.fault) {
        Some(token) => map.insert("nextPageToken".into(), token.into()),
        None => {
            let window = (None, None);
            let sync = SyncToken { resource, epoch: person.epoch, seen: until, query: made_for, window };
            map.insert("nextSyncToken".into(), sync.encode().into())
        }
    };
    map.insert("items".into(), Value::Array(items));
    Ok(map.into())
}

fn sync_token(query: &Query, resource: &str, epoch: u64, made_for: &str) -> ApiResult<Option<SyncToken>> {
    let Some(text) = query.one("syncToken") else { return Ok(None) };
    for name in ["minAccessRole", "showOwnOrganizationOnly"] {
        if query.one(name).is_some() {
            return Err(ApiError::parameter(
                name,
                format!("The parameter {name} cannot be used with a sync token."),
            ));
        }
    }
    for name in ["showDeleted", "showHidden"] {
        if query.boolean(name)? == Some(false) {
            return Err(ApiError::parameter(name, format!("{name}=false cannot be used with a sync token.")));
        }
    }
    SyncToken::parse(text, resource, epoch, made_for).map(Some)
}

/// The full id of a calendar in the caller's list.
fn listed(state: &State, call: &Call) -> ApiResult<String> {
    let (calendar, _) = state.visible(&call.person, call.path("calendarId"))?;
    let id = calendar.id.clone();
    let entry = state.person(&call.person)?.entries.get(&id);
    entry.filter(|entry| !entry.deleted).map(|_| id).ok_or_else(ApiError::not_found)
}

fn answer(state: &State, call: &Call, id: &str) -> ApiResult<Reply> {
    let entry = state.person(&call.person)?.entries.get(id).ok_or_else(ApiError::not_found)?;
    Ok(render(state, id, entry).into())
}

/// `calendarList.get`
pub(crate) fn get(state: &mut State, call: &Call) -> ApiResult<Reply> {
    let id = listed(state, call)?;
    answer(state, call, &id)
}

/// `calendarList.insert`: brings a calendar the person has access to into their list.
pub(crate) fn insert(state: &mut State, call: &Call) -> ApiResult<Reply> {
    let id = call.body.get("id").and_then(Value::as_str).ok_or_else(|| ApiError::required("id"))?;
    let (calendar, role) = state.visible(&call.person, id)?;
    let (id, etag) = (calendar.id.clone(), state.clock.etag());
    state.person_mut(&call.person)?.enlist(&id, role, &etag);
    choose(state, call, &id, false)
}

/// `calendarList.patch`
pub(crate) fn patch(state: &mut State, call: &Call) -> ApiResult<Reply> {
    let id = listed(state, call)?;
    choose(state, call, &id, false)
}

/// `calendarList.update`
pub(crate) fn update(state: &mut State, call: &Call) -> ApiResult<Reply> {
    let id = listed(state, call)?;
    choose(state, call, &id, true)
}

fn choose(state: &mut State, call: &Call, id: &str, whole: bool) -> ApiResult<Reply> {
    let rgb = call.query.flag("colorRgbFormat")?;
    if !rgb
        && (call.body.contains_key("backgroundColor") || call.body.contains_key("foregroundColor"))
        && !whole
    {
        return Err(ApiError::invalid("Colors by RGB value need colorRgbFormat=true."));
    }
    let etag = state.clock.etag();
    let entry = state.person_mut(&call.person)?.entries.get_mut(id).ok_or_else(ApiError::not_found)?;
    call.check_etag(Some(&Value::String(entry.etag.clone())))?;
    let wanted: Map<String, Value> = call
        .body
        .iter()
        .filter(|(field, _)| WRITABLE.contains(&field.as_str()))
        .map(|(field, value)| (field.clone(), value.clone()))
        .collect();
    if whole {
        let colours = ["colorId", "backgroundColor", "foregroundColor"];
        entry.own.retain(|field, _| colours.contains(&field.as_str()));
        entry.own.insert("defaultReminders".into(), json!([]));
    }
    merge(&mut entry.own, &wanted);
    state.person_mut(&call.person)?.touch(id, &etag);
    state.notify(&format!("list:{}", call.person));
    answer(state, call, id)
}

/// `calendarList.delete`: out of the list; the calendar itself stays.
pub(crate) fn delete(state: &mut State, call: &Call) -> ApiResult<Reply> {
    let id = listed(state, call)?;
    if id == call.person {
        return Err(ApiError::forbidden("forbidden", "A primary calendar cannot be removed from the list."));
    }
    let etag = state.clock.etag();
    let person = state.person_mut(&call.person)?;
    let entry = person.entries.get_mut(&id).ok_or_else(ApiError::not_found)?;
    call.check_etag(Some(&Value::String(entry.etag.clone())))?;
    entry.deleted = true;
    person.touch(&id, &etag);
    state.notify(&format!("list:{}", call.person));
    Ok(Reply::Empty)
}
