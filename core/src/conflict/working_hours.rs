//! When a person works: by the week, on the clock of their own zone.

mod clock_span;

use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, TimeDelta, Utc, Weekday};
use serde::{Deserialize, Serialize, Serializer};

pub use self::clock_span::ClockSpan;
use super::spans::Spans;
use crate::{
    Error, ErrorKind, Result,
    recurrence::{TimeZones, Zone},
    time::TimeRange,
};

const WEEK: [Weekday; 7] =
    [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri, Weekday::Sat, Weekday::Sun];

/// How far [`WorkingHours::contains`] looks at a time.
const STRIDE: TimeDelta = TimeDelta::days(32);

/// When a person works: of each weekday any number of stretches, none on a free day, on the clock of one zone.
///
/// # Guarantees
/// - A clock's time is made an instant by [`Zone::resolve`], the one rule of the library: a stretch that starts or ends
///   in an hour that is skipped does so as much later; one in an hour that is shown twice, the first time.
/// - Stretches that touch are one, over midnight too: `22:00-24:00` and `00:00-06:00` of the next day are a night.
///
/// ```
/// use theo_calendar::conflict::WorkingHours;
/// use theo_calendar::{recurrence::Zone, time::TimeRange};
///
/// let office = WorkingHours::on_workdays(Zone::utc(), ["09:00-12:00".parse()?, "13:00-17:00".parse()?])?;
/// let monday = TimeRange::new("2025-03-03T00:00:00Z".parse().unwrap(), "2025-03-04T00:00:00Z".parse().unwrap())?;
/// assert_eq!(office.within(&monday).len(), 2);
/// assert!(!office.contains(&monday));
/// # Ok::<(), theo_calendar::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkingHours {
    zone: Zone,
    /// From Monday; of each day by start.
    days: [Vec<ClockSpan>; 7],
}

/// Working hours as they are written, before it is known that they fit together:
/// `{"time_zone": "Europe/Berlin", "monday": ["09:00-12:00", "13:00-17:00"]}`. A day that is left out is free.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[allow(missing_docs, reason = "each field is a day of the week")]
pub struct WrittenHours {
    /// IANA name of the zone whose clocks are meant.
    pub time_zone: String,
    pub monday: Vec<ClockSpan>,
    pub tuesday: Vec<ClockSpan>,
    pub wednesday: Vec<ClockSpan>,
    pub thursday: Vec<ClockSpan>,
    pub friday: Vec<ClockSpan>,
    pub saturday: Vec<ClockSpan>,
    pub sunday: Vec<ClockSpan>,
}

impl WorkingHours {
    /// On each day of `week` the stretches named with it, in any order, on the clocks of `zone`.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidInput`] when two of one day overlap.
    pub fn new(zone: Zone, week: impl IntoIterator<Item = (Weekday, ClockSpan)>) -> Result<Self> {
        let mut days: [Vec<ClockSpan>; 7] = Default::default();
        for (weekday, span) in week {
            days[weekday.num_days_from_monday() as usize].push(span);
        }
        for (weekday, spans) in WEEK.into_iter().zip(&mut days) {
            spans.sort_unstable();
            let overlapping =
                spans.iter().zip(spans.iter().skip(1)).find(|(earlier, later)| later.start < earlier.end);
            if let Some((earlier, later)) = overlapping {
                let message = format!("the working hours {earlier} and {later} of {weekday} overlap");
                return Err(Error::new(ErrorKind::InvalidInput, message));
            }
        }
        Ok(Self { zone, days })
    }

    /// From Monday to Friday the same `spans`.
    ///
    /// # Errors
    /// Those of [`new`](Self::new).
    pub fn on_workdays(zone: Zone, spans: impl IntoIterator<Item = ClockSpan>) -> Result<Self> {
        let spans: Vec<ClockSpan> = spans.into_iter().collect();
        Self::new(zone, WEEK.into_iter().take(5).flat_map(|day| spans.iter().map(move |span| (day, *span))))
    }

    /// What is `written`, in a zone that `zones` know.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidInput`] when the zone is unknown, and those of [`new`](Self::new).
    pub fn of_written(written: &WrittenHours, zones: &dyn TimeZones) -> Result<Self> {
        let zone = zones.known(&written.time_zone)?;
        let week = WEEK.into_iter().zip(written.days());
        Self::new(zone.clone(), week.flat_map(|(day, spans)| spans.iter().map(move |span| (day, *span))))
    }

    /// The zone whose clocks are meant.
    pub fn zone(&self) -> &Zone {
        &self.zone
    }

    /// The hours in `window`, by start, none touching the next. Takes as long as the window has days.
    pub fn within(&self, window: &TimeRange) -> Vec<TimeRange> {
        let day_of = |instant: DateTime<Utc>| self.zone.to_local(instant).date();
        // A stretch may pass midnight where its zone skips hours: one day more on either side.
        let first = day_of(window.start()).pred_opt().unwrap_or(NaiveDate::MIN);
        let last = day_of(window.end()).succ_opt().unwrap_or(NaiveDate::MAX);
        let days = first.iter_days().take_while(|day| *day <= last);
        let hours = days.flat_map(|day| self.of_day(day)).filter_map(|hours| hours.intersection(window));
        hours.collect::<Spans>().into_ranges()
    }

    /// Whether all of `range` is in the hours.
    pub fn contains(&self, range: &TimeRange) -> bool {
        let mut from = range.start();
        while from < range.end() {
            let until = from.checked_add_signed(STRIDE).map_or(range.end(), |until| until.min(range.end()));
            let Ok(stride) = TimeRange::new(from, until) else { return false };
            if self.within(&stride) != [stride] {
                return false;
            }
            from = until;
        }
        true
    }

    fn of_day(&self, day: NaiveDate) -> impl Iterator<Item = TimeRange> {
        let at = move |minute: u16| {
            let midnight = day.and_time(NaiveTime::MIN);
            let wall = midnight.checked_add_signed(TimeDelta::minutes(minute.into())).unwrap_or(midnight);
            self.zone.resolve(wall)
        };
        let spans = &self.days[day.weekday().num_days_from_monday() as usize];
        // Empty where a zone skipped all of it.
        spans.iter().filter_map(move |span| TimeRange::new(at(span.start), at(span.end)).ok())
    }
}

impl WrittenHours {
    fn days(&self) -> [&Vec<ClockSpan>; 7] {
        [
            &self.monday,
            &self.tuesday,
            &self.wednesday,
            &self.thursday,
            &self.friday,
            &self.saturday,
            &self.sunday,
        ]
    }
}

impl From<&WorkingHours> for WrittenHours {
    fn from(hours: &WorkingHours) -> Self {
        let [monday, tuesday, wednesday, thursday, friday, saturday, sunday] = hours.days.clone();
        let time_zone = hours.zone.name().to_owned();
        Self { time_zone, monday, tuesday, wednesday, thursday, friday, saturday, sunday }
    }
}

/// As [`WrittenHours`]; reading needs zones, and so goes by [`WorkingHours::of_written`].
impl Serialize for WorkingHours {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        WrittenHours::from(self).serialize(serializer)
    }
}
