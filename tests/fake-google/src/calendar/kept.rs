//! A calendar as it is kept from one life of the fake to the next.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use super::Calendar;

/// All of a calendar; what listings need to know of each event is worked out again.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct KeptCalendar {
    pub(crate) id: String,
    owner: String,
    props: Map<String, Value>,
    refuses_watch: bool,
    deleted: bool,
    epoch: u64,
    seq: u64,
    updated: i64,
    /// Oldest change first.
    events: Vec<KeptEvent>,
}

#[derive(Debug, Serialize, Deserialize)]
struct KeptEvent {
    key: String,
    seq: u64,
    updated: i64,
    bare: bool,
    json: Box<RawValue>,
}

impl Calendar {
    pub(crate) fn keep(&self) -> serde_json::Result<KeptCalendar> {
        let events = self.changes(0, self.seq).map(|(key, stored)| {
            let json = RawValue::from_string(stored.json.to_string())?;
            Ok(KeptEvent {
                key: key.clone(),
                seq: stored.seq,
                updated: stored.updated,
                bare: stored.bare,
                json,
            })
        });
        Ok(KeptCalendar {
            id: self.id.clone(),
            owner: self.owner.clone(),
            props: self.props.clone(),
            refuses_watch: self.refuses_watch,
            deleted: self.deleted,
            epoch: self.epoch,
            seq: self.seq,
            updated: self.updated,
            events: events.collect::<serde_json::Result<_>>()?,
        })
    }

    pub(crate) fn restored(kept: KeptCalendar) -> serde_json::Result<Self> {
        let mut calendar = Self::new(&kept.id, &kept.owner, kept.props);
        for event in kept.events {
            let map = serde_json::from_str(event.json.get())?;
            // Each at the place in the log that the tokens given out know it by.
            calendar.seq = event.seq.saturating_sub(1);
            calendar.put(&event.key, &map, event.updated, event.bare);
        }
        calendar.refuses_watch = kept.refuses_watch;
        calendar.deleted = kept.deleted;
        calendar.epoch = kept.epoch;
        calendar.seq = kept.seq;
        calendar.updated = kept.updated;
        Ok(calendar)
    }
}
