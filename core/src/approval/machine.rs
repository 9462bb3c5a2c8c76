//! The states of an approval and the steps between them: pure, the time handed in.
//!
//! ```text
//! Pending ─approve→ Approved ─begin→ Executing ─finish→ Executed
//!    │                 │                │  ↑ ↘fail→ Failed
//!    ├─reject→ Rejected├─stale→ Stale ←─┤  │try again (bounded)
//!    └─expire→ Expired └─expire→ Expired└─doubt→ Unknown → finish, fail, stale
//! ```
//! What was not begun is Rejected, too, when the person disconnects the account.
//! What takes several calls goes on from one to the next within Executing; how far it came is stored before each.
//!
//! A step gives the approval as it would be, with the next version; it takes place once a store has taken it by
//! compare-and-set. Steps that lead towards a change at Google check whose it is, the expiry and the payload hash at
//! that moment. Steps that record what Google did check none of these: what happened, happened.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use super::{
    ActionRequest, Approval, ApprovalState, ApprovalVersion, Drift, Execution, NamedOccurrence, Outcome,
    Preview, Principal, Step,
    payload::{Shown, payload_hash},
};
use crate::{
    Error, ErrorKind, Result,
    id::{ApprovalId, EventId, UserId},
    model::Event,
};

/// How long a person has to decide and have it done, where the request does not say.
pub const DEFAULT_LIFETIME: Duration = Duration::from_secs(24 * 60 * 60);

/// The longest a request may stay open.
pub const MAX_LIFETIME: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// How often Google is called for one approval, first call included, before it is given up. What takes several steps is
/// called more often for those after the first.
pub const MAX_ATTEMPTS: u32 = 5;

/// How often Google is called for one step of what is half done already: for hours, since half is worse than nothing.
const MAX_ATTEMPTS_OF_THE_REST: u32 = 10;

/// All that a new approval is frozen with.
#[derive(Clone, Debug)]
pub struct Ask {
    /// Its id.
    pub id: ApprovalId,
    /// Who asks.
    pub requested_by: Principal,
    /// For what.
    pub request: ActionRequest,
    /// The event to be changed, as it is.
    pub snapshot: Option<Box<Event>>,
    /// The occurrence that is named, where more of its series is to be changed.
    pub occurrence: Option<NamedOccurrence>,
    /// What the person will be shown.
    pub preview: Preview,
    /// The approval this is an edited version of.
    pub supersedes: Option<ApprovalId>,
}

impl Approval {
    /// A new approval, pending from `now` until its expiry.
    ///
    /// # Errors
    /// [`ErrorKind::NotPermitted`] when the change is to a calendar of somebody else than who asks;
    /// [`ErrorKind::InvalidInput`] when the time to decide is nothing or longer than [`MAX_LIFETIME`].
    pub fn ask(ask: Ask, now: DateTime<Utc>) -> Result<Self> {
        let user = ask.requested_by.user().clone();
        if ask.request.action.calendar().user != user {
            let message =
                format!("{} cannot ask for a change to a calendar of another user", ask.requested_by);
            return Err(Error::new(ErrorKind::NotPermitted, message));
        }
        let lifetime = ask.request.expires_in.unwrap_or(DEFAULT_LIFETIME);
        let expires_at = expiry(now, lifetime)?;
        let shown = Shown {
            event: ask.snapshot.as_deref(),
            occurrence: ask.occurrence.as_ref(),
            preview: &ask.preview,
        };
        let payload_hash = payload_hash(&user, &ask.request, shown)?;
        Ok(Self {
            id: ask.id,
            version: ApprovalVersion(1),
            user,
            state: ApprovalState::Pending,
            request: ask.request,
            payload_hash,
            snapshot: ask.snapshot,
            occurrence: ask.occurrence,
            preview: ask.preview,
            requested_by: ask.requested_by,
            requested_at: now,
            expires_at,
            decided_by: None,
            decided_at: None,
            notes: None,
            supersedes: ask.supersedes,
            execution: None,
            outcome: None,
            updated_at: now,
        })
    }

