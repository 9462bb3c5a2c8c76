//! What is asked about: a stretch of time, or an event to be.

mod times;

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};

pub(super) use self::times::Times;
use super::ConflictPolicy;
use crate::{
    Result,
    id::EventId,
    model::{Event, EventDraft, EventStatus, EventType, Text, Transparency},
    recurrence::{Recurrence, Series, TimeZones, Zone},
    time::TimeRange,
};

/// How far a series is followed from its first occurrence, unless [`Proposal::within`] says otherwise.
const HORIZON: TimeDelta = TimeDelta::days(90);

/// What is asked about: a stretch of time, or an event to be.
///
/// A series is asked about at each of its occurrences in a stretch of time: the 90 days from its first one, or what
/// [`within`](Self::within) says; and at 500 of them at most. Where it goes on after that, the answer is
/// [truncated](super::Conflicts::truncated).
///
/// ```
/// use theo_calendar::conflict::{ConflictPolicy, Proposal, detect_conflicts};
/// use theo_calendar::{model::{Event, EventDraft}, recurrence::{UtcOnly, Zone}};
///
/// let review: Event = serde_json::from_str(r#"{"id": "review", "recurrence": ["RRULE:FREQ=MONTHLY;BYDAY=1MO"],
///     "start": {"dateTime": "2015-03-02T09:00:00Z"}, "end": {"dateTime": "2015-03-02T10:00:00Z"}}"#).unwrap();
/// let weekly: EventDraft = serde_json::from_str(r#"{"recurrence": ["RRULE:FREQ=WEEKLY;COUNT=8"],
///     "start": {"dateTime": "2025-03-10T09:30:00", "timeZone": "UTC"},
///     "end": {"dateTime": "2025-03-10T10:30:00", "timeZone": "UTC"}}"#).unwrap();
///
/// let proposal = Proposal::of_draft(&weekly, &Zone::utc(), &UtcOnly)?;
/// let found = detect_conflicts(&[review], &proposal, &ConflictPolicy::default(), &Zone::utc(), &UtcOnly);
/// let clashing: Vec<String> = found.conflicts.iter().map(|one| one.proposed.start().to_rfc3339()).collect();
/// assert_eq!(clashing, ["2025-04-07T09:30:00+00:00"]);
/// assert!(found.is_complete());
/// # Ok::<(), theo_calendar::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Proposal {
    range: TimeRange,
    /// Whether it would take time at all.
    pub(super) takes_time: bool,
    pub(super) all_day: bool,
    pub(super) out_of_office: bool,
    pub(super) location: Option<Text>,
    pub(super) title: Option<Text>,
    pub(super) event: Option<EventId>,
    /// The master of the series it is of.
    pub(super) master: Option<EventId>,
    pub(super) ical_uid: Option<Text>,
    repeats: Repeats,
    horizon: Option<TimeRange>,
}

#[derive(Clone, Debug)]
enum Repeats {
    Never,
    As(Arc<Series>),
    Unreadable,
}

impl From<TimeRange> for Proposal {
    /// A stretch of time.
    fn from(range: TimeRange) -> Self {
        Self {
            range,
            takes_time: true,
            all_day: false,
            out_of_office: false,
            location: None,
            title: None,
            event: None,
            master: None,
            ical_uid: None,
            repeats: Repeats::Never,
            horizon: None,
        }
    }
}

impl Proposal {
    /// A new event, in a calendar of `calendar_zone`. One that would take no time (transparent, cancelled, a working
    /// location, a birthday) has no conflicts.
    ///
    /// # Errors
    /// Those of [`EventDraft::span`], and of a series those of [`Series::new`].
    pub fn of_draft(draft: &EventDraft, calendar_zone: &Zone, zones: &dyn TimeZones) -> Result<Self> {
        let once: Self = draft.span(calendar_zone, zones)?.into();
        let lines = draft.recurrence.as_deref().unwrap_or_default();
        let repeats = match (&draft.start, &draft.end) {
            (Some(start), Some(end)) if !lines.is_empty() => {
                let series = Series::new(&Recurrence::parse(lines)?, start, end, calendar_zone, zones)?;
                Repeats::As(Arc::new(series))
            }
            _ => Repeats::Never,
        };
        Ok(Self {
            takes_time: is_busy(&draft.status, &draft.transparency, &draft.event_type),
            all_day: draft.start.as_ref().is_some_and(|start| start.is_all_day()),
            out_of_office: draft.event_type == Some(EventType::OutOfOffice),
            location: draft.location.clone(),
            title: draft.summary.clone(),
            repeats,
            ..once
        })
    }

