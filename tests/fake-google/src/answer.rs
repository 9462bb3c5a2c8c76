//! What is answered, and how faults damage it on its way out.

use std::io::Write;
use std::time::Duration;

use axum::body::Body;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use flate2::{Compression, write::GzEncoder};
use futures_util::{StreamExt, stream};
use serde_json::Value;

use crate::call::Reply;
use crate::error::ApiError;
use crate::fault::FaultKind;

/// Marks a response that must not be sent: the connection is closed instead.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Abort;

/// What an exchange answers before faults damage it.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn json(status: u16, value: &Value) -> Self {
        let headers = vec![("content-type", "application/json; charset=UTF-8".to_owned())];
        Self { status, headers, body: value.to_string() }
    }

    pub(crate) fn error(error: &ApiError) -> Self {
        let mut answer = Self::json(error.status, &error.body());
        answer.headers.extend(error.retry_after.map(|seconds| ("retry-after", seconds.to_string())));
        answer
    }

    pub(crate) fn reply(reply: Reply, if_none_match: Option<&str>) -> Self {
        let (body, etag) = match reply {
            Reply::Empty => return Self { status: 204, headers: Vec::new(), body: String::new() },
            Reply::Json(value) => {
                let etag = value.get("etag").and_then(Value::as_str).map(str::to_owned);
                (value.to_string(), etag)
            }
            Reply::Raw { body, etag } => (body, etag),
        };
        let mut headers = vec![("content-type", "application/json; charset=UTF-8".to_owned())];
        headers.extend(etag.clone().map(|etag| ("etag", etag)));
        match (if_none_match, etag) {
            (Some(known), Some(etag)) if known == "*" || known == etag => {
                Self { status: 304, headers: vec![("etag", etag)], body: String::new() }
            }
            _ => Self { status: 200, headers, body },
        }
    }
}

/// A response that only closes the connection.
pub(crate) fn aborted() -> Response {
    let mut response = Response::new(Body::empty());
    response.extensions_mut().insert(Abort);
    response
}

/// Writes the answer, damaged as the faults want it.
pub(crate) fn damaged(answer: Answer, faults: &[FaultKind]) -> Response {
    let mut builder =
        Response::builder().status(StatusCode::from_u16(answer.status).unwrap_or(StatusCode::OK));
    for (name, value) in &answer.headers {
        builder = builder.header(*name, value);
    }
    let half = answer.body.len() / 2;
    let body = if faults.contains(&FaultKind::TruncateBody) {
        builder = builder.header(header::CONTENT_LENGTH, answer.body.len());
        let begun = Bytes::copy_from_slice(&answer.body.as_bytes()[..half]);
        let broken = async {
            // Long enough that the head and the first half are on their way.
            tokio::time::sleep(Duration::from_millis(20)).await;
            Err(std::io::Error::from(std::io::ErrorKind::ConnectionAborted))
        };
        Body::from_stream(stream::iter([Ok(begun)]).chain(stream::once(broken)))
    } else if faults.contains(&FaultKind::TruncateGzip) {
        builder = builder.header(header::CONTENT_ENCODING, "gzip");
        Body::from(half_gzip(answer.body.as_bytes()))
    } else {
        Body::from(answer.body)
    };
    builder.body(body).unwrap_or_else(|_| StatusCode::INTERNAL_SERVER_ERROR.into_response())
}

fn half_gzip(body: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    // Writing into memory cannot fail.
    let _ = encoder.write_all(body);
    let mut packed = encoder.finish().unwrap_or_default();
    packed.truncate(packed.len() / 2);
    packed
}
