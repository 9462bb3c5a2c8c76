//! `events.insert`, `events.patch` and `events.update`.

use serde_json::{Map, Value};

use crate::call::{Call, Reply};
use crate::error::{ApiError, ApiResult};
use crate::event::settle::{Write, merge, settle};
use crate::event::{attendee, check, mail, read, remove};
use crate::person::Role;
use crate::series::Series;
use crate::state::State;

/// `events.insert`
pub(crate) fn insert(state: &mut State, call: &Call) -> ApiResult<Reply> {
    let calendar = state.writable(&call.person, call.path("calendarId"))?;
    let send = call.send_updates()?;
    let mut key = None;
    if let Some(id) = call.body.get("id").filter(|id| !id.is_null()) {
        let id = id.as_str().ok_or_else(|| ApiError::invalid("Invalid resource id value."))?;
        check::id(id)?;
        if state.calendar(&calendar)?.event(id).is_some() {
            if !call.accept_duplicate {
                return Err(ApiError::duplicate());
            }
            key = Some(state.calendar(&calendar)?.second_key(id));
        }
    }
    let conference = call.conference_version()?;
    let write =
        Write { calendar: &calendar, person: &call.person, previous: None, conference, import: false };
    let mut event = settle(state, &write, call.body.clone())?;
    let key = key.unwrap_or_else(|| id_of(&event));
    state.store(&calendar, &key, &mut event, true, false)?;
    finish(state, call, &calendar, &event);
    mail::send(state, &calendar, None, Some(&event), send);
    answer(call, event)
}

/// `events.patch`
pub(crate) fn patch(state: &mut State, call: &Call) -> ApiResult<Reply> {
    change(state, call, |previous| {
        let mut wanted = previous.clone();
        // What the client left out of `sequence` is not a wish to keep it.
        wanted.remove("sequence");
        let writable = |field: &str| check::is_writable(field);
        let patch = call
            .body
            .iter()
            .filter(|(field, _)| writable(field))
            .map(|(k, v)| (k.clone(), v.clone()))
            .collect();
        merge(&mut wanted, &patch);
        wanted
    })
}

/// `events.update`
pub(crate) fn update(state: &mut State, call: &Call) -> ApiResult<Reply> {
    change(state, call, |_| call.body.clone())
}

fn change(
    state: &mut State,
    call: &Call,
    wanted: impl FnOnce(&Map<String, Value>) -> Map<String, Value>,
) -> ApiResult<Reply> {
    let calendar = state.writable(&call.person, call.path("calendarId"))?;
    let send = call.send_updates()?;
    let previous = read::find(state.calendar(&calendar)?, call.path("eventId"))?;
    call.check_etag(previous.get("etag"))?;
    check::types(&call.body)?;
    let revived = matches!(call.body.get("status").and_then(Value::as_str), Some("confirmed" | "tentative"));
    if previous.get("status").is_some_and(|status| status == "cancelled") && !revived {
        return Err(ApiError::not_found());
    }
    let conference = call.conference_version()?;
    let write = Write {
        calendar: &calendar,
        person: &call.person,
        previous: Some(&previous),
        conference,
        import: false,
    };
    let mut event = settle(state, &write, wanted(&previous))?;
    check_organizer(&calendar, &previous, &event)?;
    if event.get("status").is_some_and(|status| status == "cancelled") {
        let event = remove::cancel(state, &calendar, &previous)?;
        finish(state, call, &calendar, &event);
        mail::send(state, &calendar, Some(&previous), None, send);
        return answer(call, event);
    }
    let key = id_of(&event);
    let touched = changed(&previous, &event);
    if touched.is_empty() {
        event = previous.clone();
    } else {
        let touch = touched.iter().any(|field| field != "reminders");
        state.store(&calendar, &key, &mut event, touch, false)?;
    }
    if touched.iter().any(|field| field == "recurrence" || field == "start") {
        drop_unreached(state, &calendar, &event)?;
    }
    finish(state, call, &calendar, &event);
    mail::send(state, &calendar, Some(&previous), Some(&event), send);
    answer(call, event)
}

/// The fields in which two states of an event differ, stamps aside.
fn changed(before: &Map<String, Value>, after: &Map<String, Value>) -> Vec<String> {
    let fields =
        before.keys().chain(after.keys()).filter(|field| !matches!(field.as_str(), "etag" | "updated"));
    fields.filter(|field| before.get(*field) != after.get(*field)).cloned().collect()
}

/// A guest may answer and arrange their own copy; what all guests share is the organizer's.
fn check_organizer(calendar: &str, before: &Map<String, Value>, after: &Map<String, Value>) -> ApiResult<()> {
    const SHARED: [&str; 12] = [
        "summary",
        "description",
        "location",
        "start",
        "end",
        "recurrence",
        "conferenceData",
        "attachments",
        "source",
        "guestsCanModify",
        "guestsCanInviteOthers",
        "guestsCanSeeOtherGuests",
    ];
    let organizer = before.get("organizer").map(attendee::email).unwrap_or(calendar);
    let may_modify = before.get("guestsCanModify") == Some(&Value::Bool(true));
    if organizer == calendar || may_modify {
        return Ok(());
    }
    let refused = || {
        let message = "Shared properties can only be changed by the organizer of the event.";
        Err(ApiError::forbidden("forbiddenForNonOrganizer", message))
    };
    if SHARED.iter().any(|field| before.get(*field) != after.get(*field)) {
        return refused();
    }
    let may_invite = before.get("guestsCanInviteOthers") != Some(&Value::Bool(false));
    let kept = attendee::list(before)
        .iter()
        .filter(|guest| attendee::email(guest) != calendar)
        .all(|guest| attendee::list(after).contains(guest));
    let grew = attendee::list(after).len() > attendee::list(before).len();
    if !kept || (grew && !may_invite) { refused() } else { Ok(()) }
}

/// Exceptions whose occurrence the changed series no longer has arrive as bare cancelled ids.
pub(crate) fn drop_unreached(
    state: &mut State,
    calendar: &str,
    master: &Map<String, Value>,
) -> ApiResult<()> {
    let series = Series::of(master)?;
    let home = state.calendar(calendar)?;
    let mut gone = Vec::new();
    for (original, key) in home.exceptions(&id_of(master)) {
        let reached = series.as_ref().is_some_and(|series| series.find(original).is_some());
        if !reached && home.event(key).is_some_and(|stored| !stored.bare) {
            gone.push(key.clone());
        }
    }
    for key in gone {
        let Some(stored) = state.calendar(calendar)?.event(&key) else { continue };
        let mut event = stored.map();
        event.insert("status".into(), "cancelled".into());
        state.store(calendar, &key, &mut event, true, true)?;
    }
    Ok(())
}

pub(crate) fn id_of(event: &Map<String, Value>) -> String {
    event.get("id").and_then(Value::as_str).unwrap_or_default().to_owned()
}

/// Counts a write that took effect.
pub(crate) fn finish(state: &mut State, call: &Call, calendar: &str, event: &Map<String, Value>) {
    state.ledger.effect(calendar, &id_of(event), call.operation, &call.person);
}

/// The written event as the caller sees it.
pub(crate) fn answer(call: &Call, mut event: Map<String, Value>) -> ApiResult<Reply> {
    read::View::of(call, Role::Owner)?.show(&mut event);
    Ok(event.into())
}
