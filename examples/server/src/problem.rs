//! What went wrong, as RFC 9457 has it: `application/problem+json`, with the field that is wrong where there is one.

mod status;

use axum::{
    Json,
    extract::Request,
    http::{HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use serde::Serialize;
use theo_calendar::{Error, ErrorKind};
use utoipa::ToSchema;

/// The result of every route.
pub type Answer<T> = Result<T, Problem>;

const MEDIA_TYPE: &str = "application/problem+json";

/// Why what was asked for was not done: answered as a problem document.
#[derive(Clone, Debug)]
pub struct Problem {
    status: StatusCode,
    code: &'static str,
    detail: String,
    errors: Vec<WrongField>,
    retry_after: Option<u64>,
}

/// A problem document.
#[derive(Serialize, ToSchema)]
#[schema(as = Problem)]
pub(crate) struct Document {
    /// `urn:theo-calendar:problem:` and the code.
    #[serde(rename = "type")]
    #[schema(example = "urn:theo-calendar:problem:invalid_input")]
    uri: String,
    /// The status in words.
    title: &'static str,
    #[schema(minimum = 400, maximum = 599)]
    status: u16,
    /// What went wrong, in a sentence for people.
    detail: String,
    /// What went wrong, for programs: a kind of the SDK's errors, or a word of the server's own.
    code: &'static str,
    /// What is wrong where in the request.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    errors: Vec<WrongField>,
}

/// A part of a request that is wrong.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct WrongField {
    /// Which: the name of a parameter, or where in the body it is, such as `start.dateTime`; `body` is all of it.
    pub field: String,
    /// What is wrong with it.
    pub detail: String,
}

impl Problem {
    /// A problem of the server's own.
    pub fn new(status: StatusCode, code: &'static str, detail: impl Into<String>) -> Self {
        Self { status, code, detail: detail.into(), errors: Vec::new(), retry_after: None }
    }

    /// A request whose `field` is wrong.
    pub fn of_field(field: impl Into<String>, detail: impl Into<String>) -> Self {
        let (field, detail) = (field.into(), detail.into());
        let said = format!("{field}: {detail}");
        let mut problem = Self::new(StatusCode::BAD_REQUEST, ErrorKind::InvalidInput.code(), said);
        problem.errors.push(WrongField { field, detail });
        problem
    }

    /// No such thing, or another person's: which of both is not told.
    pub(crate) fn not_found(what: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, ErrorKind::NotFound.code(), format!("there is no such {what}"))
    }

    /// The same problem, to be asked again after so many seconds.
    #[must_use]
    pub(crate) fn after(self, seconds: u64) -> Self {
        Self { retry_after: Some(seconds), ..self }
    }

    /// The same problem, which lies in `field` unless it says otherwise.
    #[must_use]
    pub(crate) fn in_field(mut self, field: &str) -> Self {
        if self.errors.is_empty() {
            self.errors.push(WrongField { field: field.to_owned(), detail: self.detail.clone() });
        }
        self
    }
}

impl Problem {
    /// The same problem, whose fields lie in `field`.
    #[must_use]
    pub(crate) fn within(mut self, field: &str) -> Self {
        for wrong in &mut self.errors {
            wrong.field = format!("{field}.{}", wrong.field);
        }
        self
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        let status = status::of(&error);
        if status.is_server_error() {
            tracing::warn!(kind = error.kind().code(), %error, "a request failed");
        }
        let mut problem = Self::new(status, error.kind().code(), error.to_string());
        problem.retry_after = error.retry_after().map(|wait| wait.as_secs().max(1));
        if let Some(field) = error.field() {
            problem = problem.in_field(field);
        }
        problem
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let Self { status, code, detail, errors, retry_after } = self;
        let document = Document {
            uri: format!("urn:theo-calendar:problem:{code}"),
            title: status.canonical_reason().unwrap_or("Problem"),
            status: status.as_u16(),
            detail,
            code,
            errors,
        };
        let mut response = (status, Json(document)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some(seconds) = retry_after {
            headers.insert(header::RETRY_AFTER, seconds.into());
        }
        response
    }
}

/// Gives every refusal that is not a problem document yet (no such route, a body too large, too late) one.
pub(crate) async fn documents(request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    let status = response.status();
    let is_refusal = status.is_client_error() || status.is_server_error();
    let media_type = response.headers().get(header::CONTENT_TYPE).map(HeaderValue::as_bytes);
    if !is_refusal || media_type == Some(MEDIA_TYPE.as_bytes()) {
        return response;
    }
    let (code, detail) = status::said(status);
    let mut document = Problem::new(status, code, detail).into_response();
    if let Some(allowed) = response.headers().get(header::ALLOW) {
        document.headers_mut().insert(header::ALLOW, allowed.clone());
    }
    document
}
