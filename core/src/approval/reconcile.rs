//! Finding out what became of a change that nobody knows the end of.
//!
//! Everything is read from Google: the approval's mark on the event means done, its absence means not done. Then the
//! call is either recorded, or sent once more (safe, see `execute`), or given up.

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::{StreamExt, pin_mut};

use super::{
    APPROVAL_TAG, Action, Approval, ApprovalRun, ApprovalState, Approvals, Drift, Step,
    drift::drift,
    execute::{Readiness, current},
    step::carries,
};
use crate::{
    Error, ErrorKind, Result,
    audit::Actor,
    google::EventsView,
    id::{ApprovalId, EventId},
    model::Event,
};

/// How long after a call that went wrong it is first looked into; doubled with each further call.
const FIRST_WAIT: TimeDelta = TimeDelta::seconds(30);

/// How long nothing must have been sent before an approval is given up as not done: a call that is still on its way
/// then has long arrived. Twice the lease, so that no worker still holds one.
const SETTLED_AFTER: TimeDelta = TimeDelta::minutes(10);

/// Events on a page when looking for duplicates: Google's cap.
const PAGE: u32 = 2500;

/// What reading back says about an approval in doubt.
enum Verdict {
    /// It was done.
    Done,
    /// It was not done, and no longer can be: the event changed.
    Drifted(Drift),
    /// It was not done, or undone since, and never will be.
    Over(Error),
    /// It was not done; the event is as it was.
    Untouched,
}

impl Approvals {
    /// Looks into at most `limit` approvals that were begun and not finished: after a crash, a time-out, a lost answer,
    /// a full quota. Each ends Executed, Failed or Stale within a bounded number of calls, or stays Unknown for as long
    /// as Google cannot be asked.
    ///
    /// # Errors
    /// [`ErrorKind::Storage`] when the list cannot be read; what goes wrong with one approval is in
    /// [`ApprovalRun::failed`].
    pub async fn reconcile_due(&self, limit: usize) -> Result<ApprovalRun> {
        let now = self.clock.now();
        let in_doubt = self.store.approvals_in_doubt(now - FIRST_WAIT, limit).await?;
        let next_run = if in_doubt.len() < limit { now + FIRST_WAIT } else { now };
        let mut run = ApprovalRun { changed: Vec::new(), failed: Vec::new(), next_run };
        for approval in in_doubt.into_iter().filter(|approval| is_due(approval, now)) {
            match self.look_into(&approval).await {
                Ok(next) if next.version != approval.version => run.changed.push(next),
                Ok(_) => {}
                // Another worker is on it, or was faster.
                Err(error) if matches!(error.kind(), ErrorKind::Busy | ErrorKind::PreconditionFailed) => {}
                Err(error) => run.failed.push((approval.id, error)),
            }
        }
        Ok(run)
    }

    pub(super) async fn look_into(&self, approval: &Approval) -> Result<Approval> {
        let lease = self.hold(&approval.id).await?;
        let result = match self.store.approval(&approval.user, &approval.id).await {
            Ok(current) if is_in_doubt(&current) => match self.settle(current, true).await {
                Ok(settled) => self.go_on(settled).await,
                Err(error) => Err(error),
            },
            Ok(ended) => Ok(ended),
            Err(error) => Err(error),
        };
        self.let_go(&lease).await;
        result
    }

    /// Reads back what became of an approval in doubt; where nothing did and `may_resend`, sends the call once more.
    pub(super) async fn settle(&self, approval: Approval, may_resend: bool) -> Result<Approval> {
        let found = match self.read(&approval).await {
            Ok(found) => found,
            Err(error) => return self.stay_in_doubt(approval, &error).await,
        };
        match verdict(&approval, found.as_ref()) {
            Verdict::Untouched if may_resend => self.resend(approval, found).await,
            Verdict::Untouched => Ok(approval),
            verdict => self.conclude(approval, verdict, found).await,
        }
    }

