//! An instant that remembers how it was written.

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
    text: Box<str>,
}

impl Timestamp {
    /// Reads RFC 3339 with its mandatory offset.
    ///
    /// # Errors
    /// chrono's, when `text` is not RFC 3339.
    pub fn parse(text: impl Into<Box<str>>) -> Result<Self, chrono::ParseError> {
        let text = text.into();
        Ok(Self { instant: DateTime::parse_from_rfc3339(&text)?, text })
    }

    /// The instant at the offset it was written with.
    pub fn instant(&self) -> DateTime<FixedOffset> {
        self.instant
    }

    /// The instant in UTC.
    pub fn utc(&self) -> DateTime<Utc> {
        self.instant.to_utc()
    }

    /// As it was written.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl From<DateTime<FixedOffset>> for Timestamp {
    fn from(instant: DateTime<FixedOffset>) -> Self {
        Self { instant, text: instant.to_rfc3339_opts(SecondsFormat::AutoSi, true).into() }
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
        f.write_str(&self.text)
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Box::<str>::deserialize(deserializer)?;
        Self::parse(text).map_err(|error| de::Error::custom(format_args!("not an RFC 3339 time: {error}")))
    }
}
