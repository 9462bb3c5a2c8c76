//! Signing in where Google is a fake: anybody, by a name. These routes are not there otherwise.

use axum::{
    Json, Router,
    extract::State,
    response::Redirect,
    routing::{get, post},
};
use axum_extra::extract::cookie::SignedCookieJar;
use serde::Deserialize;
use serde_json::{Value, json};
use theo_calendar::id::UserId;

use crate::{Answer, Problem, Sessions, openapi::PREFIX, read::Query};

/// Who is signed in where nobody is named.
const VISITOR: &str = "demo";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Visitor {
    #[serde(default)]
    user: Option<UserId>,
}

pub(super) fn routes(sessions: Sessions) -> Router {
    Router::new()
        .route("/", get(welcome))
        .route("/dev/sign-in", get(sign_in).post(sign_in))
        .route("/dev/sign-out", post(sign_out))
        .with_state(sessions)
}

/// Where to go from here.
async fn welcome() -> Json<Value> {
    let at = |path| format!("{PREFIX}/{path}");
    Json(json!({
        "openapi": "/api/openapi.json",
        "signIn": "/dev/sign-in",
        "calendars": at("calendars"),
        "events": at("events"),
        "sync": at("sync"),
    }))
}

/// Signs the visitor in, and lets them connect an account: the fake consents by itself.
async fn sign_in(
    State(sessions): State<Sessions>,
    Query(visitor): Query<Visitor>,
) -> Answer<(SignedCookieJar, Redirect)> {
    let user = visitor.user.unwrap_or_else(|| VISITOR.into());
    if user.as_str().is_empty() || user.as_str().chars().any(char::is_control) {
        return Err(Problem::of_field("user", "is no name"));
    }
    let connect = format!("{PREFIX}/connect?capability=read,write");
    Ok((sessions.begin(user), Redirect::to(&connect)))
}

async fn sign_out(State(sessions): State<Sessions>) -> (SignedCookieJar, Redirect) {
    (sessions.end(), Redirect::to("/"))
}
