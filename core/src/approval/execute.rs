//! Doing what a person approved, once.
//!
//! ```text
//! lease → read the event → store the intent → call Google → store the result → let go
//!             │                                   │
//!             └ it changed: Stale                 └ any doubt: Unknown, then `reconcile`
//! ```
//! Why it happens at most once:
//! - The intent (Approved → Executing) is a compare-and-set: of all workers one takes it, and nothing is sent before it
//!   is stored.
//! - Every call can take effect once only, however often it is sent: an insert names an id derived from the approval,
//!   which Google refuses the second time; a patch and a delete name the version they change (`If-Match`), which is
//!   gone once they took effect.
//! - A call is sent again only after reading back that it had no effect (see `reconcile`).
//! - What takes several calls (see `follow`) is a list of steps in the intent, and how many of them are done is stored
//!   before the next is sent.
//!
//! Nothing here needs to run to its end: whoever stops between two awaits leaves a state that says what may have
//! happened, and the lease runs out by itself.

use std::time::Duration;

use uuid::Uuid;

use super::{
    Action, Approval, ApprovalState, Approvals, Drift, Step, created_event_id,
    drift::{drift, same_time},
    merge, mirror, series,
};
use crate::{
    Error, ErrorKind, Result,
    audit::Actor,
    google::{DeleteEvent, InsertEvent, Operation, PatchEvent},
    id::{ApprovalId, Etag, EventId, UserId},
    model::Event,
    recurrence::{Series, TimeZones, Zone},
    storage::{EventQuery, Lease, MirrorChange},
};

/// How long one worker may hold an approval: longer than a call with all its retries takes.
pub(super) const LEASE: Duration = Duration::from_secs(5 * 60);

/// The call that makes the change.
pub(super) enum Write {
    Insert(Box<InsertEvent>),
    Patch(PatchEvent),
    Delete(DeleteEvent),
}

/// What reading the event before changing it says.
pub(super) enum Readiness {
    /// The change still is what the person approved: the call, and the steps it is the first of.
    Ready(Write, Vec<Step>),
    /// It was to be deleted, and is gone.
    AlreadyGone(Option<Box<Event>>),
    /// The event changed.
    Drifted(Drift, Option<Box<Event>>),
}

impl Approvals {
    /// Makes an approved change at Google.
    ///
    /// Gives the approval as it then is: Executed; Failed or Stale, with the reason in its outcome; or Unknown when
    /// nobody knows yet, and [`reconcile_due`](Self::reconcile_due) will find out. One that was executed before is given
    /// as it is; one in doubt is read back first.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`] for another user's approval; [`ErrorKind::WrongState`] unless it is approved;
    /// [`ErrorKind::Expired`] when it is too late; [`ErrorKind::Stale`] when it went stale before;
    /// [`ErrorKind::NotPermitted`] when the request was altered since it was shown; [`ErrorKind::Busy`] while another
    /// worker is on it, or while another change to the same event is in doubt. [`ErrorKind::ScopeMissing`] where the person has yet to
    /// grant writing. Before the intent is stored also what reading the event gives: the approval then stays approved.
    pub async fn execute(&self, user: &UserId, id: &ApprovalId) -> Result<Approval> {
        let approval = self.store.approval(user, id).await?;
        if !is_open(&approval) {
            return closed(approval);
        }
        let lease = self.hold(id).await?;
        let result = self.advance(user, id).await;
        self.let_go(&lease).await;
        match result {
            // Another worker was faster: what it made of the approval is the answer.
            Err(error) if error.kind() == ErrorKind::PreconditionFailed => {
                match self.store.approval(user, id).await? {
                    ended if ended.state == ApprovalState::Executed => Ok(ended),
                    _ => Err(error),
                }
            }
            result => result,
        }
    }

    /// Takes the approval on, under its lease, from wherever it is.
    pub(super) async fn advance(&self, user: &UserId, id: &ApprovalId) -> Result<Approval> {
        let approval = self.store.approval(user, id).await?;
        let approval = match approval.state {
            ApprovalState::Approved => self.begin(user, approval).await?,
            ApprovalState::Executing | ApprovalState::Unknown => self.settle(approval, true).await?,
            _ => return closed(approval),
        };
        self.go_on(approval).await
    }

    /// Of several workers one holds an approval. Each call is a holder of its own, also within one process.
    pub(super) async fn hold(&self, id: &ApprovalId) -> Result<Lease> {
        let holder = format!("{}/{}", self.holder, Uuid::new_v4());
        let lease = self.store.acquire(&format!("approval:{id}"), &holder, LEASE).await?;
        lease.ok_or_else(|| {
            Error::new(ErrorKind::Busy, format!("another worker is on approval {id} just now"))
        })
    }

