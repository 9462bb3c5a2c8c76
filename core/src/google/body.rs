//! The body of a write: fields of an event, each as JSON.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::check;
use crate::{
    Error, ErrorKind, Result,
    model::{Event, EventDraft, RawJson},
};

/// The fields of an event that a write sends, `null` for those it clears.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct EventBody(pub(super) BTreeMap<String, RawJson>);

impl EventBody {
    /// The fields of `draft`.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidInput`] for what Google is known to refuse.
    pub fn draft(draft: &EventDraft) -> Result<Self> {
        check::fields(draft)?;
        Self::of(draft)
    }

    /// The fields of `draft`, which is all of a new event.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidInput`] for what Google is known to refuse.
    pub(crate) fn of_new(draft: &EventDraft) -> Result<Self> {
        check::new_event(draft)?;
        Self::of(draft)
    }

    /// All of `event`, as [`UpdateEvent`](super::UpdateEvent) replaces it: fields this version does not know stay.
    ///
    /// # Errors
    /// None in practice: an event that was read can be written.
    pub fn whole(event: &Event) -> Result<Self> {
        Self::of(event)
    }

    /// What is there once `change` is written to it (RFC 7386): an object over an object field by field, null takes
    /// away, anything else replaces.
    pub(crate) fn patched(mut self, change: &Self) -> Result<Self> {
        for (name, value) in &change.0 {
            if value.is_null() {
                self.0.remove(name);
                continue;
            }
            let value = match object(value) {
                Some(change) => {
                    let there = self.0.get(name).and_then(object).unwrap_or_default();
                    RawJson::of(&there.patched(&change)?).map_err(unwritable)?
                }
                None => value.clone(),
            };
            self.0.insert(name.clone(), value);
        }
        Ok(self)
    }

    /// Sets `field` to `value`, over what it was.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidInput`] when `value` cannot be written as JSON.
    pub fn set(&mut self, field: &str, value: &impl Serialize) -> Result<()> {
        self.0.insert(field.to_owned(), RawJson::of(value).map_err(unwritable)?);
        Ok(())
    }

    /// Sets `field` to null, which clears it.
    pub fn clear(&mut self, field: &str) {
        self.0.insert(field.to_owned(), RawJson::null());
    }

    /// Whether it says anything of `field`.
    pub fn has(&self, field: &str) -> bool {
        self.0.contains_key(field)
    }

    /// The names of its fields.
    pub fn fields(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// What it says of `field`.
    pub(crate) fn field(&self, field: &str) -> Option<&RawJson> {
        self.0.get(field)
    }

    /// Whether it says nothing.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn of(value: &impl Serialize) -> Result<Self> {
        let json = serde_json::to_string(value).map_err(unwritable)?;
        serde_json::from_str(&json).map(Self).map_err(unwritable)
    }
}

fn object(json: &RawJson) -> Option<EventBody> {
    serde_json::from_str(json.as_str()).ok()
}

fn unwritable(error: serde_json::Error) -> Error {
    Error::new(ErrorKind::InvalidInput, format!("cannot be written as JSON: {error}")).with_source(error)
}
