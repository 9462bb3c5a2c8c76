//! When an event starts or ends, as Google writes it.

use std::fmt;

use chrono::{DateTime, NaiveDate, NaiveDateTime, Timelike, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de, ser::SerializeMap};

use super::{Timestamp, timestamp::google_form};
use crate::{
    Error, ErrorKind, Result,
    model::{Text, Unknown},
};

/// When an event starts or ends: a date, an instant, or a wall-clock time in a named zone.
#[derive(Clone, Debug, PartialEq)]
pub struct EventTime {
    /// The date or time.
    pub when: When,
    /// IANA zone name. Required by Google on a recurring timed event, and by [`When::Local`].
    pub time_zone: Option<Text>,
    /// Fields this version does not know.
    pub unknown: Unknown,
}

/// A date, an instant, or a wall-clock time.
#[derive(Clone, Debug, PartialEq)]
pub enum When {
    /// All day. The end date of an event is the first day that is no longer part of it.
    Date(NaiveDate),
    /// An instant, with the offset Google showed it at.
    Instant(Timestamp),
    /// A wall-clock time without offset: only in what is written to Google, and only with a zone.
    Local(NaiveDateTime),
}

impl EventTime {
    /// All day on `date`.
    pub fn all_day(date: NaiveDate) -> Self {
        Self { when: When::Date(date), time_zone: None, unknown: Unknown::default() }
    }

    /// At `instant`.
    pub fn at(instant: impl Into<Timestamp>) -> Self {
        Self { when: When::Instant(instant.into()), time_zone: None, unknown: Unknown::default() }
    }

    /// When the clocks of `time_zone` show `wall`.
    pub fn local(wall: NaiveDateTime, time_zone: impl Into<Text>) -> Self {
        Self { when: When::Local(wall), time_zone: Some(time_zone.into()), unknown: Unknown::default() }
    }

    /// The same time, in the zone named.
    #[must_use]
    pub fn in_zone(mut self, time_zone: impl Into<Text>) -> Self {
        self.time_zone = Some(time_zone.into());
        self
    }

    /// What Google's `date`, `dateTime` and `timeZone` say: one of the first two is there.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidInput`] when both or neither are, or the one that is there cannot be read.
    pub fn read(date: Option<&str>, date_time: Option<&str>, time_zone: Option<&str>) -> Result<Self> {
        let wrong = |what| Error::new(ErrorKind::InvalidInput, what);
        let read = |text: Option<&str>| text.map(When::read).transpose().map_err(wrong);
        let when = When::one_of(read(date)?, read(date_time)?).map_err(wrong)?;
        Ok(Self { when, time_zone: time_zone.map(Text::from), unknown: Unknown::default() })
    }

    /// Whether it is a whole day.
    pub fn is_all_day(&self) -> bool {
        matches!(self.when, When::Date(_))
    }

    /// The date or time as Google writes it: `2025-03-28`, `2025-03-28T15:00:00Z` or `2025-03-28T15:00:00`.
    pub fn text(&self) -> String {
        self.when.to_string()
    }

    /// The instant, where it needs no time zone to know it.
    pub fn instant(&self) -> Option<DateTime<Utc>> {
        match &self.when {
            When::Instant(timestamp) => Some(timestamp.utc()),
            When::Date(_) | When::Local(_) => None,
        }
    }
}

impl When {
    /// Reads it, or says what is wrong.
    fn read(text: &str) -> Result<Self, String> {
        Timestamp::parse(text)
            .map(Self::Instant)
            .ok()
            .or_else(|| google_form::wall(text).map(Self::Local))
            .or_else(|| google_form::date(text).map(Self::Date))
            .ok_or_else(|| format!("`{text}` is not an RFC 3339 time"))
    }

    /// The one of Google's two fields that is there.
    fn one_of(date: Option<Self>, date_time: Option<Self>) -> Result<Self, String> {
        match (date, date_time) {
            (Some(Self::Date(date)), None) => Ok(Self::Date(date)),
            (Some(when), None) => Err(format!("`{when}` is not a day")),
            (None, Some(Self::Date(date))) => Err(format!("`{date}` has no time")),
            (None, Some(when)) => Ok(when),
            (Some(_), Some(_)) => Err("has both `date` and `dateTime`".to_owned()),
            (None, None) => Err("has neither `date` nor `dateTime`".to_owned()),
        }
    }
}

/// As Google writes it.
impl fmt::Display for When {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Date(date) => date.fmt(f),
            Self::Instant(timestamp) => timestamp.fmt(f),
            Self::Local(wall) => {
                let time = wall.time();
                write!(f, "{}T{:02}:{:02}:{:02}", wall.date(), time.hour(), time.minute(), time.second())
            }
        }
    }
}

impl Serialize for When {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for When {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TextVisitor;
        impl de::Visitor<'_> for TextVisitor {
            type Value = When;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a date or time")
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<When, E> {
                When::read(text).map_err(E::custom)
            }
        }
        deserializer.deserialize_str(TextVisitor)
    }
}

impl Serialize for EventTime {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        let field = if self.is_all_day() { "date" } else { "dateTime" };
        map.serialize_entry(field, &self.when)?;
        if let Some(zone) = &self.time_zone {
            map.serialize_entry("timeZone", zone)?;
        }
        self.unknown.serialize_into(&mut map)?;
        map.end()
    }
}

impl<'de> Deserialize<'de> for EventTime {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let wire = EventDateTime::deserialize(deserializer)?;
        let when = When::one_of(wire.date, wire.date_time).map_err(de::Error::custom)?;
        Ok(Self { when, time_zone: wire.time_zone, unknown: wire.unknown })
    }
}

crate::model::google_object! {
    /// Google's `EventDateTime`, before it is known to be one of the three.
    pub(crate) struct EventDateTime {
        /// All-day date.
        "date" => date: When,
        /// Instant or wall clock.
        "dateTime" => date_time: When,
        /// Zone.
        "timeZone" => time_zone: Text,
    }
}
