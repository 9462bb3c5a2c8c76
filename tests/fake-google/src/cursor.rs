//! Page and sync tokens: opaque to clients, but each remembers what it was made for.

use data_encoding::BASE64URL_NOPAD;
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::call::Query;
use crate::error::{ApiError, ApiResult};

/// The first epoch of a person or calendar. It is another one in each life of the fake: a token of an earlier life,
/// whose changes were not kept, answers 410.
pub(crate) fn first_epoch() -> u64 {
    fastrand::u32(1..).into()
}

/// Where an incremental sync goes on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct SyncToken {
    /// The calendar, or the person's calendar list.
    #[serde(rename = "r")]
    pub(crate) resource: String,
    /// Tokens of an earlier epoch have expired.
    #[serde(rename = "e")]
    pub(crate) epoch: u64,
    /// The last change the token's holder has seen.
    #[serde(rename = "s")]
    pub(crate) seen: u64,
    /// The query that made the token.
    #[serde(rename = "q")]
    pub(crate) query: String,
    /// `timeMin` and `timeMax` of the first listing, which hold for its deltas too.
    #[serde(rename = "w")]
    pub(crate) window: (Option<i64>, Option<i64>),
}

/// Where a listing goes on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct PageToken {
    #[serde(rename = "r")]
    pub(crate) resource: String,
    #[serde(rename = "e")]
    pub(crate) epoch: u64,
    /// The last change the previous pages reached, or how many items they gave.
    #[serde(rename = "a")]
    pub(crate) after: u64,
    /// The change at which the listing began; later changes belong to the next delta.
    #[serde(rename = "u")]
    pub(crate) until: u64,
    /// The page this token asks for, from 1.
    #[serde(rename = "n")]
    pub(crate) page: u32,
    /// The query of the listing, with its sync token.
    #[serde(rename = "q")]
    pub(crate) query: String,
    /// A listing computed once and kept, by its number.
    #[serde(rename = "k")]
    pub(crate) kept: Option<u64>,
}

pub(crate) fn encode<T: Serialize>(prefix: &str, token: &T) -> String {
    let json = serde_json::to_vec(token).unwrap_or_default();
    format!("{prefix}{}", BASE64URL_NOPAD.encode(&json))
}

fn decode<T: DeserializeOwned>(prefix: &str, text: &str) -> Option<T> {
    let json = BASE64URL_NOPAD.decode(text.strip_prefix(prefix)?.as_bytes()).ok()?;
    serde_json::from_slice(&json).ok()
}

impl SyncToken {
    pub(crate) fn encode(&self) -> String {
        encode("CP", self)
    }

    /// Reads a token that must belong to `resource`, be of its `epoch`, and come with the query that made it.
    pub(crate) fn parse(text: &str, resource: &str, epoch: u64, query: &str) -> ApiResult<Self> {
        let token: Self = decode("CP", text)
            .filter(|token: &Self| token.resource == resource)
            .ok_or_else(|| ApiError::parameter("syncToken", "Invalid sync token value."))?;
        if token.epoch != epoch {
            return Err(ApiError::full_sync_required());
        }
        if token.query != query {
            return Err(ApiError::parameter(
                "syncToken",
                "The sync token cannot be used with other query parameters than those of the initial request.",
            ));
        }
        Ok(token)
    }
}

impl PageToken {
    pub(crate) fn encode(&self) -> String {
        encode("Eh", self)
    }

    /// Reads a token that must belong to `resource` and to the same listing.
    pub(crate) fn parse(text: &str, resource: &str, epoch: u64, query: &str) -> ApiResult<Self> {
        let refused = |message| ApiError::parameter("pageToken", message);
        let token: Self = decode("Eh", text)
            .filter(|token: &Self| token.resource == resource)
            .ok_or_else(|| refused("Invalid page token value."))?;
        if token.query != query {
            return Err(refused(
                "The page token belongs to a request with other parameters (or sync token).",
            ));
        }
        if token.epoch != epoch {
            return Err(ApiError::full_sync_required());
        }
        Ok(token)
    }
}

/// The page a request asks for, from 1, as far as its token tells.
pub(crate) fn page_number(query: &Query) -> u32 {
    query.one("pageToken").and_then(|text| decode::<PageToken>("Eh", text)).map_or(1, |token| token.page)
}

/// The parameters that must stay the same, in one string; `left_out` are not among them.
pub(crate) fn fingerprint(query: &Query, left_out: &[&str]) -> String {
    const NEVER: [&str; 7] = ["alt", "fields", "key", "prettyPrint", "quotaUser", "maxResults", "pageToken"];
    let mut pairs = Vec::new();
    for name in query.names().filter(|name| !NEVER.contains(name) && !left_out.contains(name)) {
        let mut values = query.all(name);
        values.sort_unstable();
        pairs.push(format!("{name}={}", values.join(",")));
    }
    pairs.sort_unstable();
    pairs.dedup();
    // A parameter given its default is the same as one left out.
    pairs.retain(|pair| !matches!(pair.as_str(), "singleEvents=false" | "showHiddenInvitations=false"));
    pairs.join("&")
}
