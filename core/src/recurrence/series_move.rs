//! A series moved: every occurrence by as much as one of them.

use chrono::{DateTime, NaiveDateTime, NaiveTime, TimeDelta, Timelike, Utc};

use super::{
    Frequency, IcalTime, OriginalStart, Recurrence, Rule, RuleEnd, Series, TimeZones, Zone,
    civil::{DAY, LAST_SECOND},
    fault,
    lines::{Content, DateValue, Line, wrong_line},
    occurrences::Occurrences,
    rule::WEEKDAYS,
    series_split::{key_of, read, shown},
};
use crate::{
    Result,
    model::Event,
    time::{EventTime, When},
};

/// What a series becomes when one of its occurrences moves, and all the others by as much on the wall clock.
///
/// The ends of its rules, its `EXDATE` and its `RDATE` move along, and the weekdays of a weekly rule; so it has as many
/// occurrences as before. A rule that names other days (`BYMONTHDAY`, the first Monday) is not guessed at.
#[derive(Clone, Debug, PartialEq)]
pub struct SeriesMove {
    /// When the series then starts.
    pub start: EventTime,
    /// When its first occurrence then ends.
    pub end: EventTime,
    /// Its lines then.
    pub lines: Vec<String>,
    by: TimeDelta,
    from: Clock,
    to: Clock,
}

/// The clock that the times of a series are read on.
#[derive(Clone, Debug, PartialEq)]
struct Clock {
    zone: Zone,
    all_day: bool,
}

/// Occurrences that are compared with where they were.
const COMPARED: usize = 400;

impl SeriesMove {
    /// The series of `master` when its occurrence `at` is to start at `start` and end at `end`; where one of them is not
    /// given, it stays as the series has it.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput) as [`Series::of_event`], for an unknown zone, and for
    /// a rule that must be said anew for other days or times.
    pub fn of(
        master: &Event,
        at: OriginalStart,
        start: Option<&EventTime>,
        end: Option<&EventTime>,
        calendar_zone: &Zone,
        zones: &dyn TimeZones,
    ) -> Result<Self> {
        let (series, ..) = read(master, calendar_zone, zones)?;
        let mut made = Self::times(master, at, start, end, calendar_zone, zones)?;
        if made.by != TimeDelta::zero() || made.from != made.to {
            let first = master.start.as_ref().map(|start| made.from.wall_of(start)).unwrap_or_default();
            made.lines = made.moved_lines(&series, first, zones)?;
            made.check(&series, calendar_zone, zones)?;
        }
        Ok(made)
    }

    /// The same with the lines as they are: how it repeats then is said by somebody else.
    ///
    /// # Errors
    /// As [`of`](Self::of), but none of its lines is looked at.
    pub fn times(
        master: &Event,
        at: OriginalStart,
        start: Option<&EventTime>,
        end: Option<&EventTime>,
        calendar_zone: &Zone,
        zones: &dyn TimeZones,
    ) -> Result<Self> {
        let (series, first, last) = read(master, calendar_zone, zones)?;
        let from = Clock { zone: series.zone().clone(), all_day: series.is_all_day() };
        let slot = from.wall(key_of(at));
        let (to, target) = match start {
            Some(start) => from.moved_to(start, calendar_zone, zones)?,
            None => (from.clone(), slot),
        };
        let wall = from.wall_of(first);
        let asked = wall + (target - slot);
        // What is written is an instant: a series made to begin at a skipped time goes on at the later one.
        let moved = to.shown(asked);
        if moved != asked && slot != wall {
            return Err(must_be_said("it would begin at a time that the clock skips"));
        }
        let by = moved - wall;
        if to.all_day && moved.num_seconds_from_midnight() != 0 {
            return Err(must_be_said("its occurrences start at different times of the day"));
        }
        let lasts = from.seconds_between(from.wall_of(first), last, zones)?;
        let length = match (end, start) {
            (Some(end), _) => to.seconds_between(target, end, zones)?,
            // What is not given stays where it is: the end of the occurrence.
            (None, Some(_)) => to.seconds_between(target, &from.end(slot, lasts, last), zones)?,
            (None, None) => lasts,
        };
        let (new_start, new_end) =
            (to.time(moved, start.unwrap_or(first)), to.end(moved, length, end.or(start).unwrap_or(last)));
        let lines = master.recurrence.clone().unwrap_or_default();
        Ok(Self { start: new_start, end: new_end, lines, by, from, to })
    }