    /// An event as it is or would be after a change: neither it nor its copies nor anything of its series is in its
    /// own way. None where it has no time. A series that cannot be read is told in the answer.
    pub fn of_event(event: &Event, calendar_zone: &Zone, zones: &dyn TimeZones) -> Option<Self> {
        Some(Self {
            takes_time: is_busy(&event.status, &event.transparency, &event.event_type)
                && !event.takes_no_time(),
            all_day: event.start.as_ref().is_some_and(|start| start.is_all_day()),
            out_of_office: event.event_type == Some(EventType::OutOfOffice),
            location: event.location.clone(),
            title: event.summary.clone(),
            event: Some(event.id.clone()),
            master: event.recurring_event_id.clone(),
            ical_uid: event.ical_uid.clone(),
            repeats: match Series::of_event(event, calendar_zone, zones) {
                Ok(Some(series)) => Repeats::As(Arc::new(series)),
                Ok(None) => Repeats::Never,
                Err(_) => Repeats::Unreadable,
            },
            ..event.first_span(calendar_zone, zones)?.into()
        })
    }

    /// An event that somebody is making or editing: held to what Google asks of a new one. Where it is there already,
    /// `there` is all of it as it would be, and it is not in its own way, as [`of_event`](Self::of_event) says.
    ///
    /// # Errors
    /// Those of [`of_draft`](Self::of_draft).
    pub fn of_edited(
        draft: &EventDraft,
        there: Option<&Event>,
        calendar_zone: &Zone,
        zones: &dyn TimeZones,
    ) -> Result<Self> {
        let as_new = Self::of_draft(draft, calendar_zone, zones)?;
        let as_changed = there.and_then(|event| Self::of_event(event, calendar_zone, zones));
        Ok(as_changed.unwrap_or(as_new))
    }

    /// The same; of a series, asked about at the occurrences that share time with `horizon`.
    pub fn within(self, horizon: TimeRange) -> Self {
        Self { horizon: Some(horizon), ..self }
    }

    /// The same; of a series, asked about over 90 days from `now`, where it began before.
    pub fn not_before(self, now: DateTime<Utc>) -> Self {
        let from = self.range.start().max(now);
        let horizon = ninety_days(from).or(self.horizon);
        Self { horizon, ..self }
    }

    /// The time asked about; of a series, that of its first occurrence.
    pub fn range(&self) -> &TimeRange {
        &self.range
    }

    /// The time in which events may be in the way by `policy`: what a store has to bring.
    pub fn window(&self, policy: &ConflictPolicy) -> TimeRange {
        self.times().window(policy)
    }

    /// When it would take place.
    pub(super) fn times(&self) -> Times {
        let Repeats::As(series) = &self.repeats else { return Times::once(self.range) };
        Times::of_series(
            series,
            self.horizon.or_else(|| ninety_days(self.range.start())).unwrap_or(self.range),
        )
    }

    /// Of those, the times that are not all in the working hours.
    pub(super) fn outside_hours(&self, times: &Times, policy: &ConflictPolicy) -> Vec<TimeRange> {
        match &policy.working_hours {
            Some(hours) if self.takes_time && !self.all_day && !self.out_of_office => {
                times.spans().filter(|span| !hours.contains(span)).collect()
            }
            _ => Vec::new(),
        }
    }

    /// What is not in its way: itself, all of its series, and what the policy leaves out.
    pub(crate) fn left_out<'a>(&'a self, policy: &'a ConflictPolicy) -> impl Iterator<Item = &'a EventId> {
        self.event.iter().chain(&self.master).chain(&policy.exclude)
    }

    /// Itself, where its recurrence cannot be read.
    pub(super) fn unreadable(&self) -> Option<EventId> {
        match self.repeats {
            Repeats::Unreadable => self.event.clone(),
            Repeats::Never | Repeats::As(_) => None,
        }
    }
}

/// None at the end of time.
fn ninety_days(from: DateTime<Utc>) -> Option<TimeRange> {
    TimeRange::new(from, from.checked_add_signed(HORIZON)?).ok()
}

/// Whether an event of this status, transparency and sort takes time.
pub(super) fn is_busy(
    status: &Option<EventStatus>,
    transparency: &Option<Transparency>,
    event_type: &Option<EventType>,
) -> bool {
    *status != Some(EventStatus::Cancelled)
        && *transparency != Some(Transparency::Transparent)
        && !matches!(event_type, Some(EventType::WorkingLocation | EventType::Birthday))
}
