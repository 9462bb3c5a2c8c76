//! OAuth grants: authorization codes, access tokens, refresh tokens.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::error::{ApiError, ApiResult};

/// How long an access token of `/token` lives, in seconds.
pub(crate) const ACCESS_TOKEN_SECONDS: i64 = 3_599;

pub(crate) type Scopes = BTreeSet<String>;

/// An access token.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Access {
    pub(crate) person: String,
    pub(crate) scopes: Scopes,
    /// `None`: does not expire by itself.
    pub(crate) expires: Option<DateTime<Utc>>,
    pub(crate) client: Option<String>,
}

/// What a person granted to a client.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Grant {
    pub(crate) scopes: Scopes,
    pub(crate) refresh_token: Option<String>,
}

/// An authorization code, good once.
#[derive(Clone, Debug)]
pub(crate) struct Code {
    pub(crate) person: String,
    pub(crate) client: String,
    pub(crate) redirect_uri: String,
    pub(crate) challenge: Option<String>,
    pub(crate) scopes: Scopes,
    pub(crate) offline: bool,
    pub(crate) force_refresh_token: bool,
    pub(crate) expires: DateTime<Utc>,
}

/// How the consent page decides, since nobody clicks.
#[derive(Clone, Debug, Default)]
pub(crate) struct Consent {
    /// Who is signed in; by default the `login_hint`, else the first person.
    pub(crate) person: Option<String>,
    /// The scopes the person ticks; by default every one asked for.
    pub(crate) granted: Option<Scopes>,
    /// The person presses "Cancel".
    pub(crate) denied: bool,
}

/// All tokens and grants.
#[derive(Debug, Default)]
pub(crate) struct Grants {
    pub(crate) consent: Consent,
    pub(crate) codes: HashMap<String, Code>,
    pub(crate) access: HashMap<String, Access>,
    /// By person and client.
    pub(crate) grants: HashMap<(String, String), Grant>,
    /// Whether a refresh answer carries a new refresh token; Google's usually does not.
    pub(crate) rotate_refresh_token: bool,
}

impl Grants {
    /// The holder of an access token that is known and has not expired.
    pub(crate) fn holder(&self, token: &str, now: DateTime<Utc>) -> ApiResult<&Access> {
        let access = self.access.get(token).ok_or_else(ApiError::unauthenticated)?;
        if access.expires.is_some_and(|expires| expires <= now) {
            return Err(ApiError::unauthenticated());
        }
        Ok(access)
    }

    /// A new access token under a grant.
    pub(crate) fn issue(
        &mut self,
        person: &str,
        client: &str,
        scopes: Scopes,
        token: String,
        now: DateTime<Utc>,
    ) {
        let access = Access {
            person: person.to_owned(),
            scopes,
            expires: Some(now + TimeDelta::seconds(ACCESS_TOKEN_SECONDS)),
            client: Some(client.to_owned()),
        };
        self.access.insert(token, access);
    }

    /// The person and client a refresh token belongs to.
    pub(crate) fn by_refresh_token(&self, token: &str) -> Option<(String, String)> {
        let mut grants = self.grants.iter();
        grants.find(|(_, grant)| grant.refresh_token.as_deref() == Some(token)).map(|(key, _)| key.clone())
    }

    /// Ends everything a person granted: every access and refresh token of theirs is dead.
    pub(crate) fn revoke_person(&mut self, person: &str) {
        self.grants.retain(|(whose, _), _| whose != person);
        self.access.retain(|_, access| access.person != person);
        self.codes.retain(|_, code| code.person != person);
    }

    /// Ends the grant a token belongs to, as `/revoke` does. `false` when the token is unknown.
    pub(crate) fn revoke_token(&mut self, token: &str) -> bool {
        let of_access = self.access.get(token).map(|access| (access.person.clone(), access.client.clone()));
        let found = match of_access {
            Some((person, client)) => Some((person, client)),
            None => self.by_refresh_token(token).map(|(person, client)| (person, Some(client))),
        };
        let Some((person, client)) = found else { return false };
        if let Some(client) = &client {
            self.grants.remove(&(person.clone(), client.clone()));
            self.access.retain(|_, access| access.person != person || access.client.as_ref() != Some(client));
        }
        self.access.remove(token);
        true
    }
}
