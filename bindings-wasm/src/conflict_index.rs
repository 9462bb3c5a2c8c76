//! Events kept ready for many questions.

use std::sync::Arc;

use theo_calendar::{
    conflict,
    id::{AccountKey, CalendarKey},
    model::Event,
};
use theo_calendar_wasm_edge::{error::Result, flat::Flat, zones::HOST_ZONES};
use wasm_bindgen::prelude::*;

use crate::{
    answer::Answer,
    conflicts,
    question::{Asked, known_zone},
};

/// The events of any number of calendars and accounts of one person.
#[wasm_bindgen]
pub struct ConflictIndex(conflict::ConflictIndex);

#[wasm_bindgen]
impl ConflictIndex {
    /// An index of nothing.
    #[wasm_bindgen(constructor)]
    pub fn new() -> Self {
        Self(conflict::ConflictIndex::new())
    }

    /// Adds `events` of `calendar`, each in the place of the one with its id; gives those that cannot be read, by their
    /// place, then the names of the others.
    pub fn add(
        &mut self,
        events: &[u8],
        account: &str,
        calendar: &str,
        time_zone: Option<String>,
    ) -> Result<Vec<f64>> {
        let zone = known_zone(time_zone.as_deref())?;
        let read = Flat::new(events).events();
        let events: Vec<Arc<Event>> = read.events.into_iter().map(Arc::new).collect();
        let mut answer = Answer::default();
        answer.unreadable(&read.unreadable);
        answer.list(&events, |answer, event| answer.number(conflicts::name(event)));
        self.0.extend(&key(account, calendar), events, zone, &HOST_ZONES);
        Ok(answer.into_numbers())
    }

    /// Takes out an event; says whether there was one.
    pub fn remove(&mut self, event: &str, account: &str, calendar: &str) -> bool {
        self.0.remove(&key(account, calendar).event(event))
    }

    /// Takes out every event of `calendar`.
    #[wasm_bindgen(js_name = removeCalendar)]
    pub fn remove_calendar(&mut self, account: &str, calendar: &str) {
        self.0.remove_calendar(&key(account, calendar));
    }

    /// How many events it keeps.
    #[wasm_bindgen(getter)]
    pub fn size(&self) -> usize {
        self.0.len()
    }

    /// What stands in the way of what `question` proposes.
    pub fn detect(&self, question: &[u8]) -> Result<Vec<f64>> {
        let asked = Asked::read(&mut Flat::new(question))?;
        Ok(conflicts::write(&self.0.find(&asked.proposal, &asked.policy)))
    }
}

/// A browser shows one person's calendars, so the person has no name here.
fn key(account: &str, calendar: &str) -> CalendarKey {
    AccountKey::new("", account).calendar(calendar)
}
