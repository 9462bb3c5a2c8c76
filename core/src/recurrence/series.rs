//! A recurring event: when it takes place.

mod build;

use chrono::{DateTime, TimeDelta, Utc};

use super::{
    Occurrence, Occurrences, OriginalStart, Zone,
    civil::{DAY, LAST_SECOND},
    instants::Instants,
    pattern::Pattern,
    series_split,
};
use crate::time::TimeRange;

/// A recurring event's occurrences, ready to be asked for: rules made ready, ends by `COUNT` found, dates resolved.
///
/// # What it promises
/// - Rules are followed on the wall clock of the event's zone. A time that the clock skips is read with the offset
///   before the gap, one that it shows twice is the first of the two: [`Zone::resolve`], everywhere.
/// - The event's own start is always an occurrence, whether its rule has it or not, and `COUNT` counts only those of
///   the rule. RFC 5545 §3.8.5.3 leaves a start outside of its rule undefined; Google shows it beside the rule's own
///   (observed: [rust-rrule issue 119](https://github.com/fmeringdal/rust-rrule/issues/119)).
/// - Two occurrences never start at once.
/// - A timed occurrence lasts as long as the first one to the second (RFC 5545 §3.8.5.3); an all-day one as many days.
/// - `UNTIL` is included. A date there means all of that day; for an all-day series only the date of a time counts.
///   `EXDATE` and `RDATE` are compared by the instant, a date being its midnight; in an all-day series by their date.
/// - Nothing starts after the year 9999.
/// - A window is reached by arithmetic: what it costs does not depend on how old the series is.
///
/// ```
/// # #[cfg(feature = "tzdb")] {
/// use theo_calendar::{model::Event, recurrence::{Series, TimeZones, Tzdb}, time::TimeRange};
///
/// let event: Event = serde_json::from_str(r#"{
///     "id": "standup",
///     "start": { "dateTime": "2015-03-02T09:00:00-05:00", "timeZone": "America/New_York" },
///     "end": { "dateTime": "2015-03-02T09:15:00-05:00", "timeZone": "America/New_York" },
///     "recurrence": ["RRULE:FREQ=WEEKLY;BYDAY=MO"]
/// }"#).unwrap();
/// let series = Series::of_event(&event, Tzdb.known("America/New_York")?, &Tzdb)?.unwrap();
///
/// let window = TimeRange::new("2025-03-03T00:00:00Z".parse().unwrap(), "2025-03-17T00:00:00Z".parse().unwrap())?;
/// let starts: Vec<String> = series.occurrences(&window).map(|one| one.original_start.to_string()).collect();
/// // Nine o'clock in New York, before and after its clocks change on 9 March.
/// assert_eq!(starts, ["20250303T140000Z", "20250310T130000Z"]);
/// # }
/// # Ok::<(), theo_calendar::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Series {
    pub(super) zone: Zone,
    pub(super) all_day: bool,
    /// The key of its own start, as those of [`Stream`](super::stream::Stream).
    pub(super) start: i64,
    /// Seconds; of whole days, on a wall clock.
    pub(super) length: i64,
    pub(super) rules: Box<[Bounded]>,
    pub(super) except_rules: Box<[Bounded]>,
    /// Starts beside the rules, rising, its own among them; and how long each lasts.
    pub(super) dates: Box<[(i64, i64)]>,
    pub(super) longest: i64,
    /// Rising.
    pub(super) except_dates: Box<[i64]>,
}

/// A pattern with its end.
#[derive(Clone, Debug)]
pub(super) struct Bounded {
    pub(super) pattern: Pattern,
    /// No key of it is later.
    pub(super) last_key: i64,
    /// Whether it may go on beyond its end, which was too much work to find.
    pub(super) is_cut: bool,
}

impl Series {
    /// The occurrences that share time with `window`, by when they start.
    pub fn occurrences(&self, window: &TimeRange) -> Occurrences<'_> {
        Occurrences::new(self, window)
    }

    /// The occurrences from `original_start` on, by when they start.
    pub fn starting_with(&self, original_start: OriginalStart) -> Occurrences<'_> {
        Occurrences::starting(self, series_split::key_of(original_start), LAST_SECOND)
    }

    /// The occurrence that starts at `original_start`, if there is one.
    pub fn at(&self, original_start: OriginalStart) -> Option<Occurrence> {
        let key = match original_start {
            OriginalStart::Date(date) if self.all_day => date.and_hms_opt(0, 0, 0)?.and_utc().timestamp(),
            OriginalStart::Instant(instant) if !self.all_day => instant.timestamp(),
            _ => return None,
        };
        Occurrences::starting(self, key, key).next()
    }

    /// Whether its occurrences are whole days.
    pub fn is_all_day(&self) -> bool {
        self.all_day
    }

    /// The zone whose clock it follows; of whole days, the calendar's.
    pub fn zone(&self) -> &Zone {
        &self.zone
    }

    /// When the last occurrence surely is over; none where the series has no end, or one that is past the year 9999 or
    /// too much work to find.
    pub fn end(&self) -> Option<DateTime<Utc>> {
        let mut last = self.dates.last().map_or(self.start, |(start, _)| *start);
        for rule in &self.rules {
            if rule.is_cut || rule.pattern.last == LAST_SECOND {
                return None;
            }
            // The wall clock of the last one, and no zone is further from UTC than a day.
            last = last.max(rule.last_key.min(rule.pattern.last + DAY));
        }
        DateTime::from_timestamp(last + self.longest + DAY, 0)
    }

    /// The key that no occurrence comes before.
    pub(super) fn first_key(&self) -> i64 {
        self.dates.first().map_or(self.start, |(start, _)| *start)
    }

    pub(super) fn occurrence(&self, key: i64, length: i64, instants: &mut Instants) -> Option<Occurrence> {
        let (start, end) = if self.all_day {
            let mut midnight = |wall: i64| Some(self.zone.resolve(instants.at(wall)?.naive_utc()));
            (midnight(key)?, midnight(key.checked_add(length)?)?)
        } else {
            (instants.at(key)?, instants.at(key.checked_add(length)?)?)
        };
        // A day that a zone skipped whole ends as it starts.
        let span =
            TimeRange::new(start, end).or_else(|_| TimeRange::new(start, start + TimeDelta::seconds(1)));
        let original_start = match self.all_day {
            true => OriginalStart::Date(DateTime::from_timestamp(key, 0)?.date_naive()),
            false => OriginalStart::Instant(start),
        };
        Some(Occurrence { original_start, span: span.ok()? })
    }
}
