//! Events of one calendar that could not be mapped.

use std::collections::BTreeMap;

use crate::{id::EventId, storage::QuarantinedEvent};

/// One row an event; one without an id is known by its bytes, so that a page read twice is kept once.
#[derive(Default)]
pub(super) struct Quarantine {
    rows: BTreeMap<Name, Held>,
}

#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Name {
    Id(EventId),
    Bytes(String),
}

struct Held {
    event: QuarantinedEvent,
    generation: u64,
}

impl Quarantine {
    pub(super) fn put(&mut self, event: QuarantinedEvent, generation: u64) {
        let name = match &event.event {
            Some(id) => Name::Id(id.clone()),
            None => Name::Bytes(event.raw.as_str().to_owned()),
        };
        self.rows.insert(name, Held { event, generation });
    }

    pub(super) fn release(&mut self, id: &EventId) {
        self.rows.remove(&Name::Id(id.clone()));
    }

    /// Drops what the listing numbered `generation` did not bring.
    pub(super) fn sweep(&mut self, generation: u64) {
        self.rows.retain(|_, held| held.generation == generation);
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &QuarantinedEvent> {
        self.rows.values().map(|held| &held.event)
    }
}
