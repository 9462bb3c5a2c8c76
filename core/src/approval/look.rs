//! A request held against what there is: which event it means, what that becomes, and what the person is shown.
//!
//! Pure. [`Approvals`](super::Approvals) looks up in the mirror what is needed for it; a host without one, such as a
//! page, asks Google.

use chrono::{DateTime, Utc};

use super::{
    Action, ActionRequest, NamedOccurrence, Preview, RecurrenceScope, merge, plan,
    preview::{ConflictChange, Scene, Touched},
    series,
};
use crate::{
    Error, ErrorKind, Result,
    conflict::{ConflictPolicy, detect_conflicts},
    google::EventBody,
    id::{ApprovalId, EventId},
    model::{AccessRole, Event, EventDraft},
    recurrence::{OriginalStart, SeriesSplit, TimeZones, Zone, occurrence_of},
    storage::MirroredCalendar,
    time::TimeRange,
};

/// A request held against the event it means: what a [`Preview`] is made of.
pub struct Look<'a> {
    request: &'a ActionRequest,
    calendar: &'a MirroredCalendar,
    zones: &'a dyn TimeZones,
    subject: Option<Subject>,
    /// The event as it would be; none where it is deleted.
    after: Option<Event>,
}

/// The event that a request names, as far as it is known.
#[derive(Clone, Debug, Default)]
pub struct Named {
    /// The event of that id; none for an occurrence that nobody changed by itself, where its series is known.
    pub event: Option<Event>,
    /// The series it is an occurrence of. Not needed where the request is about the occurrence alone.
    pub series: Option<Event>,
}

impl<'a> Look<'a> {
    /// Holds `request`, to be approval `id`, against `calendar` and the event it names there.
    ///
    /// # Errors
    /// [`ErrorKind::Forbidden`] where the person may only read, or may not split the series; [`ErrorKind::NotFound`]
    /// where nothing is known of the event; [`ErrorKind::Deleted`] where it is cancelled; [`ErrorKind::InvalidInput`]
    /// for what cannot be done (an event without a zone, an empty range, an answer to an event one is no guest of).
    pub fn new(
        id: &ApprovalId,
        request: &'a ActionRequest,
        calendar: &'a MirroredCalendar,
        named: Named,
        zones: &'a dyn TimeZones,
    ) -> Result<Self> {
        check_writable(calendar)?;
        let subject = Subject::of(&request.action, named, calendar, zones)?;
        let before = subject.as_ref().map(Subject::before);
        let at = subject.as_ref().filter(|subject| subject.rest.is_none()).and_then(|subject| subject.at);
        let after = outcome(id, &request.action, before, at, calendar, zones)?;
        Ok(Self { request, calendar, zones, subject, after })
    }

    /// The series that is changed, where it is one: its exceptions are shown too.
    pub fn series(&self) -> Option<&Event> {
        self.subject.as_ref().map(|subject| &subject.event).filter(|event| event.is_master())
    }

    /// The times that the change gives up and takes, as far as conflicts are told: a series is followed for ninety days
    /// from `now`.
    pub fn windows(&self, now: DateTime<Utc>) -> Vec<TimeRange> {
        let proposals = self.scene().proposals(now);
        proposals.iter().flatten().map(|proposal| proposal.window(&ConflictPolicy::default())).collect()
    }

    /// What the person is shown, from the `exceptions` of the [series](Self::series), cancelled ones too, and what
    /// takes place in the calendar in the [`windows`](Self::windows) that were asked for at `now`.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidInput`] where too much of a series was changed by itself for it to be split.
    pub fn preview(
        &self,
        exceptions: Vec<Event>,
        mut taken: Vec<Event>,
        now: DateTime<Utc>,
    ) -> Result<Preview> {
        let scene = self.scene();
        let touched = scene.touched(&exceptions);
        if let Some(series) = self.series() {
            taken.retain(|event| event.recurring_event_id.as_ref() != Some(&series.id));
        }
        taken.extend(exceptions);
        let [before, after] = scene.proposals(now).map(|proposal| {
            let policy = ConflictPolicy::default();
            Some(detect_conflicts(&taken, &proposal?, &policy, scene.zone(), self.zones))
        });
        self.shown(ConflictChange::between(before, after), touched)
    }

    /// What the person is shown, where it does this to conflicts and touches these occurrences.
    pub(super) fn shown(&self, conflicts: ConflictChange, touched: Touched) -> Result<Preview> {
        let scene = self.scene();
        if scene.follows && matches!(self.request.action, Action::Update { .. }) {
            plan::check_carried(touched.changed)?;
        }
        Ok(scene.preview(conflicts, touched))
    }

