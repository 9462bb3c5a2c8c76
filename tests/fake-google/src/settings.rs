//! The `settings` and `colors` resources.

use serde_json::{Map, Value, json};

use crate::call::{Call, Reply};
use crate::error::{ApiError, ApiResult};
use crate::state::State;

fn setting(id: &str, value: &str) -> Value {
    json!({ "kind": "calendar#setting", "etag": format!("\"0{}\"", id.len()), "id": id, "value": value })
}

/// `settings.list`. Settings never change here, so a delta is empty.
pub(crate) fn list(state: &mut State, call: &Call) -> ApiResult<Reply> {
    let person = state.person(&call.person)?;
    call.query.limit("maxResults", 100, 250)?;
    if call.query.one("pageToken").is_some() {
        return Err(ApiError::parameter("pageToken", "Invalid page token value."));
    }
    let token = format!("settings-{}", person.epoch);
    let delta = match call.query.one("syncToken") {
        Some(text) if text == token => true,
        Some(_) => return Err(ApiError::full_sync_required()),
        None => false,
    };
    let all = person.settings.iter().map(|(id, value)| setting(id, value));
    let items: Vec<Value> = all.filter(|_| !delta).collect();
    Ok(Reply::Json(json!({
        "kind": "calendar#settings", "etag": "\"p1\"", "nextSyncToken": token, "items": items
    })))
}

/// `settings.get`
pub(crate) fn get(state: &mut State, call: &Call) -> ApiResult<Reply> {
    let id = call.path("setting");
    let value = state.person(&call.person)?.settings.get(id).ok_or_else(ApiError::not_found)?;
    Ok(Reply::Json(setting(id, value)))
}

/// `colors.get`
pub(crate) fn colors(_: &mut State, _: &Call) -> ApiResult<Reply> {
    const EVENT: [&str; 11] = [
        "#a4bdfc", "#7ae7bf", "#dbadff", "#ff887c", "#fbd75b", "#ffb878", "#46d6db", "#e1e1e1", "#5484ed",
        "#51b749", "#dc2127",
    ];
    const CALENDAR: [&str; 24] = [
        "#ac725e", "#d06b64", "#f83a22", "#fa573c", "#ff7537", "#ffad46", "#42d692", "#16a765", "#7bd148",
        "#b3dc6c", "#fbe983", "#fad165", "#92e1c0", "#9fe1e7", "#9fc6e7", "#4986e7", "#9a9cff", "#b99aff",
        "#c2c2c2", "#cabdbf", "#cca6ac", "#f691b2", "#cd74e6", "#a47ae2",
    ];
    let palette = |colours: &[&str], foreground: &str| -> Map<String, Value> {
        let numbered = colours.iter().enumerate();
        numbered
            .map(|(index, colour)| {
                ((index + 1).to_string(), json!({ "background": colour, "foreground": foreground }))
            })
            .collect()
    };
    Ok(Reply::Json(json!({
        "kind": "calendar#colors",
        "updated": "2012-02-14T00:00:00.000Z",
        "calendar": palette(&CALENDAR, "#000000"),
        "event": palette(&EVENT, "#1d1d1d"),
    })))
}
