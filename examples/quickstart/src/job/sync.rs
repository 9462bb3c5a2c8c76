//! Bringing the mirror up to date, and what is in it then.

use std::{
    collections::BTreeMap,
    sync::atomic::{AtomicU64, Ordering},
};

use theo_calendar::{
    id::CalendarKey,
    storage::MirroredCalendar,
    sync::{SyncOptions, SyncProgress},
};

use super::{Job, Result, TITLE, first_failure};
use crate::{
    mirror::Place,
    report::{CalendarLine, Report, SyncKind},
};

impl Job<'_> {
    /// Syncs everything, or what changed since an earlier run.
    pub(super) async fn sync(&self, report: &mut Report) -> Result<()> {
        self.terminal.heading(&format!("Sync with {}", self.google.root()))?;
        let before = self.before(report).await?;
        self.terminal.line(&before)?;
        if let Some(words) = self.google.time_went_by(TITLE) {
            self.terminal.line(&words)?;
        }
        let bar = self.terminal.progress();
        let options =
            SyncOptions { accounts: Some(vec![self.account.account.clone()]), ..SyncOptions::default() };
        let finished = AtomicU64::new(0);
        let shown = |progress: &SyncProgress| {
            if progress.calendar == 0 {
                return;
            }
            bar.set_position(finished.load(Ordering::Relaxed) + progress.items);
            let title = progress.title.as_deref().unwrap_or_default();
            bar.set_message(format!("{title} ({} of {})", progress.calendar, progress.calendars));
            if progress.finished {
                finished.fetch_add(progress.items, Ordering::Relaxed);
            }
        };
        let synced = self.service.full_sync(&self.user, &options, &shown).await?;
        bar.finish_and_clear();
        first_failure(&synced)?;
        let completely = synced.calendars.iter().filter(|calendar| calendar.full).count() as u64;
        if completely > 0 {
            self.terminal.line(&format!(
                "{completely} of {} calendars listed completely, {} events and cancelled occurrences stored, {} kept \
                 raw as they could not be read",
                synced.calendars_processed, synced.events_added, synced.events_quarantined
            ))?;
        } else {
            self.terminal.line(&format!(
                "0 of {} calendars listed completely: Google sent what changed, {} added, {} updated, {} deleted",
                synced.calendars_processed, synced.events_added, synced.events_updated, synced.events_deleted
            ))?;
        }
        report.listed_completely = completely;
        report.sync = Some(if completely > 0 { SyncKind::Full } else { SyncKind::Incremental });
        report.full_sync = Some(synced);
        Ok(())
    }

    /// What the mirror holds already, in words.
    async fn before(&self, report: &mut Report) -> Result<String> {
        let status = self.service.sync_status(&self.user).await?;
        report.continued = status.last_full_sync_at.is_some();
        let place = match report.mirror {
            Place::Memory => "in memory, gone when the program ends",
            Place::Postgres => "in PostgreSQL, for the next run as well",
        };
        Ok(match status.last_sync_at.filter(|_| report.continued) {
            Some(at) => format!(
                "The mirror is {place}. It has {} calendars and {} events, as of {}",
                status.calendar_count,
                status.event_count,
                at.format("%F %T UTC")
            ),
            None => format!("The mirror is {place}. It is empty"),
        })
    }

    /// Prints the calendars; gives the one the agent books in.
    pub(super) async fn calendars(&self, report: &mut Report) -> Result<MirroredCalendar> {
        let counts: BTreeMap<CalendarKey, u64> =
            self.service.event_counts(&self.user).await?.into_iter().collect();
        self.terminal.heading("Calendars")?;
        for calendar in self.service.calendars(&self.user).await? {
            let line = CalendarLine::new(&calendar, counts.get(&calendar.key).copied().unwrap_or_default());
            self.terminal.line(&format!(
                "{} {:<28} {:>5} events  {:<8} {}",
                if line.primary { "*" } else { " " },
                line.summary,
                line.events,
                line.access_role.as_deref().unwrap_or_default(),
                line.time_zone.as_deref().unwrap_or_default()
            ))?;
            report.calendar_list.push(line);
        }
        report.calendars = report.calendar_list.len() as u64;
        report.events = counts.values().sum();
        Ok(self.service.calendar(&self.account.calendar(self.arguments.calendar.as_str())).await?)
    }
}
