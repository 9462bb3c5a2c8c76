//! The days ahead.

use theo_calendar::{
    storage::{EventQuery, MirroredCalendar, MirroredEvent},
    time::{Clock, EventTime, TimeRange, format_range},
};

use super::{Job, Result, zone_of};
use crate::report::Report;

/// Lines of the agenda that are printed.
const AGENDA_LINES: usize = 12;

impl Job<'_> {
    /// Prints what comes first; gives the events of two weeks.
    pub(super) async fn agenda(
        &self,
        calendar: &MirroredCalendar,
        report: &mut Report,
    ) -> Result<Vec<MirroredEvent>> {
        let now = self.clock.now();
        let range = TimeRange::new(now, now + chrono::TimeDelta::days(14))?;
        let query = EventQuery { range: Some(range), ..EventQuery::default() };
        let events = self.service.list_events(&self.user, &query).await?;
        let zone = zone_of(calendar);
        self.terminal.heading(&format!("The days ahead ({})", zone.name()))?;
        for mirrored in events.iter().take(AGENDA_LINES) {
            let Some(span) = mirrored.span else { continue };
            let title = mirrored.event.summary.as_deref().unwrap_or("(no title)");
            let line = format!("{}  {title}", format_range(&span, is_all_day(mirrored), zone));
            self.terminal.line(&line)?;
            report.agenda.push(line);
        }
        self.terminal.line(&format!(
            "{} events in two weeks, not counting occurrences of series that nobody changed",
            events.len()
        ))?;
        Ok(events)
    }
}

fn is_all_day(mirrored: &MirroredEvent) -> bool {
    mirrored.event.start.as_ref().is_some_and(EventTime::is_all_day)
}
