//! The days ahead.

use std::collections::HashSet;

use theo_calendar::{
    agenda::{AgendaItem, AgendaQuery},
    storage::MirroredCalendar,
    time::{Clock, TimeRange, format_range},
};

use super::{Job, Result, zone_of};
use crate::report::Report;

/// Lines of the agenda that are printed.
const AGENDA_LINES: usize = 12;

impl Job<'_> {
    /// Prints what comes first; gives what takes place in two weeks, each once.
    pub(super) async fn agenda(
        &self,
        calendar: &MirroredCalendar,
        report: &mut Report,
    ) -> Result<Vec<AgendaItem>> {
        let zone = zone_of(calendar);
        let now = self.clock.now();
        let range = TimeRange::new(now, now + chrono::TimeDelta::days(14))?;
        let query = AgendaQuery { time_zone: Some(zone.name().to_owned()), ..AgendaQuery::new(range) };
        let agenda = self.service.agenda(&self.user, &query).await?;
        let mut ahead: Vec<AgendaItem> = agenda.days.into_iter().flat_map(|day| day.items).collect();
        // What lasts for days is on each of them.
        let mut seen = HashSet::new();
        ahead.retain(|item| seen.insert((item.key.clone(), item.id.clone())));
        self.terminal.heading(&format!("The days ahead ({})", zone.name()))?;
        for item in ahead.iter().take(AGENDA_LINES) {
            let title = item.event.summary.as_deref().unwrap_or("(no title)");
            let line = format!("{}  {title}", format_range(&item.span, item.all_day, zone));
            self.terminal.line(&line)?;
            report.agenda.push(line);
        }
        self.terminal.line(&format!("{} events and occurrences of series in two weeks", ahead.len()))?;
        Ok(ahead)
    }
}
