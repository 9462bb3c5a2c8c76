//! All rows of one user.

use std::{collections::BTreeMap, sync::Arc};

use chrono::{DateTime, Utc};

use super::{
    embedding::Embeddings,
    feed::ChangeFeed,
    mirror::{Mirror, Upserted},
};
use crate::{
    Error, ErrorKind, Result,
    approval::Approval,
    audit::{AuditEntry, AuditRecord, ChainEnd},
    id::{AccountId, ApprovalId, CalendarId, CalendarKey, EventId},
    model::CalendarListEntry,
    storage::{CalendarSettings, EventRow, PendingConsent, StoredGrant},
    sync::{SyncResource, SyncState},
};

#[derive(Default)]
pub(super) struct Tenant {
    pub(super) calendars: BTreeMap<(AccountId, CalendarId), CalendarRow>,
    pub(super) states: BTreeMap<SyncResource, SyncState>,
    /// When a channel of a resource is tried next, where one was tried.
    pub(super) watch_after: BTreeMap<SyncResource, DateTime<Utc>>,
    pub(super) feed: ChangeFeed,
    pub(super) approvals: BTreeMap<ApprovalId, ApprovalRow>,
    pub(super) audit: Vec<AuditRecord>,
    /// By model.
    pub(super) embeddings: BTreeMap<String, Embeddings>,
    pub(super) grants: BTreeMap<AccountId, StoredGrant>,
    /// By the hash of their state.
    pub(super) consents: BTreeMap<[u8; 32], PendingConsent>,
}

pub(super) struct CalendarRow {
    pub(super) entry: CalendarListEntry,
    pub(super) settings: CalendarSettings,
    /// The complete listing that last brought it.
    pub(super) generation: u64,
    pub(super) mirror: Mirror,
}

pub(super) struct ApprovalRow {
    pub(super) approval: Arc<Approval>,
    /// Where the change feed was when its last transition was stored.
    pub(super) feed_position: u64,
}

impl Tenant {
    pub(super) fn calendar(&self, key: &CalendarKey) -> Result<&CalendarRow> {
        self.calendars.get(&name(key)).ok_or_else(|| unknown_calendar(key))
    }

    pub(super) fn calendar_mut(&mut self, key: &CalendarKey) -> Result<&mut CalendarRow> {
        self.calendars.get_mut(&name(key)).ok_or_else(|| unknown_calendar(key))
    }

    /// Stores one event of a mirrored calendar, with its change-feed row where it differs.
    pub(super) fn upsert_event(
        &mut self,
        calendar: &CalendarKey,
        row: &EventRow,
        generation: u64,
        now: DateTime<Utc>,
    ) -> Result<Upserted> {
        let upserted = self.calendar_mut(calendar)?.mirror.upsert(row, generation);
        if upserted != Upserted::Unchanged {
            self.feed.record_upsert(calendar.event(row.event.id.clone()), now);
        }
        Ok(upserted)
    }

    /// Removes one event, its exceptions and their embeddings, each with a tombstone; gives how many went.
    pub(super) fn remove_event(
        &mut self,
        calendar: &CalendarKey,
        event: &EventId,
        now: DateTime<Utc>,
    ) -> Result<u64> {
        let gone = self.calendar_mut(calendar)?.mirror.remove(event);
        Ok(self.record_removals(calendar, gone, now))
    }

    /// Removes events that a complete listing did not bring; gives how many went.
    pub(super) fn sweep_events(
        &mut self,
        calendar: &CalendarKey,
        generation: u64,
        now: DateTime<Utc>,
    ) -> Result<u64> {
        let gone = self.calendar_mut(calendar)?.mirror.sweep(generation);
        Ok(self.record_removals(calendar, gone, now))
    }

    /// Removes a calendar with all that hangs on it in this tenant; false where there is none.
    pub(super) fn remove_calendar(&mut self, key: &CalendarKey, now: DateTime<Utc>) -> bool {
        let Some(row) = self.calendars.remove(&name(key)) else { return false };
        let resource = SyncResource::Events(key.clone());
        self.states.remove(&resource);
        self.watch_after.remove(&resource);
        self.record_removals(key, row.mirror.ids().cloned().collect(), now);
        true
    }

    /// Stores a state, keeping what notifications raised meanwhile.
    pub(super) fn put_state(&mut self, state: &SyncState) {
        let dirty = self.states.get(&state.resource).map_or(state.dirty, |stored| stored.dirty);
        self.states.insert(state.resource.clone(), SyncState { dirty, ..state.clone() });
    }

    pub(super) fn append_audit(&mut self, entry: AuditEntry) -> AuditRecord {
        let record = self.audit_end().extended(entry);
        self.audit.push(record.clone());
        record
    }

    pub(super) fn audit_end(&self) -> ChainEnd {
        self.audit.last().map(AuditRecord::end).unwrap_or_default()
    }

    fn record_removals(&mut self, calendar: &CalendarKey, gone: Vec<EventId>, now: DateTime<Utc>) -> u64 {
        let count = gone.len() as u64;
        for id in gone {
            let key = calendar.event(id);
            for embeddings in self.embeddings.values_mut() {
                embeddings.rows.remove(&key);
            }
            self.feed.record_removal(key, now);
        }
        count
    }
}

pub(super) fn name(key: &CalendarKey) -> (AccountId, CalendarId) {
    (key.account.clone(), key.calendar.clone())
}

pub(super) fn unknown_calendar(key: &CalendarKey) -> Error {
    let message = format!(
        "calendar \"{}\" of account \"{}\" is not in the mirror: sync the account's calendar list first",
        key.calendar, key.account
    );
    Error::new(ErrorKind::NotFound, message)
}
