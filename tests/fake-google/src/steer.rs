//! What tests may do to the state, whether they come by Rust or by `/_control`.

use chrono::{DateTime, Utc};
use serde_json::Value;

use crate::call::Query;
use crate::error::ApiResult;
use crate::event::filter::Filter;
use crate::event::read::{View, listed};
use crate::grant::{Access, Grant, Scopes};
use crate::state::State;

/// Scopes in full; a short name such as `calendar.readonly` stands for its URL.
pub(crate) fn scopes<S: AsRef<str>>(names: &[S]) -> Scopes {
    let full = |name: &str| match name {
        "openid" | "email" | "profile" => name.to_owned(),
        _ if name.contains("://") => name.to_owned(),
        _ => format!("https://www.googleapis.com/auth/{name}"),
    };
    names.iter().map(|name| full(name.as_ref())).collect()
}

impl State {
    /// Makes `token` an access token of a person.
    pub(crate) fn grant_access<S: AsRef<str>>(
        &mut self,
        token: &str,
        person: &str,
        names: &[S],
        expires: Option<DateTime<Utc>>,
    ) {
        let access = Access { person: person.to_owned(), scopes: scopes(names), expires, client: None };
        self.grants.access.insert(token.to_owned(), access);
    }

    /// Makes `token` the refresh token of a person's grant to a client.
    pub(crate) fn grant_refresh<S: AsRef<str>>(
        &mut self,
        token: &str,
        person: &str,
        client: &str,
        names: &[S],
    ) {
        let grant = Grant { scopes: scopes(names), refresh_token: Some(token.to_owned()) };
        self.grants.grants.insert((person.to_owned(), client.to_owned()), grant);
    }

    pub(crate) fn new_token(&mut self, prefix: &str) -> String {
        let letters: String = (0..32).map(|_| self.random.alphanumeric()).collect();
        format!("{prefix}{letters}")
    }

    /// Ends the life of every access token of a person; refresh tokens stay good.
    pub(crate) fn expire_access(&mut self, person: &str) {
        let now = self.clock.now();
        for access in self.grants.access.values_mut().filter(|access| access.person == person) {
            access.expires = Some(now);
        }
    }

    /// Every sync and page token of a calendar answers 410 from now on.
    pub(crate) fn expire_sync_tokens(&mut self, calendar: &str) -> bool {
        self.calendars.get_mut(calendar).map(|calendar| calendar.epoch += 1).is_some()
    }

    /// Forgets what was deleted in a calendar; its sync and page tokens answer 410 from now on.
    pub(crate) fn forget_deleted(&mut self, calendar: &str) -> ApiResult<()> {
        let calendar = self.calendar_mut(calendar)?;
        calendar.forget_deleted();
        calendar.epoch += 1;
        Ok(())
    }

    /// Every sync token of a person's calendar list answers 410 from now on.
    pub(crate) fn expire_list_sync_tokens(&mut self, person: &str) -> bool {
        self.people.get_mut(person).map(|person| person.epoch += 1).is_some()
    }

    /// What a complete listing with default parameters gives: live events, and the cancelled occurrences of live series.
    pub(crate) fn snapshot(&self, calendar: &str) -> Vec<Value> {
        let Some(calendar) = self.calendars.get(calendar) else { return Vec::new() };
        let Ok(filter) = Filter::of(&Query::default()) else { return Vec::new() };
        let view = View::default();
        let all = calendar.changes(0, calendar.seq).filter(|(_, stored)| filter.admits(calendar, stored));
        all.filter_map(|(_, stored)| serde_json::from_str(&listed(stored, &view)).ok()).collect()
    }
}
