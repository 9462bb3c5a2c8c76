//! What Prometheus reads.

use axum::{
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};

use crate::{problem::Answer, problem::Problem, state::ServerState};

const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// What is counted, for Prometheus
///
/// Names nobody. Keep it from the outside where you deploy it.
#[utoipa::path(get, path = "/metrics", tag = "operations", security(()),
    responses((status = 200, body = String, content_type = "application/openmetrics-text; version=1.0.0; charset=utf-8")))]
pub(crate) async fn read(State(state): State<ServerState>) -> Answer<Response> {
    let text = state.metrics.text().map_err(|_| {
        Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", "what is counted cannot be written")
    })?;
    Ok(([(header::CONTENT_TYPE, OPEN_METRICS)], text).into_response())
}
