//! A person's days: the mirror's events as they take place, of all their calendars.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use pyo3::{IntoPyObjectExt, prelude::*};
use theo_calendar::{
    CalendarService, Result,
    agenda::{AgendaDay as Day, agenda},
    id::{CalendarKey, EventId, EventKey, UserId},
    recurrence::{TimeZones, Tzdb, Zone, expand},
    storage::{EventQuery, MirroredEvent},
    time::TimeRange,
};

use crate::{
    time::instant,
    value::{ToPython, values},
};

values! {
    /// A person's days in order: a sequence of `AgendaDay`, of those days on which something happens.
    sequence Agenda(Days) of days {
        /// Whether some series takes place more often than it was followed.
        truncated,
        /// Series that cannot be read: of each only the first occurrence is here.
        unreadable,
    }

    /// A day and what happens on it: a sequence of `AgendaItem`, by start; what began on an earlier day comes first.
    sequence AgendaDay(Day<Item>) of items {
        /// The day, in the zone that was asked for.
        date,
    }

    /// An event at one time it takes place.
    plain AgendaItem(Item) {
        /// Google's id of it: of an occurrence its own, `master_20250328T150000Z`.
        event_id,
        /// When it starts: a `date` where it is of whole days, else in the zone that was asked for.
        start,
        /// When it ends, exclusive.
        end,
        /// The event itself; of an occurrence its master, or the exception that stands in for it.
        event,
    }
}

/// What is asked for.
pub(crate) struct Asked {
    pub(crate) range: TimeRange,
    /// In which days are counted and times are shown.
    pub(crate) zone: &'static Zone,
    /// All that lists show where none are named.
    pub(crate) calendars: Option<Vec<CalendarKey>>,
}

/// What happened to be found.
#[derive(Clone, PartialEq)]
pub(crate) struct Days {
    days: Vec<Day<Item>>,
    truncated: bool,
    unreadable: Vec<EventKey>,
}

#[derive(Clone, PartialEq)]
pub(crate) struct Item {
    event_id: EventId,
    start: Moment,
    end: Moment,
    event: MirroredEvent,
}

/// An instant as it is shown: a day in the zone of the calendar, or a time in the zone that was asked for.
#[derive(Clone, PartialEq)]
pub(crate) struct Moment {
    pub(crate) at: DateTime<Utc>,
    pub(crate) is_day: bool,
    pub(crate) zone: &'static Zone,
}

impl ToPython for Moment {
    fn to_python<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        match self.is_day {
            true => self.zone.to_local(self.at).date().into_bound_py_any(py),
            false => instant(py, self.at, self.zone.name()),
        }
    }
}

/// The days of `user`.
///
/// # Errors
/// Those of [`CalendarService::list_events`].
pub(crate) async fn days(service: &CalendarService, user: &UserId, asked: &Asked) -> Result<Days> {
    let calendars = service.calendars(user).await?;
    let shown = calendars.iter().filter(|calendar| !calendar.settings.is_hidden);
    let shown: Vec<CalendarKey> = shown.map(|calendar| calendar.key.clone()).collect();
    let zones: BTreeMap<&CalendarKey, &'static Zone> = calendars
        .iter()
        .map(|calendar| (&calendar.key, Tzdb.zone_or_utc(calendar.entry.time_zone.as_deref())))
        .collect();
    let query = EventQuery {
        calendars: Some(asked.calendars.clone().unwrap_or(shown)),
        range: Some(asked.range),
        include_series: true,
        ..EventQuery::default()
    };
    let mut of_calendars: BTreeMap<CalendarKey, Vec<MirroredEvent>> = BTreeMap::new();
    for event in service.list_events(user, &query).await? {
        of_calendars.entry(event.key.calendar_key()).or_default().push(event);
    }
    let (mut items, mut truncated, mut unreadable) = (Vec::new(), false, Vec::new());
    for (key, events) in &of_calendars {
        let Some(&zone) = zones.get(key) else { continue };
        let found = expand(events.iter().map(|event| &*event.event), &asked.range, zone, &Tzdb);
        truncated |= found.truncated;
        unreadable.extend(found.unreadable.iter().map(|(event, _)| key.event(event.id.clone())));
        let by_id: BTreeMap<&EventId, &MirroredEvent> =
            events.iter().map(|event| (&event.key.event, event)).collect();
        for one in found.occurrences {
            let Some(&event) = by_id.get(&one.event.id) else { continue };
            let is_day = one.event.start.as_ref().is_some_and(|start| start.is_all_day());
            let moment = |at| Moment { at, is_day, zone: if is_day { zone } else { asked.zone } };
            let (start, end) = (moment(one.span.start()), moment(one.span.end()));
            items.push((one.span, Item { event_id: one.id(), start, end, event: event.clone() }));
        }
    }
    Ok(Days { days: agenda(items, &asked.range, asked.zone), truncated, unreadable })
}
