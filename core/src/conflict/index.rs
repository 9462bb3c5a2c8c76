//! Events laid out so that what overlaps a window is found without looking at the rest.

mod lane;

use std::{collections::HashMap, sync::Arc};

use self::lane::{Lane, Stretch};
use super::{Conflict, ConflictPolicy, Proposal, severity};
use crate::{
    id::{CalendarKey, EventKey},
    model::Event,
    time::TimeRange,
};

const HOUR: i64 = 3_600_000_000;

/// The longest a stretch of each lane may be, in microseconds: meetings, days (of 26 hours at most, where a clock
/// changes), weeks, months, anything. A query scans at most this much before its window, so one vacation does not
/// slow down every question about an hour.
const LONGEST: [i64; 5] = [2 * HOUR, 26 * HOUR, 8 * 24 * HOUR, 64 * 24 * HOUR, i64::MAX];

/// The events of any number of calendars and accounts, ready to answer what stands in the way.
///
/// # Guarantees
/// - Answers what [`detect_conflicts`](super::detect_conflicts) answers on the same events, whatever the order in
///   which they were added, replaced and removed.
/// - Keeps nothing that can never be a conflict.
///
/// ```
/// use std::sync::Arc;
/// use theo_calendar::conflict::{ConflictIndex, ConflictPolicy};
/// use theo_calendar::{id::AccountKey, model::Event, time::{EventTime, TimeRange}};
///
/// let hour = TimeRange::new("2025-03-03T09:00:00Z".parse().unwrap(), "2025-03-03T10:00:00Z".parse().unwrap())?;
/// let mut review = Event::new("review");
/// (review.start, review.end) = (Some(EventTime::at(hour.start())), Some(EventTime::at(hour.end())));
/// let key = AccountKey::new("ada", "ada@example.com").calendar("work@example.com").event("review");
///
/// let mut index = ConflictIndex::new();
/// index.insert(key.clone(), Arc::new(review), Some(hour));
/// assert_eq!(index.detect(&hour.into(), &ConflictPolicy::default()).len(), 1);
/// index.remove(&key);
/// assert!(index.is_empty());
/// # Ok::<(), theo_calendar::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct ConflictIndex {
    lanes: [Lane; LONGEST.len()],
    slots: Vec<Option<Busy>>,
    free: Vec<u32>,
    keys: HashMap<EventKey, u32>,
}

#[derive(Clone, Debug)]
struct Busy {
    key: EventKey,
    event: Arc<Event>,
    span: TimeRange,
}

impl Default for ConflictIndex {
    fn default() -> Self {
        Self { lanes: LONGEST.map(Lane::new), slots: Vec::new(), free: Vec::new(), keys: HashMap::new() }
    }
}

impl ConflictIndex {
    /// An index of nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds `event`, which takes the time `span`, in the place of what was there under `key`. Masters take no time
    /// of their own.
    pub fn insert(&mut self, key: EventKey, event: Arc<Event>, span: Option<TimeRange>) {
        self.remove(&key);
        if let Some(busy) = Busy::new(key, event, span) {
            let stretch = self.keep(busy);
            if let Some(lane) = self.lane_of(&stretch) {
                lane.insert(stretch);
            }
        }
    }

    /// Takes out the event under `key`; says whether there was one.
    pub fn remove(&mut self, key: &EventKey) -> bool {
        let Some((slot, busy)) = self.release(key) else { return false };
        let stretch = Stretch::new(&busy.span, slot);
        if let Some(lane) = self.lane_of(&stretch) {
            lane.remove(&stretch);
        }
        self.free.push(slot);
        true
    }

    /// Takes out every event of `calendar`; looks at every event once.
    pub fn remove_calendar(&mut self, calendar: &CalendarKey) {
        let mut gone = Vec::new();
        self.keys.retain(|key, slot| {
            let stays = (&key.calendar, &key.account, &key.user)
                != (&calendar.calendar, &calendar.account, &calendar.user);
            if !stays && let Some(kept) = self.slots.get_mut(*slot as usize) {
                *kept = None;
                gone.push(*slot);
            }
            stays
        });
        self.settle(gone);
    }

    /// How many events it keeps.
    pub fn len(&self) -> usize {
        self.slots.len() - self.free.len()
    }

