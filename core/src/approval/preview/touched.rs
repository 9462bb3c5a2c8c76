//! The occurrences that a change touches.

use chrono::{DateTime, Utc};

use super::Scene;
use crate::{
    id::EventKey,
    model::Event,
    recurrence::{Occurrence, Series},
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
    /// The occurrences touched: of a series as it is, with its `exceptions`; of one to be made, as it would be.
    pub(crate) fn touched<'e>(&self, exceptions: impl IntoIterator<Item = &'e Event>) -> Touched {
        let Some(event) = self.before.or(self.after) else { return Touched::default() };
        let Some(first) = event.first_span(self.zone(), self.zones) else { return Touched::default() };
        if !event.is_master() {
            return Touched { lines: vec![self.line(&first, event)], count: 1, ..Touched::default() };
        }
        let Some((found, is_truncated)) = self.occurrences(event) else {
            // A rule that cannot be read is shown as it stands.
            let rule = one_line(&event.recurrence.as_deref().unwrap_or_default().join(" "), RULE);
            let line = format!("the whole series from {}: {rule}", self.line(&first, event));
            return Touched { lines: vec![line], count: 1, is_truncated: true, ..Touched::default() };
        };
        let mut exceptions: Vec<&Event> = exceptions.into_iter().collect();
        exceptions.sort_unstable_by_key(|exception| &exception.id);
        let mut touched = Touched { is_truncated, ..Touched::default() };
        let after = self.after.filter(|after| !self.follows && after.recurrence.is_some());
        let after = after.and_then(|after| Series::of_event(after, self.zone(), self.zones).ok().flatten());
        for occurrence in &found {
            let id = occurrence.original_start.id(&event.id);
            let place = exceptions.binary_search_by_key(&&id, |exception| &exception.id);
            let exception = place.ok().map(|place| exceptions[place]);
            let is_lost = after.as_ref().is_some_and(|after| after.at(occurrence.original_start).is_none());
            touched.reset += u64::from(exception.is_some() && is_lost);
            if exception.is_some_and(Event::is_cancelled) {
                continue;
            }
            touched.count += 1;
            touched.changed += usize::from(exception.is_some());
            if touched.lines.len() < SHOWN {
                let moved = exception.and_then(|moved| moved.first_span(self.zone(), self.zones));
                touched.lines.push(self.line(&moved.unwrap_or(occurrence.span), exception.unwrap_or(event)));
            }
        }
        touched
    }

    /// The exceptions there may be to the occurrences touched.
    pub(crate) fn exceptions(&self) -> Vec<EventKey> {
        let Some(master) = self.before else { return Vec::new() };
        let (found, _) = self.occurrences(master).unwrap_or_default();
        let id = |occurrence: &Occurrence| occurrence.original_start.id(&master.id);
        found.iter().map(|occurrence| self.calendar.key.event(id(occurrence))).collect()
    }

    /// The first occurrences of the series `master`, and whether there are more; none where it is none that can be read.
    fn occurrences(&self, master: &Event) -> Option<(Vec<Occurrence>, bool)> {
        let series = Series::of_event(master, self.zone(), self.zones).ok()??;
        let ages = TimeRange::new(DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC).ok()?;
        let mut occurrences = series.occurrences(&ages);
        let mut found: Vec<Occurrence> = occurrences.by_ref().take(COUNTED + 1).collect();
        let is_truncated = found.len() > COUNTED || occurrences.is_truncated();
        found.truncate(COUNTED);
        Some((found, is_truncated))
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
