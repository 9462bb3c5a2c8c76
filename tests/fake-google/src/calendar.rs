//! One calendar: its events, and the log by which listings and deltas are read in order of change.

mod kept;

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use chrono_tz::Tz;
use serde_json::{Map, Value};

use crate::cursor::first_epoch;
use crate::series::Series;
use crate::when::When;

pub(crate) use kept::KeptCalendar;

/// What kind of event a stored one is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    Single,
    Master,
    Exception { master: String, original: i64 },
}

/// An event as stored: its JSON, and what listings need to know without reading it.
#[derive(Clone, Debug)]
pub(crate) struct Stored {
    pub(crate) json: Arc<str>,
    pub(crate) seq: u64,
    pub(crate) updated: i64,
    /// Seconds since the epoch; `end` is `i64::MAX` for an endless series.
    pub(crate) start: i64,
    pub(crate) end: i64,
    pub(crate) cancelled: bool,
    /// A cancelled exception that its series no longer reaches: listed with only its id.
    pub(crate) bare: bool,
    pub(crate) shape: Shape,
}

impl Stored {
    /// The event as a JSON object.
    pub(crate) fn map(&self) -> Map<String, Value> {
        serde_json::from_str(&self.json).unwrap_or_default()
    }
}

/// A calendar that exists once, however many people have it in their lists.
#[derive(Debug)]
pub(crate) struct Calendar {
    pub(crate) id: String,
    pub(crate) owner: String,
    /// The `calendars` resource.
    pub(crate) props: Map<String, Value>,
    pub(crate) refuses_watch: bool,
    pub(crate) deleted: bool,
    pub(crate) epoch: u64,
    pub(crate) seq: u64,
    pub(crate) updated: i64,
    events: HashMap<String, Stored>,
    log: BTreeMap<u64, String>,
    exceptions: HashMap<String, BTreeMap<i64, String>>,
}

impl Calendar {
    pub(crate) fn new(id: &str, owner: &str, props: Map<String, Value>) -> Self {
        Self {
            id: id.to_owned(),
            owner: owner.to_owned(),
            props,
            refuses_watch: false,
            deleted: false,
            epoch: first_epoch(),
            seq: 0,
            updated: 0,
            events: HashMap::new(),
            log: BTreeMap::new(),
            exceptions: HashMap::new(),
        }
    }

    pub(crate) fn zone(&self) -> Tz {
        self.text("timeZone").parse().unwrap_or(Tz::UTC)
    }

    pub(crate) fn text(&self, key: &str) -> &str {
        self.props.get(key).and_then(Value::as_str).unwrap_or_default()
    }

    pub(crate) fn event(&self, key: &str) -> Option<&Stored> {
        self.events.get(key)
    }

    /// Every stored event, in no order.
    pub(crate) fn events(&self) -> impl Iterator<Item = (&String, &Stored)> {
        self.events.iter()
    }

    /// Events whose last change lies after `after` and at or before `until`, in order of change.
    pub(crate) fn changes(&self, after: u64, until: u64) -> impl Iterator<Item = (&String, &Stored)> {
        let range = if after >= until { 1..1 } else { after + 1..until + 1 };
        self.log.range(range).filter_map(|(_, key)| self.events.get(key).map(|stored| (key, stored)))
    }

    /// The stored exceptions of a series by original start.
    pub(crate) fn exceptions(&self, master: &str) -> impl Iterator<Item = (i64, &String)> {
        self.exceptions.get(master).into_iter().flatten().map(|(original, key)| (*original, key))
    }

    /// A key for an event whose id is taken, when a fault lets both exist.
    pub(crate) fn second_key(&self, id: &str) -> String {
        (2..)
            .map(|number| format!("{id}\u{1f}{number}"))
            .find(|key| !self.events.contains_key(key))
            .unwrap_or_default()
    }

    /// Stores an event as the newest change.
    pub(crate) fn put(&mut self, key: &str, event: &Map<String, Value>, updated: i64, bare: bool) {
        self.seq += 1;
        self.updated = self.updated.max(updated);
        let zone = self.zone();
        let instant = |field: &str| {
            let when = event.get(field).and_then(|value| When::parse(value, field).ok());
            when.map_or(0, |when| when.instant(zone).timestamp())
        };
        let shape = self.shape(event);
        let end = match (&shape, Series::of(event)) {
            (Shape::Master, Ok(Some(series))) => series.end(zone),
            (Shape::Master, _) => i64::MAX,
            _ => instant("end"),
        };
        let stored = Stored {
            json: serde_json::to_string(event).unwrap_or_default().into(),
            seq: self.seq,
            updated,
            start: instant("start"),
            end,
            cancelled: event.get("status").is_some_and(|status| status == "cancelled"),
            bare,
            shape,
        };
        if let Shape::Exception { master, original } = &stored.shape {
            self.exceptions.entry(master.clone()).or_default().insert(*original, key.to_owned());
        }
        self.log.insert(self.seq, key.to_owned());
        if let Some(old) = self.events.insert(key.to_owned(), stored) {
            self.log.remove(&old.seq);
        }
    }

    /// Forgets deleted events for good, but the cancelled occurrences of live series.
    pub(crate) fn forget_deleted(&mut self) {
        let lives = |key: &String| self.events.get(key).is_some_and(|stored| !stored.cancelled);
        let is_gone = |stored: &Stored| match &stored.shape {
            Shape::Exception { master, .. } => stored.cancelled && !lives(master),
            Shape::Single | Shape::Master => stored.cancelled,
        };
        let gone: Vec<String> =
            self.events.iter().filter(|(_, stored)| is_gone(stored)).map(|(key, _)| key.clone()).collect();
        for key in gone {
            let Some(stored) = self.events.remove(&key) else { continue };
            self.log.remove(&stored.seq);
            if let Shape::Exception { master, original } = &stored.shape
                && let Some(exceptions) = self.exceptions.get_mut(master)
            {
                exceptions.remove(original);
            }
        }
    }

    /// The keys of all events, oldest change first.
    pub(crate) fn keys(&self) -> Vec<String> {
        self.log.values().cloned().collect()
    }

    fn shape(&self, event: &Map<String, Value>) -> Shape {
        if event.get("recurrence").and_then(Value::as_array).is_some_and(|lines| !lines.is_empty()) {
            return Shape::Master;
        }
        let original =
            event.get("originalStartTime").and_then(|value| When::parse(value, "originalStartTime").ok());
        match (event.get("recurringEventId").and_then(Value::as_str), original) {
            (Some(master), Some(original)) => {
                Shape::Exception { master: master.to_owned(), original: original.key() }
            }
            _ => Shape::Single,
        }
    }
}
