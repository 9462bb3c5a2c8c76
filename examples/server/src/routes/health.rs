//! Whether the server can do its work.

use axum::{Json, extract::State};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{problem::Answer, state::ServerState};

/// How the server is.
#[derive(Serialize, ToSchema)]
pub(crate) struct Health {
    /// Always `ok`: what is not is a problem document.
    status: &'static str,
    version: &'static str,
}

/// Whether the store answers
///
/// 503 where it does not.
#[utoipa::path(get, path = "/health", tag = "operations", security(()), responses((status = 200, body = Health)))]
pub(crate) async fn read(State(state): State<ServerState>) -> Answer<Json<Health>> {
    // Nobody is called that: it costs one look.
    state.service.calendars(&"".into()).await?;
    Ok(Json(Health { status: "ok", version: env!("CARGO_PKG_VERSION") }))
}
