//! Times as people read them: local, with the weekday and the zone.

use std::fmt;

use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, Timelike, Utc};

use super::TimeRange;
use crate::recurrence::Zone;

/// An instant as the clocks of a zone show it: `Thu 2025-12-25 10:00`.
///
/// The second pass of an hour that is shown twice carries its offset: `Sun 2025-10-26 02:30+01:00`.
#[derive(Clone, Copy, Debug)]
pub struct LocalTime<'a> {
    instant: DateTime<Utc>,
    zone: &'a Zone,
}

impl<'a> LocalTime<'a> {
    /// `instant` in `zone`.
    pub fn new(instant: DateTime<Utc>, zone: &'a Zone) -> Self {
        Self { instant, zone }
    }

    /// The day it is there.
    pub fn date(&self) -> NaiveDate {
        self.zone.to_local(self.instant).date()
    }

    /// The time of day alone: `10:00`.
    fn clock(&self) -> String {
        let wall = self.zone.to_local(self.instant);
        let shown = format!("{:02}:{:02}", wall.hour(), wall.minute());
        if self.zone.resolve(wall) == self.instant {
            return shown;
        }
        let offset = self.zone.offset_at(self.instant);
        let (sign, minutes) = (if offset < 0 { '-' } else { '+' }, offset.abs() / 60);
        format!("{shown}{sign}{:02}:{:02}", minutes / 60, minutes % 60)
    }
}

impl fmt::Display for LocalTime<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", day(self.date()), self.clock())
    }
}

/// `range` as a person reads it in `zone`.
///
/// | range | reads |
/// |---|---|
/// | within a day | `Thu 2025-12-25 10:00–11:00 (Europe/Berlin)` |
/// | over midnight | `Thu 2025-12-25 22:00 – Fri 2025-12-26 02:00 (Europe/Berlin)` |
/// | `all_day`, one day | `Thu 2025-12-25, all day` |
/// | `all_day`, more | `Thu 2025-12-25 – Sat 2025-12-27, all day` |
pub fn format_range(range: &TimeRange, all_day: bool, zone: &Zone) -> String {
    let (start, end) = (LocalTime::new(range.start(), zone), LocalTime::new(range.end(), zone));
    let last = LocalTime::new(range.end() - TimeDelta::nanoseconds(1), zone).date();
    match (all_day, start.date()) {
        (true, first) if first == last => format!("{}, all day", day(first)),
        (true, first) => format!("{} – {}, all day", day(first), day(last)),
        (false, first) if first == end.date() => format!("{start}–{} ({})", end.clock(), zone.name()),
        (false, _) => format!("{start} – {end} ({})", zone.name()),
    }
}

fn day(date: NaiveDate) -> String {
    format!("{} {date}", date.weekday())
}
