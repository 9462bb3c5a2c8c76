//! What an index knows of one calendar: where its events are kept, and which occurrences its exceptions stand in for.

use std::collections::HashMap;

use crate::{
    id::{CalendarKey, EventId},
    recurrence::OriginalStart,
};

#[derive(Clone, Debug)]
pub(super) struct Calendar {
    pub(super) key: CalendarKey,
    events: HashMap<EventId, Known>,
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
        Self { key, events: HashMap::new() }
    }

    pub(super) fn reserve(&mut self, more: usize) {
        self.events.reserve(more);
    }

    /// `event` is kept in `slot`.
    pub(super) fn keep(&mut self, event: EventId, slot: u32) {
        self.events.entry(event).or_default().slot = Some(slot);
    }

    /// `event` is no longer kept; gives where it was.
    pub(super) fn release(&mut self, event: &EventId) -> Option<u32> {
        self.change(event, |known| known.slot.take())
    }

    /// Where events are kept.
    pub(super) fn slots(&self) -> Vec<u32> {
        self.events.values().filter_map(|known| known.slot).collect()
    }

    /// Whether an exception stands in for the occurrence of `master` that starts at `original_start`.
    pub(super) fn is_replaced(&self, master: &EventId, original_start: OriginalStart) -> bool {
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
    }

    /// The occurrence that `exception` stood in for takes place again; says whether there was one.
    pub(super) fn give_back(&mut self, exception: &EventId) -> bool {
        let stood_in_for = self.change(exception, |known| known.exceptions.as_mut()?.stands_in_for.take());
        let Some((master, original_start)) = stood_in_for else { return false };
        self.change(&master, |known| {
            let replaced = &mut known.exceptions.as_mut()?.replaced;
            Some(replaced.remove(replaced.binary_search(&original_start).ok()?))
        });
        true
    }

    /// Takes something from what is known under `event`, which is forgotten where nothing is left.
    fn change<T>(&mut self, event: &EventId, take: impl Fn(&mut Known) -> Option<T>) -> Option<T> {
        let known = self.events.get_mut(event)?;
        let taken = take(known)?;
        let is_left = |known: &Exceptions| known.stands_in_for.is_some() || !known.replaced.is_empty();
        known.exceptions.take_if(|known| !is_left(known));
        if known.slot.is_none() && known.exceptions.is_none() {
            self.events.remove(event);
        }
        Some(taken)
    }
}