    /// A lease that is not let go runs out by itself.
    pub(super) async fn let_go(&self, lease: &Lease) {
        if let Err(error) = self.store.release(lease).await {
            tracing::debug!(lease = lease.fence.name, %error, "the lease could not be released and runs out by itself");
        }
    }

    async fn begin(&self, user: &UserId, approval: Approval) -> Result<Approval> {
        let event = target(&approval)?;
        // Whether it may be executed is known before anything is read; the state after is only stored further down.
        if let Err(error) = approval.begin_execution(user, event.clone(), self.clock.now()) {
            return Err(self.note_expiry(&approval, error).await);
        }
        // Where the person has yet to grant it, it stays approved: they may, and it is executed then.
        let action = &approval.request.action;
        self.google.check_granted(&action.account(), operation(action)).await?;
        let readiness = self.ready(&approval).await?;
        let now = self.clock.now();
        if let Readiness::Drifted(drift, fresh) = readiness {
            let mirror = self.mirrored(&approval, fresh).await?;
            return self.commit(&approval, approval.stale(drift, now)?, Actor::Service, mirror).await;
        }
        let executing = match approval.begin_execution(user, event, now) {
            Ok(executing) => executing,
            Err(error) => return Err(self.note_expiry(&approval, error).await),
        };
        match readiness {
            Readiness::Ready(write, steps) => {
                let executing = executing.planned(steps);
                let executing = self.commit(&approval, executing, Actor::Service, Vec::new()).await?;
                self.perform(executing, &write).await
            }
            Readiness::AlreadyGone(event) => {
                let executing = self.commit(&approval, executing, Actor::Service, Vec::new()).await?;
                self.finish(executing, event, Vec::new()).await
            }
            Readiness::Drifted(..) => Ok(approval),
        }
    }

    /// What there is to do now, against the event as it is now. Changes nothing.
    pub(super) async fn ready(&self, approval: &Approval) -> Result<Readiness> {
        let calendar = approval.request.action.calendar();
        let target = target(approval)?;
        if let Action::Create { draft, .. } = &approval.request.action {
            let mut insert = InsertEvent::new(calendar.calendar, merge::drafted(&approval.id, draft));
            insert.id = Some(target);
            insert.send_updates = approval.request.send_updates.clone();
            return Ok(Readiness::Ready(Write::Insert(Box::new(insert)), Vec::new()));
        }
        match self.read(approval).await? {
            Some(fresh) if !fresh.is_cancelled() => {
                self.check_no_doubt_about(approval, &fresh).await?;
                self.still_fits(approval, fresh).await
            }
            gone if matches!(approval.request.action, Action::Delete { .. }) => {
                Ok(Readiness::AlreadyGone(gone.map(Box::new)))
            }
            gone => {
                let drift = Drift { is_gone: true, ..Drift::default() };
                Ok(Readiness::Drifted(drift, gone.map(Box::new)))
            }
        }
    }

    /// The call for the event as it is now, unless it changed in what the person was shown.
    pub(super) async fn still_fits(&self, approval: &Approval, fresh: Event) -> Result<Readiness> {
        let action = &approval.request.action;
        let shown = approval.snapshot.as_deref();
        if let Some(drift) = shown.and_then(|shown| drift(action, shown, &fresh)) {
            return Ok(Readiness::Drifted(drift, Some(Box::new(fresh))));
        }
        if approval.splits() {
            return self.split(approval, fresh).await;
        }
        let etag = version(&fresh)?;
        let (calendar, event) = (action.calendar().calendar, fresh.id.clone());
        let send_updates = approval.request.send_updates.clone();
        let write = if let Action::Delete { .. } = action {
            Write::Delete(DeleteEvent { calendar, event, if_match: Some(etag), send_updates })
        } else {
            let zone = self.calendar_zone(approval).await?;
            let named = approval.occurrence.as_ref();
            let at = named.and_then(|named| series::original_start(&named.event, &zone, &*self.zones));
            let (action, _) = series::settled(action, at, &fresh, &zone, &*self.zones)?;
            let body = merge::written(&approval.id, &action, &fresh)?;
            Write::Patch(PatchEvent { calendar, event, body, if_match: Some(etag), send_updates })
        };
        Ok(Readiness::Ready(write, Vec::new()))
    }

