//! Which status stands for which failure.

use axum::http::StatusCode;
use theo_calendar::{Error, ErrorKind};

/// The status of an error of the SDK's.
pub(super) fn of(error: &Error) -> StatusCode {
    use ErrorKind as Kind;
    match error.kind() {
        Kind::InvalidInput => StatusCode::BAD_REQUEST,
        Kind::InvalidRequest | Kind::PushRefused => StatusCode::UNPROCESSABLE_ENTITY,
        Kind::NotFound => StatusCode::NOT_FOUND,
        Kind::Deleted => StatusCode::GONE,
        Kind::Forbidden | Kind::NotPermitted | Kind::ScopeMissing | Kind::GrantRevoked => {
            StatusCode::FORBIDDEN
        }
        Kind::AlreadyExists | Kind::WrongState | Kind::Expired | Kind::Stale | Kind::Busy => {
            StatusCode::CONFLICT
        }
        Kind::PreconditionFailed => StatusCode::PRECONDITION_FAILED,
        Kind::RateLimited | Kind::QuotaExceeded => StatusCode::TOO_MANY_REQUESTS,
        Kind::Timeout => StatusCode::GATEWAY_TIMEOUT,
        Kind::Unauthorized | Kind::Unavailable | Kind::Connection | Kind::MalformedResponse => {
            StatusCode::BAD_GATEWAY
        }
        Kind::LeaseLost | Kind::SyncTokenExpired => StatusCode::SERVICE_UNAVAILABLE,
        Kind::Storage if error.is_retryable() => StatusCode::SERVICE_UNAVAILABLE,
        _ => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// The code and the sentence of a status that came without one.
pub(super) fn said(status: StatusCode) -> (&'static str, &'static str) {
    match status {
        StatusCode::BAD_REQUEST => ("invalid_input", "the request cannot be read"),
        StatusCode::NOT_FOUND => ("not_found", "there is no such route"),
        StatusCode::METHOD_NOT_ALLOWED => ("method_not_allowed", "this route does not take this method"),
        StatusCode::PAYLOAD_TOO_LARGE => ("too_large", "the body is larger than this server takes"),
        StatusCode::GATEWAY_TIMEOUT => ("timeout", "the answer took too long and was given up"),
        _ => ("internal", "the server failed; its log says more under this request's id"),
    }
}
