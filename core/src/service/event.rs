//! The facade's part on one event, which may be one of many.

use std::sync::Arc;

use super::CalendarService;
use crate::{
    ErrorKind, Result,
    id::EventKey,
    model::Event,
    recurrence::{OriginalStart, occurrence_of},
    storage::{MirroredCalendar, MirroredEvent},
};

impl CalendarService {
    /// One event: as mirrored; or an occurrence of a mirrored series that nobody changed by itself, as Google gives it.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`].
    pub async fn event(&self, key: &EventKey) -> Result<MirroredEvent> {
        let calendar = self.calendar(&key.calendar_key()).await?;
        let key = calendar.key.event(key.event.clone());
        match self.store.event(&key).await {
            Err(error) if error.kind() == ErrorKind::NotFound => {
                self.occurrence(&calendar, &key).await?.ok_or(error)
            }
            found => found,
        }
    }

    async fn occurrence(&self, calendar: &MirroredCalendar, key: &EventKey) -> Result<Option<MirroredEvent>> {
        let Some((master, at)) = OriginalStart::in_id(key.event.as_str()) else { return Ok(None) };
        let masters = self.store.events_by_key(&key.user, &[calendar.key.event(master)]).await?;
        let zone = self.zones.zone_or_utc(calendar.entry.time_zone.as_deref());
        let is_it = |event: &Event| event.id == key.event && !event.is_cancelled();
        // One whose recurrence cannot be read has no occurrences that anybody knows.
        let event =
            masters.first().and_then(|master| occurrence_of(&master.event, at, zone, &*self.zones).ok()?);
        Ok(event.filter(is_it).map(|event| MirroredEvent {
            key: key.clone(),
            span: event.span(zone, &*self.zones),
            event: Arc::new(event),
        }))
    }
}
