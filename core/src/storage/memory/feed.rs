//! A user's change feed.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Utc};

use crate::{id::EventKey, storage::ChangeCursor};

/// The last change of each event, in commit order.
///
/// An event that changes again moves to the end: a reader that comes later sees it once, as it then is.
#[derive(Default)]
pub(super) struct ChangeFeed {
    last: u64,
    entries: BTreeMap<u64, FeedEntry>,
    by_key: HashMap<EventKey, u64>,
}

pub(super) struct FeedEntry {
    pub(super) key: EventKey,
    pub(super) at: DateTime<Utc>,
    gone: bool,
}

impl ChangeFeed {
    pub(super) fn record_upsert(&mut self, key: EventKey, at: DateTime<Utc>) {
        self.record(FeedEntry { key, at, gone: false });
    }

    pub(super) fn record_removal(&mut self, key: EventKey, at: DateTime<Utc>) {
        self.record(FeedEntry { key, at, gone: true });
    }

    /// The place of the last change.
    pub(super) fn position(&self) -> u64 {
        self.last
    }

    /// Whether `key` was removed after `position`, and is so still.
    pub(super) fn removed_since(&self, key: &EventKey, position: u64) -> bool {
        let Some(cursor) = self.by_key.get(key) else { return false };
        *cursor > position && self.entries.get(cursor).is_some_and(|entry| entry.gone)
    }

    pub(super) fn after(&self, cursor: ChangeCursor) -> impl Iterator<Item = (ChangeCursor, &FeedEntry)> {
        let first = cursor.0.saturating_add(1);
        self.entries.range(first..).map(|(cursor, entry)| (ChangeCursor(*cursor), entry))
    }

    fn record(&mut self, entry: FeedEntry) {
        self.last += 1;
        if let Some(previous) = self.by_key.insert(entry.key.clone(), self.last) {
            self.entries.remove(&previous);
        }
        self.entries.insert(self.last, entry);
    }
}
