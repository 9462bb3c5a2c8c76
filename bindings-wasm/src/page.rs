//! Lists of events.

use theo_calendar_wasm_edge::flat::Flat;
use wasm_bindgen::prelude::*;

use crate::answer::Answer;

/// Which of `events` cannot be read, by their place, and why.
#[wasm_bindgen(js_name = unreadableEvents)]
pub fn unreadable_events(events: &[u8]) -> Vec<f64> {
    let mut answer = Answer::default();
    answer.unreadable(&Flat::new(events).events().unreadable);
    answer.into_numbers()
}
