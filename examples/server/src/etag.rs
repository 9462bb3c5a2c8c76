//! Which version of something an answer shows: `ETag`, `If-None-Match` and `If-Match`.

use axum::{
    body::{self, Body},
    extract::Request,
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use data_encoding::BASE64URL_NOPAD;
use serde::Serialize;
use sha2::{Digest, Sha256};
use theo_calendar::ErrorKind;

use crate::problem::{Answer, Problem};

/// The tag of what is shown as `shown`.
fn of(shown: &[u8]) -> String {
    format!("\"{}\"", BASE64URL_NOPAD.encode(&Sha256::digest(shown)[..16]))
}

/// Goes on only where `If-Match`, if it is there, names what is shown as `shown`.
pub(crate) fn check(headers: &HeaderMap, shown: &impl Serialize) -> Answer<()> {
    let Some(wanted) = headers.get(header::IF_MATCH) else { return Ok(()) };
    let shown = serde_json::to_vec(shown).unwrap_or_default();
    if names(wanted, &of(&shown)) {
        return Ok(());
    }
    let (status, code) = (StatusCode::PRECONDITION_FAILED, ErrorKind::PreconditionFailed.code());
    Err(Problem::new(status, code, "it changed since it was read: read it again").in_field("If-Match"))
}

/// Tags each JSON answer to a `GET`, and leaves out the body of one that the caller has already.
pub(crate) async fn tag(request: Request, next: Next) -> Response {
    let is_get = matches!(*request.method(), Method::GET | Method::HEAD);
    let known = request.headers().get(header::IF_NONE_MATCH).cloned();
    let response = next.run(request).await;
    let media_type = response.headers().get(header::CONTENT_TYPE).map(HeaderValue::as_bytes);
    if !is_get || response.status() != StatusCode::OK || media_type != Some(b"application/json") {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    // Ours are in memory already, and whole.
    let Ok(bytes) = body::to_bytes(body, usize::MAX).await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let tag = of(&bytes);
    let is_known = known.is_some_and(|known| names(&known, &tag));
    if let Ok(tag) = HeaderValue::try_from(tag) {
        parts.headers.insert(header::ETAG, tag);
    }
    parts.headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    if is_known {
        parts.status = StatusCode::NOT_MODIFIED;
        parts.headers.remove(header::CONTENT_TYPE);
        parts.headers.remove(header::CONTENT_LENGTH);
        return Response::from_parts(parts, Body::empty());
    }
    Response::from_parts(parts, Body::from(bytes))
}

/// Whether a header's list of tags has `tag`.
fn names(header: &HeaderValue, tag: &str) -> bool {
    let list = header.to_str().unwrap_or_default();
    list.split(',').map(str::trim).any(|one| one == "*" || one.strip_prefix("W/").unwrap_or(one) == tag)
}
