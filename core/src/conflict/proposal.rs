//! What is asked about: a stretch of time, or an event to be.

use crate::{
    Result,
    id::EventId,
    model::{Event, EventDraft, EventStatus, EventType, Transparency},
    recurrence::{TimeZones, Zone},
    time::TimeRange,
};

/// What is asked about: a stretch of time, or an event to be. Of a series, its first occurrence.
#[derive(Clone, Debug, PartialEq)]
pub struct Proposal {
    pub(super) range: TimeRange,
    /// Whether it would take time at all.
    pub(super) takes_time: bool,
    pub(super) all_day: bool,
    pub(super) out_of_office: bool,
    pub(super) location: Option<String>,
    pub(super) event: Option<EventId>,
    /// The master of the series it is of.
    pub(super) series: Option<EventId>,
    pub(super) ical_uid: Option<String>,
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
            event: None,
            series: None,
            ical_uid: None,
        }
    }
}

impl Proposal {
    /// A new event, in a calendar of `calendar_zone`. One that would take no time (transparent, cancelled, a working
    /// location, a birthday) has no conflicts.
    ///
    /// # Errors
    /// Those of [`EventDraft::span`].
    pub fn of_draft(draft: &EventDraft, calendar_zone: &Zone, zones: &dyn TimeZones) -> Result<Self> {
        Ok(Self {
            takes_time: is_busy(&draft.status, &draft.transparency, &draft.event_type),
            all_day: draft.start.as_ref().is_some_and(|start| start.is_all_day()),
            out_of_office: draft.event_type == Some(EventType::OutOfOffice),
            location: draft.location.clone(),
            ..draft.span(calendar_zone, zones)?.into()
        })
    }

    /// An event as it is or would be after a change: neither it nor its copies nor anything of its series is in its
    /// own way. None where it has no time.
    pub fn of_event(event: &Event, calendar_zone: &Zone, zones: &dyn TimeZones) -> Option<Self> {
        Some(Self {
            takes_time: is_busy(&event.status, &event.transparency, &event.event_type)
                && !event.takes_no_time(),
            all_day: event.start.as_ref().is_some_and(|start| start.is_all_day()),
            out_of_office: event.event_type == Some(EventType::OutOfOffice),
            location: event.location.clone(),
            event: Some(event.id.clone()),
            series: event.recurring_event_id.clone(),
            ical_uid: event.ical_uid.clone(),
            ..event.first_span(calendar_zone, zones)?.into()
        })
    }

    /// The time asked about.
    pub fn range(&self) -> &TimeRange {
        &self.range
    }
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
