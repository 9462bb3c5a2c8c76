//! One event, which may be one of many.

use std::sync::Arc;

use theo_calendar::{
    CalendarService, ErrorKind, Result,
    id::EventKey,
    recurrence::{OriginalStart, TimeZones, Tzdb, occurrence_of},
    storage::MirroredEvent,
};

/// The event as mirrored; or an occurrence of a mirrored series that nobody changed by itself.
///
/// # Errors
/// [`ErrorKind::NotFound`].
pub(super) async fn event(service: &CalendarService, key: &EventKey) -> Result<MirroredEvent> {
    let missing = match service.event(key).await {
        Err(error) if error.kind() == ErrorKind::NotFound => error,
        found => return found,
    };
    let Some((master, at)) = OriginalStart::in_id(key.event.as_str()) else { return Err(missing) };
    let master = service.event(&key.calendar_key().event(master)).await?;
    let calendar = service.calendar(&key.calendar_key()).await?;
    let zone = Tzdb.zone_or_utc(calendar.entry.time_zone.as_deref());
    // One whose recurrence cannot be read has no occurrences that anybody knows.
    let event = occurrence_of(&master.event, at, zone, &Tzdb).ok().flatten().ok_or(missing)?;
    Ok(MirroredEvent { key: key.clone(), span: event.span(zone, &Tzdb), event: Arc::new(event) })
}