    /// The zone of the approval's calendar; UTC where that is no longer mirrored.
    pub(super) async fn calendar_zone(&self, approval: &Approval) -> Result<Zone> {
        let zone = match self.store.calendar(&approval.request.action.calendar()).await {
            Ok(calendar) => calendar.entry.time_zone,
            Err(error) if error.kind() == ErrorKind::NotFound => None,
            Err(error) => return Err(error),
        };
        Ok(self.zones.zone_or_utc(zone.as_deref()).clone())
    }

    /// Calls Google; the intent is stored.
    pub(super) async fn perform(&self, executing: Approval, write: &Write) -> Result<Approval> {
        let account = self.google.for_account(&executing.request.action.account());
        let answer = match write {
            Write::Insert(insert) => {
                account.insert_event(insert).await.map(|reply| (Some(reply.value), reply.retried_in_doubt))
            }
            Write::Patch(patch) => account.patch_event(patch).await.map(|reply| (Some(reply.value), false)),
            Write::Delete(delete) => account.delete_event(delete).await.map(|_| (None, false)),
        };
        match answer {
            // Sent more than once: Google may have taken it more than once, so what there is is read back.
            Ok((_, true)) => self.doubt_and_read(executing).await,
            Ok((event, false)) => self.done(executing, event.map(Box::new), Vec::new()).await,
            Err(error) => self.judge(executing, write, error).await,
        }
    }

    /// What an answer other than success means for the approval.
    async fn judge(&self, executing: Approval, write: &Write, error: Error) -> Result<Approval> {
        use ErrorKind::{AlreadyExists, Deleted, NotFound, PreconditionFailed, QuotaExceeded, Storage};
        match (write, error.kind()) {
            // It is gone, by us or by somebody else: what was asked for is so.
            (Write::Delete(_), NotFound | Deleted) => self.finish(executing, None, Vec::new()).await,
            // The id or the version is taken: by an earlier attempt of ours, or by somebody else.
            (_, AlreadyExists | PreconditionFailed) => self.settle_refused(executing, &error).await,
            _ if error.is_ambiguous() => self.doubt_and_read(executing).await,
            // Nothing was sent, or nothing happened, and later it may: as long as the approval lasts it is tried again.
            (_, kind) if error.is_retryable() || matches!(kind, QuotaExceeded | Storage) => {
                let unknown = executing.doubt(self.clock.now())?;
                self.commit(&executing, unknown, Actor::Service, Vec::new()).await
            }
            _ => self.fail(executing, &error).await,
        }
    }

    /// Writes the doubt down, then reads back at once; what stays in doubt is for `reconcile_due`.
    pub(super) async fn doubt_and_read(&self, executing: Approval) -> Result<Approval> {
        let unknown = executing.doubt(self.clock.now())?;
        let unknown = self.commit(&executing, unknown, Actor::Service, Vec::new()).await?;
        // Boxed, since reading back may send again and so come here once more.
        Box::pin(self.settle(unknown, false)).await
    }

    /// Executing or Unknown → Executed, with the event in the mirror.
    pub(super) async fn finish(
        &self,
        approval: Approval,
        event: Option<Box<Event>>,
        duplicates: Vec<EventId>,
    ) -> Result<Approval> {
        let made =
            approval.execution.iter().flat_map(|execution| &execution.steps).find_map(|step| match step {
                Step::Insert { event, .. } => Some(event.clone()),
                _ => None,
            });
        let ended = made.map_or_else(|| target(&approval), Ok)?;
        let done = approval.finish(ended, duplicates, self.clock.now())?;
        let mirror = self.mirrored(&approval, event).await?;
        self.commit(&approval, done, Actor::Service, mirror).await
    }

    /// Executing or Unknown → Failed.
    pub(super) async fn fail(&self, approval: Approval, error: &Error) -> Result<Approval> {
        let failed = approval.fail(error, self.clock.now())?;
        self.commit(&approval, failed, Actor::Service, Vec::new()).await
    }

