//! Conflicts of a list of events.

use theo_calendar::{conflict, google::EventOutlines, model::EventOutline};
use wasm_bindgen::prelude::*;

use crate::{error::Result, question::answer, zones::HOST_ZONES};

/// What among `events` stands in the way of what `question` proposes.
#[wasm_bindgen(js_name = detectConflicts)]
pub fn detect_conflicts(events: &[u8], question: &str) -> Result<String> {
    let events = EventOutlines::parse(events)?.events;
    let events: Vec<_> = events.into_iter().map(EventOutline::into_event).collect();
    answer(question, |asked| {
        conflict::detect_conflicts(&events, &asked.proposal, &asked.policy, asked.zone, &HOST_ZONES)
    })
}
