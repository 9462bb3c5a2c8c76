//! What happened: effects, guest mail, requests. Tests read it to prove "exactly once".

use std::collections::{BTreeMap, VecDeque};

use chrono::{DateTime, Utc};
use serde::Serialize;

/// How many requests the log remembers.
const LOG_CAPACITY: usize = 100_000;

/// A write that took effect on an event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Effect {
    /// The calendar written.
    pub calendar: String,
    /// The event written.
    pub event: String,
    /// The operation, for example `events.insert`.
    pub operation: String,
    /// The person in whose name it was done.
    pub person: String,
}

/// A mail Google would have sent to a guest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Mail {
    /// The calendar of the event.
    pub calendar: String,
    /// The event it is about.
    pub event: String,
    /// Who receives it.
    pub to: String,
    /// `invitation`, `update`, `cancellation` or `response`.
    pub about: String,
}

/// A request as it came.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LoggedRequest {
    /// When, by the fake's clock.
    pub at: DateTime<Utc>,
    /// The operation, for example `events.list`.
    pub operation: String,
    /// The HTTP method.
    pub method: String,
    /// The path, percent-encoded as it came.
    pub path: String,
    /// The query string, as it came.
    pub query: String,
    /// The body, as far as it is text.
    pub body: String,
    /// The person whose access token it carried, if any is known.
    pub person: Option<String>,
    /// The `If-Match` header.
    pub if_match: Option<String>,
    /// The status answered; `None` while under way, or when the connection was dropped.
    pub status: Option<u16>,
}

/// The books.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    pub(crate) effects: Vec<Effect>,
    pub(crate) mail: Vec<Mail>,
    pub(crate) requests: BTreeMap<String, u64>,
    pub(crate) token_refreshes: u64,
    log: VecDeque<LoggedRequest>,
    dropped: u64,
}

impl Ledger {
    pub(crate) fn effect(&mut self, calendar: &str, event: &str, operation: &str, person: &str) {
        self.effects.push(Effect {
            calendar: calendar.to_owned(),
            event: event.to_owned(),
            operation: operation.to_owned(),
            person: person.to_owned(),
        });
    }

    /// Logs a request and gives the number by which its status is filled in.
    pub(crate) fn request(&mut self, request: LoggedRequest) -> u64 {
        *self.requests.entry(request.operation.clone()).or_default() += 1;
        self.log.push_back(request);
        if self.log.len() > LOG_CAPACITY {
            self.log.pop_front();
            self.dropped += 1;
        }
        self.dropped + self.log.len() as u64 - 1
    }

    pub(crate) fn answered(&mut self, number: u64, status: Option<u16>) {
        let index = number.checked_sub(self.dropped).and_then(|index| usize::try_from(index).ok());
        if let Some(request) = index.and_then(|index| self.log.get_mut(index)) {
            request.status = status;
        }
    }

    pub(crate) fn log(&self) -> impl Iterator<Item = &LoggedRequest> {
        self.log.iter()
    }

    /// Sets every count to nothing; the state of calendars stays.
    pub(crate) fn clear(&mut self) {
        *self = Self::default();
    }
}
