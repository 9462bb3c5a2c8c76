//! What is to change in an event.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::EventDraft;

/// A change to an event: fields to set, and fields to clear.
///
/// Guests in [`set`](Self::set) are merged by address with those there are, so that nobody's answer is lost.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct EventPatch {
    /// Fields that get a new value.
    pub set: EventDraft,
    /// Google's names of fields to clear, such as `location`.
    #[serde(default)]
    pub clear: BTreeSet<String>,
    /// Addresses of guests to take off.
    #[serde(default)]
    pub remove_attendees: BTreeSet<String>,
}

impl EventPatch {
    /// A change that sets the fields of `set`.
    pub fn new(set: EventDraft) -> Self {
        Self { set, ..Self::default() }
    }

    /// The same change, which also clears `field`.
    #[must_use]
    pub fn clearing(mut self, field: impl Into<String>) -> Self {
        self.clear.insert(field.into());
        self
    }

    /// Whether it changes nothing.
    pub fn is_empty(&self) -> bool {
        self.set == EventDraft::default() && self.clear.is_empty() && self.remove_attendees.is_empty()
    }
}
