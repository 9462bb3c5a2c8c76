//! Google's notifications.

use axum::{
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use theo_calendar::sync::Received;

use crate::{
    problem::{Answer, Problem},
    state::ServerState,
};

/// The route, with all before it.
pub(crate) const PATH: &str = "/api/integrations/calendar/webhook";

/// In the extensions of the answer to what cannot be believed.
#[derive(Clone, Copy)]
pub(crate) struct Disbelieved;

/// Takes a notification of Google's
///
/// Only its headers say anything. What cannot be believed does nothing, and is answered alike.
#[utoipa::path(post, path = "/webhook", tag = "sync", security(()), params(
    ("X-Goog-Channel-ID" = Option<String>, Header), ("X-Goog-Channel-Token" = Option<String>, Header),
    ("X-Goog-Resource-ID" = Option<String>, Header), ("X-Goog-Resource-State" = Option<String>, Header)),
    responses((status = 204, description = "Taken, or ignored")))]
pub(crate) async fn receive(State(state): State<ServerState>, headers: HeaderMap) -> Answer<Response> {
    let mut taken = StatusCode::NO_CONTENT.into_response();
    match state.service.receive_webhook(&headers).await {
        Ok(Received::Ignored(why)) => {
            tracing::debug!(why = why.code(), "a notification was ignored");
            taken.extensions_mut().insert(Disbelieved);
        }
        Ok(Received::Changed { .. } | Received::Handshake) => {}
        Err(error) => {
            tracing::warn!(%error, "a notification could not be taken");
            let detail = "the notification could not be taken: send it again";
            return Err(Problem::new(StatusCode::SERVICE_UNAVAILABLE, error.kind().code(), detail));
        }
    }
    Ok(taken)
}