    /// Pending → Approved: the person said yes.
    ///
    /// # Errors
    /// As [`check_decider`](Self::check_decider); [`ErrorKind::NotPermitted`] also when the request is not the one that
    /// was shown.
    pub fn approve(&self, decider: &Principal, notes: Option<String>, now: DateTime<Utc>) -> Result<Self> {
        self.check_decider(decider, now)?;
        self.check_payload()?;
        Ok(self.decided(ApprovalState::Approved, decider, notes, now))
    }

    /// Pending → Rejected: the person said no.
    ///
    /// # Errors
    /// As [`check_decider`](Self::check_decider).
    pub fn reject(&self, decider: &Principal, notes: Option<String>, now: DateTime<Utc>) -> Result<Self> {
        self.check_decider(decider, now)?;
        Ok(self.decided(ApprovalState::Rejected, decider, notes, now))
    }

    /// Pending → Rejected: the person wants an edited version instead, approval `by`; the notes say so.
    ///
    /// # Errors
    /// As [`check_decider`](Self::check_decider).
    pub fn supersede(&self, decider: &Principal, by: &ApprovalId, now: DateTime<Utc>) -> Result<Self> {
        let notes = format!("edited: superseded by approval {by}");
        self.reject(decider, Some(notes), now)
    }

    /// Pending or Approved → Rejected: the person takes it back, before anything was sent. Its expiry does not matter.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`] for another user; [`ErrorKind::WrongState`] from another state.
    pub fn withdraw(&self, by: &Principal, notes: String, now: DateTime<Utc>) -> Result<Self> {
        self.check_user(by.user())?;
        self.check_state(&[ApprovalState::Pending, ApprovalState::Approved], "withdrawn")?;
        Ok(self.decided(ApprovalState::Rejected, by, Some(notes), now))
    }

    /// Whether `decider` may decide it at `now`.
    ///
    /// # Errors
    /// [`ErrorKind::NotPermitted`] for an agent, [`ErrorKind::NotFound`] for another user (who is not told that it
    /// exists), [`ErrorKind::WrongState`] unless it is pending, [`ErrorKind::Expired`] at or after its expiry.
    pub fn check_decider(&self, decider: &Principal, now: DateTime<Utc>) -> Result<()> {
        self.check_user(decider.user())?;
        if let Principal::Agent { name, .. } = decider {
            let message = format!("agent {name} cannot decide approval {}: only the person can", self.id);
            return Err(Error::new(ErrorKind::NotPermitted, message));
        }
        self.check_state(&[ApprovalState::Pending], "decided")?;
        self.check_expiry(now)
    }

    /// Approved → Executing: the intent to call Google about `event`, to be stored before the call.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`] for another user, [`ErrorKind::WrongState`] unless it is approved,
    /// [`ErrorKind::Expired`] at or after its expiry, [`ErrorKind::NotPermitted`] when the request is not the one that
    /// was shown.
    pub fn begin_execution(&self, user: &UserId, event: EventId, now: DateTime<Utc>) -> Result<Self> {
        self.check_user(user)?;
        self.check_state(&[ApprovalState::Approved], "executed")?;
        self.check_expiry(now)?;
        self.check_payload()?;
        let execution = Execution::of(event, now);
        Ok(Self { execution: Some(execution), ..self.step(ApprovalState::Executing, now) })
    }

    /// The same intent, to be carried out in `steps`: nothing of it was sent yet.
    #[must_use]
    pub fn planned(mut self, steps: Vec<Step>) -> Self {
        if let Some(execution) = self.execution.as_mut().filter(|execution| execution.done == 0) {
            execution.steps = steps;
        }
        self
    }

    /// Executing or Unknown → Executing: the step under way is done, and the intent is to take the next. `duplicates`
    /// are what Google made too often in it.
    ///
    /// What a person approved and that is half done is brought to its end, whether or not it expired meanwhile.
    ///
    /// # Errors
    /// [`ErrorKind::WrongState`] from another state, and where there is no further step.
    pub fn next_step(&self, duplicates: Vec<EventId>, now: DateTime<Utc>) -> Result<Self> {
        self.check_state(IN_DOUBT, "taken a step further")?;
        let Some(mut execution) = self.execution.clone().filter(|_| self.has_next_step()) else {
            let message = format!("approval {} has no further step", self.id);
            return Err(Error::new(ErrorKind::WrongState, message));
        };
        (execution.attempts, execution.done) = (1, execution.done + 1);
        execution.duplicates.extend(duplicates);
        Ok(Self { execution: Some(execution), ..self.step(ApprovalState::Executing, now) })
    }

