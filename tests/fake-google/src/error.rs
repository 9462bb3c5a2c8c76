//! The errors of Google's Calendar API, in Google's JSON shape.

use serde_json::{Map, Value, json};

/// A refused request: what Google would answer instead of the thing asked for.
#[derive(Clone, Debug)]
pub(crate) struct ApiError {
    pub(crate) status: u16,
    pub(crate) reason: String,
    pub(crate) message: String,
    pub(crate) location: Option<(&'static str, String)>,
    pub(crate) details: Option<Box<Value>>,
    pub(crate) retry_after: Option<u64>,
}

pub(crate) type ApiResult<T> = Result<T, ApiError>;

impl ApiError {
    pub(crate) fn new(status: u16, reason: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            status,
            reason: reason.into(),
            message: message.into(),
            location: None,
            details: None,
            retry_after: None,
        }
    }

    /// An error known only by its status and reason, as a test injects it.
    pub(crate) fn injected(status: u16, reason: &str, retry_after: Option<u64>) -> Self {
        let message = match reason {
            "rateLimitExceeded" => "Rate Limit Exceeded",
            "userRateLimitExceeded" => "User Rate Limit Exceeded",
            "quotaExceeded" => "Calendar usage limits exceeded.",
            "backendError" => "Backend Error",
            "authError" => "Invalid Credentials",
            "fullSyncRequired" => {
                "Sync token is no longer valid, a full sync is required to continue synchronization."
            }
            "updatedMinTooLongAgo" => "The requested minimum modification time lies too far in the past.",
            "notFound" => "Not Found",
            "forbidden" => "Forbidden",
            _ => reason,
        };
        Self { retry_after, ..Self::new(status, reason, message) }
    }

    pub(crate) fn invalid(message: impl Into<String>) -> Self {
        Self::new(400, "invalid", message)
    }

    pub(crate) fn parameter(name: &str, message: impl Into<String>) -> Self {
        let location = Some(("parameter", name.to_owned()));
        Self { location, ..Self::new(400, "invalidParameter", message) }
    }

    pub(crate) fn required(field: &str) -> Self {
        Self::new(400, "required", format!("Missing {field}."))
    }

    pub(crate) fn time_range_empty() -> Self {
        Self::new(400, "timeRangeEmpty", "The specified time range is empty.")
    }

    pub(crate) fn forbidden(reason: &str, message: impl Into<String>) -> Self {
        Self::new(403, reason, message)
    }

    pub(crate) fn not_found() -> Self {
        Self::new(404, "notFound", "Not Found")
    }

    pub(crate) fn duplicate() -> Self {
        Self::new(409, "duplicate", "The requested identifier already exists.")
    }

    pub(crate) fn deleted() -> Self {
        Self::new(410, "deleted", "Resource has been deleted")
    }

    pub(crate) fn full_sync_required() -> Self {
        let location = Some(("parameter", "syncToken".to_owned()));
        Self { location, ..Self::injected(410, "fullSyncRequired", None) }
    }

    pub(crate) fn condition_not_met() -> Self {
        let location = Some(("header", "If-Match".to_owned()));
        Self { location, ..Self::new(412, "conditionNotMet", "Precondition Failed") }
    }

    pub(crate) fn unauthenticated() -> Self {
        let location = Some(("header", "Authorization".to_owned()));
        Self { location, ..Self::new(401, "authError", "Invalid Credentials") }
    }

    /// The token is good but was not granted any scope that allows `operation`.
    pub(crate) fn insufficient_scope(operation: &str) -> Self {
        let details = json!([{
            "@type": "type.googleapis.com/google.rpc.ErrorInfo",
            "reason": "ACCESS_TOKEN_SCOPE_INSUFFICIENT",
            "domain": "googleapis.com",
            "metadata": { "service": "calendar-json.googleapis.com", "method": format!("calendar.{operation}") }
        }]);
        let message = "Request had insufficient authentication scopes.";
        Self { details: Some(Box::new(details)), ..Self::new(403, "insufficientPermissions", message) }
    }

    fn domain(&self) -> &'static str {
        match self.reason.as_str() {
            "rateLimitExceeded" | "userRateLimitExceeded" | "quotaExceeded" => "usageLimits",
            "timeRangeEmpty" | "forbiddenForNonOrganizer" | "fullSyncRequired" | "updatedMinTooLongAgo" => {
                "calendar"
            }
            _ => "global",
        }
    }

    /// The body Google sends: `{"error": {"errors": [...], "code": ..., "message": ...}}`.
    pub(crate) fn body(&self) -> Value {
        let mut item = Map::new();
        item.insert("domain".into(), self.domain().into());
        item.insert("reason".into(), self.reason.as_str().into());
        item.insert("message".into(), self.message.as_str().into());
        if let Some((kind, name)) = &self.location {
            item.insert("locationType".into(), (*kind).into());
            item.insert("location".into(), name.as_str().into());
        }
        let mut error = Map::new();
        error.insert("errors".into(), Value::Array(vec![Value::Object(item)]));
        error.insert("code".into(), self.status.into());
        error.insert("message".into(), self.message.as_str().into());
        if let Some(details) = &self.details {
            error.insert("status".into(), "PERMISSION_DENIED".into());
            error.insert("details".into(), Value::clone(details));
        }
        json!({ "error": error })
    }
}
