//! What happened so far, as tests read it.

use serde_json::Value;

use super::FakeGoogle;
use crate::channel::Channel;
use crate::event::read;
use crate::ledger::{Effect, LoggedRequest, Mail};

impl FakeGoogle {
    /// Every write that took effect, in order. Direct edits are not among them.
    pub fn effects(&self) -> Vec<Effect> {
        self.shared.lock().ledger.effects.clone()
    }

    /// How many writes took effect on one event.
    pub fn effects_on(&self, calendar: &str, event: &str) -> usize {
        let state = self.shared.lock();
        state
            .ledger
            .effects
            .iter()
            .filter(|effect| effect.calendar == calendar && effect.event == event)
            .count()
    }

    /// Every mail guests would have got.
    pub fn mail(&self) -> Vec<Mail> {
        self.shared.lock().ledger.mail.clone()
    }

    /// How many requests of an operation came, for example `events.list`; those that failed included.
    pub fn requests(&self, operation: &str) -> u64 {
        self.shared.lock().ledger.requests.get(operation).copied().unwrap_or(0)
    }

    /// How many requests came in all.
    pub fn all_requests(&self) -> u64 {
        self.shared.lock().ledger.requests.values().sum()
    }

    /// The requests themselves, oldest first.
    pub fn request_log(&self) -> Vec<LoggedRequest> {
        self.shared.lock().ledger.log().cloned().collect()
    }

    /// How many refreshes of access tokens were asked for.
    pub fn token_refreshes(&self) -> u64 {
        self.shared.lock().ledger.token_refreshes
    }

    /// The channels that are open and have not expired.
    pub fn channels(&self) -> Vec<Channel> {
        let state = self.shared.lock();
        let now = state.clock.now();
        let mut open: Vec<Channel> =
            state.channels.open.values().filter(|one| one.expires > now).cloned().collect();
        open.sort_by(|one, other| one.id.cmp(&other.id));
        open
    }

    /// How many notifications were sent, `sync` messages included.
    pub fn notifications_sent(&self) -> u64 {
        self.shared.lock().channels.sent
    }

    /// Sets all these books to nothing.
    pub fn reset_books(&self) {
        let mut state = self.shared.lock();
        state.ledger.clear();
        state.channels.sent = 0;
    }

    /// One event as `events.get` shows it to its owner.
    pub fn event(&self, calendar: &str, event: &str) -> Option<Value> {
        let state = self.shared.lock();
        let calendar = state.calendars.get(calendar)?;
        read::find(calendar, event).ok().map(Value::Object)
    }

    /// What a complete listing without parameters gives: live events, and cancelled occurrences of live series.
    pub fn snapshot(&self, calendar: &str) -> Vec<Value> {
        self.shared.lock().snapshot(calendar)
    }
}
