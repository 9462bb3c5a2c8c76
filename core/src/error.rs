//! The one error type: a sentence for a person, a kind for a program.

use std::{borrow::Cow, fmt, time::Duration};

use crate::codes::codes;

/// The crate's result.
pub type Result<T, E = Error> = std::result::Result<T, E>;

type Source = Box<dyn std::error::Error + Send + Sync>;

/// What went wrong, where, and what to do: as a sentence ([`Display`](fmt::Display)) and as a [`kind`](Error::kind).
///
/// Holds no secret: tokens and bodies of requests never enter it.
#[derive(Debug)]
pub struct Error(Box<Inner>);

#[derive(Debug)]
struct Inner {
    kind: ErrorKind,
    message: Cow<'static, str>,
    operation: Option<&'static str>,
    reason: Option<String>,
    field: Option<&'static str>,
    retry_after: Option<Duration>,
    ambiguous: Option<bool>,
    retryable: Option<bool>,
    source: Option<Source>,
}

codes! {
    /// What a program can do about an [`Error`].
    ///
    /// The kinds from Google follow the JSON `reason` of the answer, not its status alone.
    #[non_exhaustive]
    ErrorKind {
        /// The access token is missing, wrong or expired (`authError`): renew it once.
        Unauthorized = "unauthorized",
        /// The person's grant is gone (`invalid_grant`): ask them to connect again.
        GrantRevoked = "grant_revoked",
        /// The grant lacks a scope this needs: ask the person for it.
        ScopeMissing = "scope_missing",
        /// The person may not do this to that calendar or event.
        Forbidden = "forbidden",
        /// No such calendar, event, approval or channel.
        NotFound = "not_found",
        /// The id is taken (`duplicate`): read it back.
        AlreadyExists = "already_exists",
        /// It was deleted before (`deleted`).
        Deleted = "deleted",
        /// The sync token is too old (`fullSyncRequired`, `updatedMinTooLongAgo`): start over.
        SyncTokenExpired = "sync_token_expired",
        /// Somebody changed it first (`conditionNotMet`, or a lost compare-and-set).
        PreconditionFailed = "precondition_failed",
        /// Too many requests just now: wait [`Error::retry_after`] and try again.
        RateLimited = "rate_limited",
        /// The calendar's or project's quota is used up (`quotaExceeded`, `dailyLimitExceeded`): pause for long.
        QuotaExceeded = "quota_exceeded",
        /// Google refused the request as wrong.
        InvalidRequest = "invalid_request",
        /// Google refuses push for this calendar: it is polled instead.
        PushRefused = "push_refused",
        /// Google failed (5xx).
        Unavailable = "unavailable",
        /// No answer in time: it may or may not have been applied.
        Timeout = "timeout",
        /// The connection failed: it may or may not have been applied.
        Connection = "connection",
        /// The answer is not what Google documents, or was cut short.
        MalformedResponse = "malformed_response",
        /// An argument is wrong; nothing was sent.
        InvalidInput = "invalid_input",
        /// This principal may not do that: an agent cannot decide, a user cannot touch what is another's.
        NotPermitted = "not_permitted",
        /// The approval is past its expiry.
        Expired = "expired",
        /// The approval is not in a state that allows this.
        WrongState = "wrong_state",
        /// The event drifted since the approval was asked.
        Stale = "stale",
        /// Another worker took over: nothing of this one's work is stored.
        LeaseLost = "lease_lost",
        /// Another worker is on it just now.
        Busy = "busy",
        /// The store failed; where it passes by itself, [`Error::is_retryable`].
        Storage = "storage",
    }
}

impl Error {
    /// An error of `kind` that says `message`: a clear sentence without a trailing full stop.
    pub fn new(kind: ErrorKind, message: impl Into<Cow<'static, str>>) -> Self {
        Self(Box::new(Inner {
            kind,
            message: message.into(),
            operation: None,
            reason: None,
            field: None,
            retry_after: None,
            ambiguous: None,
            retryable: None,
            source: None,
        }))
    }

