//! One occurrence of a series, as an event.

use super::{OriginalStart, Series, TimeZones, Zone};
use crate::{Result, model::Event, time::EventTime};

/// The occurrence `at` of `master`, as Google gives one that nobody changed by itself; none where the series has none.
///
/// # Errors
/// Those of [`Series::of_event`].
pub fn occurrence_of(
    master: &Event,
    at: OriginalStart,
    zone: &Zone,
    zones: &dyn TimeZones,
) -> Result<Option<Event>> {
    let Some(series) = Series::of_event(master, zone, zones)? else { return Ok(None) };
    let Some(found) = series.at(at) else { return Ok(None) };
    let time = |like: &Option<EventTime>, at| match at {
        OriginalStart::Date(date) => EventTime::all_day(date),
        OriginalStart::Instant(instant) => {
            let time = EventTime::at(instant);
            match like.as_ref().and_then(|like| like.time_zone.as_deref()) {
                Some(name) => time.in_zone(name),
                None => time,
            }
        }
    };
    let end = if series.is_all_day() {
        OriginalStart::Date(series.zone().to_local(found.span.end()).date())
    } else {
        OriginalStart::Instant(found.span.end())
    };
    Ok(Some(Event {
        id: at.id(&master.id),
        etag: None,
        recurrence: None,
        recurring_event_id: Some(master.id.clone()),
        original_start_time: Some(time(&master.start, at)),
        start: Some(time(&master.start, at)),
        end: Some(time(&master.end, end)),
        ..master.clone()
    }))
}
