//! What the agent wants: a time that is taken, and one that is free.

use std::time::Duration;

use chrono::{DateTime, DurationRound, NaiveDateTime, TimeDelta, Timelike, Utc};
use theo_calendar::{
    agenda::AgendaItem,
    conflict::{
        Conflict, ConflictPolicy, Proposal, Severity, WorkingHours, format_conflict,
        slots::{Participant, Slot, SlotQuery, format_slot},
    },
    model::{EventDraft, Text},
    recurrence::Zone,
    storage::MirroredCalendar,
    time::{Clock, EventTime, TimeRange, Timestamp, When, format_range},
};

use super::{Job, Result, TITLE, zone_of};
use crate::report::Report;

impl Job<'_> {
    /// What the agent wants, and what is in its way; gives what it asks for instead.
    pub(super) async fn wish(
        &self,
        calendar: &MirroredCalendar,
        ahead: &[AgendaItem],
        report: &mut Report,
    ) -> Result<EventDraft> {
        let zone = zone_of(calendar);
        let mut draft = match (&self.arguments.start, &self.arguments.end) {
            (Some(start), Some(end)) => EventDraft::new(TITLE, self.time(start)?, self.time(end)?),
            _ => {
                let taken = self.taken(ahead, zone).await?;
                draft_at(&taken.map_or_else(|| next_hour(self.clock.now()), Ok)?, zone)
            }
        };
        let wished = self.service.propose(&calendar.key, &draft).await?;
        let conflicts = self.conflicts(&wished).await?;
        let shown = format_range(wished.range(), false, zone);
        self.terminal.heading("A meeting the agent wants")?;
        self.terminal.line(&format!("{TITLE}: {shown}"))?;
        for conflict in &conflicts {
            self.terminal.line(&format_conflict(conflict, zone))?;
        }
        if !conflicts.is_empty() {
            let free = self.free_instead(wished.range(), zone).await?;
            self.terminal.line(&format!("Free instead: {}", format_slot(&free, zone)))?;
            draft = draft_at(&free.range, zone);
        }
        report.wished = Some(shown);
        report.conflicts = conflicts;
        Ok(draft)
    }

    async fn conflicts(&self, proposal: &Proposal) -> Result<Vec<Conflict>> {
        let policy = ConflictPolicy::default();
        Ok(self.service.detect_conflicts(&self.user, proposal, &policy).await?.conflicts)
    }

    /// The first working time of half an hour to two hours that is badly taken.
    async fn taken(&self, ahead: &[AgendaItem], zone: &Zone) -> Result<Option<TimeRange>> {
        for span in ahead.iter().map(|item| item.span) {
            let fits = (TimeDelta::minutes(30)..=TimeDelta::hours(2)).contains(&span.duration());
            if !fits || span.start() <= self.clock.now() || !is_working_time(&span, zone) {
                continue;
            }
            let conflicts = self.conflicts(&span.into()).await?;
            if conflicts.iter().any(|conflict| conflict.severity == Severity::High) {
                return Ok(Some(span));
            }
        }
        Ok(None)
    }

    /// The best working time as long as `wished` in the four weeks after it, with nothing but all-day events there.
    async fn free_instead(&self, wished: &TimeRange, zone: &Zone) -> Result<Slot> {
        let hours = WorkingHours::on_workdays(zone.clone(), ["09:00-18:00".parse()?])?;
        let length = wished.duration().to_std()?;
        let window = TimeRange::new(wished.start(), wished.start() + TimeDelta::days(28))?;
        let query = SlotQuery {
            participants: vec![Participant::me().during(hours)],
            zone: zone.clone(),
            step: Duration::from_secs(30 * 60),
            count_all_day: false,
            // What a mirror cannot tell is told with the slot.
            allow_unknown: true,
            limit: 1,
            ..SlotQuery::new(window, length)
        };
        let found = self.service.find_slots(&self.user, &query).await?;
        found
            .slots
            .into_iter()
            .next()
            .ok_or_else(|| "there is no free time in the four weeks after it".into())
    }

    /// A time as it was typed: with an offset, or local with `--time-zone`.
    fn time(&self, text: &str) -> Result<EventTime> {
        let zone = &self.arguments.time_zone;
        let mut time = match text.parse::<NaiveDateTime>() {
            Ok(wall) => EventTime { when: When::Local(wall), ..EventTime::at(self.clock.now()) },
            Err(_) => {
                let instant = Timestamp::parse(text)
                    .map_err(|_| format!("\"{text}\" is no time: write it as 2025-12-25T14:00:00+01:00"))?;
                EventTime::at(instant)
            }
        };
        time.time_zone = zone.as_deref().map(Text::from);
        Ok(time)
    }
}

/// Whether `range` lies between nine and six of one day.
fn is_working_time(range: &TimeRange, zone: &Zone) -> bool {
    let (opens, closes) = (zone.to_local(range.start()), zone.to_local(range.end()));
    opens.hour() >= 9 && closes.hour() < 18 && opens.date() == closes.date()
}

/// The next full hour but one, for a person without anything in the way.
fn next_hour(now: DateTime<Utc>) -> Result<TimeRange> {
    let start = now.duration_trunc(TimeDelta::hours(1))? + TimeDelta::hours(2);
    Ok(TimeRange::new(start, start + TimeDelta::hours(1))?)
}

fn draft_at(range: &TimeRange, zone: &Zone) -> EventDraft {
    let at = |instant| EventTime::at(instant).in_zone(zone.name());
    EventDraft::new(TITLE, at(range.start()), at(range.end()))
}
