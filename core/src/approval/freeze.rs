//! Freezing a request: which event it means, whether it can be done at all, and what the person is shown.

use std::sync::Arc;

use uuid::Uuid;

use super::{
    Action, ActionRequest, Approval, Approvals, Ask, NamedOccurrence, Principal, RecurrenceScope,
    created_event_id, merge, plan, preview::Scene, series,
};
use crate::{
    Error, ErrorKind, Result,
    google::{Call, EventBody, InsertEvent, ROOT},
    id::{ApprovalId, EventId, EventKey},
    model::{AccessRole, Event, EventDraft},
    recurrence::{OriginalStart, SeriesSplit, TimeZones, Zone},
    storage::MirroredCalendar,
};

impl Approvals {
    /// The approval that `request` would be, not yet stored.
    pub(super) async fn freeze(
        &self,
        by: &Principal,
        request: ActionRequest,
        supersedes: Option<ApprovalId>,
    ) -> Result<Approval> {
        let key = request.action.calendar();
        if key.user != *by.user() {
            let message = format!("{by} cannot ask for a change to a calendar of another user");
            return Err(Error::new(ErrorKind::NotPermitted, message));
        }
        let calendar = self.store.calendar(&key).await?;
        check_writable(&calendar)?;
        let zone = self.zones.zone_or_utc(calendar.entry.time_zone.as_deref());
        let subject = match request.action.event() {
            None => None,
            Some(event) => Some(self.subject(&request.action, &key.event(event.clone()), zone).await?),
        };
        let id = ApprovalId::from(Uuid::new_v4().to_string());
        let before = subject.as_ref().map(|subject| subject.before.as_ref().unwrap_or(&subject.event));
        let at = subject.as_ref().filter(|subject| subject.before.is_none()).and_then(|subject| subject.at);
        let after = outcome(&id, &request.action, before, at, &calendar, &*self.zones)?;
        let scene = Scene {
            request: &request,
            calendar: &calendar,
            before,
            after: after.as_ref(),
            follows: subject.as_ref().is_some_and(|subject| subject.before.is_some()),
            zones: &*self.zones,
        };
        let conflicts = scene.conflicts(&*self.store, by.user(), self.clock.now()).await?;
        let touched = scene.touched(&*self.store).await?;
        if scene.follows && matches!(request.action, Action::Update { .. }) {
            plan::check_carried(touched.changed)?;
        }
        let preview = scene.preview(conflicts, touched);
        let (snapshot, occurrence) = match subject {
            Some(subject) => (Some(Box::new(subject.event)), subject.occurrence),
            None => (None, None),
        };
        let ask = Ask { id, requested_by: by.clone(), request, snapshot, occurrence, preview, supersedes };
        Approval::ask(ask, self.clock.now())
    }

    /// What `action` means by the event `key`.
    async fn subject(&self, action: &Action, key: &EventKey, zone: &Zone) -> Result<Subject> {
        let mirrored = match self.store.event(key).await {
            Ok(found) => Some(found.event),
            Err(error) if error.kind() == ErrorKind::NotFound => None,
            Err(error) => return Err(error),
        };
        let series = match &mirrored {
            Some(found) => found.recurring_event_id.clone(),
            None => OriginalStart::in_id(key.event.as_str()).map(|(master, _)| EventId::from(master)),
        };
        match (action.scope(), mirrored, series) {
            (_, None, None) => {
                let message = format!("there is no event {} in calendar {}", key.event, key.calendar);
                Err(Error::new(ErrorKind::NotFound, message))
            }
            (RecurrenceScope::This, Some(found), None) if found.is_master() => {
                let message = format!(
                    "event {} is a whole series: name the occurrence that is meant by its own id",
                    key.event
                );
                Err(Error::new(ErrorKind::InvalidInput, message))
            }
            (RecurrenceScope::This, None, Some(series)) => {
                self.store.event(&key.calendar_key().event(series)).await?;
                let account = self.google.for_account(&key.account_key());
                Subject::whole(account.event(&key.calendar, &key.event).await?)
            }
            (RecurrenceScope::This, Some(found), _) | (_, Some(found), None) => {
                Subject::whole((*found).clone())
            }
            (_, exception, Some(series)) => {
                let master = self.store.event(&key.calendar_key().event(series)).await?.event;
                self.of_series(action, key, (*master).clone(), exception, zone)
            }
        }
    }

