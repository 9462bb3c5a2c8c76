//! An instant that remembers how it was written.

pub(super) mod google_form;

use std::fmt;

use chrono::{DateTime, FixedOffset, SecondsFormat, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// An RFC 3339 instant that is written back exactly as it was read.
///
/// Google mixes `Z`, `+00:00`, and three or no digits of a second; a mirror that writes back must keep them.
/// Two are equal when they name the same instant at the same offset.
#[derive(Clone, Eq)]
pub struct Timestamp {
    instant: DateTime<FixedOffset>,
    written: Written,
}

/// How an instant was written: as text only where that says more than its form.
#[derive(Clone, PartialEq, Eq)]
enum Written {
    Form { seconds: SecondsFormat, zulu: bool },
    Text(Box<str>),
}

impl Timestamp {
    /// Reads RFC 3339 with its mandatory offset.
    ///
    /// # Errors
    /// chrono's, when `text` is not RFC 3339.
    pub fn parse(text: &str) -> Result<Self, chrono::ParseError> {
        if let Some((instant, seconds, zulu)) = google_form::read(text) {
            return Ok(Self { instant, written: Written::Form { seconds, zulu } });
        }
        Ok(Self { instant: DateTime::parse_from_rfc3339(text)?, written: Written::Text(text.into()) })
    }

    /// The instant at the offset it was written with.
    pub fn instant(&self) -> DateTime<FixedOffset> {
        self.instant
    }

    /// The instant in UTC.
    pub fn utc(&self) -> DateTime<Utc> {
        self.instant.to_utc()
    }
}

impl From<DateTime<FixedOffset>> for Timestamp {
    fn from(instant: DateTime<FixedOffset>) -> Self {
        Self { instant, written: Written::Form { seconds: SecondsFormat::AutoSi, zulu: true } }
    }
}

impl From<DateTime<Utc>> for Timestamp {
    fn from(instant: DateTime<Utc>) -> Self {
        instant.fixed_offset().into()
    }
}

impl PartialEq for Timestamp {
    fn eq(&self, other: &Self) -> bool {
        self.instant == other.instant && self.instant.offset() == other.instant.offset()
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// As it was written.
impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.written {
            Written::Form { seconds, zulu } => f.write_str(&self.instant.to_rfc3339_opts(*seconds, *zulu)),
            Written::Text(text) => f.write_str(text),
        }
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TextVisitor;
        impl de::Visitor<'_> for TextVisitor {
            type Value = Timestamp;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an RFC 3339 time")
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Timestamp, E> {
                Timestamp::parse(text)
                    .map_err(|error| E::custom(format_args!("not an RFC 3339 time: {error}")))
            }
        }
        deserializer.deserialize_str(TextVisitor)
    }
}
