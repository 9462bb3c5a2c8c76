//! The events of a calendar as they take place: series become occurrences, exceptions stand in for theirs.

use super::{OriginalStart, Series, TimeZones, Zone};
use crate::{Error, id::EventId, model::Event, time::TimeRange};

/// An event at one time it takes place: once, or one of many.
#[derive(Clone, Debug, PartialEq)]
pub struct EventOccurrence<'e> {
    /// The event itself; of an occurrence its master, or the exception that stands in for it.
    pub event: &'e Event,
    /// When the series has it; none where there is no series.
    pub original_start: Option<OriginalStart>,
    /// The time it takes.
    pub span: TimeRange,
}

/// What [`expand`] found.
#[derive(Debug, Default)]
pub struct Expansion<'e> {
    /// By start, end, id and original start.
    pub occurrences: Vec<EventOccurrence<'e>>,
    /// Whether some series has more in the window than are here.
    pub truncated: bool,
    /// Series that could not be read, and why: of each only the first occurrence is here.
    pub unreadable: Vec<(&'e Event, Error)>,
}

/// Occurrences that one call gives at most, all series together.
const MOST: usize = 1_000_000;

/// When `events`, all of one calendar, take place in `window`.
///
/// - An exception stands in for the occurrence it names by its master and original start, wherever it was moved to. A
///   cancelled one takes it away, even where Google sent nothing but its id (`master_20250328T150000Z`).
/// - The events may come in any order. An exception without its master takes place by itself.
/// - Cancelled events, and all of a series whose master is cancelled but its exceptions, do not take place.
/// - The same events give the same answer in the same order.
///
/// ```
/// use theo_calendar::{model::Event, recurrence::{UtcOnly, TimeZones, expand}, time::TimeRange};
///
/// let events: Vec<Event> = serde_json::from_str(r#"[
///     { "id": "standup_20250304T090000Z", "status": "cancelled" },
///     { "id": "standup",
///       "start": { "dateTime": "2025-03-03T09:00:00Z", "timeZone": "UTC" },
///       "end": { "dateTime": "2025-03-03T09:15:00Z", "timeZone": "UTC" },
///       "recurrence": ["RRULE:FREQ=DAILY;COUNT=3"] }
/// ]"#).unwrap();
/// let window = TimeRange::new("2025-03-01T00:00:00Z".parse().unwrap(), "2025-04-01T00:00:00Z".parse().unwrap())?;
///
/// let found = expand(&events, &window, UtcOnly.known("UTC")?, &UtcOnly);
/// let ids: Vec<String> = found.occurrences.iter().map(|one| one.id().to_string()).collect();
/// assert_eq!(ids, ["standup_20250303T090000Z", "standup_20250305T090000Z"]);
/// # Ok::<(), theo_calendar::Error>(())
/// ```
pub fn expand<'e>(
    events: impl IntoIterator<Item = &'e Event>,
    window: &TimeRange,
    calendar_zone: &Zone,
    zones: &dyn TimeZones,
) -> Expansion<'e> {
    expand_all(&mut events.into_iter(), window, calendar_zone, zones)
}

/// The same, compiled once for whatever the events come in.
fn expand_all<'e>(
    events: &mut dyn Iterator<Item = &'e Event>,
    window: &TimeRange,
    calendar_zone: &Zone,
    zones: &dyn TimeZones,
) -> Expansion<'e> {
    let mut expansion = Expansion::default();
    let mut masters = Vec::new();
    let mut replaced = Vec::new();
    for event in events {
        let of_series = stands_in_for(event, calendar_zone, zones);
        replaced.extend(of_series);
        if event.is_cancelled() {
            continue;
        }
        if event.is_master() {
            masters.push(event);
        } else if let Some(span) = event.span(calendar_zone, zones).filter(|span| span.overlaps(window)) {
            let original_start = of_series.map(|(_, original_start)| original_start);
            expansion.occurrences.push(EventOccurrence { event, original_start, span });
        }
    }
    replaced.sort_unstable();
    for master in masters {
        let id = master.id.as_str();
        let from = replaced.partition_point(|(of, _)| *of < id);
        let of_master = replaced.get(from..).unwrap_or_default();
        let of_master = of_master.split_at(of_master.partition_point(|(of, _)| *of == id)).0;
        expansion.add(master, of_master, window, calendar_zone, zones);
    }
    expansion.occurrences.sort_by(|a, b| a.place().cmp(&b.place()));
    expansion
}

impl<'e> Expansion<'e> {
    fn add(
        &mut self,
        master: &'e Event,
        replaced: &[(&str, OriginalStart)],
        window: &TimeRange,
        calendar_zone: &Zone,
        zones: &dyn TimeZones,
    ) {
        let series = match Series::of_event(master, calendar_zone, zones) {
            Ok(Some(series)) => series,
            Ok(None) => return,
            Err(error) => {
                let span = master.first_span(calendar_zone, zones).filter(|span| span.overlaps(window));
                let once = span.map(|span| EventOccurrence { event: master, original_start: None, span });
                self.occurrences.extend(once);
                self.unreadable.push((master, error));
                return;
            }
        };
        let mut occurrences = series.occurrences(window);
        for one in occurrences.by_ref() {
            if self.occurrences.len() >= MOST {
                self.truncated = true;
                break;
            }
            if replaced.binary_search_by_key(&one.original_start, |(_, replaced)| *replaced).is_err() {
                let original_start = Some(one.original_start);
                self.occurrences.push(EventOccurrence { event: master, original_start, span: one.span });
            }
        }
        self.truncated |= occurrences.is_truncated();
    }
}

impl EventOccurrence<'_> {
    /// Its id at Google: the event's own, or of an occurrence its master's and its original start.
    pub fn id(&self) -> EventId {
        match &self.original_start {
            Some(original_start) if self.event.is_master() => original_start.id(&self.event.id),
            _ => self.event.id.clone(),
        }
    }

    fn place(&self) -> (TimeRange, &EventId, Option<OriginalStart>) {
        (self.span, &self.event.id, self.original_start)
    }
}

/// The occurrence that `event` is an exception for: the id of its master, and its original start.
///
/// A cancelled exception may have lost its master's id with everything else (observed), so that its own tells.
pub(crate) fn stands_in_for<'e>(
    event: &'e Event,
    calendar_zone: &Zone,
    zones: &dyn TimeZones,
) -> Option<(&'e str, OriginalStart)> {
    let in_id = || OriginalStart::in_id(event.id.as_str());
    let Some(master) = &event.recurring_event_id else {
        return if event.is_cancelled() { in_id() } else { None };
    };
    let told = event.original_start_time.as_ref();
    let told = told.and_then(|time| OriginalStart::of(time, calendar_zone, zones).ok());
    Some((master.as_str(), told.or_else(|| Some(in_id()?.1))?))
}
