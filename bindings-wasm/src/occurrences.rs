//! When events take place.

use serde::Serialize;
use theo_calendar::{
    id::EventId,
    recurrence::{self, EventOccurrence},
    time::TimeRange,
};
use theo_calendar_wasm_edge::{error::Result, flat::Flat, json, range, zones::HOST_ZONES};
use wasm_bindgen::prelude::*;

use crate::question::known_zone;

/// When `events` take place between `start` and `end`, in a calendar of `time_zone`.
#[wasm_bindgen]
pub fn expand(events: &[u8], start: &str, end: &str, time_zone: Option<String>) -> Result<String> {
    let window = range(start, end)?;
    let zone = known_zone(time_zone.as_deref())?;
    let read = Flat::new(events).events();
    let found = recurrence::expand(&read.events, &window, zone, &HOST_ZONES);
    json::write(&Expansion {
        occurrences: found.occurrences.iter().map(Occurrence::from).collect(),
        truncated: found.truncated,
        unreadable: &read.unreadable,
        unreadable_series: found
            .unreadable
            .iter()
            .map(|(event, error)| (&event.id, error.to_string()))
            .collect(),
    })
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Expansion<'a> {
    occurrences: Vec<Occurrence<'a>>,
    truncated: bool,
    unreadable: &'a [(u32, String)],
    unreadable_series: Vec<(&'a EventId, String)>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Occurrence<'a> {
    id: EventId,
    event_id: &'a EventId,
    span: TimeRange,
    all_day: bool,
}

impl<'a> From<&EventOccurrence<'a>> for Occurrence<'a> {
    fn from(one: &EventOccurrence<'a>) -> Self {
        let all_day = one.event.start.as_ref().is_some_and(|start| start.is_all_day());
        Self { id: one.id(), event_id: &one.event.id, span: one.span, all_day }
    }
}
