//! What of the state outlives the process: people, calendars, tokens and the clock.
//!
//! Faults, quotas, the books, open channels and listings under way belong to one life.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::State;
use crate::calendar::{Calendar, KeptCalendar};
use crate::channel::Channels;
use crate::clock::{Clock, KeptClock};
use crate::cursor::first_epoch;
use crate::grant::{Access, Grant};
use crate::person::Person;

/// The form of [`KeptState`]; another one is not read.
const VERSION: u32 = 1;

/// The state as JSON.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct KeptState {
    version: u32,
    clock: KeptClock,
    random: u64,
    people: Vec<Person>,
    calendars: Vec<KeptCalendar>,
    access_tokens: HashMap<String, Access>,
    grants: Vec<((String, String), Grant)>,
    rotate_refresh_token: bool,
}

impl State {
    pub(crate) fn to_json(&self) -> serde_json::Result<Vec<u8>> {
        let mut calendars: Vec<&Calendar> = self.calendars.values().collect();
        calendars.sort_by(|one, other| one.id.cmp(&other.id));
        let grants = self.grants.grants.iter();
        serde_json::to_vec(&KeptState {
            version: VERSION,
            clock: self.clock.keep(),
            random: self.random.get_seed(),
            people: self.people.values().cloned().collect(),
            calendars: calendars.into_iter().map(Calendar::keep).collect::<serde_json::Result<_>>()?,
            access_tokens: self.grants.access.clone(),
            grants: grants.map(|(key, grant)| (key.clone(), grant.clone())).collect(),
            rotate_refresh_token: self.grants.rotate_refresh_token,
        })
    }

    /// Reads what [`to_json`](Self::to_json) wrote; the clock goes on, or starts at `start`.
    pub(crate) fn from_json(
        json: &[u8],
        start: Option<DateTime<Utc>>,
        channels: Channels,
    ) -> Result<Self, String> {
        let kept: KeptState = serde_json::from_slice(json).map_err(|error| error.to_string())?;
        if kept.version != VERSION {
            return Err(format!("its version is {}, not {VERSION}", kept.version));
        }
        let mut state = Self::new(Clock::restored(&kept.clock, start), channels);
        state.random = fastrand::Rng::with_seed(kept.random);
        state.people = kept.people.into_iter().map(|person| (person.email.clone(), person)).collect();
        for calendar in kept.calendars {
            let calendar = Calendar::restored(calendar).map_err(|error| error.to_string())?;
            state.calendars.insert(calendar.id.clone(), calendar);
        }
        state.grants.access = kept.access_tokens;
        state.grants.grants = kept.grants.into_iter().collect();
        state.grants.rotate_refresh_token = kept.rotate_refresh_token;
        Ok(state)
    }

    /// Every sync and page token given out before answers 410.
    pub(crate) fn forget_tokens(&mut self) {
        self.calendars.values_mut().for_each(|calendar| calendar.epoch = first_epoch());
        self.people.values_mut().for_each(|person| person.epoch = first_epoch());
    }
}
