//! Approvals and the changes they make.

use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::EventRow;
use crate::{
    Error, ErrorKind, Result,
    approval::{Approval, ApprovalState, ApprovalVersion},
    audit::AuditEntry,
    id::{ApprovalId, CalendarKey, EventId, UserId},
};

/// Which approvals to read, newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ApprovalQuery {
    /// Only those in one of these states; in any where none is named.
    pub states: Vec<ApprovalState>,
    /// How many at most.
    pub limit: Option<usize>,
    /// How many to pass over first.
    pub offset: usize,
}

/// What an executed approval changes in the mirror.
#[derive(Clone, Debug, PartialEq)]
pub enum MirrorChange {
    /// The event as Google answered it.
    ///
    /// Not applied over a stored event whose `updated` is later, nor where the event left the mirror since the
    /// approval's last transition: a sync was faster and brought something newer. Nor where the calendar is gone.
    /// The sweep of a complete listing that is under way leaves it.
    Upsert {
        /// In which calendar.
        calendar: CalendarKey,
        /// The event.
        row: EventRow,
    },
    /// The event is gone.
    Delete {
        /// From which calendar.
        calendar: CalendarKey,
        /// Which.
        event: EventId,
    },
}

impl MirrorChange {
    /// The calendar it is in.
    pub fn calendar(&self) -> &CalendarKey {
        match self {
            Self::Upsert { calendar, .. } | Self::Delete { calendar, .. } => calendar,
        }
    }
}

/// What every store checks before it stores an approval of `user`: that all of it is theirs.
///
/// # Errors
/// [`ErrorKind::InvalidInput`] when the audit entry or a mirror change is of another user.
pub fn check_one_user(user: &UserId, audit: &AuditEntry, mirror: &[MirrorChange]) -> Result<()> {
    if audit.user == *user && mirror.iter().all(|change| change.calendar().user == *user) {
        return Ok(());
    }
    let message = "an approval, its audit entry and its change to the mirror must be of one user";
    Err(Error::new(ErrorKind::InvalidInput, message))
}

/// One step of an approval.
#[derive(Clone, Debug)]
pub struct Transition {
    /// The version the step was decided on.
    pub expected: ApprovalVersion,
    /// The approval after it, with the next version.
    pub next: Arc<Approval>,
    /// What is recorded of it.
    pub audit: AuditEntry,
    /// What it changes in the mirror, in order.
    pub mirror: Vec<MirrorChange>,
}

/// Where approvals live.
///
/// # Guarantees every implementation gives
/// - A transition happens once: of two callers with the same `expected`, one wins, the other gets
///   [`ErrorKind::PreconditionFailed`](crate::ErrorKind::PreconditionFailed) and nothing of its change is stored.
/// - The audit entry and the mirror changes are stored if and only if the transition is.
/// - [`Approval::version`] rises by one with each transition.
#[async_trait]
pub trait ApprovalStore: Send + Sync {
    /// Stores a new approval and its first audit entry.
    ///
    /// # Errors
    /// [`ErrorKind::AlreadyExists`](crate::ErrorKind::AlreadyExists) when the id is taken.
    async fn insert_approval(&self, approval: &Approval, audit: &AuditEntry) -> Result<()>;

    /// One approval of `user`.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`](crate::ErrorKind::NotFound), also for another's.
    async fn approval(&self, user: &UserId, id: &ApprovalId) -> Result<Approval>;

    /// Approvals of `user`, newest first.
    async fn approvals(&self, user: &UserId, query: &ApprovalQuery) -> Result<Vec<Approval>>;

    /// Takes one step.
    ///
    /// # Errors
    /// [`ErrorKind::PreconditionFailed`](crate::ErrorKind::PreconditionFailed) when the stored version is not
    /// `expected`; [`ErrorKind::NotFound`](crate::ErrorKind::NotFound) when there is none;
    /// [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput) when the audit entry or the mirror change is of
    /// another user.
    async fn transition(&self, transition: &Transition) -> Result<()>;

    /// At most `limit` approvals of any user that are pending or approved and past their expiry at `now`, first
    /// expired first.
    async fn approvals_expired(&self, now: DateTime<Utc>, limit: usize) -> Result<Vec<Approval>>;

    /// At most `limit` approvals of any user that are executing or unknown and were last changed before `before`,
    /// longest unchanged first.
    async fn approvals_in_doubt(&self, before: DateTime<Utc>, limit: usize) -> Result<Vec<Approval>>;
}
