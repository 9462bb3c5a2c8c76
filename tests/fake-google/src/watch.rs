//! `events.watch`, `calendarList.watch`, `settings.watch` and `channels.stop`.

use chrono::{DateTime, TimeDelta};
use data_encoding::BASE64URL_NOPAD;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use tokio::sync::mpsc::unbounded_channel;

use crate::call::{Call, Reply};
use crate::channel::Channel;
use crate::error::{ApiError, ApiResult};
use crate::notify::deliver;
use crate::state::State;

/// How long a channel lives unless its maker asks for less: a week.
const LIFETIME_SECONDS: i64 = 604_800;

/// `events.watch`
pub(crate) fn events(state: &mut State, call: &Call) -> ApiResult<Reply> {
    let (calendar, _) = state.visible(&call.person, call.path("calendarId"))?;
    if calendar.refuses_watch {
        return Err(refused());
    }
    let id = calendar.id.clone();
    open(state, call, &format!("events:{id}"))
}

/// `calendarList.watch`
pub(crate) fn calendar_list(state: &mut State, call: &Call) -> ApiResult<Reply> {
    open(state, call, &format!("list:{}", call.person))
}

/// `settings.watch`: settings never change here, so nothing follows the `sync` message.
pub(crate) fn settings(state: &mut State, call: &Call) -> ApiResult<Reply> {
    open(state, call, &format!("settings:{}", call.person))
}

/// Some calendars (holidays) cannot be watched.
pub(crate) fn refused() -> ApiError {
    let message = "Push notifications are not supported by this resource.";
    ApiError::new(400, "pushNotSupportedForRequestedResource", message)
}

fn open(state: &mut State, call: &Call, resource: &str) -> ApiResult<Reply> {
    let text = |field: &str| call.body.get(field).and_then(Value::as_str).filter(|text| !text.is_empty());
    let id = text("id").ok_or_else(|| ApiError::required("id"))?;
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"-_+/=".contains(&byte);
    if id.len() > 64 || !id.bytes().all(fits) {
        return Err(ApiError::new(
            400,
            "channelIdInvalid",
            "Invalid channel id: at most 64 of [A-Za-z0-9-_+/=].",
        ));
    }
    if !matches!(text("type"), Some("web_hook" | "webhook")) {
        return Err(ApiError::new(400, "channelTypeInvalid", "Unknown channel type."));
    }
    let address = text("address").ok_or_else(|| ApiError::required("address"))?;
    let url = url::Url::parse(address).map_err(|_| ApiError::invalid("Invalid webhook address."))?;
    if url.scheme() != "https" && !(url.scheme() == "http" && state.channels.allow_http) {
        let message = format!("WebHook callback must be HTTPS: {address}");
        return Err(ApiError::new(400, "push.webhookUrlNotHttps", message));
    }
    let token = text("token").map(str::to_owned);
    if token.as_ref().is_some_and(|token| token.len() > 256) {
        return Err(ApiError::invalid("Channel token too long: at most 256 characters."));
    }
    if state.channels.open.contains_key(id) {
        return Err(ApiError::new(400, "channelIdNotUnique", "Channel id not unique"));
    }
    let now = state.clock.now();
    let expires = expiry(&call.body, now.timestamp_millis())?;
    let (queue, jobs) = unbounded_channel();
    tokio::spawn(deliver(jobs));
    let channel = Channel {
        id: id.to_owned(),
        resource_id: BASE64URL_NOPAD.encode(&Sha256::digest(resource.as_bytes())[..20]),
        address: address.to_owned(),
        token: token.clone(),
        expires: DateTime::from_timestamp_millis(expires).unwrap_or(now),
        person: call.person.clone(),
        resource: resource.to_owned(),
        uri: call.url.clone(),
        number: 0,
        queue,
    };
    let mut map = Map::new();
    map.insert("kind".into(), "api#channel".into());
    map.insert("id".into(), id.into());
    map.insert("resourceId".into(), channel.resource_id.as_str().into());
    map.insert("resourceUri".into(), call.url.as_str().into());
    map.extend(token.map(|token| ("token".to_owned(), token.into())));
    map.insert("expiration".into(), expires.to_string().into());
    state.channels.open(channel);
    Ok(map.into())
}

/// The expiry asked for, by `expiration` (a string or a number) or `params.ttl`, never beyond a week.
fn expiry(body: &Map<String, Value>, now: i64) -> ApiResult<i64> {
    let number = |value: &Value| value.as_i64().or_else(|| value.as_str().and_then(|text| text.parse().ok()));
    let bad = || ApiError::invalid("Invalid channel expiration.");
    let latest = now + TimeDelta::seconds(LIFETIME_SECONDS).num_milliseconds();
    let asked = match (body.get("expiration"), body.get("params").and_then(|params| params.get("ttl"))) {
        (Some(value), _) => number(value).ok_or_else(bad)?,
        (None, Some(ttl)) => now + number(ttl).ok_or_else(bad)? * 1000,
        (None, None) => latest,
    };
    if asked <= now { Err(bad()) } else { Ok(asked.min(latest)) }
}

/// `channels.stop`: needs the id and the resource id, from whom made the channel.
pub(crate) fn stop(state: &mut State, call: &Call) -> ApiResult<Reply> {
    let text = |field: &'static str| -> ApiResult<&str> {
        call.body.get(field).and_then(Value::as_str).ok_or_else(|| ApiError::required(field))
    };
    let (id, resource) = (text("id")?, text("resourceId")?);
    let now = state.clock.now();
    let channel = state.channels.open.get(id).filter(|channel| channel.resource_id == resource);
    let channel = channel.filter(|channel| channel.person == call.person && channel.expires > now);
    if channel.is_none() {
        return Err(ApiError::new(
            404,
            "notFound",
            format!("Channel '{id}' not found for project 'fake-google'"),
        ));
    }
    state.channels.open.remove(id);
    Ok(Reply::Empty)
}
