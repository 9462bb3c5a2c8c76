//! Guests: as clients write them, as Google keeps them, as `maxAttendees` shows them.

use serde_json::{Map, Value};

use crate::error::{ApiError, ApiResult};

pub(crate) fn email(attendee: &Value) -> &str {
    attendee.get("email").and_then(Value::as_str).unwrap_or_default()
}

/// The guest list of an event.
pub(crate) fn list(event: &Map<String, Value>) -> &[Value] {
    event.get("attendees").and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// Turns the guests a client wrote into the guests Google keeps on `calendar`.
///
/// A guest without an answer is asked again: this is how a careless patch loses answers.
pub(crate) fn settle(event: &mut Map<String, Value>, calendar: &str, organizer: &str) -> ApiResult<()> {
    let Some(Value::Array(attendees)) = event.get_mut("attendees") else { return Ok(()) };
    let mut kept: Vec<Value> = Vec::with_capacity(attendees.len());
    for attendee in attendees.drain(..) {
        let Value::Object(mut guest) = attendee else { return Err(ApiError::invalid("Invalid attendee.")) };
        let email = guest.get("email").and_then(Value::as_str).unwrap_or_default().to_lowercase();
        if email.is_empty() {
            return Err(ApiError::required("attendee email"));
        }
        if !email.contains('@') {
            return Err(ApiError::invalid("Invalid attendee email."));
        }
        let answer = guest.get("responseStatus").and_then(Value::as_str).unwrap_or("needsAction").to_owned();
        if !["needsAction", "declined", "tentative", "accepted"].contains(&answer.as_str()) {
            return Err(ApiError::invalid("Invalid attendee response status."));
        }
        guest.retain(|field, value| !value.is_null() && !matches!(field.as_str(), "self" | "organizer"));
        if email == organizer {
            guest.insert("organizer".into(), true.into());
        }
        if email == calendar {
            guest.insert("self".into(), true.into());
        }
        guest.insert("responseStatus".into(), answer.into());
        guest.insert("email".into(), email.as_str().into());
        if !kept.iter().any(|other| other.get("email").and_then(Value::as_str) == Some(&email)) {
            kept.push(Value::Object(guest));
        }
    }
    if kept.is_empty() {
        event.remove("attendees");
    } else {
        *attendees = kept;
    }
    Ok(())
}

/// `attendeesOmitted`: the list a client sent holds only themselves, and only their own answer changes.
pub(crate) fn restore_omitted(
    wanted: &mut Map<String, Value>,
    previous: &Map<String, Value>,
    calendar: &str,
) {
    if wanted.remove("attendeesOmitted") != Some(Value::Bool(true)) {
        return;
    }
    let mut merged = list(previous).to_vec();
    for sent in list(wanted).iter().filter(|sent| email(sent).eq_ignore_ascii_case(calendar)) {
        if let (Some(Value::Object(mine)), Value::Object(sent)) =
            (merged.iter_mut().find(|guest| email(guest).eq_ignore_ascii_case(calendar)), sent)
        {
            mine.extend(sent.clone());
        }
    }
    if merged.is_empty() {
        wanted.remove("attendees");
    } else {
        wanted.insert("attendees".into(), Value::Array(merged));
    }
}

/// With more guests than `max`, only the reader is shown.
pub(crate) fn show(event: &mut Map<String, Value>, max: Option<usize>) {
    if max.is_none_or(|max| list(event).len() <= max) {
        return;
    }
    let is_me = |guest: &&Value| guest.get("self") == Some(&Value::Bool(true));
    let me: Vec<Value> = list(event).iter().filter(is_me).cloned().collect();
    event.insert("attendeesOmitted".into(), true.into());
    event.insert("attendees".into(), Value::Array(me));
}
