//! A world written down in JSON: people, their calendars, their events.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::edit;
use crate::person::Role;
use crate::state::State;
use crate::when::zone;

/// What a fake starts with.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Seed {
    /// The accounts.
    pub people: Vec<SeedPerson>,
}

/// One account. Its primary calendar always exists; list it among `calendars` to give it events.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SeedPerson {
    /// The address, which is also the id of the primary calendar.
    pub email: String,
    /// The zone of the account and of calendars that name none.
    #[serde(default = "utc")]
    pub time_zone: String,
    /// An access token that is valid from the start and does not expire.
    #[serde(default)]
    pub access_token: Option<String>,
    /// A refresh token that is valid from the start, for any client named `fake-client`.
    #[serde(default)]
    pub refresh_token: Option<String>,
    /// What the tokens allow; by default everything.
    #[serde(default = "everything")]
    pub scopes: Vec<String>,
    /// The calendars in the account's list.
    #[serde(default)]
    pub calendars: Vec<SeedCalendar>,
}

/// One calendar. Naming an id that another person owns shares that calendar.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SeedCalendar {
    /// The id, an address.
    pub id: String,
    /// Its name; by default its id.
    #[serde(default)]
    pub summary: Option<String>,
    /// Its zone; by default the person's.
    #[serde(default)]
    pub time_zone: Option<String>,
    /// `freeBusyReader`, `reader`, `writer` or `owner`.
    #[serde(default = "owner")]
    pub access_role: String,
    /// Whether `events.watch` is refused, as for holidays.
    #[serde(default)]
    pub refuses_watch: bool,
    /// Events as Google's JSON; missing fields are filled in.
    #[serde(default)]
    pub events: Vec<Value>,
}

fn utc() -> String {
    "UTC".to_owned()
}

fn owner() -> String {
    "owner".to_owned()
}

fn everything() -> Vec<String> {
    vec!["calendar".to_owned()]
}

impl Seed {
    /// Reads a seed.
    ///
    /// # Errors
    /// When the JSON does not have the form of a seed; the message says where.
    pub fn from_json(text: &str) -> std::io::Result<Self> {
        serde_json::from_str(text)
            .map_err(|error| std::io::Error::new(std::io::ErrorKind::InvalidData, error))
    }

    /// Puts the world in place.
    pub(crate) fn plant(&self, state: &mut State) -> std::io::Result<()> {
        let bad =
            |what: String| std::io::Error::new(std::io::ErrorKind::InvalidData, format!("seed: {what}"));
        for person in &self.people {
            let home = zone(&person.time_zone).map_err(|error| bad(error.message))?;
            state.add_person(&person.email, home);
            if let Some(token) = &person.access_token {
                state.grant_access(token, &person.email, &person.scopes, None);
            }
            if let Some(token) = &person.refresh_token {
                state.grant_refresh(token, &person.email, "fake-client", &person.scopes);
            }
            for calendar in &person.calendars {
                let role = Role::parse(&calendar.access_role)
                    .ok_or_else(|| bad(format!("unknown accessRole {:?}", calendar.access_role)))?;
                let zone = zone(calendar.time_zone.as_deref().unwrap_or(&person.time_zone));
                let zone = zone.map_err(|error| bad(error.message))?;
                if !state.calendars.contains_key(&calendar.id) {
                    let summary = calendar.summary.as_deref().unwrap_or(&calendar.id);
                    state.add_calendar(&person.email, &calendar.id, summary, zone);
                }
                state.share(&calendar.id, &person.email, role);
                if let Some(made) = state.calendars.get_mut(&calendar.id) {
                    made.refuses_watch |= calendar.refuses_watch;
                    if let Some(summary) = &calendar.summary {
                        made.props.insert("summary".into(), summary.as_str().into());
                    }
                    if calendar.time_zone.is_some() {
                        made.props.insert("timeZone".into(), zone.name().into());
                    }
                }
                for event in &calendar.events {
                    edit::create(state, &calendar.id, event.clone()).map_err(|error| bad(error.message))?;
                }
            }
        }
        Ok(())
    }
}
