//! What an index knows of one calendar: where its events are kept, and which occurrences its exceptions stand in for.

use std::collections::{BTreeMap, HashMap};

use crate::{
    id::{CalendarKey, EventId},
    recurrence::OriginalStart,
};

#[derive(Clone, Debug)]
pub(super) struct Calendar {
    pub(super) key: CalendarKey,
    /// Events that may take time, by id.
    pub(super) slots: HashMap<EventId, u32>,
    /// Exceptions by id, each with its master and the start it stands in for.
    exceptions: HashMap<EventId, (EventId, OriginalStart)>,
    /// The same by master, with how many exceptions name the start.
    replaced: HashMap<EventId, BTreeMap<OriginalStart, usize>>,
}

impl Calendar {
    pub(super) fn new(key: CalendarKey) -> Self {
        Self { key, slots: HashMap::new(), exceptions: HashMap::new(), replaced: HashMap::new() }
    }

    /// Whether an exception stands in for the occurrence of `master` that starts at `original_start`.
    pub(super) fn is_replaced(&self, master: &EventId, original_start: OriginalStart) -> bool {
        self.replaced.get(master).is_some_and(|starts| starts.contains_key(&original_start))
    }

    /// `exception` stands in for the occurrence of `master` that starts at `original_start`.
    pub(super) fn replace(&mut self, exception: EventId, master: EventId, original_start: OriginalStart) {
        *self.replaced.entry(master.clone()).or_default().entry(original_start).or_default() += 1;
        self.exceptions.insert(exception, (master, original_start));
    }

    /// The occurrence that `exception` stood in for takes place again; says whether there was one.
    pub(super) fn give_back(&mut self, exception: &EventId) -> bool {
        let Some((master, original_start)) = self.exceptions.remove(exception) else { return false };
        if let Some(starts) = self.replaced.get_mut(&master) {
            match starts.get_mut(&original_start) {
                Some(exceptions) if *exceptions > 1 => *exceptions -= 1,
                _ => _ = starts.remove(&original_start),
            }
            if starts.is_empty() {
                self.replaced.remove(&master);
            }
        }
        true
    }
}
