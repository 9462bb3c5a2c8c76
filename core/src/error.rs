//! The one error type: a sentence for a person, a kind for a program.

use std::{borrow::Cow, fmt, time::Duration};

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
    retry_after: Option<Duration>,
    ambiguous: Option<bool>,
    retryable: Option<bool>,
    source: Option<Source>,
}

/// What a program can do about an [`Error`].
///
/// The kinds from Google follow the JSON `reason` of the answer, not its status alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The access token is missing, wrong or expired (`authError`): renew it once.
    Unauthorized,
    /// The person's grant is gone (`invalid_grant`): ask them to connect again.
    GrantRevoked,
    /// The grant lacks a scope this needs: ask the person for it.
    ScopeMissing,
    /// The person may not do this to that calendar or event.
    Forbidden,
    /// No such calendar, event, approval or channel.
    NotFound,
    /// The id is taken (`duplicate`): read it back.
    AlreadyExists,
    /// It was deleted before (`deleted`).
    Deleted,
    /// The sync token is too old (`fullSyncRequired`, `updatedMinTooLongAgo`): start over.
    SyncTokenExpired,
    /// Somebody changed it first (`conditionNotMet`, or a lost compare-and-set).
    PreconditionFailed,
    /// Too many requests just now: wait [`Error::retry_after`] and try again.
    RateLimited,
    /// The calendar's or project's quota is used up (`quotaExceeded`, `dailyLimitExceeded`): pause for long.
    QuotaExceeded,
    /// Google refused the request as wrong.
    InvalidRequest,
    /// Google refuses push for this calendar: it is polled instead.
    PushRefused,
    /// Google failed (5xx).
    Unavailable,
    /// No answer in time: it may or may not have been applied.
    Timeout,
    /// The connection failed: it may or may not have been applied.
    Connection,
    /// The answer is not what Google documents, or was cut short.
    MalformedResponse,
    /// An argument is wrong; nothing was sent.
    InvalidInput,
    /// This principal may not do that: an agent cannot decide, a user cannot touch what is another's.
    NotPermitted,
    /// The approval is past its expiry.
    Expired,
    /// The approval is not in a state that allows this.
    WrongState,
    /// The event drifted since the approval was asked.
    Stale,
    /// Another worker took over: nothing of this one's work is stored.
    LeaseLost,
    /// Another worker is on it just now.
    Busy,
    /// The store failed; where it passes by itself, [`Error::is_retryable`].
    Storage,
}

impl ErrorKind {
    /// The kind as a program sees it outside Rust: `rate_limited`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Unauthorized => "unauthorized",
            Self::GrantRevoked => "grant_revoked",
            Self::ScopeMissing => "scope_missing",
            Self::Forbidden => "forbidden",
            Self::NotFound => "not_found",
            Self::AlreadyExists => "already_exists",
            Self::Deleted => "deleted",
            Self::SyncTokenExpired => "sync_token_expired",
            Self::PreconditionFailed => "precondition_failed",
            Self::RateLimited => "rate_limited",
            Self::QuotaExceeded => "quota_exceeded",
            Self::InvalidRequest => "invalid_request",
            Self::PushRefused => "push_refused",
            Self::Unavailable => "unavailable",
            Self::Timeout => "timeout",
            Self::Connection => "connection",
            Self::MalformedResponse => "malformed_response",
            Self::InvalidInput => "invalid_input",
            Self::NotPermitted => "not_permitted",
            Self::Expired => "expired",
            Self::WrongState => "wrong_state",
            Self::Stale => "stale",
            Self::LeaseLost => "lease_lost",
            Self::Busy => "busy",
            Self::Storage => "storage",
        }
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