    /// Whether a step comes after the one under way.
    pub fn has_next_step(&self) -> bool {
        self.execution.as_ref().is_some_and(|execution| execution.steps.len() > execution.done as usize + 1)
    }

    /// Whether some of it is done already.
    pub(super) fn is_begun(&self) -> bool {
        self.execution.as_ref().is_some_and(|execution| execution.done > 0)
    }

    /// The step under way; none where one call is all there is to it.
    pub(super) fn current_step(&self) -> Option<&Step> {
        self.execution.as_ref().and_then(Execution::step)
    }

    /// Executing or Unknown → Executing: the intent to call Google once more, after it was read back that nothing was
    /// done. What is half done is tried again after its expiry, too, and more often.
    ///
    /// # Errors
    /// As [`begin_execution`](Self::begin_execution); [`ErrorKind::WrongState`] also after [`MAX_ATTEMPTS`] calls.
    pub fn try_again(&self, now: DateTime<Utc>) -> Result<Self> {
        self.check_state(IN_DOUBT, "tried again")?;
        let most = if self.is_begun() {
            MAX_ATTEMPTS_OF_THE_REST
        } else {
            self.check_expiry(now)?;
            MAX_ATTEMPTS
        };
        self.check_payload()?;
        let execution = self.execution.clone().filter(|execution| execution.attempts < most);
        let Some(mut execution) = execution else {
            let message = format!("approval {} was tried {most} times without success", self.id);
            return Err(Error::new(ErrorKind::WrongState, message));
        };
        execution.attempts += 1;
        Ok(Self { execution: Some(execution), ..self.step(ApprovalState::Executing, now) })
    }

    /// Executing → Unknown: nobody knows yet whether it was done.
    ///
    /// # Errors
    /// [`ErrorKind::WrongState`] unless it is executing.
    pub fn doubt(&self, now: DateTime<Utc>) -> Result<Self> {
        self.check_state(&[ApprovalState::Executing], "doubted")?;
        Ok(self.step(ApprovalState::Unknown, now))
    }

    /// Executing or Unknown → Executed: `event` was made or changed at Google.
    ///
    /// # Errors
    /// [`ErrorKind::WrongState`] from another state.
    pub fn finish(&self, event: EventId, duplicates: Vec<EventId>, now: DateTime<Utc>) -> Result<Self> {
        self.check_state(IN_DOUBT, "finished")?;
        let before = self.execution.iter().flat_map(|execution| &execution.duplicates);
        let duplicates = before.cloned().chain(duplicates).collect();
        Ok(self.ended(ApprovalState::Executed, Outcome::Done { event, duplicates }, now))
    }

    /// Executing or Unknown → Failed: it was not done and never will be, for the reason `error` gives. Where some of its
    /// steps are done, the outcome says which.
    ///
    /// # Errors
    /// [`ErrorKind::WrongState`] from another state.
    pub fn fail(&self, error: &Error, now: DateTime<Utc>) -> Result<Self> {
        self.check_state(IN_DOUBT, "failed")?;
        let (kind, message) = (error.kind().code().to_owned(), error.to_string());
        let outcome = match &self.execution {
            Some(execution) if execution.done > 0 => Outcome::PartlyDone {
                event: execution.event.clone(),
                kind,
                message: format!("{}: {message}", how_far(execution)),
            },
            _ => Outcome::NotDone { kind, message },
        };
        Ok(self.ended(ApprovalState::Failed, outcome, now))
    }

    /// Approved, Executing or Unknown → Stale: the event changed since it was asked, and nothing was overwritten.
    ///
    /// # Errors
    /// [`ErrorKind::WrongState`] from another state.
    pub fn stale(&self, drift: Drift, now: DateTime<Utc>) -> Result<Self> {
        use ApprovalState::{Approved, Executing, Unknown};
        self.check_state(&[Approved, Executing, Unknown], "called stale")?;
        Ok(self.ended(ApprovalState::Stale, Outcome::Drifted(drift), now))
    }

