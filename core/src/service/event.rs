//! The facade's part on one event.

use std::sync::Arc;

use super::CalendarService;
use crate::{
    ErrorKind, Result,
    id::EventKey,
    recurrence::{OriginalStart, TimeZones, occurrence_of},
    storage::MirroredEvent,
};

impl CalendarService {
    /// One event as mirrored, or an occurrence of a mirrored series that nobody changed by itself, by Google's id of it.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`].
    pub async fn event(&self, key: &EventKey) -> Result<MirroredEvent> {
        let calendar = self.calendar(&key.calendar_key()).await?;
        let key = calendar.key.event(key.event.clone());
        let missing = match self.store.event(&key).await {
            Err(error) if error.kind() == ErrorKind::NotFound => error,
            found => return found,
        };
        let Some((master, at)) = OriginalStart::in_id(key.event.as_str()) else { return Err(missing) };
        let master = self.store.event(&calendar.key.event(master)).await?;
        let zone = self.zones.zone_or_utc(calendar.entry.time_zone.as_deref());
        // One whose recurrence cannot be read has no occurrences that anybody knows.
        let event = occurrence_of(&master.event, at, zone, &*self.zones).ok().flatten().ok_or(missing)?;
        Ok(MirroredEvent { key, span: event.span(zone, &*self.zones), event: Arc::new(event) })
    }
}
