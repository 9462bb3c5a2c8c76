//! What Google sent and this version does not know, kept to the byte.

use std::fmt;

use serde::{Deserialize, Serialize, ser::SerializeMap};
use serde_json::value::RawValue;

/// Fields of an object that this version does not know, each value kept to the byte.
///
/// Costs one null pointer where there are none. Two are equal when they hold the same names with the same bytes,
/// in any order.
#[derive(Clone, Default)]
pub struct Unknown(Option<Box<Fields>>);

type Fields = Vec<(Box<str>, RawJson)>;

impl Unknown {
    /// The JSON text of field `name`.
    pub fn field(&self, name: &str) -> Option<&str> {
        self.iter().find(|(known, _)| *known == name).map(|(_, json)| json)
    }

    /// Each field's name and JSON text.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().flat_map(|fields| fields.iter()).map(|(name, json)| (&**name, json.as_str()))
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    pub(crate) fn push(&mut self, name: Box<str>, json: RawJson) {
        self.0.get_or_insert_default().push((name, json));
    }

    pub(crate) fn serialize_into<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        self.0
            .iter()
            .flat_map(|fields| fields.iter())
            .try_for_each(|(name, json)| map.serialize_entry(name, json))
    }
}

impl PartialEq for Unknown {
    fn eq(&self, other: &Self) -> bool {
        self.iter().count() == other.iter().count()
            && self.iter().all(|(name, json)| other.field(name) == Some(json))
    }
}

impl fmt::Debug for Unknown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}

/// One JSON value of any shape, kept to the byte.
#[derive(Clone, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RawJson(Box<RawValue>);

impl RawJson {
    /// The JSON text.
    pub fn as_str(&self) -> &str {
        self.0.get()
    }

    /// `value` as JSON.
    pub(crate) fn of(value: &impl Serialize) -> serde_json::Result<Self> {
        serde_json::value::to_raw_value(value).map(Self)
    }

    pub(crate) fn null() -> Self {
        Self(RawValue::NULL.to_owned())
    }

    pub(crate) fn is_null(&self) -> bool {
        self.as_str() == RawValue::NULL.get()
    }
}

impl PartialEq for RawJson {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl fmt::Debug for RawJson {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
