//! Where approvals are asked for, decided and executed: what the service holds.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};

use super::{Action, ActionRequest, Approval, ApprovalState, Principal, record};
use crate::{
    Error, ErrorKind, Result,
    audit::Actor,
    client::CalendarClient,
    id::{ApprovalId, UserId},
    recurrence::TimeZones,
    storage::{ApprovalQuery, MirrorChange, Storage},
    time::Clock,
};

/// How often [`expire_due`](Approvals::expire_due) wants to run: every step checks the expiry by itself, so this only
/// keeps what people see up to date.
const EXPIRY_INTERVAL: TimeDelta = TimeDelta::seconds(60);

/// Asks for changes, takes the person's decision, and makes the change at Google exactly once.
///
/// - Nothing is changed at Google but by [`execute`](Self::execute) and [`reconcile_due`](Self::reconcile_due), and
///   by these only what a person approved.
/// - Each step is one compare-and-set with one audit entry; of several workers one takes it.
/// - Dropping any of its futures at any point is safe: what was begun is found by
///   [`reconcile_due`](Self::reconcile_due).
///
/// ```
/// use std::sync::Arc;
/// use theo_calendar::{
///     approval::{ActionRequest, ApprovalState, Approvals, Decision, Principal}, client::CalendarClient,
///     recurrence::TimeZones, storage::Storage, time::Clock,
/// };
///
/// # async fn example(
/// #     store: Arc<dyn Storage>, google: CalendarClient, clock: Arc<dyn Clock>, zones: Arc<dyn TimeZones>,
/// #     move_lunch: ActionRequest,
/// # ) -> theo_calendar::Result<()> {
/// let approvals = Approvals::new(store, google, clock, zones, "worker-1");
/// let theo = Principal::Agent { user: "ada".into(), name: "theo".into() };
/// let ada = Principal::User("ada".into());
///
/// let asked = approvals.request(&theo, move_lunch).await?;
/// // Ada reads asked.preview, and says:
/// approvals.decide(&ada, &asked.id, Decision::Approve { notes: None }).await?;
/// let ended = approvals.execute(ada.user(), &asked.id).await?;
/// assert_eq!(ended.state, ApprovalState::Executed);
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Approvals {
    pub(super) store: Arc<dyn Storage>,
    pub(super) google: CalendarClient,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) zones: Arc<dyn TimeZones>,
    pub(super) holder: Arc<str>,
}

/// What a person says to a request.
#[derive(Clone, Debug, PartialEq)]
pub enum Decision {
    /// Yes.
    Approve {
        /// What they wrote with it.
        notes: Option<String>,
    },
    /// No.
    Reject {
        /// What they wrote with it.
        notes: Option<String>,
    },
    /// Yes, but to this instead: a new approval that names the first in [`Approval::supersedes`] is asked for and
    /// approved by the person; the first is rejected, with a note that names the new one.
    EditAndApprove {
        /// What they want instead.
        request: Box<ActionRequest>,
        /// What they wrote with it.
        notes: Option<String>,
    },
}

/// What a periodic run did.
#[derive(Debug)]
pub struct ApprovalRun {
    /// The approvals it took a step of, as they now are.
    pub changed: Vec<Approval>,
    /// Approvals it could not bring forward, and why; they are tried again at the next run.
    pub failed: Vec<(ApprovalId, Error)>,
    /// When it wants to run next.
    pub next_run: DateTime<Utc>,
}

impl Approvals {
    /// Over the seams of a host. `holder` names this process among others that share the store.
    pub fn new(
        store: Arc<dyn Storage>,
        google: CalendarClient,
        clock: Arc<dyn Clock>,
        zones: Arc<dyn TimeZones>,
        holder: impl Into<Arc<str>>,
    ) -> Self {
        Self { store, google, clock, zones, holder: holder.into() }
    }

    /// Asks for a change: nothing is changed until the person approves it and it is executed.
    ///
    /// Freezes the request, the event as it is, and a preview of what would change; the person has
    /// [`DEFAULT_LIFETIME`](super::DEFAULT_LIFETIME) to decide and execute, unless the request says otherwise.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`] for an unknown calendar or event; [`ErrorKind::NotPermitted`] for another user's;
    /// [`ErrorKind::Forbidden`] where the person may only read; [`ErrorKind::InvalidInput`] for what cannot be done (an
    /// event without a zone, an empty range, an answer to an event one is no guest of, a lifetime out of bounds).
    pub async fn request(&self, by: &Principal, request: ActionRequest) -> Result<Approval> {
        let approval = self.freeze(by, request, None).await?;
        self.open(&approval, by).await?;
        Ok(approval)
    }

    /// Asks anew for a change that went stale, against the event as it is now: the three-way merge, taken. Fields that
    /// collide are overwritten only if the person approves the new preview, which shows them.
    ///
    /// # Errors
    /// [`ErrorKind::WrongState`] unless approval `id` is stale; those of [`request`](Self::request).
    pub async fn request_again(&self, by: &Principal, id: &ApprovalId) -> Result<Approval> {
        let stale = self.store.approval(by.user(), id).await?;
        if stale.state != ApprovalState::Stale {
            let message =
                format!("approval {id} is {} and not stale: ask for the change by itself", stale.state);
            return Err(Error::new(ErrorKind::WrongState, message));
        }
        let approval = self.freeze(by, stale.request, Some(id.clone())).await?;
        self.open(&approval, by).await?;
        Ok(approval)
    }

