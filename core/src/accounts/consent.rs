//! What a consent is begun with, and whether an answer fits it. Pure, the time handed in.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};

use super::ConnectRequest;
use crate::{Error, ErrorKind, Result, random::random_token, storage::PendingConsent};

/// How long a person has on Google's page.
pub const CONSENT_LIFETIME: Duration = Duration::from_secs(10 * 60);

/// Which account consents, by OpenID Connect: of the person themselves, nothing more is asked.
const IDENTITY: [&str; 2] = ["openid", "email"];

/// A consent that begins at `now`.
pub(super) fn begun(request: &ConnectRequest, now: DateTime<Utc>) -> PendingConsent {
    let mut scopes: Vec<String> = IDENTITY.map(str::to_owned).into();
    scopes.extend(request.capabilities.iter().map(|capability| capability.scope().to_owned()));
    PendingConsent {
        user: request.user.clone(),
        session_hash: hash(request.session.expose_secret()),
        verifier: random_token().into(),
        scopes,
        redirect: request.redirect.clone(),
        account: request.account.clone(),
        expires_at: now + TimeDelta::from_std(CONSENT_LIFETIME).unwrap_or_default(),
    }
}

/// Whether `consent` may be finished in `session` at `now`.
///
/// # Errors
/// [`ErrorKind::NotPermitted`] in another session; [`ErrorKind::Expired`] when it is too late.
pub(super) fn check(consent: &PendingConsent, session: &SecretString, now: DateTime<Utc>) -> Result<()> {
    // Hashes of secrets: how long comparing them takes tells nothing of either.
    if consent.session_hash != hash(session.expose_secret()) {
        let message = "the consent was begun in another session: connect the account again in this one";
        return Err(Error::new(ErrorKind::NotPermitted, message));
    }
    if now >= consent.expires_at {
        let message = "the consent took longer than ten minutes: connect the account again";
        return Err(Error::new(ErrorKind::Expired, message));
    }
    Ok(())
}

pub(super) fn unknown() -> Error {
    let message =
        "the consent was not begun by this user, or was finished already: connect the account again";
    Error::new(ErrorKind::NotPermitted, message)
}

/// What a state is stored and found under, and a session compared by.
pub(super) fn hash(secret: &str) -> [u8; 32] {
    Sha256::digest(secret).into()
}