    /// A series of which `key` names an occurrence: the `exception`, or what the series says of it.
    fn of_series(
        &self,
        action: &Action,
        key: &EventKey,
        master: Event,
        exception: Option<Arc<Event>>,
        zone: &Zone,
    ) -> Result<Subject> {
        let zones = &*self.zones;
        let follows = action.scope() == RecurrenceScope::ThisAndFollowing;
        let moves = matches!(action, Action::Update { patch, .. } if patch.set.start.is_some() || patch.set.end.is_some());
        let subject = Subject::whole(master)?;
        if !(follows || moves) || !subject.event.is_master() {
            return Ok(subject);
        }
        let at = match &exception {
            Some(exception) => series::original_start(exception, zone, zones),
            None => OriginalStart::in_id(key.event.as_str()).map(|(_, at)| at),
        };
        let named = match (exception, at) {
            (Some(exception), _) => Some((*exception).clone()),
            (None, Some(at)) => series::occurrence(&subject.event, at, zone, zones)?,
            (None, None) => None,
        };
        let (Some(named), Some(at)) = (named, at) else {
            let message = format!("series {} has no occurrence {}", subject.event.id, key.event);
            return Err(Error::new(ErrorKind::NotFound, message));
        };
        if named.is_cancelled() {
            return Err(cancelled(&named));
        }
        let split = if follows { SeriesSplit::of(&subject.event, at, zone, zones)? } else { None };
        if split.is_some() && !matches!(action, Action::Respond { .. }) {
            series::check_split(action, &subject.event, &key.calendar_key())?;
        }
        if split.is_some() && matches!(action, Action::Respond { .. }) {
            plan::answered(&subject.event, at, zone, zones)?;
        }
        let before = split.as_ref().map(|split| series::rest(&subject.event, split));
        let occurrence = NamedOccurrence { event: Box::new(named), splits: split.is_some() };
        Ok(Subject { before, occurrence: Some(occurrence), at: Some(at), ..subject })
    }
}

/// What an action changes, as it is.
struct Subject {
    /// The event it is shown against.
    event: Event,
    /// The part of a series that is changed, where that is not all of it: from the named occurrence on.
    before: Option<Event>,
    /// The occurrence that was named, where more of its series is changed.
    occurrence: Option<NamedOccurrence>,
    at: Option<OriginalStart>,
}

impl Subject {
    fn whole(event: Event) -> Result<Self> {
        if event.is_cancelled() {
            return Err(cancelled(&event));
        }
        Ok(Self { event, before: None, occurrence: None, at: None })
    }
}

fn cancelled(event: &Event) -> Error {
    Error::new(ErrorKind::Deleted, format!("event {} is cancelled already", event.id))
}

fn check_writable(calendar: &MirroredCalendar) -> Result<()> {
    match calendar.entry.access_role {
        Some(AccessRole::Reader | AccessRole::FreeBusyReader) => {
            let title = calendar.entry.summary.as_deref().unwrap_or(calendar.entry.id.as_str());
            let message = format!("calendar \"{title}\" can only be read: ask its owner for write access");
            Err(Error::new(ErrorKind::Forbidden, message))
        }
        _ => Ok(()),
    }
}

/// The event as it would be; none where it is deleted. What Google would refuse is refused here.
fn outcome(
    id: &ApprovalId,
    action: &Action,
    before: Option<&Event>,
    at: Option<OriginalStart>,
    calendar: &MirroredCalendar,
    zones: &dyn TimeZones,
) -> Result<Option<Event>> {
    let zone = zones.zone_or_utc(calendar.entry.time_zone.as_deref());
    match (action, before) {
        (Action::Create { draft, .. }, _) => {
            draft.span(zone, zones)?;
            let event = created_event_id(id);
            let mut insert = InsertEvent::new(calendar.entry.id.clone(), merge::drafted(id, draft));
            insert.id = Some(event.clone());
            let root = ROOT.parse().map_err(|error| {
                Error::new(ErrorKind::InvalidInput, "Google's root is no address").with_source(error)
            })?;
            insert.request(&root)?;
            merge::applied(&Event::new(event), &EventBody::draft(draft)?).map(Some)
        }
        (Action::Update { patch, .. }, Some(before)) => {
            let (action, _) = series::settled(action, at, before, zone, zones)?;
            let after = merge::applied(before, &merge::written(id, &action, before)?)?;
            let times = [&patch.set.start, &patch.set.end];
            if times.iter().any(|time| time.is_some()) || patch.set.recurrence.is_some() {
                let (start, end, recurrence) =
                    (after.start.clone(), after.end.clone(), after.recurrence.clone());
                EventDraft { start, end, recurrence, ..EventDraft::default() }.span(zone, zones)?;
            }
            Ok(Some(after))
        }
        (Action::Respond { .. }, Some(before)) => {
            merge::applied(before, &merge::written(id, action, before)?).map(Some)
        }
        (Action::Delete { .. }, _) | (_, None) => Ok(None),
    }
}
