//! Freezing a request: which event it means, whether it can be done at all, and what the person is shown.

use uuid::Uuid;

use super::{
    Action, ActionRequest, Approval, Approvals, Ask, Principal, RecurrenceScope, created_event_id, merge,
    preview::Scene,
};
use crate::{
    Error, ErrorKind, Result,
    google::{Call, EventBody, InsertEvent, ROOT},
    id::{ApprovalId, EventId, EventKey},
    model::{AccessRole, Event, EventDraft},
    recurrence::TimeZones,
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
        let snapshot = match &request.action {
            Action::Create { .. } => None,
            Action::Update { event, patch, scope } => {
                let moves = patch.set.start.is_some() || patch.set.end.is_some();
                Some(self.target(event, *scope, moves).await?)
            }
            Action::Delete { event, scope } | Action::Respond { event, scope, .. } => {
                Some(self.target(event, *scope, false).await?)
            }
        };
        let id = ApprovalId::from(Uuid::new_v4().to_string());
        let after = outcome(&id, &request.action, snapshot.as_ref(), &calendar, &*self.zones)?;
        let scene = Scene {
            request: &request,
            calendar: &calendar,
            before: snapshot.as_ref(),
            after: after.as_ref(),
            zones: &*self.zones,
        };
        let conflicts = scene.conflicts(&*self.store, by.user()).await?;
        let preview = scene.preview(conflicts);
        let snapshot = snapshot.map(Box::new);
        let ask = Ask { id, requested_by: by.clone(), request, snapshot, preview, supersedes };
        Approval::ask(ask, self.clock.now())
    }

    /// The event that `key` and `scope` mean, as the mirror has it; an occurrence that is no exception yet, as Google
    /// has it.
    async fn target(&self, key: &EventKey, scope: RecurrenceScope, moves: bool) -> Result<Event> {
        let mirrored = match self.store.event(key).await {
            Ok(found) => Some(found),
            Err(error) if error.kind() == ErrorKind::NotFound => None,
            Err(error) => return Err(error),
        };
        let series = match &mirrored {
            Some(found) => found.event.recurring_event_id.clone(),
            None => series_of(&key.event),
        };
        let found = match (scope, mirrored, series) {
            (RecurrenceScope::All, _, Some(_)) if moves => {
                let message =
                    "to move a whole series, name the series itself and the times of its first occurrence";
                return Err(Error::new(ErrorKind::InvalidInput, message));
            }
            (RecurrenceScope::All, _, Some(series)) => {
                self.store.event(&key.calendar_key().event(series)).await?.event
            }
            (RecurrenceScope::This, Some(found), None) if found.event.is_master() => {
                let message = format!(
                    "event {} is a whole series: name the occurrence that is meant by its own id",
                    key.event
                );
                return Err(Error::new(ErrorKind::InvalidInput, message));
            }
            (RecurrenceScope::This, None, Some(series)) => {
                self.store.event(&key.calendar_key().event(series)).await?;
                self.google.for_account(&key.account_key()).event(&key.calendar, &key.event).await?.into()
            }
            (_, Some(found), _) => found.event,
            (_, None, _) => {
                let message = format!("there is no event {} in calendar {}", key.event, key.calendar);
                return Err(Error::new(ErrorKind::NotFound, message));
            }
        };
        if found.is_cancelled() {
            let message = format!("event {} is cancelled already", key.event);
            return Err(Error::new(ErrorKind::Deleted, message));
        }
        Ok((*found).clone())
    }
}

/// The series an occurrence's id names: Google writes `base_20250328T150000Z`, and `base_20250328` for all-day ones.
fn series_of(id: &EventId) -> Option<EventId> {
    let (base, start) = id.as_str().rsplit_once('_')?;
    let digits = |text: &str, count| text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit());
    let is_start = match start.strip_suffix('Z').and_then(|start| start.split_once('T')) {
        Some((date, time)) => digits(date, 8) && digits(time, 6),
        None => digits(start, 8),
    };
    (is_start && !base.is_empty()).then(|| base.into())
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
    snapshot: Option<&Event>,
    calendar: &MirroredCalendar,
    zones: &dyn TimeZones,
) -> Result<Option<Event>> {
    let zone = zones.zone_or_utc(calendar.entry.time_zone.as_deref());
    match (action, snapshot) {
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
            let after = merge::applied(before, &merge::written(id, action, before)?)?;
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_series_of_an_occurrence_is_told_from_its_id() {
        for (id, series) in [
            ("base_20250328T150000Z", Some("base")),
            ("base_20250328", Some("base")),
            ("_60q30_R20250326T123000_20250402T123000Z", Some("_60q30_R20250326T123000")),
            ("base_R20250326T123000", None),
            ("_20250328", None),
            ("base", None),
            ("base_2025032", None),
            ("base_20250328T150000", None),
            ("base_2025032éT15000Z", None),
        ] {
            assert_eq!(series_of(&id.into()), series.map(EventId::from), "{id}");
        }
    }
}