    /// Whether it keeps none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// What stands in the way of `proposal`, in the [order of the module](super#order).
    pub fn detect(&self, proposal: &Proposal, policy: &ConflictPolicy) -> Vec<Conflict> {
        let window = policy.window(&proposal.range);
        let found = self
            .candidates(window)
            .filter_map(|busy| severity::assess(Some(&busy.key), &busy.event, &busy.span, proposal, policy));
        severity::in_order(found.collect())
    }

    /// The events that share time with `range`, in no particular order.
    pub fn overlapping(
        &self,
        range: &TimeRange,
    ) -> impl Iterator<Item = (&EventKey, &Arc<Event>, &TimeRange)> {
        let range = *range;
        self.candidates(range)
            .filter(move |busy| busy.span.overlaps(&range))
            .map(|busy| (&busy.key, &busy.event, &busy.span))
    }

    fn candidates(&self, window: TimeRange) -> impl Iterator<Item = &Busy> {
        let window = Stretch::new(&window, 0);
        self.lanes.iter().flat_map(move |lane| lane.overlapping(window)).filter_map(|slot| self.busy(slot))
    }

    fn busy(&self, slot: u32) -> Option<&Busy> {
        self.slots.get(slot as usize)?.as_ref()
    }

    fn lane_of(&mut self, stretch: &Stretch) -> Option<&mut Lane> {
        self.lanes.iter_mut().find(|lane| lane.holds(stretch))
    }

    /// Gives `busy` a slot; the lane is the caller's.
    fn keep(&mut self, busy: Busy) -> Stretch {
        let (key, span) = (busy.key.clone(), busy.span);
        let slot = match self.free.pop() {
            Some(slot) => slot,
            None => {
                self.slots.push(None);
                u32::try_from(self.slots.len() - 1).unwrap_or(u32::MAX)
            }
        };
        if let Some(kept) = self.slots.get_mut(slot as usize) {
            *kept = Some(busy);
        }
        self.keys.insert(key, slot);
        Stretch::new(&span, slot)
    }

    /// Empties the slot of `key`; the lane and the list of free slots are the caller's.
    fn release(&mut self, key: &EventKey) -> Option<(u32, Busy)> {
        let slot = self.keys.remove(key)?;
        Some((slot, self.slots.get_mut(slot as usize)?.take()?))
    }

    /// Brings the lanes in order after stretches were pushed and the slots in `gone` were emptied.
    fn settle(&mut self, gone: Vec<u32>) {
        for lane in &mut self.lanes {
            lane.settle(|slot| matches!(self.slots.get(slot as usize), Some(Some(_))));
        }
        self.free.extend(gone);
    }
}

impl Extend<(EventKey, Arc<Event>, Option<TimeRange>)> for ConflictIndex {
    /// Adds many at once, each as [`insert`](Self::insert) would, and sorts once.
    fn extend<I: IntoIterator<Item = (EventKey, Arc<Event>, Option<TimeRange>)>>(&mut self, events: I) {
        let events = events.into_iter();
        self.keys.reserve(events.size_hint().0);
        self.slots.reserve(events.size_hint().0);
        let mut gone = Vec::new();
        // A slot that was emptied here still has its stretch in a lane: no newcomer may take it before it settles.
        let free = std::mem::take(&mut self.free);
        for (key, event, span) in events {
            gone.extend(self.release(&key).map(|(slot, _)| slot));
            if let Some(busy) = Busy::new(key, event, span) {
                let stretch = self.keep(busy);
                if let Some(lane) = self.lane_of(&stretch) {
                    lane.push(stretch);
                }
            }
        }
        self.settle(gone);
        self.free.extend(free);
    }
}

impl FromIterator<(EventKey, Arc<Event>, Option<TimeRange>)> for ConflictIndex {
    fn from_iter<I: IntoIterator<Item = (EventKey, Arc<Event>, Option<TimeRange>)>>(events: I) -> Self {
        let mut index = Self::new();
        index.extend(events);
        index
    }
}

impl Busy {
    /// None where the event can never be a conflict.
    fn new(key: EventKey, event: Arc<Event>, span: Option<TimeRange>) -> Option<Self> {
        let span = span.filter(|_| severity::takes_time(&event))?;
        Some(Self { key, event, span })
    }
}