    /// Where the occurrence that the series had at `at` then is. One whose time the clock skipped is taken for one at
    /// the later time that it took place at.
    pub fn original_start(&self, at: OriginalStart) -> OriginalStart {
        if self.by == TimeDelta::zero() && self.from == self.to {
            return at;
        }
        self.to.original_start(self.from.wall(key_of(at)) + self.by)
    }

    fn moved_lines(
        &self,
        series: &Series,
        start: NaiveDateTime,
        zones: &dyn TimeZones,
    ) -> Result<Vec<String>> {
        let days = ((start + self.by).date() - start.date()).num_days();
        let lines = self.lines.iter().enumerate();
        lines
            .map(|(index, text)| {
                let line = Line::read(text).map_err(|what| wrong_line(index, text, &what))?;
                match &line.content {
                    Content::Rule(rule) | Content::ExceptRule(rule) => self.rule(&line, rule, days),
                    Content::Dates(dates) | Content::ExceptDates(dates) => {
                        self.dates(line.name(), dates, series, zones)
                    }
                }
            })
            .collect()
    }

    fn rule(&self, line: &Line<'_>, rule: &Rule, days: i64) -> Result<String> {
        let names_times = rule.hours | rule.minutes | rule.seconds != 0;
        if names_times && self.by.num_seconds() % DAY != 0 {
            return Err(must_be_said(&format!("it repeats by \"{rule}\", which names times of the day")));
        }
        let names_other_days = rule.months != 0
            || [&rule.week_numbers, &rule.year_days, &rule.month_days, &rule.positions]
                .iter()
                .any(|part| !part.is_empty());
        let by_weekday = matches!(rule.frequency, Frequency::Daily | Frequency::Weekly);
        if days != 0 && (names_other_days || (!by_weekday && !rule.days.is_empty())) {
            return Err(must_be_said(&format!("it repeats by \"{rule}\", which names days")));
        }
        let until = match rule.end {
            RuleEnd::Until(until) => Some(line.ending(RuleEnd::Until(self.until(until)))),
            RuleEnd::Never | RuleEnd::Count(_) => None,
        };
        let text = until.unwrap_or_else(|| line.text());
        if days == 0 || rule.days.is_empty() {
            return Ok(text);
        }
        let turned = rule.days.iter().map(|day| {
            let weekday = (i64::from(day.weekday) + days).rem_euclid(7);
            WEEKDAYS.get(usize::try_from(weekday).unwrap_or(0)).copied().unwrap_or("MO")
        });
        let turned = turned.collect::<Vec<_>>().join(",");
        Ok(Line::read(&text).map_err(fault::error)?.with_part("BYDAY", &turned))
    }

    /// The end of a rule, moved.
    fn until(&self, until: IcalTime) -> IcalTime {
        let wall = match until {
            IcalTime::Utc(instant) if !self.from.all_day => self.from.zone.to_local(instant),
            // A date means all of that day; of whole days only its date counts.
            IcalTime::Date(date) if !self.from.all_day => date.and_time(NaiveTime::MIN) + LAST_OF_DAY,
            other => other.wall().date().and_time(NaiveTime::MIN),
        };
        self.to.ical_time(wall + self.by)
    }

    fn dates(
        &self,
        name: &str,
        dates: &[DateValue],
        series: &Series,
        zones: &dyn TimeZones,
    ) -> Result<String> {
        let mut moved = Vec::new();
        for date in dates {
            if date.end.is_some() {
                return Err(must_be_said("it has dates that last longer or shorter than the others"));
            }
            let wall = self.from.wall(series.key(date, &date.time, zones)?);
            moved.push(self.to.ical_time(wall + self.by).to_string());
        }
        let value = if self.to.all_day { ";VALUE=DATE" } else { "" };
        Ok(format!("{name}{value}:{}", moved.join(",")))
    }

    /// Refuses a move after which other days are meant than those that were, moved.
    fn check(&self, series: &Series, calendar_zone: &Zone, zones: &dyn TimeZones) -> Result<()> {
        let moved =
            Series::new(&Recurrence::parse(&self.lines)?, &self.start, &self.end, calendar_zone, zones)?;
        let (mut before, mut after) = (all(series), all(&moved));
        for _ in 0..COMPARED {
            let was = before.next().map(|one| (self.from.wall(key_of(one.original_start)) + self.by).date());
            let is = after.next().map(|one| self.to.wall(key_of(one.original_start)).date());
            match (was, is) {
                (Some(was), Some(is)) if was == is => {}
                (None, None) => break,
                (None, _) if before.is_truncated() => break,
                (_, None) if after.is_truncated() => break,
                _ => return Err(must_be_said("its rule would take place on other days then")),
            }
        }
        Ok(())
    }
}

