//! I3: once things are quiet, the mirror equals Google.

use std::collections::BTreeMap;

use serde_json::Value;
use theo_calendar::storage::EventQuery;

use crate::Person;

/// Events by id, as JSON.
pub type Events = BTreeMap<String, Value>;

impl Person {
    /// What a calendar's mirror holds, cancelled exceptions too.
    pub async fn mirrored(&self, calendar: &str) -> Events {
        let query = EventQuery {
            calendars: Some(vec![self.key(calendar)]),
            include_cancelled: true,
            ..EventQuery::default()
        };
        let rows = self.store.events(&self.account.user, &query).await.unwrap();
        let row = |row: theo_calendar::storage::MirroredEvent| {
            (row.key.event.to_string(), serde_json::to_value(&*row.event).unwrap())
        };
        rows.into_iter().map(row).collect()
    }

    /// What Google holds of a calendar.
    pub fn at_google(&self, calendar: &str) -> Events {
        let events = self.google.snapshot(calendar).into_iter();
        events.map(|event| (event["id"].as_str().unwrap().to_owned(), event)).collect()
    }

    /// The ids of the person's calendars in the mirror.
    pub async fn mirrored_calendars(&self) -> Vec<String> {
        let calendars = self.store.calendars(&self.account.user).await.unwrap();
        let mut ids: Vec<_> = calendars.into_iter().map(|one| one.key.calendar.to_string()).collect();
        ids.sort();
        ids
    }

    /// Why the mirror of a calendar is not what Google has; none when it is.
    ///
    /// Every event must be there to the last field, and no other. Cancelled exceptions that Google no longer lists
    /// (of a series that ended before them) may stay in the mirror, as long as Google has them cancelled too.
    pub async fn difference(&self, calendar: &str) -> Option<String> {
        let (google, mut mirror) = (self.at_google(calendar), self.mirrored(calendar).await);
        for (id, there) in &google {
            match mirror.remove(id) {
                None => return Some(format!("{id} is missing: {there}")),
                Some(here) if here != *there => return Some(format!("{id} is {here}\nat Google {there}")),
                Some(_) => {}
            }
        }
        let is_cancelled = |event: &Value| event["status"] == "cancelled";
        mirror.retain(|id, here| {
            !(is_cancelled(here) && self.google.event(calendar, id).is_some_and(|there| is_cancelled(&there)))
        });
        (!mirror.is_empty()).then(|| format!("only in the mirror: {mirror:?}"))
    }

    /// Asserts that the mirror of each of `calendars` is what Google has.
    #[track_caller]
    pub fn assert_mirrors_google<'a>(&'a self, calendars: &'a [&'a str]) -> impl Future<Output = ()> + 'a {
        let caller = std::panic::Location::caller();
        async move {
            for calendar in calendars {
                if let Some(difference) = self.difference(calendar).await {
                    panic!("{caller}: the mirror of {calendar} is not what Google has: {difference}");
                }
            }
        }
    }
}
