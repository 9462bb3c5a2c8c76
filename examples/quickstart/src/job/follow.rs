//! What changes at Google arrives.

use theo_calendar::{agenda::AgendaItem, storage::MirroredCalendar};

use super::{Job, Result, first_failure};
use crate::report::Report;

impl Job<'_> {
    /// Lets things change on Google's side, and brings what changed.
    pub(super) async fn follow(
        &self,
        calendar: &MirroredCalendar,
        ahead: &[AgendaItem],
        report: &mut Report,
    ) -> Result<()> {
        self.terminal.heading("What changed at Google since")?;
        let is_own = |item: &&AgendaItem| item.key.calendar_key() == calendar.key;
        let is_one_off = |item: &&AgendaItem| !item.event.is_master() && !item.event.is_exception();
        let mut own = ahead.iter().filter(is_own).filter(is_one_off);
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