    /// Google refused the call because the id or the version it names is taken: by an earlier attempt of ours, or by
    /// somebody else. Either way it will be refused for ever.
    pub(super) async fn settle_refused(&self, executing: Approval, refusal: &Error) -> Result<Approval> {
        let found = match self.read(&executing).await {
            Ok(found) => found,
            Err(error) => return self.stay_in_doubt(executing, &error).await,
        };
        let verdict = match verdict(&executing, found.as_ref()) {
            Verdict::Untouched if makes(&executing) => {
                let message =
                    "the event's id is taken by an event that was deleted: it is not made; ask again";
                Verdict::Over(Error::new(refusal.kind(), message))
            }
            // Somebody else changed the occurrence meanwhile; what is half done is done on it as it then is.
            Verdict::Untouched if executing.is_begun() || is_answer(&executing) => {
                return self.stay_in_doubt(executing, refusal).await;
            }
            Verdict::Untouched => Verdict::Drifted(Drift::default()),
            verdict => verdict,
        };
        self.conclude(executing, verdict, found).await
    }

    async fn conclude(&self, approval: Approval, verdict: Verdict, found: Option<Event>) -> Result<Approval> {
        match verdict {
            Verdict::Done => match self.duplicates(&approval).await {
                Ok(duplicates) => self.done(approval, found.map(Box::new), duplicates).await,
                Err(error) => self.stay_in_doubt(approval, &error).await,
            },
            Verdict::Drifted(drift) => {
                let mirror = self.mirrored(&approval, found.map(Box::new)).await?;
                let stale = approval.stale(drift, self.clock.now())?;
                self.commit(&approval, stale, Actor::Service, mirror).await
            }
            Verdict::Over(error) => self.fail(approval, &error).await,
            Verdict::Untouched => Ok(approval),
        }
    }

    /// Sends the call once more against the event as it was just read, or gives it up.
    async fn resend(&self, approval: Approval, fresh: Option<Event>) -> Result<Approval> {
        let next = match approval.try_again(self.clock.now()) {
            Ok(next) => next,
            Err(why) => return self.give_up(approval, &why).await,
        };
        if approval.is_begun() || is_answer(&approval) {
            let executing = self.commit(&approval, next, Actor::Service, Vec::new()).await?;
            return self.take_step_on(executing, fresh).await;
        }
        let readiness = match fresh {
            Some(fresh) => self.still_fits(&approval, fresh).await,
            None => self.ready(&approval).await,
        };
        let readiness = match readiness {
            Ok(readiness) => readiness,
            Err(why) => return self.give_up(approval, &why).await,
        };
        match readiness {
            Readiness::Ready(write, steps) => {
                let next = next.planned(steps);
                let executing = self.commit(&approval, next, Actor::Service, Vec::new()).await?;
                self.perform(executing, &write).await
            }
            Readiness::AlreadyGone(event) => self.finish(approval, event, Vec::new()).await,
            Readiness::Drifted(drift, fresh) => {
                self.conclude(approval, Verdict::Drifted(drift), fresh.map(|fresh| *fresh)).await
            }
        }
    }

    /// Failed, once no call can still be on its way; until then it stays in doubt.
    async fn give_up(&self, approval: Approval, why: &Error) -> Result<Approval> {
        if self.clock.now() - approval.updated_at < SETTLED_AFTER {
            return self.stay_in_doubt(approval, why).await;
        }
        if approval.is_begun() {
            return self.fail(approval, why).await;
        }
        let message = format!("nothing was changed: {why}");
        self.fail(approval, &Error::new(why.kind(), message)).await
    }

    pub(super) async fn stay_in_doubt(&self, approval: Approval, why: &Error) -> Result<Approval> {
        tracing::debug!(approval = %approval.id, %why, "stays in doubt");
        match approval.state {
            ApprovalState::Executing => {
                let unknown = approval.doubt(self.clock.now())?;
                self.commit(&approval, unknown, Actor::Service, Vec::new()).await
            }
            _ => Ok(approval),
        }
    }

