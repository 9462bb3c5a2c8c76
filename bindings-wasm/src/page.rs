//! Lists of events.

use theo_calendar_wasm_edge::{error::Result, flat::Flat, json};
use wasm_bindgen::prelude::*;

/// Which of `events` cannot be read, by their place, and why.
#[wasm_bindgen(js_name = unreadableEvents)]
pub fn unreadable_events(events: &[u8]) -> Result<String> {
    json::write(&Flat::new(events).events().unreadable)
}
