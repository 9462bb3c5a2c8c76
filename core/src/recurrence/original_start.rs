//! What names an occurrence of a series: when the series has it.

use std::fmt;

use chrono::{DateTime, NaiveDate, Utc};

use super::{IcalTime, TimeZones, Zone};
use crate::{
    Result,
    id::EventId,
    time::{EventTime, When},
};

/// When a series has an occurrence, whether or not that was moved since: Google's `originalStartTime`.
///
/// Written as Google writes it into the occurrence's id: `20250328T150000Z`, or `20250328` of whole days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum OriginalStart {
    /// Of an all-day series.
    Date(NaiveDate),
    /// Of a timed one, in whole seconds.
    Instant(DateTime<Utc>),
}

impl OriginalStart {
    /// What `time` says, as [`EventTime::resolve`] reads it.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput) when a wall-clock time is in an unknown zone.
    pub fn of(time: &EventTime, calendar_zone: &Zone, zones: &dyn TimeZones) -> Result<Self> {
        if let When::Date(date) = time.when {
            return Ok(Self::Date(date));
        }
        let instant = time.resolve(calendar_zone, zones)?;
        Ok(Self::Instant(DateTime::from_timestamp(instant.timestamp(), 0).unwrap_or(instant)))
    }

    /// The master and the original start that Google put into `id`, if it is the id of an occurrence.
    ///
    /// ```
    /// use theo_calendar::recurrence::OriginalStart;
    ///
    /// let (master, start) = OriginalStart::in_id("_weekly_20250328T150000Z").unwrap();
    /// assert_eq!((master, start.to_string().as_str()), ("_weekly", "20250328T150000Z"));
    /// assert!(OriginalStart::in_id("weekly_R20250326T123000").is_none());
    /// ```
    pub fn in_id(id: &str) -> Option<(&str, Self)> {
        let (master, start) = id.rsplit_once('_').filter(|(master, _)| !master.is_empty())?;
        let start = match IcalTime::read(start).ok()? {
            IcalTime::Date(date) => Self::Date(date),
            IcalTime::Utc(instant) => Self::Instant(instant),
            IcalTime::Local(_) => return None,
        };
        Some((master, start))
    }

    /// The id Google gives the occurrence of `master` that starts then.
    pub fn id(&self, master: &EventId) -> EventId {
        EventId::from(format!("{master}_{self}"))
    }
}

impl fmt::Display for OriginalStart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Date(date) => IcalTime::Date(*date),
            Self::Instant(instant) => IcalTime::Utc(*instant),
        }
        .fmt(f)
    }
}
