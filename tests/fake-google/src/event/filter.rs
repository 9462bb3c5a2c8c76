//! Which events a listing asks for.

use chrono::{DateTime, Utc};
use serde_json::{Map, Value};

use crate::calendar::{Calendar, Shape, Stored};
use crate::call::{Query, Window};
use crate::error::{ApiError, ApiResult};
use crate::event::attendee;
use crate::series::Series;

/// The conditions of `events.list`.
#[derive(Debug)]
pub(crate) struct Filter {
    pub(crate) window: Window,
    pub(crate) single: bool,
    /// A delta shows everything that changed, deleted or not.
    pub(crate) delta: bool,
    show_deleted: bool,
    updated_min: Option<DateTime<Utc>>,
    event_types: Vec<String>,
    uid: Option<String>,
    words: Vec<String>,
    private: Vec<(String, String)>,
    shared: Vec<(String, String)>,
}

impl Filter {
    pub(crate) fn of(query: &Query) -> ApiResult<Self> {
        let pairs = |name: &str| -> ApiResult<Vec<(String, String)>> {
            let split =
                |text: &str| text.split_once('=').map(|(key, value)| (key.to_owned(), value.to_owned()));
            let all = query.all(name).into_iter().map(split).collect::<Option<Vec<_>>>();
            all.ok_or_else(|| {
                ApiError::parameter(name, "Invalid extended property constraint: use name=value.")
            })
        };
        Ok(Self {
            window: query.window()?,
            single: query.flag("singleEvents")?,
            delta: query.one("syncToken").is_some(),
            show_deleted: query.flag("showDeleted")?,
            updated_min: query.time("updatedMin")?,
            event_types: query.all("eventTypes").into_iter().map(str::to_owned).collect(),
            uid: query.one("iCalUID").map(str::to_owned),
            words: query
                .one("q")
                .unwrap_or_default()
                .to_lowercase()
                .split_whitespace()
                .map(str::to_owned)
                .collect(),
            private: pairs("privateExtendedProperty")?,
            shared: pairs("sharedExtendedProperty")?,
        })
    }

    /// Whether a listing with these conditions can be continued by a sync token.
    pub(crate) fn can_sync(&self) -> bool {
        self.updated_min.is_none()
            && self.uid.is_none()
            && self.words.is_empty()
            && self.private.is_empty()
            && self.shared.is_empty()
    }

    /// Whether a stored event belongs in the listing.
    pub(crate) fn admits(&self, calendar: &Calendar, stored: &Stored) -> bool {
        self.admits_cancelled(calendar, stored)
            && self.updated_min.is_none_or(|min| stored.updated >= min.timestamp_millis())
            && (stored.cancelled && self.delta || self.admits_time(calendar, stored))
            && (self.reads_nothing() || self.admits_content(&stored.map()))
    }

    fn admits_cancelled(&self, calendar: &Calendar, stored: &Stored) -> bool {
        if !stored.cancelled || self.delta || self.show_deleted || self.updated_min.is_some() {
            return true;
        }
        match &stored.shape {
            Shape::Exception { master, .. } => {
                let lives = calendar.event(master).is_none_or(|master| !master.cancelled);
                !self.single && !stored.bare && lives
            }
            _ => false,
        }
    }

    fn admits_time(&self, calendar: &Calendar, stored: &Stored) -> bool {
        let (min, max) = self.window;
        let ends_after = min.is_none_or(|min| stored.end > min.timestamp());
        let starts_before = max.is_none_or(|max| stored.start < max.timestamp());
        if !ends_after || !starts_before {
            return false;
        }
        if stored.shape != Shape::Master || (min.is_none() && max.is_none()) {
            return true;
        }
        match Series::of(&stored.map()) {
            Ok(Some(series)) => !series.instances(min, max, calendar.zone(), 1).is_empty(),
            _ => true,
        }
    }

    fn reads_nothing(&self) -> bool {
        self.event_types.is_empty()
            && self.uid.is_none()
            && self.words.is_empty()
            && self.private.is_empty()
            && self.shared.is_empty()
    }

    fn admits_content(&self, event: &Map<String, Value>) -> bool {
        let text = |field: &str| event.get(field).and_then(Value::as_str).unwrap_or_default();
        let has = |part: &str, pairs: &[(String, String)]| {
            let held = event.get("extendedProperties").and_then(|all| all.get(part));
            pairs
                .iter()
                .all(|(key, value)| held.and_then(|held| held.get(key)).is_some_and(|held| held == value))
        };
        (self.event_types.is_empty() || self.event_types.iter().any(|kind| kind == text("eventType")))
            && self.uid.as_deref().is_none_or(|uid| uid == text("iCalUID"))
            && has("private", &self.private)
            && has("shared", &self.shared)
            && self.admits_words(event)
    }

    fn admits_words(&self, event: &Map<String, Value>) -> bool {
        if self.words.is_empty() {
            return true;
        }
        let mut text = String::new();
        for field in ["summary", "description", "location"] {
            text.push_str(event.get(field).and_then(Value::as_str).unwrap_or_default());
            text.push(' ');
        }
        let people = attendee::list(event).iter().chain(event.get("organizer"));
        for field in people.flat_map(|person| [person.get("email"), person.get("displayName")]).flatten() {
            text.push_str(field.as_str().unwrap_or_default());
            text.push(' ');
        }
        let text = text.to_lowercase();
        self.words.iter().all(|word| text.contains(word))
    }
}
