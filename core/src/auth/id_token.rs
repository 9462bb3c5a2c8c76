//! Which account consented, by the ID token beside its access token.
//!
//! It came from Google's token endpoint itself over TLS, so its signature need not be checked (OpenID Connect Core,
//! section 3.1.3.7): never read one here that came by another way, such as through a browser.

use chrono::{DateTime, Utc};
use data_encoding::BASE64URL_NOPAD;
use serde::Deserialize;

use crate::{Error, ErrorKind, Result};

/// Both spellings that Google documents.
const ISSUERS: [&str; 2] = ["https://accounts.google.com", "accounts.google.com"];

#[derive(Deserialize)]
struct Claims {
    iss: String,
    aud: String,
    exp: i64,
    email: Option<String>,
}

/// The email address of the account that consented to `client_id`, in lower case.
///
/// # Errors
/// [`ErrorKind::MalformedResponse`] for a token of another issuer or to another client, one that ran out, and one that
/// names no address. The error quotes nothing of it.
pub(crate) fn connected_email(id_token: &str, client_id: &str, now: DateTime<Utc>) -> Result<String> {
    let claims = claims(id_token).ok_or_else(|| refused("cannot be read"))?;
    if !ISSUERS.contains(&claims.iss.as_str()) {
        return Err(refused("is not Google's"));
    }
    if claims.aud != client_id {
        return Err(refused("was made for another client"));
    }
    if claims.exp <= now.timestamp() {
        return Err(refused("ran out"));
    }
    let email = claims.email.filter(|email| !email.is_empty());
    email.map(|email| email.to_lowercase()).ok_or_else(|| refused("names no address"))
}

fn claims(id_token: &str) -> Option<Claims> {
    let payload = id_token.split('.').nth(1)?;
    let payload = BASE64URL_NOPAD.decode(payload.as_bytes()).ok()?;
    serde_json::from_slice(&payload).ok()
}

fn refused(why: &str) -> Error {
    let message = format!("Google does not say which account was connected: its ID token {why}");
    Error::new(ErrorKind::MalformedResponse, message)
}