    /// The same error, naming Google's operation (`events.insert`) or the service's (`full_sync`), unless it names the
    /// one inside that failed already (`oauth.token`).
    #[must_use]
    pub fn with_operation(mut self, operation: &'static str) -> Self {
        self.0.operation.get_or_insert(operation);
        self
    }

    /// The same error with Google's own word for it (`conditionNotMet`).
    #[must_use]
    pub fn with_reason(mut self, reason: impl Into<String>) -> Self {
        self.0.reason = Some(reason.into());
        self
    }

    /// The same error, naming the argument that is wrong by its path, such as `start.timeZone`, unless it names one.
    #[must_use]
    pub fn with_field(mut self, field: &'static str) -> Self {
        self.0.field.get_or_insert(field);
        self
    }

    /// The same error with how long to wait before another try.
    #[must_use]
    pub fn with_retry_after(mut self, wait: Duration) -> Self {
        self.0.retry_after = Some(wait);
        self
    }

    /// The same error, known to leave it open or not whether the call took effect, whatever its kind: a connection
    /// never made leaves no doubt, and a refusal does when an earlier attempt of the same call got no answer.
    #[must_use]
    pub fn with_ambiguity(mut self, ambiguous: bool) -> Self {
        self.0.ambiguous = Some(ambiguous);
        self
    }

    /// The same error, known to pass by itself or not, whatever its kind: a store whose database restarts does.
    #[must_use]
    pub fn with_retryable(mut self, retryable: bool) -> Self {
        self.0.retryable = Some(retryable);
        self
    }

    /// The same error with what caused it.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<Source>) -> Self {
        self.0.source = Some(source.into());
        self
    }

    /// What a program can do about it.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// The operation that failed, as Google or the service names it.
    pub fn operation(&self) -> Option<&'static str> {
        self.0.operation
    }

    /// Google's own word for it.
    pub fn reason(&self) -> Option<&str> {
        self.0.reason.as_deref()
    }

    /// The argument that is wrong, by Google's names where it is a field of an event; none where it is all of them, or
    /// nobody said.
    pub fn field(&self) -> Option<&'static str> {
        self.0.field
    }

    /// How long to wait before another try, where somebody said.
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// Whether the same call may succeed later without anybody changing anything.
    pub fn is_retryable(&self) -> bool {
        use ErrorKind::{Connection, MalformedResponse, RateLimited, Timeout, Unavailable};
        let by_kind =
            matches!(self.0.kind, RateLimited | Unavailable | Timeout | Connection | MalformedResponse);
        self.0.retryable.unwrap_or(by_kind)
    }

    /// Whether the call may have taken effect all the same: nobody knows until it is read back.
    ///
    /// Speaks of the whole call, retries included.
    pub fn is_ambiguous(&self) -> bool {
        use ErrorKind::{Connection, MalformedResponse, Timeout, Unavailable};
        let by_kind = matches!(self.0.kind, Unavailable | Timeout | Connection | MalformedResponse);
        self.0.ambiguous.unwrap_or(by_kind)
    }

    /// Whether a fresh access token may help.
    pub fn needs_token_refresh(&self) -> bool {
        self.0.kind == ErrorKind::Unauthorized
    }

    /// Whether the person must grant more.
    pub fn needs_scope_upgrade(&self) -> bool {
        self.0.kind == ErrorKind::ScopeMissing
    }

    /// Whether the calendar must be listed anew.
    pub fn is_sync_token_expired(&self) -> bool {
        self.0.kind == ErrorKind::SyncTokenExpired
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(operation) = self.0.operation {
            write!(f, "{operation}: ")?;
        }
        f.write_str(&self.0.message)?;
        if let Some(reason) = &self.0.reason {
            write!(f, " ({reason})")?;
        }
        Ok(())
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.source.as_deref().map(|source| source as _)
    }
}
