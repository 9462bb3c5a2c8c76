//! All routes under what each of them goes through.

use axum::{
    Json, Router,
    extract::{MatchedPath, Request},
    http::StatusCode,
    middleware::{from_fn, from_fn_with_state},
    response::{IntoResponse, Response},
    routing::get,
};
use tower_http::{
    catch_panic::CatchPanicLayer,
    limit::RequestBodyLimitLayer,
    request_id::{MakeRequestUuid, PropagateRequestIdLayer, SetRequestIdLayer},
    timeout::TimeoutLayer,
    trace::{DefaultOnFailure, DefaultOnResponse, TraceLayer},
};
use tracing::{Level, Span};

use crate::{etag, limits, metrics, openapi, problem, routes, state::ServerState};

/// Where the document of all routes is.
const DOCUMENT: &str = "/api/openapi.json";

/// Every route, for a host that puts an [`Identity`](crate::Identity) into each request of somebody who is signed in.
///
/// Each answer has an `X-Request-Id`, and each refusal is a problem document. Where it is served with
/// [`ConnectInfo`](axum::extract::ConnectInfo), callers who are not signed in are told apart by their address.
pub fn router(state: ServerState) -> Router {
    let (api, document) = openapi::described(routes::all()).split_for_parts();
    let limits = state.limits.clone();
    let rates = limits::Rates::new(&limits);
    let api: Router = api
        .route(DOCUMENT, get(move || async move { Json(document) }))
        .route("/health", get(routes::health::read))
        .route("/metrics", get(routes::metrics::read))
        .with_state(state.clone());
    api.fallback(|| async { StatusCode::NOT_FOUND })
        .layer(from_fn(etag::tag))
        .layer(from_fn_with_state(rates, limits::rate))
        .layer(RequestBodyLimitLayer::new(limits.body))
        .layer(TimeoutLayer::with_status_code(StatusCode::GATEWAY_TIMEOUT, limits.time))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn(problem::documents))
        .layer(from_fn_with_state(state.metrics, metrics::count))
        .layer(
            TraceLayer::new_for_http()
                .make_span_with(span)
                .on_response(DefaultOnResponse::new().level(Level::INFO))
                .on_failure(DefaultOnFailure::new().level(Level::WARN)),
        )
        .layer(PropagateRequestIdLayer::x_request_id())
        .layer(SetRequestIdLayer::x_request_id(MakeRequestUuid))
}

/// Names the route, not the address: queries hold codes of Google's and what people search for.
fn span(request: &Request) -> Span {
    let route = request.extensions().get::<MatchedPath>().map_or("none", MatchedPath::as_str);
    let id = request.headers().get("x-request-id").and_then(|id| id.to_str().ok()).unwrap_or_default();
    tracing::info_span!("request", method = %request.method(), route, id)
}

fn panicked(_: Box<dyn std::any::Any + Send>) -> Response {
    StatusCode::INTERNAL_SERVER_ERROR.into_response()
}
