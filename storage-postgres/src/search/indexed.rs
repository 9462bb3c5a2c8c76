//! What events are found by, as columns hold it.

use chrono::{DateTime, Utc};
use theo_calendar::{
    model::Event,
    search::{SearchEntry, SearchField},
    time::TimeRange,
};

use crate::convert::{ceil, floor, without_nul};

/// Between addresses handed in as one text: no address holds it.
pub(crate) const SEPARATOR: char = '\n';

/// The columns `words`, `people`, `reach_from` and `reach_until`, as a statement takes them.
pub(crate) struct Indexed {
    /// A `tsvector`.
    pub(crate) words: String,
    /// Addresses with [`SEPARATOR`] between them.
    pub(crate) people: String,
    pub(crate) from: Option<DateTime<Utc>>,
    pub(crate) until: Option<DateTime<Utc>>,
}

impl Indexed {
    pub(crate) fn of(event: &Event, span: Option<&TimeRange>) -> Self {
        let entry = SearchEntry::of(event, span);
        let mut words = String::with_capacity(entry.words.len() * 16);
        for (word, field) in &entry.words {
            quote(word, &mut words);
            words.extend([':', '1', label(*field), ' ']);
        }
        let people = entry.people.iter().map(|person| address(person));
        Self {
            words,
            people: people.collect::<Vec<String>>().join("\n"),
            from: entry.from.map(floor),
            until: entry.until.map(ceil),
        }
    }
}

/// PostgreSQL's label of the weight: by default 1.0, 0.4 and 0.2, which are [`SearchField::weight`]'s.
fn label(field: SearchField) -> char {
    match field {
        SearchField::Title => 'A',
        SearchField::Place | SearchField::People => 'B',
        SearchField::Description => 'C',
    }
}

/// A word as a lexeme, whatever it holds.
pub(super) fn quoted(word: &str) -> String {
    let mut quoted = String::new();
    quote(word, &mut quoted);
    quoted
}

fn quote(word: &str, text: &mut String) {
    text.push('\'');
    for char in word.chars() {
        match char {
            '\\' | '\'' => text.extend([char, char]),
            '\0' => text.push('\u{fffd}'),
            other => text.push(other),
        }
    }
    text.push('\'');
}

/// An address as the column holds it.
pub(super) fn address(text: &str) -> String {
    without_nul(text).replace(SEPARATOR, " ")
}
