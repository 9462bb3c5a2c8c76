//! A recurring event: when it takes place.

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};

use super::{
    IcalTime, Occurrences, OriginalStart, Recurrence, Rule, RuleEnd, TimeZones, Zone,
    civil::{DAY, LAST_SECOND},
    count::{self, CountEnd},
    fault,
    fuel::Fuel,
    lines::{DateValue, PeriodEnd},
    pattern::Pattern,
};
use crate::{
    Error, ErrorKind, Result,
    model::Event,
    time::{EventTime, TimeRange, When},
};

/// Rules that one event can have, exceptions included. Google's own clients make one.
const MOST_RULES: usize = 32;

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
    /// The series that `event` is master of; none where it is no master. Its zone is the one its start names, or
    /// `calendar_zone`, which is also where its whole days are.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidInput`] when a line cannot be read (with its number and what is wrong), a zone is unknown,
    /// the event has no start, starts outside of the years 0 to 9999, repeats by the hour or less but takes whole
    /// days, or has more than 32 rules.
    pub fn of_event(event: &Event, calendar_zone: &Zone, zones: &dyn TimeZones) -> Result<Option<Self>> {
        if !event.is_master() {
            return Ok(None);
        }
        let start = event.start.as_ref().ok_or_else(|| wrong("the series has no start"))?;
        let recurrence = Recurrence::parse(event.recurrence.as_deref().unwrap_or_default())?;
        let end = event.end.as_ref().unwrap_or(start);
        Self::new(&recurrence, start, end, calendar_zone, zones).map(Some)
    }

    /// The series of `recurrence` whose first occurrence is from `start` to `end`.
    ///
    /// # Errors
    /// As [`of_event`](Self::of_event).
    pub fn new(
        recurrence: &Recurrence,
        start: &EventTime,
        end: &EventTime,
        calendar_zone: &Zone,
        zones: &dyn TimeZones,
    ) -> Result<Self> {
        let all_day = start.is_all_day();
        let zone = match &start.time_zone {
            Some(name) if !all_day => zones.known(name)?,
            _ => calendar_zone,
        };
        let instant = start.resolve(zone, zones)?;
        let wall = match &start.when {
            When::Date(date) => date.and_hms_opt(0, 0, 0).unwrap_or_default(),
            When::Local(wall) => *wall,
            When::Instant(_) => zone.to_local(instant),
        };
        let key = if all_day { wall.and_utc().timestamp() } else { instant.timestamp() };
        let length = match (&start.when, &end.when) {
            (When::Date(first), When::Date(past)) => (*past - *first).num_seconds().max(DAY),
            (When::Date(_), _) => DAY,
            // As `Event::first_span`: what takes no time is found in the second it starts in.
            _ => (end.resolve(zone, zones)?.timestamp() - instant.timestamp()).max(1),
        };
        let mut series = Self {
            zone: zone.clone(),
            all_day,
            start: key,
            length,
            rules: Box::default(),
            except_rules: Box::default(),
            dates: Box::default(),
            longest: length,
            except_dates: Box::default(),
        };
        series.check(recurrence, wall)?;
        let mut fuel = Fuel::whole();
        let mut bound =
            |rules: &[Rule]| rules.iter().map(|rule| series.bounded(rule, wall, &mut fuel)).collect();
        (series.rules, series.except_rules) = (bound(&recurrence.rules), bound(&recurrence.except_rules));
        series.set_dates(recurrence, zones)?;
        Ok(series)
    }

    fn check(&self, recurrence: &Recurrence, start: NaiveDateTime) -> Result<()> {
        let rules = || recurrence.rules.iter().chain(&recurrence.except_rules);
        if !(FIRST_SECOND..=LAST_SECOND).contains(&start.and_utc().timestamp()) {
            return Err(wrong("the series starts outside of the years 0 to 9999"));
        }
        if rules().count() > MOST_RULES {
            let message = format!("the series has {} rules: {MOST_RULES} are allowed", rules().count());
            return Err(fault::error(message));
        }
        if self.all_day
            && let Some(rule) = rules().find(|rule| rule.frequency < super::Frequency::Daily)
        {
            let message = format!("an all-day event cannot repeat {}: \"{rule}\"", rule.frequency);
            return Err(fault::error(message));
        }
        Ok(())
    }

    fn bounded(&self, rule: &Rule, start: NaiveDateTime, fuel: &mut Fuel) -> Bounded {
        let pattern = Pattern::new(rule, start, self.all_day);
        let mut bounded = Bounded { pattern, last_key: i64::MAX, is_cut: false };
        let last = &mut bounded.pattern.last;
        match rule.end {
            RuleEnd::Never => {}
            RuleEnd::Count(most) => match count::end(&bounded.pattern, most, fuel) {
                CountEnd::At(wall) => bounded.pattern.last = wall,
                CountEnd::After(wall) => (bounded.pattern.last, bounded.is_cut) = (wall, true),
            },
            RuleEnd::Until(IcalTime::Utc(instant)) if !self.all_day => {
                bounded.last_key = instant.timestamp();
                let offsets =
                    [self.zone.offset_of(bounded.last_key - DAY), self.zone.offset_of(bounded.last_key)];
                *last = (*last).min(bounded.last_key + offsets[0].max(offsets[1]));
            }
            RuleEnd::Until(until) => {
                let whole_day = if matches!(until, IcalTime::Date(_)) { DAY - 1 } else { 0 };
                *last = (*last).min(until.wall().and_utc().timestamp() + whole_day);
            }
        }
        bounded
    }

    fn set_dates(&mut self, recurrence: &Recurrence, zones: &dyn TimeZones) -> Result<()> {
        let mut dates = vec![(self.start, self.length)];
        for date in &recurrence.dates {
            let start = self.key(date, &date.time, zones)?;
            let length = match &date.end {
                None => self.length,
                Some(PeriodEnd::After(length)) => length.num_seconds(),
                Some(PeriodEnd::At(end)) => self.key(date, end, zones)? - start,
            };
            dates.push((start, length.max(if self.all_day { DAY } else { 1 })));
        }
        // Of two that start at once the first in the lines stays.
        dates.sort_by_key(|(start, _)| *start);
        dates.dedup_by_key(|(start, _)| *start);
        let except = recurrence.except_dates.iter();
        let mut except = except.map(|date| self.key(date, &date.time, zones)).collect::<Result<Vec<_>>>()?;
        except.sort_unstable();
        self.longest = dates.iter().fold(self.length, |longest, (_, length)| longest.max(*length));
        (self.dates, self.except_dates) = (dates.into(), except.into());
        Ok(())
    }

    fn key(&self, date: &DateValue, time: &IcalTime, zones: &dyn TimeZones) -> Result<i64> {
        if self.all_day {
            return Ok(time.wall().and_utc().timestamp().div_euclid(DAY) * DAY);
        }
        let zone = date.zone.as_deref().map_or(Ok(&self.zone), |name| zones.known(name))?;
        Ok(match time {
            IcalTime::Utc(instant) => instant.timestamp(),
            local => zone.resolve(local.wall()).timestamp(),
        })
    }

    /// The occurrences that share time with `window`, by when they start.
    pub fn occurrences(&self, window: &TimeRange) -> Occurrences<'_> {
        Occurrences::new(self, window)
    }

    /// The occurrence that starts at `original_start`, if there is one.
    pub fn at(&self, original_start: OriginalStart) -> Option<super::Occurrence> {
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

    pub(super) fn occurrence(&self, key: i64, length: i64) -> Option<super::Occurrence> {
        let (start, end) = if self.all_day {
            let midnight =
                |wall: i64| Some(self.zone.resolve(DateTime::from_timestamp(wall, 0)?.naive_utc()));
            (midnight(key)?, midnight(key.checked_add(length)?)?)
        } else {
            (DateTime::from_timestamp(key, 0)?, DateTime::from_timestamp(key.checked_add(length)?, 0)?)
        };
        // A day that a zone skipped whole ends as it starts.
        let span =
            TimeRange::new(start, end).or_else(|_| TimeRange::new(start, start + TimeDelta::seconds(1)));
        let original_start = match self.all_day {
            true => OriginalStart::Date(DateTime::from_timestamp(key, 0)?.date_naive()),
            false => OriginalStart::Instant(start),
        };
        Some(super::Occurrence { original_start, span: span.ok()? })
    }
}

/// The first second of the year 0 on a wall clock.
const FIRST_SECOND: i64 = -62_167_219_200;

fn wrong(message: &'static str) -> Error {
    Error::new(ErrorKind::InvalidInput, message)
}
