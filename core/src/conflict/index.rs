//! Events laid out so that what overlaps a window is found without looking at the rest.

mod calendar;
mod lane;
mod marks;
mod pages;

use std::sync::Arc;

use self::{
    calendar::Calendar,
    lane::{Lanes, Stretch},
    pages::Pages,
};
use super::{
    ConflictPolicy, Conflicts, FoundConflicts, Proposal,
    finding::{Finding, takes_time},
    taken::Taken,
};
use crate::{
    id::{CalendarKey, EventId, EventKey},
    model::Event,
    recurrence::{Occurrence, Series, TimeZones, Zone, stands_in_for},
    time::TimeRange,
};

/// The events of any number of calendars and accounts, ready to answer what stands in the way.
///
/// # Guarantees
/// - Answers what [`detect_conflicts`](super::detect_conflicts) answers on the same events, whatever the order in
///   which they were added, replaced and removed: exceptions may come before their masters and go before them.
/// - Recurring events are held as rules, which are sought into the time that is asked about. What was found is kept,
///   within bounds, so that the next question about the same weeks costs no more than one about one-off events.
/// - Keeps nothing that can never be a conflict, save which occurrences are cancelled or free.
///
/// ```
/// use std::sync::Arc;
/// use theo_calendar::conflict::{ConflictIndex, ConflictPolicy};
/// use theo_calendar::{id::AccountKey, model::Event, recurrence::{UtcOnly, Zone}, time::TimeRange};
///
/// let review: Event = serde_json::from_str(r#"{"id": "review", "recurrence": ["RRULE:FREQ=WEEKLY"],
///     "start": {"dateTime": "2015-03-02T09:00:00Z"}, "end": {"dateTime": "2015-03-02T10:00:00Z"}}"#).unwrap();
/// let calendar = AccountKey::new("ada", "ada@example.com").calendar("work@example.com");
///
/// let mut index = ConflictIndex::new();
/// index.insert(&calendar, Arc::new(review), &Zone::utc(), &UtcOnly);
///
/// let hour = TimeRange::new("2025-03-03T09:30:00Z".parse().unwrap(), "2025-03-03T10:30:00Z".parse().unwrap())?;
/// let found = index.detect(&hour.into(), &ConflictPolicy::default()).conflicts;
/// assert_eq!(found[0].instance_id.as_ref().unwrap().as_str(), "review_20250303T090000Z");
///
/// index.remove(&calendar.event("review"));
/// assert!(index.detect(&hour.into(), &ConflictPolicy::default()).is_free());
/// # Ok::<(), theo_calendar::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct ConflictIndex {
    calendars: Vec<Calendar>,
    slots: Vec<Option<Kept>>,
    free: Vec<u32>,
    /// What takes place once.
    lanes: Lanes,
    /// Slots of masters that can be read, and of those that cannot, rising.
    series: Vec<u32>,
    unreadable: Vec<u32>,
    pages: Pages,
}

#[derive(Clone, Debug)]
struct Kept {
    /// Its place in the list of calendars.
    calendar: usize,
    event: Arc<Event>,
    takes: Takes,
}

#[derive(Clone, Debug)]
enum Takes {
    Once(TimeRange),
    Series(Box<Series>),
    /// Nothing that could be found out.
    Unknown,
}

impl ConflictIndex {
    /// An index of nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds `event` of `calendar`, which is in `calendar_zone`, in the place of what was there under its id.
    pub fn insert(
        &mut self,
        calendar: &CalendarKey,
        event: Arc<Event>,
        calendar_zone: &Zone,
        zones: &dyn TimeZones,
    ) {
        self.remove(&calendar.event(event.id.clone()));
        let place = self.place_of(calendar);
        self.keep(place, event, calendar_zone, zones, Lanes::insert);
    }

    /// Adds many events of `calendar` at once, each as [`insert`](Self::insert) would.
    pub fn extend(
        &mut self,
        calendar: &CalendarKey,
        events: impl IntoIterator<Item = Arc<Event>>,
        calendar_zone: &Zone,
        zones: &dyn TimeZones,
    ) {
        let events = events.into_iter();
        let place = self.place_of(calendar);
        self.slots.reserve(events.size_hint().0);
        if let Some(calendar) = self.calendars.get_mut(place) {
            calendar.reserve(events.size_hint().0);
        }
        let mut gone = Vec::new();
        // A slot that was emptied here still has its stretch in a lane: no newcomer may take it before they are in order.
        let free = std::mem::take(&mut self.free);
        for event in events {
            gone.extend(self.release(place, &event.id).0.map(|(slot, _)| slot));
            self.keep(place, event, calendar_zone, zones, Lanes::push);
        }
        self.settle(&gone);
        self.free.extend(free);
        self.lanes.sort();
    }

