//! A person's days, as the core has them.

use chrono::{DateTime, Utc};
use pyo3::{IntoPyObjectExt, prelude::*};
use theo_calendar::{
    agenda::{self, AgendaDay as Day},
    id::EventKey,
    recurrence::Zone,
};

use super::reads::Mirrored;
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
        event_id = |shown| shown.item.id,
        /// When it starts: a `date` where it is of whole days, else in the zone that was asked for.
        start = |shown| shown.moment(shown.item.span.start()),
        /// When it ends, exclusive.
        end = |shown| shown.moment(shown.item.span.end()),
        /// The event itself; of an occurrence its master, or the exception that stands in for it.
        event = |shown| Mirrored(&shown.item.key, &shown.item.event),
    }
}

/// The core's agenda, and the zone in which it is shown.
#[derive(Clone, PartialEq)]
pub(crate) struct Days {
    days: Vec<Day<Item>>,
    truncated: bool,
    unreadable: Vec<EventKey>,
}

impl Days {
    pub(crate) fn shown_in(zone: &'static Zone, agenda: agenda::Agenda) -> Self {
        let shown = |day: Day<agenda::AgendaItem>| Day {
            date: day.date,
            items: day.items.into_iter().map(|item| Item { item, zone }).collect(),
        };
        Self {
            days: agenda.days.into_iter().map(shown).collect(),
            truncated: agenda.truncated,
            unreadable: agenda.unreadable,
        }
    }
}

#[derive(Clone, PartialEq)]
pub(crate) struct Item {
    item: agenda::AgendaItem,
    zone: &'static Zone,
}

impl Item {
    fn moment(&self, at: DateTime<Utc>) -> Moment {
        Moment { at, is_day: self.item.all_day, zone: self.zone }
    }
}

/// An instant as it is shown: a day or a time in the zone that was asked for.
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