    /// Another approval whose call may have changed this event must be read back first: our mark would hide its own.
    async fn check_no_doubt_about(&self, approval: &Approval, fresh: &Event) -> Result<()> {
        let Some(other) = fresh.private_property(super::APPROVAL_TAG).map(ApprovalId::from) else {
            return Ok(());
        };
        if other == approval.id {
            return Ok(());
        }
        match self.store.approval(&approval.user, &other).await {
            Ok(other) if matches!(other.state, ApprovalState::Executing | ApprovalState::Unknown) => {
                let message = format!(
                    "approval {} changed the same event and is still being read back: try later",
                    other.id
                );
                Err(Error::new(ErrorKind::Busy, message))
            }
            Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    /// The event of the call under way as Google has it, cancelled or not; none where there is none.
    pub(super) async fn read(&self, approval: &Approval) -> Result<Option<Event>> {
        let key = approval.request.action.calendar();
        let event = current(approval)?;
        match self.google.for_account(&key.account_key()).event(&key.calendar, &event).await {
            Ok(event) => Ok(Some(event)),
            Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::Deleted) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// What the mirror is told: the event as Google has it, or that it is gone.
    pub(super) async fn mirrored(
        &self,
        approval: &Approval,
        event: Option<Box<Event>>,
    ) -> Result<Vec<MirrorChange>> {
        let key = approval.request.action.calendar();
        let calendar = match self.store.calendar(&key).await {
            Ok(calendar) => calendar,
            // Taken off the person's list meanwhile: there is no mirror of it.
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(error),
        };
        let zone = self.zones.zone_or_utc(calendar.entry.time_zone.as_deref());
        let lost = match event.as_deref() {
            Some(event) => self.lost_exceptions(approval, event, zone).await?,
            None => Vec::new(),
        };
        let mut changes = mirror::changes(approval, current(approval)?, event, zone, &*self.zones);
        changes.extend(lost.into_iter().map(|event| MirrorChange::Delete { calendar: key.clone(), event }));
        Ok(changes)
    }

    /// The mirrored exceptions of a series whose occurrences it no longer has, after all of it was moved.
    async fn lost_exceptions(&self, approval: &Approval, event: &Event, zone: &Zone) -> Result<Vec<EventId>> {
        let Some(before) =
            approval.snapshot.as_deref().filter(|before| before.id == event.id && before.is_master())
        else {
            return Ok(Vec::new());
        };
        let is_moved =
            before.recurrence != event.recurrence || !same_time(before.start.as_ref(), event.start.as_ref());
        let range = before.first_span(zone, &*self.zones).filter(|_| is_moved && !approval.splits());
        let Some(range) = range else { return Ok(Vec::new()) };
        let query = EventQuery {
            calendars: Some(vec![approval.request.action.calendar()]),
            range: Some(range),
            include_series: true,
            ..EventQuery::default()
        };
        let series = Series::of_event(event, zone, &*self.zones).ok().flatten();
        let is_lost = |exception: &Event| {
            exception.recurring_event_id.as_ref() == Some(&event.id)
                && series::original_start(exception, zone, &*self.zones)
                    .is_some_and(|start| series.as_ref().is_none_or(|series| series.at(start).is_none()))
        };
        let found = self.store.events(&approval.user, &query).await?;
        Ok(found.into_iter().filter(|row| is_lost(&row.event)).map(|row| row.key.event).collect())
    }
}

/// The event an approval changes: of a new one, the id derived from the approval; else the one that was shown, which
/// the payload hash binds.
pub(super) fn target(approval: &Approval) -> Result<EventId> {
    if approval.request.action.is_create() {
        return Ok(created_event_id(&approval.id));
    }
    approval.snapshot.as_ref().map(|shown| shown.id.clone()).ok_or_else(|| {
        let message = format!("approval {} does not say how the event was when it was asked", approval.id);
        Error::new(ErrorKind::NotPermitted, message)
    })
}

/// The method that makes the change.
fn operation(action: &Action) -> Operation {
    match action {
        Action::Create { .. } => Operation::EventsInsert,
        Action::Update { .. } | Action::Respond { .. } => Operation::EventsPatch,
        Action::Delete { .. } => Operation::EventsDelete,
    }
}

/// The event of the call under way.
pub(super) fn current(approval: &Approval) -> Result<EventId> {
    match approval.current_step().and_then(Step::event) {
        Some(event) => Ok(event.clone()),
        None => target(approval),
    }
}

/// The version of an event, which a change to it names.
pub(super) fn version(fresh: &Event) -> Result<Etag> {
    fresh.etag.clone().ok_or_else(|| {
        let message =
            format!("Google sent event {} without its version: it cannot be changed safely", fresh.id);
        Error::new(ErrorKind::MalformedResponse, message)
    })
}

fn is_open(approval: &Approval) -> bool {
    use ApprovalState::{Approved, Executing, Unknown};
    matches!(approval.state, Approved | Executing | Unknown)
}

fn closed(approval: Approval) -> Result<Approval> {
    let kind = match approval.state {
        ApprovalState::Executed => return Ok(approval),
        ApprovalState::Expired => ErrorKind::Expired,
        ApprovalState::Stale => ErrorKind::Stale,
        _ => ErrorKind::WrongState,
    };
    let message = format!("approval {} is {} and cannot be executed", approval.id, approval.state);
    Err(Error::new(kind, message))
}