    /// Takes out the event under `key`; says whether there was one that mattered.
    pub fn remove(&mut self, key: &EventKey) -> bool {
        let Some(place) = self.known_place(&key.calendar_key()) else { return false };
        let (kept, was_exception) = self.release(place, &key.event);
        let Some((slot, kept)) = kept else { return was_exception };
        if let Takes::Once(span) = kept.takes {
            self.lanes.remove(&Stretch::new(&span, slot));
        }
        self.free.push(slot);
        true
    }

    /// Takes out every event of `calendar`; looks at every event once.
    pub fn remove_calendar(&mut self, calendar: &CalendarKey) {
        let Some(place) = self.known_place(calendar) else { return };
        let Some(known) = self.calendars.get_mut(place) else { return };
        let gone = std::mem::replace(known, Calendar::new(calendar.clone()));
        let slots = gone.slots();
        for slot in &slots {
            self.empty(*slot);
        }
        self.settle(&slots);
        self.lanes.sort();
    }

    /// How many events it keeps that may take time; a series counts as one.
    pub fn len(&self) -> usize {
        self.slots.len() - self.free.len()
    }

    /// Whether it keeps none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// What stands in the way of `proposal`, in the [order of the module](super#order).
    pub fn detect(&self, proposal: &Proposal, policy: &ConflictPolicy) -> Conflicts {
        self.find(proposal, policy).into()
    }

