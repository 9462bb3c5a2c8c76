//! Google's own description of its API as a judge of what is sent and of what is made up.

use std::{path::PathBuf, sync::Arc};

use async_trait::async_trait;
use bytes::Bytes;
use chrono::{DateTime, NaiveDate, NaiveDateTime};
use http::Method;
use serde_json::{Map, Value};

use crate::http::{HttpClient, HttpError};

/// Google's discovery document of the Calendar API v3.
#[derive(Clone, Debug)]
pub struct Discovery(Arc<Value>);

/// Parameters that Google refuses together with a sync token, with the value that is fine all the same (Google's
/// reference of events.list and calendarList.list). The discovery document says it in prose only.
const NOT_WITH_SYNC_TOKEN: &[(&str, Option<&str>)] = &[
    ("iCalUID", None),
    ("orderBy", None),
    ("privateExtendedProperty", None),
    ("q", None),
    ("sharedExtendedProperty", None),
    ("timeMin", None),
    ("timeMax", None),
    ("updatedMin", None),
    ("minAccessRole", None),
    ("showOwnOrganizationOnly", None),
    ("showDeleted", Some("true")),
    ("showHidden", Some("true")),
];

impl Discovery {
    /// The document that `make test` fetches: at the path in `THEO_DISCOVERY`, or `.local/google/calendar.v3.json`.
    ///
    /// # Errors
    /// A sentence when it is not there.
    pub fn load() -> Result<Self, String> {
        let path = std::env::var_os("THEO_DISCOVERY").map_or_else(
            || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../.local/google/calendar.v3.json")),
            PathBuf::from,
        );
        let missing = |error: String| {
            let path = path.display();
            format!(
                "Google's discovery document cannot be read from {path} ({error}): run `make test`, which fetches it"
            )
        };
        let text = std::fs::read(&path).map_err(|error| missing(error.to_string()))?;
        serde_json::from_slice(&text)
            .map(|document| Self(Arc::new(document)))
            .map_err(|error| missing(error.to_string()))
    }

    /// The document.
    pub fn document(&self) -> &Value {
        &self.0
    }

    /// The schema called `name`, such as `Event`.
    pub fn schema(&self, name: &str) -> Option<&Value> {
        self.0.get("schemas")?.get(name)
    }

    /// The method with Google's name `id`, such as `calendar.events.list`.
    pub fn method(&self, id: &str) -> Option<&Value> {
        self.methods().into_iter().find(|method| text(method, "id") == id)
    }

    /// Whether `request` is one that the document allows: its path and method, its parameters, its body.
    ///
    /// # Errors
    /// A sentence that says what is wrong with it.
    pub fn validate_request(&self, request: &http::Request<Bytes>) -> Result<(), String> {
        let method = self.find(request.method(), request.uri().path())?;
        let name = text(method, "id");
        self.validate_query(method, request.uri().query().unwrap_or_default())
            .and_then(|()| self.validate_body(method, request))
            .map_err(|wrong| format!("{name}: {wrong}"))
    }

    /// Whether `value` is a `schema` of Google's, unknown fields being an error.
    ///
    /// # Errors
    /// A sentence that says what is wrong with it.
    pub fn validate_value(&self, schema: &str, value: &Value) -> Result<(), String> {
        let found = self.schema(schema).ok_or_else(|| format!("there is no schema {schema}"))?;
        self.check(found, value, schema, false)
    }

    fn methods(&self) -> Vec<&Value> {
        let resources = self.0.get("resources").and_then(Value::as_object).into_iter().flat_map(Map::values);
        resources.filter_map(|resource| resource.get("methods")?.as_object()).flat_map(Map::values).collect()
    }

    fn find(&self, method: &Method, path: &str) -> Result<&Value, String> {
        let (_, below) =
            path.split_once("/calendar/v3/").ok_or_else(|| format!("{path} is not below /calendar/v3/"))?;
        let segments: Vec<_> = below.split('/').collect();
        let matches = |found: &&Value| {
            let pattern: Vec<_> = text(found, "path").split('/').collect();
            let is_match = |(pattern, segment): (&&str, &&str)| {
                if pattern.starts_with('{') { !segment.is_empty() } else { pattern == segment }
            };
            text(found, "httpMethod") == method.as_str()
                && pattern.len() == segments.len()
                && pattern.iter().zip(&segments).all(is_match)
        };
        let found = self.methods().into_iter().filter(matches);
        // `events/import` is also an `events/{eventId}`: the one with fewer placeholders is meant.
        found
            .min_by_key(|found| text(found, "path").matches('{').count())
            .ok_or_else(|| format!("Google has no method {method} {path}"))
    }

    fn validate_query(&self, method: &Value, query: &str) -> Result<(), String> {
        let pairs: Vec<_> = url::form_urlencoded::parse(query.as_bytes()).collect();
        for (index, (name, value)) in pairs.iter().enumerate() {
            let parameter = [method.get("parameters"), self.0.get("parameters")]
                .into_iter()
                .find_map(|parameters| parameters?.get(&**name))
                .filter(|parameter| text(parameter, "location") == "query")
                .ok_or_else(|| format!("there is no parameter {name}"))?;
            let is_repeated = pairs.iter().take(index).any(|(earlier, _)| earlier == name);
            if is_repeated && parameter.get("repeated") != Some(&Value::Bool(true)) {
                return Err(format!("the parameter {name} is given twice"));
            }
            check_parameter(parameter, value)
                .map_err(|wrong| format!("the parameter {name}={value} {wrong}"))?;
        }
        let has = |name: &str| pairs.iter().any(|(given, _)| given == name);
        let known = method.get("parameters").and_then(Value::as_object).into_iter().flatten();
        for (name, parameter) in known {
            let is_required = parameter.get("required") == Some(&Value::Bool(true));
            if is_required && text(parameter, "location") == "query" && !has(name) {
                return Err(format!("the parameter {name} is missing"));
            }
        }
        for (name, fine) in NOT_WITH_SYNC_TOKEN.iter().filter(|_| has("syncToken")) {
            if pairs.iter().any(|(given, value)| given == name && Some(&**value) != *fine) {
                return Err(format!("the parameter {name} is refused together with syncToken"));
            }
        }
        Ok(())
    }

