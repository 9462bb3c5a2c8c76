//! Conflicts of a list of events.

use theo_calendar::conflict;
use theo_calendar_wasm_edge::{error::Result, flat::Flat, zones::HOST_ZONES};
use wasm_bindgen::prelude::*;

use crate::question::answer;

/// What among `events` stands in the way of what `question` proposes.
#[wasm_bindgen(js_name = detectConflicts)]
pub fn detect_conflicts(events: &[u8], question: &[u8]) -> Result<String> {
    let events = Flat::new(events).events().events;
    answer(question, |asked| {
        conflict::detect_conflicts(&events, &asked.proposal, &asked.policy, asked.zone, &HOST_ZONES)
    })
}
