//! One time an event takes.

use chrono::NaiveDate;

use super::finding::takes_time;
use crate::{
    id::EventId,
    model::Event,
    recurrence::{OriginalStart, Zone},
    time::{EventTime, TimeRange, When},
};

/// One time an event takes: its own, or of the master of a series that of one occurrence.
#[derive(Clone, Copy, Debug)]
pub(super) struct Taken<'a> {
    pub(super) event: &'a Event,
    pub(super) span: TimeRange,
    /// Of an occurrence, which, and the zone its days are in.
    pub(super) occurrence: Option<(OriginalStart, &'a Zone)>,
}

impl Taken<'_> {
    /// The id Google gives the occurrence.
    pub(super) fn instance_id(&self) -> Option<EventId> {
        self.occurrence.map(|(original_start, _)| original_start.id(&self.event.id))
    }

    /// When the series has it; of an exception, as Google has it.
    pub(super) fn original_start(&self) -> Option<EventTime> {
        match self.occurrence {
            Some((OriginalStart::Date(date), _)) => Some(EventTime::all_day(date)),
            Some((OriginalStart::Instant(instant), _)) => {
                let time_zone = self.event.start.as_ref().and_then(|start| start.time_zone.clone());
                Some(EventTime { time_zone, ..EventTime::at(instant) })
            }
            None => self.event.original_start_time.clone(),
        }
    }

    /// Its first day and the day after its last one, where it is of whole days.
    pub(super) fn days(&self) -> Option<[NaiveDate; 2]> {
        if let Some((OriginalStart::Date(first), zone)) = self.occurrence {
            let last = zone.to_local(self.span.end()).date();
            return Some([first, last.max(first.succ_opt().unwrap_or(first))]);
        }
        let start = self.event.start.as_ref()?;
        match (&start.when, &self.event.end.as_ref().unwrap_or(start).when) {
            (When::Date(first), When::Date(past)) => Some([*first, *past]),
            (When::Date(first), _) => Some([*first, *first]),
            _ => None,
        }
    }

    /// When it starts and ends, as Google would have it; none where the event has no start.
    pub(super) fn times(&self) -> Option<(EventTime, EventTime)> {
        let start = self.event.start.as_ref()?;
        let end = self.event.end.as_ref().unwrap_or(start);
        let moved =
            |time: &EventTime, when: EventTime| EventTime { time_zone: time.time_zone.clone(), ..when };
        Some(match self.occurrence {
            None => (start.clone(), end.clone()),
            Some((OriginalStart::Date(_), _)) => {
                let [first, past] = self.days()?;
                (moved(start, EventTime::all_day(first)), moved(end, EventTime::all_day(past)))
            }
            Some((OriginalStart::Instant(_), _)) => {
                (moved(start, EventTime::at(self.span.start())), moved(end, EventTime::at(self.span.end())))
            }
        })
    }

    /// Whether `id` names the event, its series, or this occurrence.
    pub(super) fn is_named_by(&self, id: &EventId) -> bool {
        *id == self.event.id
            || Some(id) == self.event.recurring_event_id.as_ref()
            || self.occurrence.is_some_and(|(original_start, _)| {
                OriginalStart::in_id(id.as_str()) == Some((self.event.id.as_str(), original_start))
            })
    }

    pub(super) fn is_all_day(&self) -> bool {
        self.event.start.as_ref().is_some_and(|start| matches!(start.when, When::Date(_)))
    }
}

/// Whether `event` says anything about conflicts: because it takes time, or because it stands in for an occurrence.
pub(super) fn matters(event: &Event) -> bool {
    takes_time(event) || event.is_exception() || event.is_cancelled()
}
