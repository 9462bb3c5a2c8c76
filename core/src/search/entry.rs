//! What an event is found by, besides its meaning.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};

use super::{plain_text::plain_text, reach::reach, words::words};
use crate::{model::Event, time::TimeRange};

/// Characters of a description that are searched: Google keeps no more than 8,192.
const DESCRIPTION_CHARACTERS: usize = 8_192;

/// Different words of one event: more than any person writes, and what every store can hold.
const WORDS: usize = 2_000;

/// Guests whose names and addresses are searched.
const GUESTS: usize = 500;

/// Where in an event a word stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SearchField {
    /// In its description.
    Description,
    /// In the name or address of its organizer or of a guest.
    People,
    /// In its place.
    Place,
    /// In its title.
    Title,
}

impl SearchField {
    /// How much a word counts there: PostgreSQL's own weights of `A`, `B` and `C` (`ts_rank`).
    pub const fn weight(self) -> f32 {
        match self {
            Self::Title => 1.0,
            Self::Place | Self::People => 0.4,
            Self::Description => 0.2,
        }
    }
}

/// What an event is found by: made by every store when it stores the event, in the same way.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SearchEntry {
    /// Each [word](super::words()) of it, with the field in which it counts most.
    pub words: BTreeMap<String, SearchField>,
    /// Addresses of its organizer and its guests, in lower case.
    pub people: BTreeSet<String>,
    /// From when it may take place; none where it has no times.
    pub from: Option<DateTime<Utc>>,
    /// Until when it may take place; none where nothing says so.
    pub until: Option<DateTime<Utc>>,
}

impl SearchEntry {
    /// The entry of `event`, which takes `span`; an empty one for a cancelled event, which nobody looks for.
    ///
    /// The master of a series reaches from its first start to the end that its rule's `UNTIL` sets, or for ever: it may
    /// have an occurrence in between. Days are read so that they fit every time zone.
    pub fn of(event: &Event, span: Option<&TimeRange>) -> Self {
        if event.is_cancelled() {
            return Self::default();
        }
        let mut entry = Self::default();
        entry.add(SearchField::Title, event.summary.as_deref());
        entry.add(SearchField::Place, event.location.as_deref());
        for (name, address) in people(event).take(GUESTS) {
            entry.add(SearchField::People, name);
            entry.add(SearchField::People, address);
            entry.people.extend(address.map(str::to_lowercase));
        }
        if let Some(html) = &event.description {
            let cut = html.char_indices().nth(DESCRIPTION_CHARACTERS).map_or(html.len(), |(at, _)| at);
            entry.add(SearchField::Description, Some(&plain_text(&html[..cut])));
        }
        (entry.from, entry.until) = match reach(event, span) {
            Some((from, until)) => (Some(from), until),
            None => (None, None),
        };
        entry
    }

    /// Whether it may take place in `range`.
    pub fn reaches(&self, range: &TimeRange) -> bool {
        self.from.is_some_and(|from| from < range.end())
            && self.until.is_none_or(|until| range.start() < until)
    }

    fn add(&mut self, field: SearchField, text: Option<&str>) {
        for word in text.into_iter().flat_map(words) {
            if let Some(stored) = self.words.get_mut(&word) {
                *stored = field.max(*stored);
            } else if self.words.len() < WORDS {
                self.words.insert(word, field);
            }
        }
    }
}

/// Name and address of the organizer and of each guest.
fn people(event: &Event) -> impl Iterator<Item = (Option<&str>, Option<&str>)> {
    let organizer = event.organizer.iter();
    let organizer = organizer.map(|person| (person.display_name.as_deref(), person.email.as_deref()));
    let guests = event.attendees().iter();
    organizer.chain(guests.map(|guest| (guest.display_name.as_deref(), guest.email.as_deref())))
}
