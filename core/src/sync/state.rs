//! How far the mirror of one calendar, or of one account's calendar list, is.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    ErrorKind,
    id::{AccountKey, CalendarKey, PageToken, SyncToken, UserId},
};

/// What is synced by one token: an account's calendar list, or one calendar's events.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SyncResource {
    /// The calendar list of an account. An account is known to the mirror once this has a state.
    CalendarList(AccountKey),
    /// The events of a calendar.
    Events(CalendarKey),
}

impl SyncResource {
    /// Whose it is.
    pub fn user(&self) -> &UserId {
        match self {
            Self::CalendarList(account) => &account.user,
            Self::Events(calendar) => &calendar.user,
        }
    }

    /// The name of the lease under which it is synced: one for each resource, whatever its ids hold.
    pub fn lease_name(&self) -> String {
        match self {
            Self::CalendarList(AccountKey { user, account }) => {
                format!("sync calendar_list {:?}", (user, account))
            }
            Self::Events(CalendarKey { user, account, calendar }) => {
                format!("sync events {:?}", (user, account, calendar))
            }
        }
    }

    /// The account it is read through.
    pub fn account(&self) -> AccountKey {
        match self {
            Self::CalendarList(account) => account.clone(),
            Self::Events(calendar) => calendar.account_key(),
        }
    }
}

/// The query that made a token. A token is never used with another.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct QueryFingerprint(pub String);

/// Where in its listing a resource is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "phase")]
pub enum SyncPhase {
    /// Never listed, or to be listed anew.
    Empty,
    /// In a complete listing; `page` is the next one to fetch.
    FullPaging {
        /// The next page; none for the first.
        page: Option<PageToken>,
        /// Pages committed so far.
        pages: u32,
    },
    /// Listed completely: `token` brings what changed since.
    Incremental {
        /// Where the last listing ended.
        token: SyncToken,
    },
    /// In a listing of changes.
    DeltaPaging {
        /// Where the last complete listing ended: repeated with each page.
        token: SyncToken,
        /// The next page.
        page: PageToken,
        /// Pages committed so far.
        pages: u32,
    },
}

/// Whether a resource may be synced just now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "standing")]
pub enum Standing {
    /// It may.
    Ready,
    /// It failed in a way that may pass; not before `until`.
    Backoff {
        /// Earliest next try.
        until: DateTime<Utc>,
        /// Failures in a row.
        failures: u32,
        /// The last.
        failure: SyncFailure,
    },
    /// It failed in a way that only the person mends (a revoked grant, a missing scope, a calendar taken away).
    Paused {
        /// Why.
        failure: SyncFailure,
    },
}

/// Why a sync failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SyncFailure {
    /// [`ErrorKind::code`].
    pub kind: String,
    /// A sentence for the person.
    pub message: String,
    /// When.
    pub at: DateTime<Utc>,
}

impl SyncFailure {
    /// What `error` means for a sync that failed `at`.
    pub fn new(error: &crate::Error, at: DateTime<Utc>) -> Self {
        Self { kind: error.kind().code().to_owned(), message: error.to_string(), at }
    }

    /// Whether it is of `kind`.
    pub fn is(&self, kind: ErrorKind) -> bool {
        self.kind == kind.code()
    }
}

/// All that is stored of a resource's sync.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SyncState {
    /// Of what.
    pub resource: SyncResource,
    /// Where in its listing.
    pub phase: SyncPhase,
    /// Whether it may be synced just now.
    pub standing: Standing,
    /// The query that made the token in [`phase`](Self::phase).
    pub query: QueryFingerprint,
    /// Number of the complete listing the mirror shows or is building; rises with each new one.
    pub generation: u64,
    /// Raised by each notification; only [`SyncStore::mark_dirty`](crate::storage::SyncStore::mark_dirty) writes it.
    pub dirty: u64,
    /// The value of [`dirty`](Self::dirty) when the last finished listing began.
    pub clean: u64,
    /// When the token was set.
    pub token_set_at: Option<DateTime<Utc>>,
    /// When a listing last finished, complete or of changes.
    pub last_sync_at: Option<DateTime<Utc>>,
    /// When a complete listing last finished.
    pub last_full_sync_at: Option<DateTime<Utc>>,
    /// When the running complete listing began.
    pub full_sync_started_at: Option<DateTime<Utc>>,
}

impl SyncState {
    /// A resource that was never listed.
    pub fn new(resource: SyncResource, query: QueryFingerprint) -> Self {
        Self {
            resource,
            phase: SyncPhase::Empty,
            standing: Standing::Ready,
            query,
            generation: 0,
            dirty: 0,
            clean: 0,
            token_set_at: None,
            last_sync_at: None,
            last_full_sync_at: None,
            full_sync_started_at: None,
        }
    }

    /// Whether it is to be synced at `now`: it is dirty, its back-off is over, its listing is unfinished, or it was not
    /// synced since `stale_before`.
    pub fn is_due(&self, now: DateTime<Utc>, stale_before: DateTime<Utc>) -> bool {
        match &self.standing {
            Standing::Paused { .. } => false,
            Standing::Backoff { until, .. } => *until <= now,
            Standing::Ready => {
                let unfinished = !matches!(self.phase, SyncPhase::Incremental { .. });
                let stale = self.last_sync_at.is_none_or(|last| last < stale_before);
                unfinished || stale || self.dirty != self.clean
            }
        }
    }
}
