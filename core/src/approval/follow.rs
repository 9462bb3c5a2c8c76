//! This and the following occurrences: several calls, one after the other.
//!
//! ```text
//! read the series and its exceptions → store the steps → end the old series → make the new one → carry exceptions over
//!          │                                                  │                   └───────────┬────────────┘
//!          └ it changed: Stale                                └ refused: Stale                └ never undone: taken until done
//! ```
//! The old series is ended first: for the moment between, the occurrences are missing, where otherwise they would be
//! there twice, with invitations to both. Once that is done there is no way back but forward: each step is taken,
//! however late, or the outcome says how far it came.
//!
//! What Google drops with the old series (its later exceptions) is read before, and lies in the steps; of an exception
//! that somebody changes between this reading and the first call the change is lost.

use futures_util::{StreamExt, pin_mut};

use super::{
    APPROVAL_TAG, Approval, ApprovalState, Approvals, Drift, Step,
    drift::drift,
    execute::{Readiness, Write, version},
    merge,
    plan::Plan,
    series::original_start,
    step::carries,
};
use crate::{
    Error, ErrorKind, Result,
    audit::Actor,
    google::{Call, EventBody, EventsView, InsertEvent, PatchEvent, ROOT},
    id::EventId,
    model::Event,
    recurrence::{OriginalStart, occurrence_of},
};

/// Events on a page when looking for exceptions: Google's cap.
const PAGE: u32 = 2500;

impl Approval {
    /// Whether it changes a series from an occurrence on, and leaves what comes before.
    pub(super) fn splits(&self) -> bool {
        self.occurrence.as_ref().is_some_and(|named| named.splits)
    }
}

impl Approvals {
    /// The steps for the series as it is now, unless the occurrence changed in what the person was shown.
    pub(super) async fn split(&self, approval: &Approval, master: Event) -> Result<Readiness> {
        let Some(named) = &approval.occurrence else { return Ok(drifted(Drift::default(), master)) };
        let zone = self.calendar_zone(approval).await?;
        let zones = &*self.zones;
        let exceptions = self.exceptions(approval, &master).await?;
        let Some(at) = original_start(&named.event, &zone, zones) else {
            return Ok(drifted(Drift::default(), master));
        };
        let exception = exceptions.iter().find(|one| original_start(one, &zone, zones) == Some(at));
        let now = match exception {
            Some(exception) => Some(exception.clone()),
            None => occurrence_of(&master, at, &zone, zones)?,
        };
        let Some(now) = now.filter(|now| !now.is_cancelled()) else {
            return Ok(drifted(Drift { is_gone: true, ..Drift::default() }, master));
        };
        let action = &approval.request.action;
        if let Some(drift) = drift(action, &named.event, &now) {
            return Ok(drifted(drift, master));
        }
        let (id, exceptions) = (&approval.id, exceptions.as_slice());
        let steps = Plan { id, action, master: &master, named, exceptions, zone: &zone, zones }.steps()?;
        self.check_steps(approval, &steps)?;
        match steps.first() {
            Some(Step::Trim { recurrence, .. }) => {
                let write = self.patch(approval, &master, trimmed(approval, &master, recurrence)?)?;
                Ok(Readiness::Ready(write, steps))
            }
            Some(Step::Answer { event }) => {
                // The first is read anew: an occurrence that is no exception has its series' version or one of its own.
                let key = action.calendar();
                let fresh = self.google.for_account(&key.account_key()).event(&key.calendar, event).await?;
                match self.step_write(approval, &steps[0], Some(fresh))? {
                    Some(write) => Ok(Readiness::Ready(write, steps)),
                    None => Ok(drifted(Drift::default(), master)),
                }
            }
            Some(Step::Insert { .. } | Step::Carry { .. }) | None => Ok(drifted(Drift::default(), master)),
        }
    }

    /// The step under way is done: stores the intent of the next, or finishes.
    pub(super) async fn done(
        &self,
        approval: Approval,
        event: Option<Box<Event>>,
        duplicates: Vec<EventId>,
    ) -> Result<Approval> {
        if !approval.has_next_step() {
            return self.finish(approval, event, duplicates).await;
        }
        let mirror = self.mirrored(&approval, event).await?;
        let next = approval.next_step(duplicates, self.clock.now())?;
        self.commit(&approval, next, Actor::Service, mirror).await
    }

    /// Takes the steps that are left, one after the other, for as long as each ends well.
    pub(super) async fn go_on(&self, mut approval: Approval) -> Result<Approval> {
        // What is executing here has just been brought to its next step: all else ended, or is in doubt.
        while approval.state == ApprovalState::Executing && approval.is_begun() {
            let version = approval.version;
            approval = self.take_step(approval).await?;
            if approval.version == version {
                break;
            }
        }
        Ok(approval)
    }

    async fn take_step(&self, executing: Approval) -> Result<Approval> {
        let found = match executing.current_step() {
            // What is to be made is not read before: the id it names is refused the second time.
            Some(Step::Insert { .. }) => None,
            _ => match self.read(&executing).await {
                Ok(found) => found,
                Err(error) => return self.stay_in_doubt(executing, &error).await,
            },
        };
        self.take_step_on(executing, found).await
    }