    pub(super) fn scene(&self) -> Scene<'_> {
        Scene {
            request: self.request,
            calendar: self.calendar,
            before: self.subject.as_ref().map(Subject::before),
            after: self.after.as_ref(),
            follows: self.subject.as_ref().is_some_and(|subject| subject.rest.is_some()),
            zones: self.zones,
        }
    }

    /// The event it is shown against, and the occurrence that was named where more of its series is changed.
    pub(super) fn into_shown(self) -> (Option<Event>, Option<NamedOccurrence>) {
        self.subject.map_or((None, None), |subject| (Some(subject.event), subject.occurrence))
    }
}

/// What an action changes, as it is.
struct Subject {
    /// The event it is shown against.
    event: Event,
    /// The part of a series that is changed, where that is not all of it: from the named occurrence on.
    rest: Option<Event>,
    /// The occurrence that was named, where more of its series is changed.
    occurrence: Option<NamedOccurrence>,
    at: Option<OriginalStart>,
}

impl Subject {
    /// What `action` means by the event it names; none where it makes one.
    fn of(
        action: &Action,
        named: Named,
        calendar: &MirroredCalendar,
        zones: &dyn TimeZones,
    ) -> Result<Option<Self>> {
        let Some(id) = action.event() else { return Ok(None) };
        let unknown = |id: &EventId| {
            let message = format!("there is no event {id} in calendar {}", calendar.key.calendar);
            Error::new(ErrorKind::NotFound, message)
        };
        match (action.scope(), named.event, named.series) {
            (RecurrenceScope::This, Some(event), None) if event.is_master() => {
                let message =
                    format!("event {id} is a whole series: name the occurrence that is meant by its own id");
                Err(Error::new(ErrorKind::InvalidInput, message))
            }
            (RecurrenceScope::This, Some(event), _) => Self::whole(event).map(Some),
            (RecurrenceScope::This, None, _) | (_, None, None) => Err(unknown(id)),
            (_, Some(event), None) => match &event.recurring_event_id {
                Some(series) => Err(unknown(series)),
                None => Self::whole(event).map(Some),
            },
            (_, exception, Some(series)) => {
                Self::of_series(action, id, series, exception, calendar, zones).map(Some)
            }
        }
    }

    /// A series of which `id` names an occurrence: the `exception`, or what the series says of it.
    fn of_series(
        action: &Action,
        id: &EventId,
        master: Event,
        exception: Option<Event>,
        calendar: &MirroredCalendar,
        zones: &dyn TimeZones,
    ) -> Result<Self> {
        let zone = zone_of(calendar, zones);
        let follows = action.scope() == RecurrenceScope::ThisAndFollowing;
        let moves = matches!(action, Action::Update { patch, .. } if patch.set.start.is_some() || patch.set.end.is_some());
        let subject = Self::whole(master)?;
        if !(follows || moves) || !subject.event.is_master() {
            return Ok(subject);
        }
        let at = match &exception {
            Some(exception) => series::original_start(exception, zone, zones),
            None => OriginalStart::in_id(id.as_str()).map(|(_, at)| at),
        };
        let named = match (exception, at) {
            (Some(exception), _) => Some(exception),
            (None, Some(at)) => occurrence_of(&subject.event, at, zone, zones)?,
            (None, None) => None,
        };
        let (Some(named), Some(at)) = (named, at) else {
            let message = format!("series {} has no occurrence {id}", subject.event.id);
            return Err(Error::new(ErrorKind::NotFound, message));
        };
        if named.is_cancelled() {
            return Err(cancelled(&named));
        }
        let split = if follows { SeriesSplit::of(&subject.event, at, zone, zones)? } else { None };
        if split.is_some() && !matches!(action, Action::Respond { .. }) {
            series::check_split(action, &subject.event, &calendar.key)?;
        }
        if split.is_some() && matches!(action, Action::Respond { .. }) {
            plan::answered(&subject.event, at, zone, zones)?;
        }
        let rest = split.as_ref().map(|split| series::rest(&subject.event, split));
        let occurrence = NamedOccurrence { event: Box::new(named), splits: split.is_some() };
        Ok(Self { rest, occurrence: Some(occurrence), at: Some(at), ..subject })
    }

    fn whole(event: Event) -> Result<Self> {
        if event.is_cancelled() {
            return Err(cancelled(&event));
        }
        Ok(Self { event, rest: None, occurrence: None, at: None })
    }

    /// What is changed, as it is.
    fn before(&self) -> &Event {
        self.rest.as_ref().unwrap_or(&self.event)
    }
}

fn cancelled(event: &Event) -> Error {
    Error::new(ErrorKind::Deleted, format!("event {} is cancelled already", event.id))
}

fn zone_of<'z>(calendar: &MirroredCalendar, zones: &'z dyn TimeZones) -> &'z Zone {
    zones.zone_or_utc(calendar.entry.time_zone.as_deref())
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
    let zone = zone_of(calendar, zones);
    match (action, before) {
        (Action::Create { draft, .. }, _) => {
            draft.span(zone, zones)?;
            EventBody::of_new(&merge::drafted(id, draft))?;
            // What is not made has no id.
            merge::applied(&Event::new(""), &EventBody::draft(draft)?).map(Some)
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
