//! What an index knows of one calendar: where its events are kept, and which occurrences its exceptions stand in for.

use std::collections::HashMap;

use foldhash::fast::RandomState;

use crate::{
    id::{CalendarKey, EventId},
    recurrence::OriginalStart,
};

#[derive(Clone, Debug)]
pub(super) struct Calendar {
    pub(super) key: CalendarKey,
    events: HashMap<EventId, Known, RandomState>,
    /// How many exceptions are known: in most calendars few or none, and then no event is looked up for them.
    exceptions: usize,
}

/// What is known under the id of an event.
#[derive(Clone, Debug, Default)]
struct Known {
    /// Where it is kept, if it may take time.
    slot: Option<u32>,
    exceptions: Option<Box<Exceptions>>,
}

#[derive(Clone, Debug, Default)]
struct Exceptions {
    /// The master that the event is an exception to, and the start it stands in for.
    stands_in_for: Option<(EventId, OriginalStart)>,
    /// The starts that exceptions to the event stand in for, rising, each as often as exceptions name it.
    replaced: Vec<OriginalStart>,
}

impl Calendar {
    pub(super) fn new(key: CalendarKey) -> Self {
        Self { key, events: HashMap::default(), exceptions: 0 }
    }

    pub(super) fn reserve(&mut self, more: usize) {
        self.events.reserve(more);
    }

    /// `event` is kept in `slot`.
    pub(super) fn keep(&mut self, event: EventId, slot: u32) {
        self.events.entry(event).or_default().slot = Some(slot);
    }

    /// `event` is no longer kept, and the occurrence that it stood in for takes place again; says where it was, and
    /// whether there was such an occurrence.
    pub(super) fn release(&mut self, event: &EventId) -> (Option<u32>, bool) {
        let Some(known) = self.events.get_mut(event) else { return (None, false) };
        let slot = known.slot.take();
        let stood_in_for = known.exceptions.as_mut().and_then(|known| known.stands_in_for.take());
        self.forget(event);
        let was_exception = stood_in_for.is_some();
        if let Some((master, original_start)) = stood_in_for {
            self.exceptions -= 1;
            self.give_back(&master, original_start);
        }
        (slot, was_exception)
    }

    /// Where events are kept.
    pub(super) fn slots(&self) -> Vec<u32> {
        self.events.values().filter_map(|known| known.slot).collect()
    }

    /// Whether an exception stands in for the occurrence of `master` that starts at `original_start`.
    pub(super) fn is_replaced(&self, master: &EventId, original_start: OriginalStart) -> bool {
        if self.exceptions == 0 {
            return false;
        }
        let exceptions = self.events.get(master).and_then(|known| known.exceptions.as_ref());
        exceptions.is_some_and(|known| known.replaced.binary_search(&original_start).is_ok())
    }

    /// `exception` stands in for the occurrence of `master` that starts at `original_start`.
    pub(super) fn replace(&mut self, exception: EventId, master: EventId, original_start: OriginalStart) {
        let of_master = self.events.entry(master.clone()).or_default().exceptions.get_or_insert_default();
        let (Ok(place) | Err(place)) = of_master.replaced.binary_search(&original_start);
        of_master.replaced.insert(place, original_start);
        let own = self.events.entry(exception).or_default().exceptions.get_or_insert_default();
        own.stands_in_for = Some((master, original_start));
        self.exceptions += 1;
    }

    /// The occurrence of `master` takes place again, unless another exception stands in for it.
    fn give_back(&mut self, master: &EventId, original_start: OriginalStart) {
        let exceptions = self.events.get_mut(master).and_then(|known| known.exceptions.as_mut());
        if let Some(known) = exceptions
            && let Ok(place) = known.replaced.binary_search(&original_start)
        {
            known.replaced.remove(place);
            self.forget(master);
        }
    }

    /// Forgets what is known of `event`, where nothing is.
    fn forget(&mut self, event: &EventId) {
        let Some(known) = self.events.get_mut(event) else { return };
        known.exceptions.take_if(|known| known.stands_in_for.is_none() && known.replaced.is_empty());
        if known.slot.is_none() && known.exceptions.is_none() {
            self.events.remove(event);
        }
    }
}
