//! Signing in where Google is a fake: anybody, by a name. These routes are not there otherwise.

mod agent;
mod person;

use std::time::Duration;

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
use tokio::time::timeout;

pub(super) use self::person::seed;
use crate::{Answer, Problem, ServerState, Sessions, openapi::PREFIX, read::Query};

/// Who is signed in where nobody is named.
const VISITOR: &str = "demo";

/// How long the agent waits for the first sync, before it leaves the visitor alone.
const PATIENCE: Duration = Duration::from_secs(5 * 60);

/// Whom visitors are signed in by, and what they find.
#[derive(Clone)]
pub(super) struct Demonstration {
    sessions: Sessions,
    state: ServerState,
    /// Whether an agent asks something of each visitor, so that there is something to decide.
    pub(super) has_agent: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Visitor {
    #[serde(default)]
    user: Option<UserId>,
}

impl Demonstration {
    pub(super) fn new(sessions: Sessions, state: ServerState) -> Self {
        Self { sessions, state, has_agent: false }
    }

    /// The routes, with one at the root where nothing else is there.
    pub(super) fn routes(self, is_at_root: bool) -> Router {
        let routes = Router::new()
            .route("/dev", get(welcome))
            .route("/dev/sign-in", get(sign_in).post(sign_in))
            .route("/dev/sign-out", post(sign_out));
        let routes = if is_at_root { routes.route("/", get(welcome)) } else { routes };
        routes.with_state(self)
    }

    /// Lets the agent ask, once there is a mirror to look into.
    async fn ask(self, user: UserId) {
        let service = &self.state.service;
        let mut changes = self.state.changes.of(user.clone());
        let asked = async {
            while service.sync_status(&user).await?.last_full_sync_at.is_none() && changes.next().await {}
            agent::ask(service, &user).await
        };
        let asked = self.state.stop.run_until_cancelled(timeout(PATIENCE, asked)).await;
        if let Some(Ok(Err(error))) = asked {
            tracing::warn!(%error, "the demonstration's agent could ask nothing");
        }
    }
}

/// Where to go from here.
async fn welcome() -> Json<Value> {
    let at = |path| format!("{PREFIX}/{path}");
    Json(json!({
        "openapi": "/api/openapi.json",
        "signIn": "/dev/sign-in",
        "signOut": "/dev/sign-out",
        "calendars": at("calendars"),
        "events": at("events"),
        "sync": at("sync"),
    }))
}

/// Signs the visitor in, and lets them connect an account: the fake consents by itself.
async fn sign_in(
    State(demonstration): State<Demonstration>,
    Query(visitor): Query<Visitor>,
) -> Answer<(SignedCookieJar, Redirect)> {
    let user = visitor.user.unwrap_or_else(|| VISITOR.into());
    if user.as_str().is_empty() || user.as_str().chars().any(char::is_control) {
        return Err(Problem::of_field("user", "is no name"));
    }
    if demonstration.has_agent {
        demonstration.state.tasks.spawn(demonstration.clone().ask(user.clone()));
    }
    let connect = format!("{PREFIX}/connect?capability=read,write");
    Ok((demonstration.sessions.begin(user), Redirect::to(&connect)))
}

async fn sign_out(State(demonstration): State<Demonstration>) -> (SignedCookieJar, Redirect) {
    (demonstration.sessions.end(), Redirect::to("/"))
}