    /// Pending or Approved → Expired, at or after its expiry.
    ///
    /// # Errors
    /// [`ErrorKind::WrongState`] from another state, or before its expiry.
    pub fn expire(&self, now: DateTime<Utc>) -> Result<Self> {
        self.check_state(&[ApprovalState::Pending, ApprovalState::Approved], "expired")?;
        if now < self.expires_at {
            let message = format!("approval {} does not expire before {}", self.id, self.expires_at);
            return Err(Error::new(ErrorKind::WrongState, message));
        }
        Ok(self.step(ApprovalState::Expired, now))
    }

    fn check_user(&self, user: &UserId) -> Result<()> {
        if *user == self.user {
            return Ok(());
        }
        Err(Error::new(ErrorKind::NotFound, format!("user {user} has no approval {}", self.id)))
    }

    fn check_state(&self, allowed: &[ApprovalState], verb: &str) -> Result<()> {
        if allowed.contains(&self.state) {
            return Ok(());
        }
        let message = format!("approval {} is {} and cannot be {verb}", self.id, self.state);
        Err(Error::new(ErrorKind::WrongState, message))
    }

    fn check_expiry(&self, now: DateTime<Utc>) -> Result<()> {
        if now < self.expires_at {
            return Ok(());
        }
        let expired_at = self.expires_at.format("%Y-%m-%d %H:%M:%S UTC");
        let message = format!("approval {} expired at {expired_at}: ask again", self.id);
        Err(Error::new(ErrorKind::Expired, message))
    }

    fn check_payload(&self) -> Result<()> {
        let shown = Shown {
            event: self.snapshot.as_deref(),
            occurrence: self.occurrence.as_ref(),
            preview: &self.preview,
        };
        if payload_hash(&self.user, &self.request, shown)? == self.payload_hash {
            return Ok(());
        }
        let message = format!("approval {} was altered after it was shown: it is not executed", self.id);
        Err(Error::new(ErrorKind::NotPermitted, message))
    }

    fn decided(
        &self,
        state: ApprovalState,
        decider: &Principal,
        notes: Option<String>,
        now: DateTime<Utc>,
    ) -> Self {
        Self { decided_by: Some(decider.clone()), decided_at: Some(now), notes, ..self.step(state, now) }
    }

    fn ended(&self, state: ApprovalState, outcome: Outcome, now: DateTime<Utc>) -> Self {
        Self { outcome: Some(outcome), ..self.step(state, now) }
    }

    fn step(&self, state: ApprovalState, now: DateTime<Utc>) -> Self {
        Self { state, version: ApprovalVersion(self.version.0 + 1), updated_at: now, ..self.clone() }
    }
}

/// Google may have been called, and its answer is not recorded.
const IN_DOUBT: &[ApprovalState] = &[ApprovalState::Executing, ApprovalState::Unknown];

/// What is done of several steps, and what is not.
fn how_far(execution: &Execution) -> String {
    let left = execution.steps.len().saturating_sub(execution.done as usize);
    match execution.step() {
        Some(Step::Insert { .. }) => {
            "the old series was ended before the occurrence, and the new one could not be made".to_owned()
        }
        Some(Step::Carry { from, .. }) => format!(
            "the series was split, and {left} of its changed occurrences could not be taken over, {from} first"
        ),
        Some(Step::Answer { event }) => {
            format!("{} occurrences were answered, and {left} could not be, {event} first", execution.done)
        }
        Some(Step::Trim { .. }) | None => "it was begun and not finished".to_owned(),
    }
}

fn expiry(now: DateTime<Utc>, lifetime: Duration) -> Result<DateTime<Utc>> {
    let allowed = (Duration::from_secs(1)..=MAX_LIFETIME).contains(&lifetime);
    let expires_at = TimeDelta::from_std(lifetime).ok().and_then(|delta| now.checked_add_signed(delta));
    expires_at.filter(|_| allowed).ok_or_else(|| {
        let message = "the time to decide must be between one second and 30 days";
        Error::new(ErrorKind::InvalidInput, message)
    })
}
