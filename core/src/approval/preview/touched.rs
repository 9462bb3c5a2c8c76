//! The occurrences that a change touches.

use std::collections::HashMap;

use chrono::{DateTime, Utc};

use super::Scene;
use crate::{
    Result,
    id::{EventId, EventKey},
    model::Event,
    recurrence::{Occurrence, Series},
    storage::{MirroredEvent, Storage},
    text::one_line,
    time::{TimeRange, format_range},
};

/// Occurrences that are shown.
const SHOWN: usize = 5;

/// Occurrences that are counted.
const COUNTED: usize = 1000;

/// How much of a series' rule is shown.
const RULE: usize = 500;

/// What is shown of the occurrences that a change touches.
#[derive(Default)]
pub(crate) struct Touched {
    /// When the first few are.
    pub(crate) lines: Vec<String>,
    /// How many there are, or at least so many.
    pub(crate) count: u64,
    pub(crate) is_truncated: bool,
    /// Exceptions among them that are not cancelled.
    pub(crate) changed: usize,
    /// Exceptions that Google drops, since the series no longer has their occurrences.
    pub(crate) reset: u64,
}

impl Scene<'_> {
    /// The occurrences touched: of a series as it is, with its exceptions; of one to be made, as it would be.
    pub(crate) async fn touched(&self, store: &dyn Storage) -> Result<Touched> {
        let Some(event) = self.before.or(self.after) else { return Ok(Touched::default()) };
        let Some(first) = event.first_span(self.zone(), self.zones) else { return Ok(Touched::default()) };
        let series = match Series::of_event(event, self.zone(), self.zones) {
            Ok(Some(series)) => series,
            Ok(None) => {
                return Ok(Touched { lines: vec![self.line(&first, event)], count: 1, ..Touched::default() });
            }
            // A rule that cannot be read is shown as it stands.
            Err(_) => {
                let rule = one_line(&event.recurrence.as_deref().unwrap_or_default().join(" "), RULE);
                let line = format!("the whole series from {}: {rule}", self.line(&first, event));
                return Ok(Touched { lines: vec![line], count: 1, is_truncated: true, ..Touched::default() });
            }
        };
        let ages = TimeRange::new(DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC)?;
        let mut occurrences = series.occurrences(&ages);
        let mut found: Vec<Occurrence> = occurrences.by_ref().take(COUNTED + 1).collect();
        let is_truncated = found.len() > COUNTED || occurrences.is_truncated();
        found.truncate(COUNTED);
        let exceptions = match self.before {
            Some(master) => self.exceptions(master, &found, store).await?,
            None => HashMap::new(),
        };
        let mut touched = Touched { is_truncated, ..Touched::default() };
        let after = self.after.filter(|after| !self.follows && after.recurrence.is_some());
        let after = after.and_then(|after| Series::of_event(after, self.zone(), self.zones).ok().flatten());
        for occurrence in &found {
            let exception = exceptions.get(&occurrence.original_start.id(&event.id));
            let is_lost = after.as_ref().is_some_and(|after| after.at(occurrence.original_start).is_none());
            touched.reset += u64::from(exception.is_some() && is_lost);
            if exception.is_some_and(|exception| exception.event.is_cancelled()) {
                continue;
            }
            touched.count += 1;
            touched.changed += usize::from(exception.is_some());
            if touched.lines.len() < SHOWN {
                touched.lines.push(match exception {
                    Some(moved) => self.line(moved.span.as_ref().unwrap_or(&occurrence.span), &moved.event),
                    None => self.line(&occurrence.span, event),
                });
            }
        }
        Ok(touched)
    }

    /// Those of `found` that are exceptions in the mirror, by their ids.
    async fn exceptions(
        &self,
        master: &Event,
        found: &[Occurrence],
        store: &dyn Storage,
    ) -> Result<HashMap<EventId, MirroredEvent>> {
        let key = &self.calendar.key;
        let keys: Vec<EventKey> =
            found.iter().map(|occurrence| key.event(occurrence.original_start.id(&master.id))).collect();
        let exceptions = store.events_by_key(&key.user, &keys).await?;
        Ok(exceptions.into_iter().map(|exception| (exception.key.event.clone(), exception)).collect())
    }

    /// `summary`, with what becomes of exceptions.
    pub(crate) fn with_resets(summary: String, touched: &Touched) -> String {
        match touched.reset {
            0 => summary,
            1 => format!(
                "{summary}; 1 occurrence that was changed or cancelled by itself is as the others again"
            ),
            many => {
                format!(
                    "{summary}; {many} occurrences that were changed or cancelled by themselves are as the others again"
                )
            }
        }
    }

    fn line(&self, span: &TimeRange, event: &Event) -> String {
        format_range(span, event.start.as_ref().is_some_and(|start| start.is_all_day()), self.zone())
    }
}