    /// Takes the step under way on the event it changes, as that is now.
    pub(super) async fn take_step_on(&self, executing: Approval, found: Option<Event>) -> Result<Approval> {
        let Some(step) = executing.current_step().cloned() else { return Ok(executing) };
        match self.step_write(&executing, &step, found) {
            Ok(Some(write)) => self.perform(executing, &write).await,
            Ok(None) => self.done(executing, None, Vec::new()).await,
            // Just made, and perhaps not yet to be seen.
            Err(error) if error.kind() == ErrorKind::NotFound => self.stay_in_doubt(executing, &error).await,
            Err(error) => self.fail(executing, &error).await,
        }
    }

    /// The call that `step` is, on the event it changes as that is now; none where there is nothing to do.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`] where an occurrence of the new series is not there (yet).
    fn step_write(&self, approval: &Approval, step: &Step, found: Option<Event>) -> Result<Option<Write>> {
        match (step, found) {
            (Step::Insert { event, draft }, _) => {
                let calendar = approval.request.action.calendar().calendar;
                let mut insert = InsertEvent::new(calendar, (**draft).clone());
                insert.id = Some(event.clone());
                insert.send_updates = approval.request.send_updates.clone();
                Ok(Some(Write::Insert(Box::new(insert))))
            }
            (Step::Trim { recurrence, .. }, Some(master)) => {
                self.patch(approval, &master, trimmed(approval, &master, recurrence)?).map(Some)
            }
            (_, Some(found)) if found.is_cancelled() => Ok(None),
            (Step::Carry { from, .. }, Some(found)) if carries(&found, from) => Ok(None),
            (Step::Carry { changes, .. }, Some(found)) => {
                self.patch(approval, &found, changes.clone()).map(Some)
            }
            (Step::Answer { .. }, Some(found)) => {
                if found.private_property(APPROVAL_TAG) == Some(approval.id.as_str()) {
                    return Ok(None);
                }
                match merge::written(&approval.id, &approval.request.action, &found) {
                    Ok(body) => self.patch(approval, &found, body).map(Some),
                    // Not invited to this one.
                    Err(error) if error.kind() == ErrorKind::InvalidInput => Ok(None),
                    Err(error) => Err(error),
                }
            }
            (Step::Answer { .. }, None) => Ok(None),
            (Step::Carry { event, .. }, None) => Err(Error::new(
                ErrorKind::NotFound,
                format!("occurrence {event} of the new series is not there"),
            )),
            (Step::Trim { .. }, None) => Err(Error::new(ErrorKind::Deleted, "the series was deleted")),
        }
    }

    fn patch(&self, approval: &Approval, fresh: &Event, body: EventBody) -> Result<Write> {
        Ok(Write::Patch(PatchEvent {
            calendar: approval.request.action.calendar().calendar,
            event: fresh.id.clone(),
            body,
            if_match: Some(version(fresh)?),
            send_updates: approval.request.send_updates.clone(),
        }))
    }

    /// What Google is known to refuse of the later steps is refused before the first.
    fn check_steps(&self, approval: &Approval, steps: &[Step]) -> Result<()> {
        let root = ROOT.parse().map_err(|error| {
            Error::new(ErrorKind::InvalidInput, "Google's root is no address").with_source(error)
        })?;
        for step in steps.iter().filter(|step| matches!(step, Step::Insert { .. })) {
            if let Some(Write::Insert(insert)) = self.step_write(approval, step, None)? {
                insert.request(&root)?;
            }
        }
        Ok(())
    }

    /// The exceptions of a series, cancelled ones too: they share its iCalendar UID.
    async fn exceptions(&self, approval: &Approval, master: &Event) -> Result<Vec<Event>> {
        let key = approval.request.action.calendar();
        let Some(ical_uid) = master.ical_uid.clone() else {
            let message =
                format!("Google sent series {} without its UID: its exceptions cannot be found", master.id);
            return Err(Error::new(ErrorKind::MalformedResponse, message));
        };
        let view =
            EventsView { ical_uid: Some(ical_uid.into()), max_results: Some(PAGE), ..EventsView::default() };
        let account = self.google.for_account(&key.account_key());
        let events = account.events(key.calendar, view.into());
        pin_mut!(events);
        let mut exceptions = Vec::new();
        while let Some(event) = events.next().await {
            match event? {
                Ok(event) if is_of(&event, master) => exceptions.push(event),
                Ok(_) => {}
                Err(unread) => {
                    let message = format!(
                        "an occurrence of the series cannot be read, and would be lost: {}",
                        unread.reason
                    );
                    return Err(Error::new(ErrorKind::MalformedResponse, message));
                }
            }
        }
        Ok(exceptions)
    }
}

/// What ends a series: its lines, and the approval's mark.
fn trimmed(approval: &Approval, master: &Event, recurrence: &[String]) -> Result<EventBody> {
    let mut body = EventBody::default();
    body.set("recurrence", &recurrence)?;
    let properties = merge::marked(&approval.id, master.extended_properties.clone(), None);
    body.set("extendedProperties", &properties)?;
    Ok(body)
}

/// Whether `event` is an exception of `master`: a cancelled one may have lost everything but its id.
fn is_of(event: &Event, master: &Event) -> bool {
    match &event.recurring_event_id {
        Some(series) => *series == master.id,
        None => {
            let in_id = OriginalStart::in_id(event.id.as_str());
            event.is_cancelled() && in_id.is_some_and(|(series, _)| series == master.id.as_str())
        }
    }
}

fn drifted(drift: Drift, master: Event) -> Readiness {
    Readiness::Drifted(drift, Some(Box::new(master)))
}
