//! When events take place.

use theo_calendar::recurrence::{self, EventOccurrence};
use theo_calendar_wasm_edge::{error::Result, flat::Flat, range, zones::HOST_ZONES};
use wasm_bindgen::prelude::*;

use crate::{answer::Answer, question::known_zone};

/// When `events` take place between `start` and `end`, in a calendar of `time_zone`, in the order in which
/// `js/calendar.js` reads it.
#[wasm_bindgen]
pub fn expand(events: &[u8], start: &str, end: &str, time_zone: Option<String>) -> Result<Vec<f64>> {
    let window = range(start, end)?;
    let zone = known_zone(time_zone.as_deref())?;
    let read = Flat::new(events).events();
    let found = recurrence::expand(&read.events, &window, zone, &HOST_ZONES);
    let place = |event| read.events.element_offset(event).unwrap_or_default() as u32;

    let mut answer = Answer::default();
    answer.unreadable(&read.unreadable);
    answer.list(&found.occurrences, |answer, EventOccurrence { event, original_start, span }| {
        answer.number(place(event));
        // An exception has an id of its own.
        answer.original_start(original_start.filter(|_| event.is_master()));
        answer.span(*span);
        answer.flag(event.start.as_ref().is_some_and(|start| start.is_all_day()));
    });
    answer.flag(found.truncated);
    answer.list(&found.unreadable, |answer, (event, error)| {
        answer.number(place(event));
        answer.text(&error.to_string());
    });
    Ok(answer.into_numbers())
}
