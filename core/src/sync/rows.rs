//! From Google's events to rows of the mirror.

use chrono::{NaiveDate, NaiveDateTime};

use crate::{
    ErrorKind, Result,
    id::{CalendarKey, EventId},
    model::Event,
    recurrence::{TimeZones, Zone},
    storage::{EventRow, Storage},
    time::EventTime,
};

/// What a page of events does to the mirror.
#[derive(Debug, Default)]
pub(super) struct Rows {
    pub(super) events: Vec<EventRow>,
    pub(super) deletions: Vec<EventId>,
}

/// Sorts a page into what stays and what goes.
///
/// A cancelled exception of a series stays: it says that an occurrence does not take place. Of one cut off by the end
/// of its series Google sends the id alone; its master is read from the id, unless the mirror knows the very id as
/// something else. Any other cancelled event goes.
pub(super) async fn sort(
    events: Vec<Event>,
    calendar: &CalendarKey,
    calendar_zone: &Zone,
    zones: &dyn TimeZones,
    store: &dyn Storage,
) -> Result<Rows> {
    let mut rows = Rows::default();
    for mut event in events {
        if event.is_cancelled() && !event.is_exception() {
            let instance = Instance::of(&event.id);
            match instance {
                Some(instance) if !is_no_exception(store, calendar, &event.id).await? => {
                    event.original_start_time.get_or_insert(instance.start);
                    event.recurring_event_id = Some(instance.master);
                }
                _ => {
                    rows.deletions.push(event.id);
                    continue;
                }
            }
        }
        let span = event.span(calendar_zone, zones);
        rows.events.push(EventRow { event: event.into(), span });
    }
    Ok(rows)
}

/// What the id of an instance says of it.
#[derive(Debug, PartialEq)]
struct Instance {
    master: EventId,
    start: EventTime,
}

impl Instance {
    /// Reads `base_20250328T150000Z` and, of an all-day series, `base_20250328`. The base may hold underscores.
    fn of(id: &EventId) -> Option<Self> {
        let (master, start) = id.as_str().rsplit_once('_')?;
        if master.is_empty() {
            return None;
        }
        let start = match start.len() {
            8 if start.bytes().all(|byte| byte.is_ascii_digit()) => {
                EventTime::all_day(NaiveDate::parse_from_str(start, "%Y%m%d").ok()?)
            }
            16 => EventTime::at(NaiveDateTime::parse_from_str(start, "%Y%m%dT%H%M%SZ").ok()?.and_utc()),
            _ => return None,
        };
        Some(Self { master: master.into(), start })
    }
}

/// Whether the mirror holds `id` as an event of its own.
async fn is_no_exception(store: &dyn Storage, calendar: &CalendarKey, id: &EventId) -> Result<bool> {
    match store.event(&calendar.event(id.clone())).await {
        Ok(stored) => Ok(!stored.event.is_exception()),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_id_of_an_instance_names_its_master_and_its_start() {
        let start = |text: &str| EventTime::at(text.parse::<chrono::DateTime<chrono::Utc>>().unwrap());
        let day = NaiveDate::from_ymd_opt(2025, 3, 28).unwrap();
        for (id, master, start) in [
            ("base_20250328T150000Z", "base", start("2025-03-28T15:00:00Z")),
            ("_6l2k_base_20250328T150000Z", "_6l2k_base", start("2025-03-28T15:00:00Z")),
            ("b_R20250326T123000_20250402T123000Z", "b_R20250326T123000", start("2025-04-02T12:30:00Z")),
            ("base_20250328", "base", EventTime::all_day(day)),
        ] {
            assert_eq!(Instance::of(&id.into()), Some(Instance { master: master.into(), start }), "{id}");
        }
    }

    #[test]
    fn an_id_of_another_form_is_no_instance() {
        for id in [
            "base",
            "_20250328",
            "b_R20250326T123000",
            "b_20250332",
            "b_20250328T250000Z",
            "b_2025032x",
            "b_",
        ] {
            assert_eq!(Instance::of(&id.into()), None, "{id}");
        }
    }
}
