//! The rows of one calendar.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, OnceLock},
};

use super::{quarantine::Quarantine, span_index::SpanIndex};
use crate::{id::EventId, model::Event, search::SearchEntry, storage::EventRow, time::TimeRange};

/// Events by id, with the indexes that keep every question from looking at all of them.
#[derive(Default)]
pub(super) struct Mirror {
    rows: BTreeMap<EventId, Row>,
    /// Master, exception.
    exceptions: BTreeSet<(EventId, EventId)>,
    spans: SpanIndex,
    masters: BTreeSet<EventId>,
    live: u64,
    pub(super) quarantine: Quarantine,
}

pub(super) struct Row {
    pub(super) event: Arc<Event>,
    pub(super) span: Option<TimeRange>,
    /// The complete listing that last brought it.
    generation: u64,
    /// Made when it is first searched for.
    entry: OnceLock<SearchEntry>,
}

impl Row {
    fn new(row: &EventRow, generation: u64) -> Self {
        Self { event: row.event.clone(), span: row.span, generation, entry: OnceLock::new() }
    }

    pub(super) fn entry(&self) -> &SearchEntry {
        self.entry.get_or_init(|| SearchEntry::of(&self.event, self.span.as_ref()))
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Upserted {
    Added,
    Updated,
    Unchanged,
}

impl Mirror {
    pub(super) fn upsert(&mut self, new: &EventRow, generation: u64) -> Upserted {
        let id = &new.event.id;
        self.quarantine.release(id);
        let Some(stored) = self.rows.get_mut(id) else {
            self.index(new);
            self.rows.insert(id.clone(), Row::new(new, generation));
            return Upserted::Added;
        };
        stored.generation = generation;
        if is_same(&stored.event, &new.event) && stored.span == new.span {
            return Upserted::Unchanged;
        }
        let before = std::mem::replace(stored, Row::new(new, generation));
        self.unindex(&before);
        self.index(new);
        if is_same(&before.event, &new.event) { Upserted::Unchanged } else { Upserted::Updated }
    }

    /// Removes an event and, where it is a master, its exceptions; gives the ids of what went.
    pub(super) fn remove(&mut self, id: &EventId) -> Vec<EventId> {
        self.quarantine.release(id);
        let exceptions: Vec<EventId> = self.exceptions(id).map(|row| row.event.id.clone()).collect();
        exceptions.into_iter().chain([id.clone()]).filter(|gone| self.remove_one(gone)).collect()
    }

    /// Counts a row as brought by the listing numbered `generation`, though it could not be read this time.
    pub(super) fn keep(&mut self, id: &EventId, generation: u64) {
        if let Some(row) = self.rows.get_mut(id) {
            row.generation = generation;
        }
    }

    /// Removes what the listing numbered `generation` did not bring; gives the ids.
    pub(super) fn sweep(&mut self, generation: u64) -> Vec<EventId> {
        self.quarantine.sweep(generation);
        let stale = self.rows.iter().filter(|(_, row)| row.generation != generation);
        let stale: Vec<EventId> = stale.map(|(id, _)| id.clone()).collect();
        stale.into_iter().filter(|id| self.remove_one(id)).collect()
    }

    pub(super) fn row(&self, id: &EventId) -> Option<&Row> {
        self.rows.get(id)
    }

    pub(super) fn rows(&self) -> impl Iterator<Item = &Row> {
        self.rows.values()
    }

    pub(super) fn ids(&self) -> impl Iterator<Item = &EventId> {
        self.rows.keys()
    }

    pub(super) fn overlapping<'a>(&'a self, range: &'a TimeRange) -> impl Iterator<Item = &'a Row> {
        let rows = self.spans.near(range).filter_map(|id| self.rows.get(id));
        rows.filter(|row| row.span.is_some_and(|span| span.overlaps(range)))
    }

    /// Masters of series that may take place in `range`.
    pub(super) fn series<'a>(&'a self, range: &'a TimeRange) -> impl Iterator<Item = &'a Row> {
        let masters = self.masters.iter().filter_map(|id| self.rows.get(id));
        masters.filter(|row| !row.event.is_cancelled() && row.entry().reaches(range))
    }

    /// Exceptions to the series `master`.
    pub(super) fn exceptions<'a>(&'a self, master: &'a EventId) -> impl Iterator<Item = &'a Row> {
        let first = (master.clone(), EventId::from(""));
        let of_master = self.exceptions.range(first..).take_while(move |(parent, _)| parent == master);
        of_master.filter_map(|(_, exception)| self.rows.get(exception))
    }

    /// How many events there are, cancelled ones left out.
    pub(super) fn live(&self) -> u64 {
        self.live
    }

    fn remove_one(&mut self, id: &EventId) -> bool {
        let Some(row) = self.rows.remove(id) else { return false };
        self.unindex(&row);
        true
    }

    fn index(&mut self, row: &EventRow) {
        let id = &row.event.id;
        self.live += u64::from(!row.event.is_cancelled());
        if let Some(span) = &row.span {
            self.spans.insert(span, id);
        }
        if row.event.is_master() {
            self.masters.insert(id.clone());
        }
        if let Some(master) = &row.event.recurring_event_id {
            self.exceptions.insert((master.clone(), id.clone()));
        }
    }

    fn unindex(&mut self, row: &Row) {
        let id = &row.event.id;
        self.live -= u64::from(!row.event.is_cancelled());
        if let Some(span) = &row.span {
            self.spans.remove(span, id);
        }
        self.masters.remove(id);
        if let Some(master) = &row.event.recurring_event_id {
            self.exceptions.remove(&(master.clone(), id.clone()));
        }
    }
}

/// The same version by etag; where one has none, by everything.
fn is_same(stored: &Event, new: &Event) -> bool {
    match (&stored.etag, &new.etag) {
        (Some(stored), Some(new)) => stored == new,
        _ => stored == new,
    }
}
