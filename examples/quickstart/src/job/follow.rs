//! What changes at Google arrives.

use theo_calendar::storage::{MirroredCalendar, MirroredEvent};

use super::{Job, Result, first_failure};
use crate::report::Report;

impl Job<'_> {
    /// Lets things change on Google's side, and brings what changed.
    pub(super) async fn follow(
        &self,
        calendar: &MirroredCalendar,
        ahead: &[MirroredEvent],
        report: &mut Report,
    ) -> Result<()> {
        self.terminal.heading("What changed at Google since")?;
        let mut own = ahead
            .iter()
            .filter(|mirrored| mirrored.key.calendar_key() == calendar.key && !mirrored.event.is_exception());
        if let (Some(change), Some(delete)) = (own.next(), own.next()) {
            self.google.change_three_events(&calendar.key, &change.key.event, &delete.key.event);
        }
        let synced = self.service.incremental_sync(&self.user).await?;
        first_failure(&synced)?;
        self.terminal.line(&format!(
            "{} added, {} updated, {} deleted, {} known already",
            synced.events_added, synced.events_updated, synced.events_deleted, synced.events_unchanged
        ))?;
        (report.added, report.updated, report.deleted) =
            (synced.events_added, synced.events_updated, synced.events_deleted);
        report.incremental_sync = Some(synced);
        Ok(())
    }
}
