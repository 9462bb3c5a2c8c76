//! A person's days, read from the mirror.

use std::{collections::HashMap, sync::Arc};

use chrono::TimeDelta;

use super::{AgendaDay, agenda};
use crate::{
    Result,
    id::{CalendarKey, EventId, EventKey, UserId},
    model::Event,
    recurrence::{TimeZones, Zone, expand},
    storage::{EventQuery, Storage},
    time::TimeRange,
};

/// Which days of a person's to read.
#[derive(Clone, Debug, PartialEq)]
pub struct AgendaQuery {
    /// From when until when.
    pub range: TimeRange,
    /// The IANA name of the zone in which days are counted; that of the person's first primary calendar where none.
    pub time_zone: Option<String>,
    /// Only these calendars; where none is named, those that lists show.
    pub calendars: Option<Vec<CalendarKey>>,
}

impl AgendaQuery {
    /// What happens in `range`, in the zone and in the calendars that the person chose.
    pub fn new(range: TimeRange) -> Self {
        Self { range, time_zone: None, calendars: None }
    }
}

/// A person's days, and how much was looked at to know them.
#[derive(Clone, Debug, PartialEq)]
pub struct Agenda {
    /// Those on which something happens, in order.
    pub days: Vec<AgendaDay<AgendaItem>>,
    /// The IANA name of the zone in which they are counted.
    pub time_zone: String,
    /// Whether some series takes place in the range more often than it was followed.
    pub truncated: bool,
    /// Masters whose recurrence cannot be read: of each only the first occurrence is here.
    pub unreadable: Vec<EventKey>,
}

/// An event at one time it takes place.
#[derive(Clone, Debug, PartialEq)]
pub struct AgendaItem {
    /// Google's id of it: of an occurrence its own, `master_20250328T150000Z`.
    pub id: EventId,
    /// Which event; of an occurrence its master, or the exception that stands in for it.
    pub key: EventKey,
    /// That event, as Google has it.
    pub event: Arc<Event>,
    /// The time it takes; of whole days, from midnight to midnight in the zone in which days are counted.
    pub span: TimeRange,
    /// Whether it is of whole days.
    pub all_day: bool,
}

/// The days of `user`, whose calendars are named by their real ids.
pub(crate) async fn days_of(
    store: &dyn Storage,
    zones: &dyn TimeZones,
    user: &UserId,
    query: &AgendaQuery,
) -> Result<Agenda> {
    let mut calendars = store.calendars(user).await?;
    let zone = match &query.time_zone {
        Some(name) => zones.known(name)?,
        None => zones.zone_or_utc(calendars.first().and_then(|calendar| calendar.entry.time_zone.as_deref())),
    };
    calendars.retain(|calendar| match &query.calendars {
        Some(named) => named.contains(&calendar.key),
        None => !calendar.settings.is_hidden,
    });
    let range = within_a_day_of(&query.range);
    let events = EventQuery {
        calendars: Some(calendars.iter().map(|calendar| calendar.key.clone()).collect()),
        range: Some(range),
        include_series: true,
        ..EventQuery::default()
    };
    let events = store.events(user, &events).await?;

    let mut items = Vec::new();
    let (mut truncated, mut unreadable) = (false, Vec::new());
    for calendar in &calendars {
        let of_calendar = events.iter().filter(|mirrored| mirrored.key.calendar_key() == calendar.key);
        let by_id: HashMap<&EventId, &Arc<Event>> =
            of_calendar.map(|mirrored| (&mirrored.key.event, &mirrored.event)).collect();
        let own_zone = zones.zone_or_utc(calendar.entry.time_zone.as_deref());
        let found = expand(by_id.values().map(|event| &***event), &range, own_zone, zones);
        truncated |= found.truncated;
        unreadable.extend(found.unreadable.iter().map(|(event, _)| calendar.key.event(event.id.clone())));
        for one in found.occurrences {
            let Some(&event) = by_id.get(&one.event.id) else { continue };
            let all_day = event.start.as_ref().is_some_and(|start| start.is_all_day());
            let span = if all_day { same_days(&one.span, own_zone, zone) } else { one.span };
            let (id, key) = (one.id(), calendar.key.event(one.event.id.clone()));
            items.push((span, AgendaItem { id, key, event: event.clone(), span, all_day }));
        }
    }
    unreadable.sort_unstable();
    items.sort_by(|(_, one), (_, other)| (&one.key.calendar, &one.id).cmp(&(&other.key.calendar, &other.id)));
    let (days, time_zone) = (agenda(items, &query.range, zone), zone.name().to_owned());
    Ok(Agenda { days, time_zone, truncated, unreadable })
}

/// `range` and a day around it: as far as the same date may be from one zone to another.
fn within_a_day_of(range: &TimeRange) -> TimeRange {
    let day = TimeDelta::hours(26);
    let start = range.start().checked_sub_signed(day).unwrap_or(range.start());
    let end = range.end().checked_add_signed(day).unwrap_or(range.end());
    TimeRange::new(start, end).unwrap_or(*range)
}

/// The days that `span` is in zone `from`, as the zone `to` has them: a holiday is on its date wherever one reads of it.
fn same_days(span: &TimeRange, from: &Zone, to: &Zone) -> TimeRange {
    let midnight = |at| to.resolve(from.to_local(at));
    TimeRange::new(midnight(span.start()), midnight(span.end())).unwrap_or(*span)
}