    /// Takes the person's decision.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`] for another user's approval; [`ErrorKind::NotPermitted`] for an agent, and when the
    /// request was altered since; [`ErrorKind::WrongState`] when it is decided already; [`ErrorKind::Expired`] when it
    /// is too late; [`ErrorKind::PreconditionFailed`] when somebody else decided at the same moment; for an edited
    /// version those of [`request`](Self::request).
    pub async fn decide(&self, by: &Principal, id: &ApprovalId, decision: Decision) -> Result<Approval> {
        let approval = self.store.approval(by.user(), id).await?;
        let now = self.clock.now();
        if let Err(error) = approval.check_decider(by, now) {
            return Err(self.note_expiry(&approval, error).await);
        }
        let actor = || Actor::Principal(by.clone());
        match decision {
            Decision::Approve { notes } => {
                self.commit(&approval, approval.approve(by, notes, now)?, actor(), Vec::new()).await
            }
            Decision::Reject { notes } => {
                self.commit(&approval, approval.reject(by, notes, now)?, actor(), Vec::new()).await
            }
            Decision::EditAndApprove { request, notes } => {
                let edited = self.freeze(by, *request, Some(id.clone())).await?;
                self.replace(by, &approval, edited, notes).await
            }
        }
    }

    /// What waits for a decision of `user`, newest first.
    ///
    /// # Errors
    /// [`ErrorKind::Storage`].
    pub async fn pending(&self, user: &UserId) -> Result<Vec<Approval>> {
        let query = ApprovalQuery { states: vec![ApprovalState::Pending], ..ApprovalQuery::default() };
        let now = self.clock.now();
        let mut pending = self.store.approvals(user, &query).await?;
        pending.retain(|approval| now < approval.expires_at);
        Ok(pending)
    }

    /// Closes at most `limit` approvals that nobody decided or executed in time.
    ///
    /// # Errors
    /// [`ErrorKind::Storage`].
    pub async fn expire_due(&self, limit: usize) -> Result<ApprovalRun> {
        let now = self.clock.now();
        let due = self.store.approvals_expired(now, limit).await?;
        let next_run = if due.len() < limit { now + EXPIRY_INTERVAL } else { now };
        let mut run = ApprovalRun { changed: Vec::new(), failed: Vec::new(), next_run };
        for approval in due {
            let expired = approval.expire(now)?;
            match self.commit(&approval, expired, Actor::Service, Vec::new()).await {
                Ok(expired) => run.changed.push(expired),
                // Decided or executed since it was read.
                Err(error) if error.kind() == ErrorKind::PreconditionFailed => {}
                Err(error) => run.failed.push((approval.id, error)),
            }
        }
        Ok(run)
    }

    /// Takes one step: compare-and-set, with its audit entry and what it changes in the mirror.
    pub(super) async fn commit(
        &self,
        before: &Approval,
        next: Approval,
        actor: Actor,
        mirror: Vec<MirrorChange>,
    ) -> Result<Approval> {
        let transition = record::step(before, next, actor, mirror);
        self.store.transition(&transition).await?;
        Ok(Arc::unwrap_or_clone(transition.next))
    }

    /// Where `error` is that `approval` expired, writes that down; the error stays the answer.
    pub(super) async fn note_expiry(&self, approval: &Approval, error: Error) -> Error {
        if error.kind() == ErrorKind::Expired
            && let Ok(expired) = approval.expire(self.clock.now())
        {
            // If this fails, `expire_due` does it later.
            let _ = self.commit(approval, expired, Actor::Service, Vec::new()).await;
        }
        error
    }

    async fn open(&self, approval: &Approval, by: &Principal) -> Result<()> {
        let audit = record::entry(None, approval, Actor::Principal(by.clone()), approval.requested_at);
        self.store.insert_approval(approval, &audit).await
    }

    /// The edited version is approved only after the first is rejected: whatever breaks in between, no two versions
    /// of one wish are ever approved.
    async fn replace(
        &self,
        by: &Principal,
        first: &Approval,
        edited: Approval,
        notes: Option<String>,
    ) -> Result<Approval> {
        let actor = || Actor::Principal(by.clone());
        self.open(&edited, by).await?;
        let now = self.clock.now();
        if let Err(error) =
            self.commit(first, first.supersede(by, &edited.id, now)?, actor(), Vec::new()).await
        {
            let note = format!("withdrawn: approval {} was decided meanwhile", first.id);
            let withdrawn = edited.reject(by, Some(note), now)?;
            self.commit(&edited, withdrawn, actor(), Vec::new()).await?;
            return Err(error);
        }
        self.commit(&edited, edited.approve(by, notes, now)?, actor(), Vec::new()).await
    }
}

impl Action {
    /// Whether it makes what was not there before.
    pub(super) fn is_create(&self) -> bool {
        matches!(self, Self::Create { .. })
    }
}
