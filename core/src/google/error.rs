//! What a refusal of Google's means: by the JSON `reason`, and by the status only where there is none.

use std::time::Duration;

use bytes::Bytes;
use chrono::{DateTime, NaiveDate, Utc};
use http::{HeaderMap, StatusCode, header};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::Operation;
use crate::{Error, ErrorKind};

/// How long to leave Google alone once a quota is used up, where it does not say.
///
/// Google's guide on errors asks for a long pause on "Calendar usage limits exceeded" without a number.
pub(crate) const QUOTA_PAUSE: Duration = Duration::from_secs(60 * 60);

/// Words of Google's shown in an error: enough for a person, not enough to carry a page of somebody's data.
const MESSAGE_CHARACTERS: usize = 200;

/// The error that `response`, which does not say success and came at `now`, stands for.
///
/// Its sentence holds Google's own, cut at 200 characters.
pub fn error_from_response(
    operation: Operation,
    response: &http::Response<Bytes>,
    now: DateTime<Utc>,
) -> Error {
    refusal(operation.name(), operation.is_list(), response, now)
}

/// The same for any operation of Google's: one that `lists` may find its sync token too old.
pub(crate) fn refusal(
    operation: &'static str,
    lists: bool,
    response: &http::Response<Bytes>,
    now: DateTime<Utc>,
) -> Error {
    let refusal = Refusal::read(response.body());
    let status = response.status();
    let reason = refusal.reason();
    let kind = kind(lists, status, reason);

    let mut message = format!("Google {} with status {}", action(kind), status.as_u16());
    if kind == ErrorKind::GrantRevoked {
        message = "the grant was revoked or ran out: ask the person to connect the account again".to_owned();
    } else if let Some(words) = refusal.message() {
        message.push_str(": ");
        message.extend(words.chars().filter(|c| !c.is_control()).take(MESSAGE_CHARACTERS));
        if words.chars().count() > MESSAGE_CHARACTERS {
            message.push('…');
        }
    }
    let mut error = Error::new(kind, message).with_operation(operation);
    if let Some(reason) = reason {
        error = error.with_reason(reason.chars().take(MESSAGE_CHARACTERS).collect::<String>());
    }
    match retry_after(response.headers(), now) {
        Some(wait) => error.with_retry_after(wait),
        None if kind == ErrorKind::QuotaExceeded => error.with_retry_after(QUOTA_PAUSE),
        None => error,
    }
}

fn kind(lists: bool, status: StatusCode, reason: Option<&str>) -> ErrorKind {
    match (status.as_u16(), reason) {
        (_, Some("invalid_grant")) => ErrorKind::GrantRevoked,
        (400, Some("pushNotSupportedForRequestedResource")) => ErrorKind::PushRefused,
        (403 | 429, Some("quotaExceeded" | "dailyLimitExceeded" | "dailyLimitExceededUnreg")) => {
            ErrorKind::QuotaExceeded
        }
        (403, Some("userRateLimitExceeded" | "rateLimitExceeded")) | (429, _) => ErrorKind::RateLimited,
        (403, Some("insufficientPermissions" | "ACCESS_TOKEN_SCOPE_INSUFFICIENT")) => ErrorKind::ScopeMissing,
        (403, Some("authError")) | (401, _) => ErrorKind::Unauthorized,
        (403, _) => ErrorKind::Forbidden,
        (404, _) => ErrorKind::NotFound,
        (409, _) => ErrorKind::AlreadyExists,
        (410, Some("fullSyncRequired" | "updatedMinTooLongAgo")) => ErrorKind::SyncTokenExpired,
        (410, Some("deleted")) => ErrorKind::Deleted,
        (410, _) if lists => ErrorKind::SyncTokenExpired,
        (410, _) => ErrorKind::Deleted,
        (412, _) => ErrorKind::PreconditionFailed,
        (408 | 500..=599, _) => ErrorKind::Unavailable,
        _ => ErrorKind::InvalidRequest,
    }
}

fn action(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::Unavailable => "failed",
        ErrorKind::RateLimited | ErrorKind::QuotaExceeded => "asked to wait",
        _ => "refused",
    }
}

/// How long `headers` ask to wait: `Retry-After` in seconds, or as a date, which is compared with the answer's own
/// `Date` so that a wrong clock here does no harm.
pub(crate) fn retry_after(headers: &HeaderMap, now: DateTime<Utc>) -> Option<Duration> {
    let text = |name| headers.get(name)?.to_str().ok();
    let asked = text(header::RETRY_AFTER)?.trim();
    if let Ok(seconds) = asked.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let until = http_date(asked)?;
    let now = text(header::DATE).and_then(http_date).unwrap_or(now);
    Some((until - now).to_std().unwrap_or_default())
}

/// A date as HTTP has it: `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110, IMF-fixdate; senders may write no other).
fn http_date(text: &str) -> Option<DateTime<Utc>> {
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let (_, date) = text.strip_suffix(" GMT")?.split_once(", ")?;
    let parts: Vec<&str> = date.split([' ', ':']).collect();
    let [day, month, year, hour, minute, second] = parts[..] else { return None };
    let month = (1..).zip(MONTHS).find(|(_, name)| *name == month)?.0;
    let date = NaiveDate::from_ymd_opt(year.parse().ok()?, month, day.parse().ok()?)?;
    // A leap second is the last of its minute.
    let second = second.parse::<u32>().ok()?.min(59);
    Some(date.and_hms_opt(hour.parse().ok()?, minute.parse().ok()?, second)?.and_utc())
}

/// A refusal's body: Google's API, Google's OAuth, or neither.
#[derive(Default)]
struct Refusal {
    error: Option<RefusalError>,
    error_description: Option<String>,
}

enum RefusalError {
    Api(ApiError),
    OAuth(String),
}

/// What they have in common.
#[derive(Deserialize)]
struct Envelope<'a> {
    #[serde(borrow)]
    error: Option<&'a RawValue>,
    error_description: Option<String>,
}

#[derive(Deserialize)]
struct ApiError {
    message: Option<String>,
    #[serde(default)]
    errors: Vec<ApiReason>,
    #[serde(default)]
    details: Vec<ApiReason>,
}

#[derive(Deserialize)]
struct ApiReason {
    reason: Option<String>,
}

impl Refusal {
    fn read(body: &[u8]) -> Self {
        let text = String::from_utf8_lossy(body);
        let Ok(Envelope { error, error_description }) = serde_json::from_str(&text) else {
            return Self::default();
        };
        let error = error.and_then(|error| match serde_json::from_str(error.get()) {
            Ok(api) => Some(RefusalError::Api(api)),
            Err(_) => serde_json::from_str(error.get()).map(RefusalError::OAuth).ok(),
        });
        Self { error, error_description }
    }

    fn reason(&self) -> Option<&str> {
        match self.error.as_ref()? {
            RefusalError::OAuth(reason) => Some(reason),
            RefusalError::Api(api) => {
                // A detail says more than the older list: `insufficientPermissions` may also mean the calendar's.
                api.details.iter().chain(&api.errors).find_map(|error| error.reason.as_deref())
            }
        }
    }

    fn message(&self) -> Option<&str> {
        match self.error.as_ref()? {
            RefusalError::OAuth(_) => self.error_description.as_deref(),
            RefusalError::Api(api) => api.message.as_deref(),
        }
        .filter(|message| !message.is_empty())
    }
}
