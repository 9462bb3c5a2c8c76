//! The control API: what tests in other languages say to the fake, as JSON under `/_control`.

use std::sync::Arc;

use axum::extract::{Path, State as Extract};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::edit;
use crate::error::{ApiError, ApiResult};
use crate::fault::Fault;
use crate::generate::Generate;
use crate::grant::Consent;
use crate::person::Role;
use crate::seed::Seed;
use crate::server::Shared;
use crate::state::State;
use crate::steer;

pub(crate) fn routes() -> Router<Arc<Shared>> {
    Router::new()
        .route("/_control/{action}", post(steer_state))
        .route("/_control/counters", get(counters))
        .route("/_control/requests", get(requests))
        .route("/_control/faults", get(faults).post(add_fault))
        .route("/_control/channels", get(channels))
        .route("/_control/snapshot/{calendar}", get(snapshot))
}

async fn add_fault(shared: Extract<Arc<Shared>>, body: bytes::Bytes) -> Response {
    steer_state(shared, Path("faults".to_owned()), body).await
}

async fn steer_state(
    Extract(shared): Extract<Arc<Shared>>,
    Path(action): Path<String>,
    body: bytes::Bytes,
) -> Response {
    let body = if body.is_empty() { Ok(json!({})) } else { serde_json::from_slice(&body) };
    let done = match body {
        Ok(body) => act(&mut shared.lock(), &action, body),
        Err(error) => Err(ApiError::invalid(error.to_string())),
    };
    match done {
        Ok(value) => Json(value).into_response(),
        Err(error) => {
            let status = StatusCode::from_u16(error.status).unwrap_or(StatusCode::BAD_REQUEST);
            (status, Json(json!({ "error": error.message }))).into_response()
        }
    }
}

fn read<T: DeserializeOwned>(body: Value) -> ApiResult<T> {
    serde_json::from_value(body).map_err(|error| ApiError::invalid(error.to_string()))
}

/// What the actions take; each uses some.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
struct Wish {
    person: String,
    calendar: String,
    id: String,
    event: Value,
    patch: Value,
    scopes: Vec<String>,
    granted: Option<Vec<String>>,
    denied: bool,
    on: bool,
    seconds: i64,
    now: Option<DateTime<Utc>>,
    client_id: String,
    role: String,
}

fn act(state: &mut State, action: &str, body: Value) -> ApiResult<Value> {
    match action {
        "faults" => state.faults.add(read::<Fault>(body)?),
        "quota" => state.quota.limits = read(body)?,
        "seed" => read::<Seed>(body)?.plant(state).map_err(|error| ApiError::invalid(error.to_string()))?,
        "generate" => read::<Generate>(body)?.plant(state)?,
        _ => return wish(state, action, read(body)?),
    }
    Ok(json!({}))
}

fn wish(state: &mut State, action: &str, wish: Wish) -> ApiResult<Value> {
    match action {
        "clear-faults" => state.faults.clear(),
        "reset-books" => {
            state.ledger.clear();
            state.channels.sent = 0;
        }
        "clock" => {
            if let Some(now) = wish.now {
                state.clock.set(now);
            }
            state.clock.advance(TimeDelta::try_seconds(wish.seconds).unwrap_or_default());
            return Ok(json!({ "now": state.clock.now() }));
        }
        "token" => {
            let token = state.new_token("ya29.");
            let life = TimeDelta::try_seconds(wish.seconds).filter(|life| !life.is_zero());
            let expires = life.map(|life| state.clock.now() + life);
            state.grant_access(&token, &wish.person, &wish.scopes, expires);
            return Ok(json!({ "accessToken": token }));
        }
        "refresh-token" => {
            let token = state.new_token("1//");
            state.grant_refresh(&token, &wish.person, &wish.client_id, &wish.scopes);
            return Ok(json!({ "refreshToken": token }));
        }
        "expire-access-tokens" => state.expire_access(&wish.person),
        "revoke" => state.grants.revoke_person(&wish.person),
        "consent" => {
            let person = Some(wish.person).filter(|person| !person.is_empty());
            let granted = wish.granted.as_deref().map(steer::scopes);
            state.grants.consent = Consent { person, granted, denied: wish.denied };
        }
        "rotate-refresh-tokens" => state.grants.rotate_refresh_token = wish.on,
        "refuse-watch" => state.calendar_mut(&wish.calendar)?.refuses_watch = wish.on,
        "share" => {
            let role = Role::parse(&wish.role).ok_or_else(|| ApiError::invalid("No such role."))?;
            state.share(&wish.calendar, &wish.person, role);
        }
        "unshare" => state.unshare(&wish.calendar, &wish.person),
        "lose-notifications" => state.channels.lose_notifications = wish.on,
        "expire-sync-tokens" => {
            let hit = match wish.person.as_str() {
                "" => state.expire_sync_tokens(&wish.calendar),
                person => state.expire_list_sync_tokens(person),
            };
            if !hit {
                return Err(ApiError::not_found());
            }
        }
        "forget-deleted" => state.forget_deleted(&wish.calendar)?,
        "create-event" => return edit::create(state, &wish.calendar, wish.event),
        "patch-event" => return edit::patch(state, &wish.calendar, &wish.id, &wish.patch),
        "delete-event" => edit::delete(state, &wish.calendar, &wish.id)?,
        "split-series" => return edit::split(state, &wish.calendar, &wish.id, &wish.patch),
        _ => return Err(ApiError::not_found()),
    }
    Ok(json!({}))
}

async fn counters(Extract(shared): Extract<Arc<Shared>>) -> Json<Value> {
    let state = shared.lock();
    Json(json!({
        "effects": state.ledger.effects,
        "mail": state.ledger.mail,
        "requests": state.ledger.requests,
        "tokenRefreshes": state.ledger.token_refreshes,
        "notificationsSent": state.channels.sent,
    }))
}

async fn requests(Extract(shared): Extract<Arc<Shared>>) -> Json<Value> {
    let state = shared.lock();
    Json(json!(state.ledger.log().collect::<Vec<_>>()))
}

async fn faults(Extract(shared): Extract<Arc<Shared>>) -> Json<Value> {
    Json(json!(shared.lock().faults.list()))
}

async fn channels(Extract(shared): Extract<Arc<Shared>>) -> Json<Value> {
    let state = shared.lock();
    let now = state.clock.now();
    Json(json!(state.channels.open.values().filter(|channel| channel.expires > now).collect::<Vec<_>>()))
}

async fn snapshot(Extract(shared): Extract<Arc<Shared>>, Path(calendar): Path<String>) -> Json<Value> {
    Json(Value::Array(shared.lock().snapshot(&calendar)))
}
