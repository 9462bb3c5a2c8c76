//! `events.delete`.

use serde_json::{Map, Value};

use crate::call::{Call, Reply};
use crate::error::{ApiError, ApiResult};
use crate::event::write::{finish, id_of};
use crate::event::{mail, read};
use crate::state::State;

/// `events.delete`
pub(crate) fn delete(state: &mut State, call: &Call) -> ApiResult<Reply> {
    let calendar = state.writable(&call.person, call.path("calendarId"))?;
    let send = call.send_updates()?;
    let previous = read::find(state.calendar(&calendar)?, call.path("eventId"))?;
    if previous.get("status").is_some_and(|status| status == "cancelled") {
        return Err(ApiError::deleted());
    }
    call.check_etag(previous.get("etag"))?;
    let event = cancel(state, &calendar, &previous)?;
    finish(state, call, &calendar, &event);
    mail::send(state, &calendar, Some(&previous), None, send);
    Ok(Reply::Empty)
}

/// Cancels an event, or one occurrence of a series; a cancelled series takes its exceptions with it.
pub(crate) fn cancel(
    state: &mut State,
    calendar: &str,
    previous: &Map<String, Value>,
) -> ApiResult<Map<String, Value>> {
    let mut event = previous.clone();
    let id = id_of(&event);
    event.insert("status".into(), "cancelled".into());
    state.store(calendar, &id, &mut event, true, false)?;
    let exceptions: Vec<String> =
        state.calendar(calendar)?.exceptions(&id).map(|(_, key)| key.clone()).collect();
    for key in exceptions {
        let Some(stored) = state.calendar(calendar)?.event(&key).filter(|stored| !stored.cancelled) else {
            continue;
        };
        let mut exception = stored.map();
        exception.insert("status".into(), "cancelled".into());
        state.store(calendar, &key, &mut exception, true, false)?;
    }
    Ok(event)
}