/// From midnight to the last second of a day.
const LAST_OF_DAY: TimeDelta = TimeDelta::seconds(DAY - 1);

impl Clock {
    /// The clock that `start` is read on, and what it shows then.
    fn moved_to(
        &self,
        start: &EventTime,
        calendar_zone: &Zone,
        zones: &dyn TimeZones,
    ) -> Result<(Self, NaiveDateTime)> {
        let zone = match &start.time_zone {
            Some(name) if !start.is_all_day() => zones.known(name)?,
            _ if self.all_day || start.is_all_day() => calendar_zone,
            _ => &self.zone,
        };
        let clock = Self { zone: zone.clone(), all_day: start.is_all_day() };
        let wall = clock.wall_of(start);
        Ok((clock, wall))
    }

    /// What it shows at a key.
    fn wall(&self, key: i64) -> NaiveDateTime {
        let instant = DateTime::from_timestamp(key, 0).unwrap_or_default();
        if self.all_day { instant.naive_utc() } else { self.zone.to_local(instant) }
    }

    /// What it shows when `wall` is meant: later, where that is skipped.
    fn shown(&self, wall: NaiveDateTime) -> NaiveDateTime {
        if self.all_day { wall } else { self.zone.to_local(self.zone.resolve(wall)) }
    }

    /// From when it shows `wall` to `end`: whole days, or seconds that pass.
    fn seconds_between(&self, wall: NaiveDateTime, end: &EventTime, zones: &dyn TimeZones) -> Result<i64> {
        if let (true, When::Date(date)) = (self.all_day, &end.when) {
            return Ok((*date - wall.date()).num_seconds());
        }
        if self.all_day || end.is_all_day() {
            return Err(fault::error("start and end must both be days or both be times".to_owned()));
        }
        Ok((end.resolve(&self.zone, zones)? - self.zone.resolve(wall)).num_seconds())
    }

    /// What it shows at `time`.
    fn wall_of(&self, time: &EventTime) -> NaiveDateTime {
        match &time.when {
            When::Date(date) => date.and_time(NaiveTime::MIN),
            When::Local(wall) => *wall,
            When::Instant(instant) => self.zone.to_local(instant.utc()),
        }
    }

    /// What it shows as `wall`, in the zone that `like` names.
    fn time(&self, wall: NaiveDateTime, like: &EventTime) -> EventTime {
        if self.all_day {
            return EventTime::all_day(wall.date());
        }
        self.instant(self.zone.resolve(wall), like)
    }

    /// The end of what starts at `wall` and lasts so many seconds.
    fn end(&self, wall: NaiveDateTime, length: i64, like: &EventTime) -> EventTime {
        if self.all_day {
            return EventTime::all_day((wall + TimeDelta::seconds(length)).date());
        }
        self.instant(self.zone.resolve(wall) + TimeDelta::seconds(length), like)
    }

    fn instant(&self, instant: DateTime<Utc>, like: &EventTime) -> EventTime {
        let named = like.time_zone.as_deref().filter(|_| !like.is_all_day());
        shown(instant, &self.zone).in_zone(named.unwrap_or_else(|| self.zone.name()))
    }

    fn original_start(&self, wall: NaiveDateTime) -> OriginalStart {
        if self.all_day {
            OriginalStart::Date(wall.date())
        } else {
            OriginalStart::Instant(self.zone.resolve(wall))
        }
    }

    fn ical_time(&self, wall: NaiveDateTime) -> IcalTime {
        if self.all_day { IcalTime::Date(wall.date()) } else { IcalTime::Utc(self.zone.resolve(wall)) }
    }
}

fn all(series: &Series) -> Occurrences<'_> {
    Occurrences::starting(series, series.first_key(), LAST_SECOND)
}

fn must_be_said(why: &str) -> crate::Error {
    fault::error(format!(
        "the series cannot be moved as it is, since {why}: say how it is to repeat then as well"
    ))
}
