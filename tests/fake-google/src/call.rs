//! One request, read: who asks, for what, with which parameters.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use serde_json::{Map, Value};

use crate::error::{ApiError, ApiResult};
use crate::fault::PageFault;
use crate::when::parameter_time;

/// A request that passed authentication, scope and parameter checks.
#[derive(Debug)]
pub(crate) struct Call {
    pub(crate) operation: &'static str,
    pub(crate) person: String,
    pub(crate) path: HashMap<String, String>,
    pub(crate) query: Query,
    pub(crate) body: Map<String, Value>,
    pub(crate) if_match: Option<String>,
    pub(crate) url: String,
    pub(crate) fault: Option<PageFault>,
    pub(crate) accept_duplicate: bool,
}

impl Call {
    /// A path parameter, decoded; empty when the route has none of that name.
    pub(crate) fn path(&self, name: &str) -> &str {
        self.path.get(name).map_or("", String::as_str)
    }

    /// Checks `If-Match` against the etag a resource has now.
    pub(crate) fn check_etag(&self, current: Option<&Value>) -> ApiResult<()> {
        match (self.if_match.as_deref(), current.and_then(Value::as_str)) {
            (None | Some("*"), _) => Ok(()),
            (Some(wanted), Some(etag)) if wanted == etag || wanted.trim_start_matches("W/") == etag => Ok(()),
            _ => Err(ApiError::condition_not_met()),
        }
    }

    /// Whether mail goes out: `sendUpdates`, or the older `sendNotifications`.
    pub(crate) fn send_updates(&self) -> ApiResult<SendUpdates> {
        match self.query.one("sendUpdates") {
            Some("all") => Ok(SendUpdates::All),
            Some("externalOnly") => Ok(SendUpdates::ExternalOnly),
            Some("none") => Ok(SendUpdates::None),
            Some(other) => {
                Err(ApiError::parameter("sendUpdates", format!("Invalid string value: '{other}'.")))
            }
            None if self.query.flag("sendNotifications")? => Ok(SendUpdates::All),
            None => Ok(SendUpdates::None),
        }
    }

    /// Whether the caller says it can handle conference data.
    pub(crate) fn conference_version(&self) -> ApiResult<bool> {
        match self.query.one("conferenceDataVersion") {
            None | Some("0") => Ok(false),
            Some("1") => Ok(true),
            Some(other) => Err(ApiError::parameter(
                "conferenceDataVersion",
                format!("Invalid integer value: '{other}'."),
            )),
        }
    }
}

/// Who is mailed about a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SendUpdates {
    All,
    ExternalOnly,
    None,
}

/// From and to, each open when absent.
pub(crate) type Window = (Option<DateTime<Utc>>, Option<DateTime<Utc>>);

/// The decoded query string.
#[derive(Clone, Debug, Default)]
pub(crate) struct Query(Vec<(String, String)>);

impl Query {
    pub(crate) fn parse(raw: &str) -> Self {
        Self(url::form_urlencoded::parse(raw.as_bytes()).into_owned().collect())
    }

    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(name, _)| name.as_str())
    }

    pub(crate) fn one(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    pub(crate) fn all(&self, name: &str) -> Vec<&str> {
        self.0.iter().filter(|(key, _)| key == name).map(|(_, value)| value.as_str()).collect()
    }

    /// A boolean that is false when absent.
    pub(crate) fn flag(&self, name: &str) -> ApiResult<bool> {
        Ok(self.boolean(name)?.unwrap_or(false))
    }

    pub(crate) fn boolean(&self, name: &str) -> ApiResult<Option<bool>> {
        match self.one(name) {
            None => Ok(None),
            Some("true") => Ok(Some(true)),
            Some("false") => Ok(Some(false)),
            Some(other) => Err(ApiError::parameter(name, format!("Invalid boolean value: '{other}'."))),
        }
    }

    pub(crate) fn time(&self, name: &str) -> ApiResult<Option<DateTime<Utc>>> {
        self.one(name).map(|text| parameter_time(name, text)).transpose()
    }

    /// A positive number, `default` when absent, never above `cap`.
    pub(crate) fn limit(&self, name: &str, default: usize, cap: usize) -> ApiResult<usize> {
        match self.one(name) {
            None => Ok(default),
            Some(text) => match text.parse::<usize>() {
                Ok(number) if number > 0 => Ok(number.min(cap)),
                _ => Err(ApiError::parameter(
                    name,
                    format!("Invalid integer value: '{text}'. Value must be at least 1."),
                )),
            },
        }
    }

    /// `timeMin` and `timeMax`, refused when the range between them is empty.
    pub(crate) fn window(&self) -> ApiResult<Window> {
        let (min, max) = (self.time("timeMin")?, self.time("timeMax")?);
        match (min, max) {
            (Some(min), Some(max)) if max <= min => Err(ApiError::time_range_empty()),
            window => Ok(window),
        }
    }
}

/// What a handler answers.
#[derive(Debug)]
pub(crate) enum Reply {
    /// 204.
    Empty,
    /// 200 with a JSON value.
    Json(Value),
    /// 200 with JSON already written.
    Raw { body: String, etag: Option<String> },
}

impl From<Map<String, Value>> for Reply {
    fn from(map: Map<String, Value>) -> Self {
        Self::Json(Value::Object(map))
    }
}
