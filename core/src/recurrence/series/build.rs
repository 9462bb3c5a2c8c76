//! A series made ready from what an event says.

use chrono::NaiveDateTime;

use super::{Bounded, Series};
use crate::{
    Error, ErrorKind, Result,
    model::Event,
    recurrence::{
        Frequency, IcalTime, Recurrence, Rule, RuleEnd, TimeZones, Zone,
        civil::{DAY, LAST_SECOND},
        count::{self, CountEnd},
        fault,
        fuel::Fuel,
        lines::{DateValue, PeriodEnd},
        pattern::Pattern,
    },
    time::{EventTime, When},
};

/// Rules that one event can have, exceptions included. Google's own clients make one.
const MOST_RULES: usize = 32;

/// The first second of the year 0 on a wall clock.
const FIRST_SECOND: i64 = -62_167_219_200;

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
            && let Some(rule) = rules().find(|rule| rule.frequency < Frequency::Daily)
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

    /// The key of `time`, which is of `date`.
    pub(in crate::recurrence) fn key(
        &self,
        date: &DateValue,
        time: &IcalTime,
        zones: &dyn TimeZones,
    ) -> Result<i64> {
        if self.all_day {
            return Ok(time.wall().and_utc().timestamp().div_euclid(DAY) * DAY);
        }
        let zone = date.zone.as_deref().map_or(Ok(&self.zone), |name| zones.known(name))?;
        Ok(match time {
            IcalTime::Utc(instant) => instant.timestamp(),
            local => zone.resolve(local.wall()).timestamp(),
        })
    }
}

fn wrong(message: &'static str) -> Error {
    Error::new(ErrorKind::InvalidInput, message)
}
