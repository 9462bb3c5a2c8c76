//! What the token endpoint answers.

use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use secrecy::SecretString;
use serde::Deserialize;

use super::scope;
use crate::{Error, ErrorKind, Result, google, storage::StoredGrant};

/// The operation that errors of it name.
pub(crate) const TOKEN: &str = "oauth2.token";

/// Tokens, as Google answers them.
#[derive(Deserialize)]
pub(crate) struct TokenAnswer {
    access_token: String,
    expires_in: Option<u32>,
    refresh_token: Option<String>,
    scope: Option<String>,
    pub(crate) id_token: Option<String>,
}

impl TokenAnswer {
    /// Reads an answer that came at `now`.
    pub(crate) fn read(response: &http::Response<Bytes>, now: DateTime<Utc>) -> Result<Self> {
        if !response.status().is_success() {
            return Err(google::refusal(TOKEN, false, response, now));
        }
        // Not the parser's own error: it may quote the answer, and the answer holds tokens.
        serde_json::from_slice(response.body()).map_err(|_| {
            Error::new(ErrorKind::MalformedResponse, "the answer holds no access token").with_operation(TOKEN)
        })
    }

    /// The grant it gives. Where it names no scopes they are `scopes`, and where it brings no refresh token the one
    /// there was stays (RFC 6749, sections 5.1 and 6).
    pub(crate) fn grant(
        self,
        scopes: &[String],
        refresh_token: Option<SecretString>,
        now: DateTime<Utc>,
    ) -> StoredGrant {
        StoredGrant {
            access_token: self.access_token.into(),
            expires_at: now + TimeDelta::seconds(self.expires_in.unwrap_or(3600).into()),
            refresh_token: self.refresh_token.map(SecretString::from).or(refresh_token),
            scopes: self.scope.map_or_else(|| scopes.to_vec(), |text| scope::parse_scopes(&text)),
        }
    }
}
