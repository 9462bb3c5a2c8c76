//! What Ada asks, and which events she wants. The labels come from how the events were made: a query names topics, and
//! the people, projects, clients or places that are wanted of them; nothing here knows a search.

mod filtered;
mod lexical;
mod paraphrase;

use chrono::{DateTime, Months, NaiveDate, NaiveTime, Utc};

use crate::scenario::{Calendar, Episode};

/// What makes a query easy or hard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Its words stand in what is wanted: names, places, numbers.
    Lexical,
    /// None of its words stands in what is wanted.
    Paraphrase,
    /// It comes with a person, a time or a calendar that leaves much of the same kind out.
    Filtered,
}

/// A query with its labels.
pub struct Query {
    /// What makes it hard.
    pub kind: Kind,
    /// What is typed.
    pub text: &'static str,
    /// Only events with this colleague: given as a filter.
    pub guest: Option<&'static str>,
    /// Only events of these months, from the first day of the one to the first day of the other: given as a filter.
    pub months: Option<(Month, Month)>,
    /// Only events of this calendar: given as a filter.
    pub calendar: Option<Calendar>,
    topics: &'static [&'static str],
    project: Option<&'static str>,
    client: Option<&'static str>,
    place: Option<&'static str>,
}

/// A month of a year.
pub type Month = (i32, u32);

/// All of them.
pub fn all() -> impl Iterator<Item = &'static Query> {
    [lexical::QUERIES, paraphrase::QUERIES, filtered::QUERIES].into_iter().flatten()
}

impl Query {
    /// Whether `episode` is what is wanted.
    pub fn wants(&self, episode: &Episode) -> bool {
        let named = |wanted: Option<&str>, is: Option<&str>| wanted.is_none() || wanted == is;
        self.topics.contains(&episode.topic)
            && named(self.project, episode.project)
            && named(self.client, episode.client)
            && named(self.place, Some(episode.place))
            && self.admits(episode)
    }

    /// Whether `episode` passes the filters that go with the query.
    pub fn admits(&self, episode: &Episode) -> bool {
        let in_time = self
            .range()
            .is_none_or(|(start, end)| episode.start < end && (episode.weekly || start <= episode.start));
        in_time
            && self.guest.is_none_or(|guest| episode.guests.contains(&guest))
            && self.calendar.is_none_or(|calendar| calendar == episode.calendar)
    }

    /// The time that is given as a filter: whole months of UTC, in which nothing of Ada's begins around midnight.
    pub fn range(&self) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
        let (first, last) = self.months?;
        Some((start_of(first), start_of(last)))
    }

    const fn new(kind: Kind, text: &'static str, topics: &'static [&'static str]) -> Self {
        let (guest, months, calendar, project, client, place) = (None, None, None, None, None, None);
        Self { kind, text, guest, months, calendar, topics, project, client, place }
    }

    const fn project(mut self, project: &'static str) -> Self {
        self.project = Some(project);
        self
    }

    const fn client(mut self, client: &'static str) -> Self {
        self.client = Some(client);
        self
    }

    const fn place(mut self, place: &'static str) -> Self {
        self.place = Some(place);
        self
    }

    const fn with(mut self, guest: &'static str) -> Self {
        self.guest = Some(guest);
        self
    }

    const fn between(mut self, first: Month, last: Month) -> Self {
        self.months = Some((first, last));
        self
    }

    const fn of(mut self, calendar: Calendar) -> Self {
        self.calendar = Some(calendar);
        self
    }
}

fn start_of((year, month): Month) -> DateTime<Utc> {
    let first =
        NaiveDate::from_ymd_opt(year, 1, 1).expect("every year has a first day") + Months::new(month - 1);
    first.and_time(NaiveTime::MIN).and_utc()
}
