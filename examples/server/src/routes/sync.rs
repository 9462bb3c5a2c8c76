//! How far the mirror is, and bringing it up to date.

use std::time::Duration;

use axum::{
    Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};
use theo_calendar::{
    CalendarService, Error, ErrorKind,
    id::UserId,
    sync::{SyncOptions, SyncReport, Unobserved},
};
use tokio::time::{Instant, sleep, timeout};
use utoipa::ToSchema;

use crate::{
    identity::Identity,
    name,
    problem::{Answer, Problem},
    read::Body,
    state::ServerState,
    view::{SyncReportView, SyncStatusView},
};

/// How long a sync is waited for; it goes on after that.
const PATIENCE: Duration = Duration::from_secs(20);

/// How soon what another worker is on is looked at again.
const LOOK_AGAIN: Duration = Duration::from_millis(100);

/// What to sync.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct SyncBody {
    #[serde(rename = "type", default)]
    kind: SyncKind,
    /// With `full`: lists everything completely, whatever is mirrored, and whatever failed or paused before.
    #[serde(default)]
    force: bool,
    /// With `full`: only these calendars, by their `id`.
    #[serde(default)]
    calendar_ids: Option<Vec<String>>,
}

#[derive(Clone, Copy, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum SyncKind {
    /// Lists what was never listed completely; of the rest Google sends what changed.
    Full,
    /// Google sends what changed.
    #[default]
    Incremental,
}

/// What came of it.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SyncAnswer {
    status: SyncStatusView,
    /// What it did; none while it still runs.
    report: Option<SyncReportView>,
}

/// How far the mirror is
#[utoipa::path(get, path = "/sync", tag = "sync", responses((status = 200, body = SyncStatusView)))]
pub(crate) async fn status(who: Identity, State(state): State<ServerState>) -> Answer<Json<SyncStatusView>> {
    Ok(Json(SyncStatusView::from(state.service.sync_status(&who.user).await?)))
}

/// Brings the mirror up to date
///
/// Answers when it is done, or after 20 seconds with 202: it then goes on, and `GET` says how far it is.
#[utoipa::path(post, path = "/sync", tag = "sync", request_body = SyncBody,
    responses((status = 200, body = SyncAnswer), (status = 202, body = SyncAnswer)))]
pub(crate) async fn start(who: Identity, State(state): State<ServerState>, body: Body) -> Answer<Response> {
    let SyncBody { kind, force, calendar_ids } = body.read()?;
    if kind == SyncKind::Incremental {
        for (field, is_said) in [("force", force), ("calendarIds", calendar_ids.is_some())] {
            if is_said {
                return Err(Problem::of_field(field, "goes with the type \"full\" alone"));
            }
        }
    }
    let mut options = SyncOptions { force_refresh: force, ..SyncOptions::default() };
    if let Some(ids) = calendar_ids {
        let mut named = Vec::with_capacity(ids.len());
        for id in ids {
            let calendar = name::calendar(&state.service, &who.user, &id).await;
            named.push(calendar.map_err(|problem| problem.in_field("calendarIds"))?.key.calendar);
        }
        options.calendar_ids = Some(named);
    }
    let report = run(&state, &who, options).await?;
    let done = if report.is_some() { StatusCode::OK } else { StatusCode::ACCEPTED };
    let status = state.service.sync_status(&who.user).await?.into();
    Ok((done, Json(SyncAnswer { status, report: report.as_ref().map(Into::into) })).into_response())
}

/// Syncs apart from the request, so that it goes on where nobody waits; none where it takes long.
async fn run(state: &ServerState, who: &Identity, options: SyncOptions) -> Answer<Option<SyncReport>> {
    let (service, user, stop) = (state.service.clone(), who.user.clone(), state.stop.clone());
    let running = state.tasks.spawn(async move {
        // What is dropped goes on, next time, at the page it was on.
        stop.run_until_cancelled(patiently(&service, &user, &options)).await
    });
    match timeout(PATIENCE, running).await {
        Ok(Ok(Some(report))) => report.map(Some).map_err(|error: Error| error.into()),
        Ok(Ok(None)) | Err(_) => Ok(None),
        Ok(Err(_)) => Err(Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", "the sync broke off")),
    }
}

/// Syncs, and waits for what others are on: for as long as people are patient.
pub(super) async fn patiently(
    service: &CalendarService,
    user: &UserId,
    options: &SyncOptions,
) -> Result<SyncReport, Error> {
    let until = Instant::now() + PATIENCE;
    loop {
        let report = service.full_sync(user, options, &Unobserved).await?;
        if !is_others(&report) || Instant::now() >= until {
            return Ok(report);
        }
        sleep(LOOK_AGAIN).await;
    }
}

/// Whether another worker is on some of it.
fn is_others(report: &SyncReport) -> bool {
    let busy = ErrorKind::Busy.code();
    report.failures.iter().any(|failed| failed.failure.kind == busy)
}
