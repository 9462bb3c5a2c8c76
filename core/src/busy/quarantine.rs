//! Events that cannot be read, and may take a person's time nevertheless.

use serde::{Deserialize, de::IgnoredAny};

use crate::{
    Result,
    id::UserId,
    recurrence::{TimeZones, Zone},
    storage::{MirroredCalendar, QuarantinedEvent, Storage},
    time::{EventTime, TimeRange},
};

/// An event that cannot be read.
pub(super) struct Quarantined<'a> {
    pub(super) event: QuarantinedEvent,
    pub(super) calendar: &'a MirroredCalendar,
    /// When it takes place; none where that cannot be read either.
    pub(super) range: Option<TimeRange>,
}

/// What is in quarantine of `calendars` and may take place in `window`.
pub(super) async fn quarantined<'a>(
    store: &dyn Storage,
    zones: &dyn TimeZones,
    user: &UserId,
    calendars: &'a [MirroredCalendar],
    window: &TimeRange,
) -> Result<Vec<Quarantined<'a>>> {
    let found = store.quarantined(user).await?.into_iter().filter_map(|event| {
        let calendar = calendars.iter().find(|calendar| calendar.key == event.calendar)?;
        let zone = zones.zone_or_utc(calendar.entry.time_zone.as_deref());
        let range = range_of(&event, zone, zones);
        range.is_none_or(|range| range.overlaps(window)).then_some(Quarantined { event, calendar, range })
    });
    Ok(found.collect())
}

/// When an event takes place of which more cannot be read; none where that cannot either.
fn range_of(event: &QuarantinedEvent, calendar_zone: &Zone, zones: &dyn TimeZones) -> Option<TimeRange> {
    #[derive(Deserialize)]
    struct Times {
        start: EventTime,
        end: EventTime,
        recurrence: Option<IgnoredAny>,
    }
    let times: Times = serde_json::from_str(event.raw.as_str()).ok()?;
    let at = |time: &EventTime| time.resolve(calendar_zone, zones).ok();
    let range = TimeRange::new(at(&times.start)?, at(&times.end)?).ok()?;
    times.recurrence.is_none().then_some(range)
}