    fn validate_body(&self, method: &Value, request: &http::Request<Bytes>) -> Result<(), String> {
        let body = request.body();
        let Some(schema) = method.get("request").map(|schema| text(schema, "$ref")) else {
            return if body.is_empty() { Ok(()) } else { Err("it takes no body".to_owned()) };
        };
        let value: Value =
            serde_json::from_slice(body).map_err(|error| format!("the body is no JSON: {error}"))?;
        if request.headers().get(http::header::CONTENT_TYPE).is_none_or(|kind| kind != "application/json") {
            return Err("its body is not said to be application/json".to_owned());
        }
        let found = self.schema(schema).ok_or_else(|| format!("there is no schema {schema}"))?;
        self.check(found, &value, schema, request.method() == Method::PATCH)
    }

    /// Whether `value` fits `schema`; `place` names it in errors. Nulls clear fields, in a patch only.
    fn check(&self, schema: &Value, value: &Value, place: &str, nulls: bool) -> Result<(), String> {
        if nulls && value.is_null() {
            return Ok(());
        }
        if let Some(name) = schema.get("$ref").and_then(Value::as_str) {
            let found = self.schema(name).ok_or_else(|| format!("there is no schema {name}"))?;
            return self.check(found, value, place, nulls);
        }
        let wrong = || {
            Err(format!("{place} is {value}, not a good {} {}", text(schema, "type"), text(schema, "format")))
        };
        match (text(schema, "type"), value) {
            ("object", Value::Object(fields)) => fields.iter().try_for_each(|(name, value)| {
                let field = schema.get("properties").and_then(|properties| properties.get(name));
                let field = field.or(schema.get("additionalProperties"));
                let field = field.ok_or_else(|| format!("{place} has no field {name}"))?;
                self.check(field, value, &format!("{place}.{name}"), nulls)
            }),
            ("array", Value::Array(items)) => {
                let schema = schema.get("items").unwrap_or(&Value::Null);
                items
                    .iter()
                    .enumerate()
                    .try_for_each(|(i, item)| self.check(schema, item, &format!("{place}[{i}]"), nulls))
            }
            ("string", Value::String(word)) if is_format(text(schema, "format"), word) => Ok(()),
            ("integer", Value::Number(number))
                if number.as_i64().is_some_and(|n| i32::try_from(n).is_ok()) =>
            {
                Ok(())
            }
            ("boolean", Value::Bool(_)) | ("number", Value::Number(_)) | ("any", _) => Ok(()),
            _ => wrong(),
        }
    }
}

/// An HTTP client that lets through only what Google's discovery document allows.
#[derive(Clone, Debug)]
pub struct ValidatingClient<C> {
    inner: C,
    discovery: Discovery,
}

impl<C> ValidatingClient<C> {
    /// Judges what goes to `inner`.
    pub fn new(inner: C, discovery: Discovery) -> Self {
        Self { inner, discovery }
    }
}

#[async_trait]
impl<C: HttpClient> HttpClient for ValidatingClient<C> {
    /// # Panics
    /// When `request` is one that Google's discovery document does not allow.
    async fn send(&self, request: http::Request<Bytes>) -> Result<http::Response<Bytes>, HttpError> {
        if let Err(wrong) = self.discovery.validate_request(&request) {
            panic!("{} {} breaks Google's discovery document: {wrong}", request.method(), request.uri());
        }
        self.inner.send(request).await
    }
}

fn text<'a>(value: &'a Value, field: &str) -> &'a str {
    value.get(field).and_then(Value::as_str).unwrap_or_default()
}

fn check_parameter(parameter: &Value, value: &str) -> Result<(), String> {
    let bound = |name| text(parameter, name).parse::<i64>().ok();
    let is_good = match text(parameter, "type") {
        "integer" => value.parse::<i32>().is_ok_and(|number| {
            bound("minimum").is_none_or(|least| i64::from(number) >= least)
                && bound("maximum").is_none_or(|most| i64::from(number) <= most)
        }),
        "boolean" => matches!(value, "true" | "false"),
        _ if text(parameter, "format") == "date-time" => DateTime::parse_from_rfc3339(value).is_ok(),
        _ => true,
    };
    if !is_good {
        return Err(format!("is no good {} {}", text(parameter, "type"), text(parameter, "format")));
    }
    match parameter.get("enum").and_then(Value::as_array) {
        Some(words) if !words.iter().any(|word| word == value) => Err("is none of its words".to_owned()),
        _ => Ok(()),
    }
}

/// Whether `word` is of the `format`. A wall-clock time counts as `date-time`: an event's may come with a zone instead of
/// an offset.
fn is_format(format: &str, word: &str) -> bool {
    match format {
        "date" => word.parse::<NaiveDate>().is_ok(),
        "date-time" => DateTime::parse_from_rfc3339(word).is_ok() || word.parse::<NaiveDateTime>().is_ok(),
        "int64" => word.parse::<i64>().is_ok(),
        _ => true,
    }
}
