//! A notification as Google sends it: all of it is in the headers, and none of it is to be believed yet.

use http::{HeaderMap, HeaderName, HeaderValue};
use sha2::{Digest, Sha256};

use crate::id::ChannelId;

/// Google's longest channel id is 64 characters, and a resource's name about 30: what is longer is not Google's.
const LONGEST: usize = 256;

/// What the headers say ([Google's guide][guide]): which channel, its token, what is watched, and whether anything
/// changed.
///
/// [guide]: https://developers.google.com/workspace/calendar/api/guides/push
pub(super) struct Notification {
    pub(super) channel: ChannelId,
    pub(super) token_hash: [u8; 32],
    pub(super) resource_id: String,
    /// Google opened the channel, and nothing changed yet.
    pub(super) is_handshake: bool,
}

impl Notification {
    /// None where one is missing, twice there, or no text of that length. A channel of ours always has a token.
    pub(super) fn read(headers: &HeaderMap) -> Option<Self> {
        let token = only(headers, HeaderName::from_static("x-goog-channel-token"))?;
        let state = only(headers, HeaderName::from_static("x-goog-resource-state"))?;
        Some(Self {
            channel: only(headers, HeaderName::from_static("x-goog-channel-id"))?.into(),
            token_hash: Sha256::digest(token).into(),
            resource_id: only(headers, HeaderName::from_static("x-goog-resource-id"))?.to_owned(),
            is_handshake: state == "sync",
        })
    }
}

fn only(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    let mut values = headers.get_all(name).iter();
    let value = values.next().map(HeaderValue::to_str)?.ok()?;
    (values.next().is_none() && value.len() <= LONGEST).then_some(value)
}
