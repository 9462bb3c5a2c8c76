//! Google's notifications.

use axum::{
    extract::State,
    http::{HeaderMap, StatusCode},
};
use theo_calendar::sync::Received;

use crate::{
    problem::{Answer, Problem},
    state::ServerState,
};

/// Takes a notification of Google's
///
/// Only its headers say anything. What cannot be believed does nothing, and is answered alike.
#[utoipa::path(post, path = "/webhook", tag = "sync", security(()), params(
    ("X-Goog-Channel-ID" = Option<String>, Header), ("X-Goog-Channel-Token" = Option<String>, Header),
    ("X-Goog-Resource-ID" = Option<String>, Header), ("X-Goog-Resource-State" = Option<String>, Header)),
    responses((status = 204, description = "Taken, or ignored")))]
pub(crate) async fn receive(State(state): State<ServerState>, headers: HeaderMap) -> Answer<StatusCode> {
    match state.service.receive_webhook(&headers).await {
        Ok(Received::Ignored(why)) => tracing::debug!(why = why.code(), "a notification was ignored"),
        Ok(Received::Changed { .. } | Received::Handshake) => {}
        Err(error) => {
            tracing::warn!(%error, "a notification could not be taken");
            let detail = "the notification could not be taken: send it again";
            return Err(Problem::new(StatusCode::SERVICE_UNAVAILABLE, error.kind().code(), detail));
        }
    }
    Ok(StatusCode::NO_CONTENT)
}