    /// The same, without copying anything of the events.
    pub fn find(&self, proposal: &Proposal, policy: &ConflictPolicy) -> FoundConflicts<'_> {
        let mut times = proposal.times();
        if let Some(event) = &proposal.event {
            let is_replaced = |start| self.calendars.iter().any(|one| one.is_replaced(event, start));
            times.without(is_replaced);
        }
        let mut findings = Vec::new();
        let mut truncated = false;
        for proposed in times.spans() {
            let window = policy.window(&proposed);
            let (occurrences, is_cut) = self.occurrences(&window);
            truncated |= is_cut;
            let taken = self.once(window).chain(occurrences.iter().filter_map(|found| self.taken(found)));
            findings.extend(taken.filter_map(|(calendar, taken)| {
                Finding::assess(Some(calendar), taken, proposed, proposal, policy)
            }));
        }
        times.truncated |= truncated;
        let unreadable = self.unreadable(&times.window(policy));
        FoundConflicts::of(findings, unreadable, &times, proposal, policy)
    }

    /// The events that share time with `range`, in no particular order, and the time each takes; a series once for
    /// each occurrence, as far as [`detect`](Self::detect) follows it.
    pub fn overlapping(&self, range: &TimeRange) -> impl Iterator<Item = (&CalendarKey, &Event, TimeRange)> {
        let range = *range;
        let (occurrences, _) = self.occurrences(&range);
        let occurrences = occurrences.into_iter().filter_map(|found| self.taken(&found));
        let taken = self.once(range).chain(occurrences);
        taken
            .filter(move |(_, taken)| taken.span.overlaps(&range))
            .map(|(calendar, taken)| (calendar, taken.event, taken.span))
    }

    /// What takes place once in `window`, or perhaps misses it by less than a microsecond.
    fn once(&self, window: TimeRange) -> impl Iterator<Item = (&CalendarKey, Taken<'_>)> {
        self.lanes.overlapping(window).filter_map(|slot| {
            let kept = self.kept(slot)?;
            let Takes::Once(span) = kept.takes else { return None };
            let calendar = &self.calendars.get(kept.calendar)?.key;
            Some((calendar, Taken { event: &kept.event, span, occurrence: None }))
        })
    }

    /// The occurrences of series in `window`, replaced ones too, and whether there are more.
    fn occurrences(&self, window: &TimeRange) -> (Vec<pages::Found>, bool) {
        if self.series.is_empty() {
            return (Vec::new(), false);
        }
        let all = || {
            let all = self.series.iter().filter_map(|slot| Some((*slot, self.series(*slot)?)));
            Box::new(all) as Box<dyn Iterator<Item = (u32, &Series)>>
        };
        self.pages.occurrences(window, all, |slot| self.series(slot))
    }

    /// None where an exception stands in for the occurrence.
    fn taken(&self, (slot, one): &pages::Found) -> Option<(&CalendarKey, Taken<'_>)> {
        let Occurrence { original_start, span } = *one;
        let kept = self.kept(*slot)?;
        let calendar = self.calendars.get(kept.calendar)?;
        if calendar.is_replaced(&kept.event.id, original_start) {
            return None;
        }
        let occurrence = Some((original_start, self.series(*slot)?.zone()));
        Some((&calendar.key, Taken { event: &kept.event, span, occurrence }))
    }

    /// Masters that cannot be read and may take place before the end of `window`.
    fn unreadable(&self, window: &TimeRange) -> Vec<EventId> {
        let unreadable = self.unreadable.iter().filter_map(|slot| self.kept(*slot));
        unreadable
            .filter(|kept| !matches!(kept.takes, Takes::Once(first) if first.start() >= window.end()))
            .map(|kept| kept.event.id.clone())
            .collect()
    }

    fn kept(&self, slot: u32) -> Option<&Kept> {
        self.slots.get(slot as usize)?.as_ref()
    }

    fn series(&self, slot: u32) -> Option<&Series> {
        match &self.kept(slot)?.takes {
            Takes::Series(series) => Some(series),
            Takes::Once(_) | Takes::Unknown => None,
        }
    }

    fn known_place(&self, calendar: &CalendarKey) -> Option<usize> {
        self.calendars.iter().position(|known| known.key == *calendar)
    }

    fn place_of(&mut self, calendar: &CalendarKey) -> usize {
        self.known_place(calendar).unwrap_or_else(|| {
            self.calendars.push(Calendar::new(calendar.clone()));
            self.calendars.len() - 1
        })
    }

    /// Gives `event` a slot, where it may take time, and its stretch to a lane by `put`.
    fn keep(
        &mut self,
        place: usize,
        event: Arc<Event>,
        calendar_zone: &Zone,
        zones: &dyn TimeZones,
        put: impl FnOnce(&mut Lanes, Stretch),
    ) {
        let Some(calendar) = self.calendars.get_mut(place) else { return };
        if let Some((master, original_start)) = stands_in_for(&event, calendar_zone, zones) {
            calendar.replace(event.id.clone(), master.into(), original_start);
        }
        if !takes_time(&event) {
            return;
        }
        let takes = match Series::of_event(&event, calendar_zone, zones) {
            Ok(Some(series)) => Takes::Series(Box::new(series)),
            Ok(None) => match event.span(calendar_zone, zones) {
                Some(span) => Takes::Once(span),
                None => return,
            },
            Err(_) => event.first_span(calendar_zone, zones).map_or(Takes::Unknown, Takes::Once),
        };
        let slot = match self.free.pop() {
            Some(slot) => slot,
            None => {
                self.slots.push(None);
                u32::try_from(self.slots.len() - 1).unwrap_or(u32::MAX)
            }
        };
        calendar.keep(event.id.clone(), slot);
        if let Takes::Once(span) = &takes {
            put(&mut self.lanes, Stretch::new(span, slot));
        }
        if matches!(takes, Takes::Series(_)) {
            insert(&mut self.series, slot);
            self.pages.clear();
        } else if event.is_master() {
            insert(&mut self.unreadable, slot);
        }
        if let Some(kept) = self.slots.get_mut(slot as usize) {
            *kept = Some(Kept { calendar: place, event, takes });
        }
    }

    /// Forgets the event of the calendar at `place`; its lane and the list of free slots are the caller's. Says whether
    /// it was an exception, too.
    fn release(&mut self, place: usize, event: &EventId) -> (Option<(u32, Kept)>, bool) {
        let Some(calendar) = self.calendars.get_mut(place) else { return (None, false) };
        let (slot, was_exception) = calendar.release(event);
        let kept = slot.and_then(|slot| Some((slot, self.empty(slot)?)));
        (kept, was_exception)
    }

    fn empty(&mut self, slot: u32) -> Option<Kept> {
        remove(&mut self.unreadable, slot);
        if remove(&mut self.series, slot) {
            self.pages.clear();
        }
        self.slots.get_mut(slot as usize)?.take()
    }

    /// Takes what is in the slots in `gone`, which were emptied, out of the lanes, which are to be sorted next.
    fn settle(&mut self, gone: &[u32]) {
        if !gone.is_empty() {
            let Self { slots, lanes, .. } = self;
            lanes.retain(|slot| matches!(slots.get(slot as usize), Some(Some(_))));
            self.free.extend(gone);
        }
    }
}

fn insert(slots: &mut Vec<u32>, slot: u32) {
    if let Err(place) = slots.binary_search(&slot) {
        slots.insert(place, slot);
    }
}

/// Says whether it was there.
fn remove(slots: &mut Vec<u32>, slot: u32) -> bool {
    slots.binary_search(&slot).map(|place| slots.remove(place)).is_ok()
}
