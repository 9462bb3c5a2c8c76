//! Google's pages of events.

use serde::Serialize;
use theo_calendar::google::{EventOutlines, Quarantined};
use wasm_bindgen::prelude::*;

use crate::{error::Result, json};

/// Which of `events` cannot be read, and why; the host has all the rest.
#[wasm_bindgen(js_name = unreadableEvents)]
pub fn unreadable_events(events: &[u8]) -> Result<String> {
    let quarantined = EventOutlines::parse(events)?.quarantined;
    json::write(&quarantined.iter().map(Unreadable::from).collect::<Vec<_>>())
}

#[derive(Serialize)]
pub(crate) struct Unreadable<'a> {
    index: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'a str>,
    reason: &'a str,
}

impl<'a> From<&'a Quarantined> for Unreadable<'a> {
    fn from(event: &'a Quarantined) -> Self {
        Self { index: event.index, id: event.id.as_ref().map(|id| id.as_str()), reason: &event.reason }
    }
}