    /// Other events with this approval's mark: Google says of its uniqueness of ids that collisions may go undetected.
    async fn duplicates(&self, approval: &Approval) -> Result<Vec<EventId>> {
        if !makes(approval) {
            return Ok(Vec::new());
        }
        let calendar = approval.request.action.calendar();
        let mark = (APPROVAL_TAG.to_owned(), approval.id.to_string());
        let view = EventsView {
            private_extended_properties: vec![mark],
            max_results: Some(PAGE),
            ..EventsView::default()
        };
        let account = self.google.for_account(&calendar.account_key());
        let events = account.events(calendar.calendar, view.into());
        pin_mut!(events);
        let mut marked = Vec::new();
        while let Some(event) = events.next().await {
            match event {
                // Exceptions of a series carry its mark; a server may not know the filter.
                Ok(Ok(event))
                    if is_marked(&event, &approval.id) && !event.is_cancelled() && !event.is_exception() =>
                {
                    marked.push(event.id);
                }
                Ok(_) => {}
                Err(error) if error.is_retryable() || error.kind() == ErrorKind::Storage => {
                    return Err(error);
                }
                // A server that refuses to look says nothing about duplicates; that it was done is known.
                Err(_) => break,
            }
        }
        // The series that was ended carries the mark as well.
        let ended = approval.execution.as_ref().filter(|execution| !execution.steps.is_empty());
        marked.retain(|id| ended.is_none_or(|execution| execution.event != *id));
        let own = current(approval)?;
        if let Some(first) = marked.iter().position(|id| *id == own) {
            marked.remove(first);
        }
        Ok(marked)
    }
}

/// What `found`, read after the call, says about `approval`. Pure.
fn verdict(approval: &Approval, found: Option<&Event>) -> Verdict {
    let live = found.filter(|event| !event.is_cancelled());
    let marked = found.is_some_and(|event| is_marked(event, &approval.id));
    match (approval.current_step(), found) {
        (Some(Step::Carry { .. }), None) => return Verdict::Untouched,
        (Some(Step::Carry { from, .. }), Some(found)) => {
            return if live.is_none() || carries(found, from) { Verdict::Done } else { Verdict::Untouched };
        }
        (Some(Step::Answer { .. }), _) => {
            return if live.is_none() || marked { Verdict::Done } else { Verdict::Untouched };
        }
        (Some(Step::Trim { .. }), _) if live.is_some() && marked => return Verdict::Done,
        (Some(Step::Trim { .. } | Step::Insert { .. }) | None, _) => {}
    }
    match (&approval.request.action, found) {
        (_, None) if makes(approval) => Verdict::Untouched,
        (_, Some(_)) if makes(approval) => match (live, marked) {
            (Some(_), true) => Verdict::Done,
            (None, _) => over(
                ErrorKind::Deleted,
                "the event was deleted again at Google: it is not made a second time",
            ),
            (Some(_), false) => {
                over(ErrorKind::AlreadyExists, "another event has the id this one was to have")
            }
        },
        (Action::Delete { .. }, _) if live.is_none() => Verdict::Done,
        (Action::Update { .. } | Action::Respond { .. }, _) if marked => Verdict::Done,
        (action, _) => match (live, &approval.snapshot) {
            (Some(live), Some(shown)) => {
                drift(action, shown, live).map_or(Verdict::Untouched, Verdict::Drifted)
            }
            _ => over(
                ErrorKind::Deleted,
                "the event is gone: whether it was changed before can no longer be told",
            ),
        },
    }
}

/// Whether the call under way makes an event.
fn makes(approval: &Approval) -> bool {
    match approval.current_step() {
        Some(step) => matches!(step, Step::Insert { .. }),
        None => approval.request.action.is_create(),
    }
}

/// Whether the call under way answers one occurrence of several.
fn is_answer(approval: &Approval) -> bool {
    matches!(approval.current_step(), Some(Step::Answer { .. }))
}

fn over(kind: ErrorKind, message: &'static str) -> Verdict {
    Verdict::Over(Error::new(kind, message))
}

fn is_marked(event: &Event, id: &ApprovalId) -> bool {
    event.private_property(APPROVAL_TAG) == Some(id.as_str())
}

fn is_in_doubt(approval: &Approval) -> bool {
    matches!(approval.state, ApprovalState::Executing | ApprovalState::Unknown)
}

fn is_due(approval: &Approval, now: DateTime<Utc>) -> bool {
    let calls = approval.execution.as_ref().map_or(1, |execution| execution.attempts);
    let wait = FIRST_WAIT * (1 << calls.saturating_sub(1).min(8));
    approval.updated_at + wait <= now
}
