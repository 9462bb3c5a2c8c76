//! What a request says, read so that whatever is wrong is named.

pub(crate) mod range;

use std::ops::Deref;

use axum::{
    body::Bytes,
    extract::{FromRequest, FromRequestParts, Request},
    http::{StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Map, Value};

use crate::problem::Problem;

/// A JSON object as body.
pub(crate) struct Body(pub(crate) Map<String, Value>);

/// The query, as a `T`.
pub(crate) struct Query<T>(pub(crate) T);

impl<S: Send + Sync> FromRequest<S> for Body {
    type Rejection = Response;

    async fn from_request(request: Request, state: &S) -> Result<Self, Response> {
        let media_type = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let essence = media_type.and_then(|value| value.split(';').next()).unwrap_or_default().trim();
        if !essence.eq_ignore_ascii_case("application/json") {
            let detail = "the body must be JSON, and say so: Content-Type: application/json";
            let problem = Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "not_json", detail);
            return Err(problem.into_response());
        }
        let bytes = Bytes::from_request(request, state).await.map_err(IntoResponse::into_response)?;
        let object: Map<String, Value> =
            parsed(&mut serde_json::Deserializer::from_slice(&bytes)).map_err(IntoResponse::into_response)?;
        for (name, value) in &object {
            check_text(name, name).and_then(|()| check(name, value)).map_err(IntoResponse::into_response)?;
        }
        Ok(Self(object))
    }
}

impl Body {
    /// All of it as a `T`.
    pub(crate) fn read<T: DeserializeOwned>(self) -> Result<T, Problem> {
        parsed(Value::Object(self.0))
    }

    /// The fields called `names`, apart from the others.
    pub(crate) fn take(&mut self, names: &[&str]) -> Self {
        let taken = names.iter().filter_map(|name| self.0.remove_entry(*name));
        Self(taken.collect())
    }
}

impl<T: DeserializeOwned, S: Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let text = parts.uri.query().unwrap_or_default();
        let pairs: Vec<_> = url::form_urlencoded::parse(text.as_bytes()).collect();
        let mut object = Map::new();
        for (name, value) in pairs {
            check_text(&name, &value)?;
            if object.insert(name.clone().into_owned(), Value::String(value.into_owned())).is_some() {
                return Err(Problem::of_field(name, "stands there twice"));
            }
        }
        parsed(Value::Object(object)).map(Self)
    }
}

impl<T> Deref for Query<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

/// A number in a query, where everything is text.
pub(crate) fn number<'de, D: serde::Deserializer<'de>, T: std::str::FromStr>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    let text = String::deserialize(deserializer)?;
    let number = text.parse().ok();
    let wrong = || serde::de::Error::custom(format_args!("{text:?} is not a number that fits here"));
    number.map(Some).ok_or_else(wrong)
}

fn parsed<'de, T: Deserialize<'de>>(deserializer: impl serde::Deserializer<'de>) -> Result<T, Problem> {
    serde_path_to_error::deserialize(deserializer).map_err(|error| {
        // A place that is not known, or none, is all of it.
        let path = Some(error.path().to_string()).filter(|path| !matches!(path.as_str(), "." | "?"));
        let said = error.inner().to_string();
        // A field that is missing, or too much, is named by the sentence alone.
        let named = ["missing field `", "unknown field `"].iter().find_map(|start| {
            said.strip_prefix(start).and_then(|rest| rest.split('`').next()).map(str::to_owned)
        });
        let field = match (path, named) {
            (None, named) => named.unwrap_or_else(|| "body".to_owned()),
            (Some(path), Some(name)) if path != name && !path.ends_with(&format!(".{name}")) => {
                format!("{path}.{name}")
            }
            (Some(path), _) => path,
        };
        Problem::of_field(field, said)
    })
}

/// No store takes the character NUL.
fn check(field: &str, value: &Value) -> Result<(), Problem> {
    match value {
        Value::String(text) => check_text(field, text),
        Value::Array(items) => items.iter().try_for_each(|item| check(field, item)),
        Value::Object(fields) => fields.iter().try_for_each(|(name, value)| {
            check_text(field, name)?;
            check(&format!("{field}.{name}"), value)
        }),
        Value::Null | Value::Bool(_) | Value::Number(_) => Ok(()),
    }
}

fn check_text(field: &str, text: &str) -> Result<(), Problem> {
    match text.contains('\0') {
        true => Err(Problem::of_field(field.replace('\0', ""), "holds the character NUL")),
        false => Ok(()),
    }
}
