//! Push channels (Google's guide "Push notifications").

use std::{collections::BTreeMap, fmt, time::Duration};

use bytes::Bytes;
use chrono::{DateTime, Utc};
use http::Method;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use serde_json::json;
use url::Url;

use super::{
    Call, Idempotency, Operation, check,
    request::{Builder, read_json},
};
use crate::{
    Result,
    id::{CalendarId, ChannelId},
    model::google_object,
};

google_object! {
    /// A push channel, as Google has it.
    pub struct Channel {
        required {
            /// Its id, which who opened it chose.
            "id" => id: ChannelId,
        }
        /// What is watched, as Google names it: needed to close the channel.
        "resourceId" => resource_id: String,
        /// Address of what is watched.
        "resourceUri" => resource_uri: String,
        /// What Google sends with each notification.
        "token" => token: String,
        /// Until when it lives.
        "expiration" => expiration: ChannelExpiration,
        /// `web_hook`.
        "type" => delivery: String,
        /// Where notifications go.
        "address" => address: String,
        /// Whether notifications carry a body; Google's Calendar never does.
        "payload" => payload: bool,
        /// Parameters of its delivery.
        "params" => params: BTreeMap<String, String>,
        /// `api#channel`.
        "kind" => kind: String,
    }
}

/// Until when a channel lives, in milliseconds since 1970.
///
/// A string in Google's discovery document, a number in its guide: both are read, the string is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ChannelExpiration(pub i64);

impl ChannelExpiration {
    /// The instant; none where it lies beyond the calendar.
    pub fn at(self) -> Option<DateTime<Utc>> {
        DateTime::from_timestamp_millis(self.0)
    }
}

impl Serialize for ChannelExpiration {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for ChannelExpiration {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Milliseconds;
        impl de::Visitor<'_> for Milliseconds {
            type Value = ChannelExpiration;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("milliseconds since 1970, as a number or a string")
            }
            fn visit_i64<E: de::Error>(self, number: i64) -> Result<ChannelExpiration, E> {
                Ok(ChannelExpiration(number))
            }
            fn visit_u64<E: de::Error>(self, number: u64) -> Result<ChannelExpiration, E> {
                number.try_into().map(ChannelExpiration).map_err(E::custom)
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<ChannelExpiration, E> {
                text.parse().map(ChannelExpiration).map_err(E::custom)
            }
        }
        deserializer.deserialize_any(Milliseconds)
    }
}

/// A push channel that is to be opened.
///
/// Never sent twice: a channel whose opening is in doubt is left to expire, and the next try takes a new id.
#[derive(Clone, PartialEq)]
pub struct NewChannel {
    /// A new id, 64 characters at most.
    pub id: ChannelId,
    /// Where notifications go: an https address.
    pub address: String,
    /// What Google is to send with each notification, 256 characters at most: proof that it comes from Google.
    pub token: Option<String>,
    /// How long it is to live; Google may give less.
    pub time_to_live: Option<Duration>,
}

impl NewChannel {
    fn request(&self, root: &Url, path: &[&str]) -> Result<http::Request<Bytes>> {
        check::channel(self)?;
        let mut body = json!({ "id": self.id, "type": "web_hook", "address": self.address });
        if let Some(token) = &self.token {
            body["token"] = json!(token);
        }
        if let Some(time_to_live) = self.time_to_live {
            body["params"] = json!({ "ttl": time_to_live.as_secs().to_string() });
        }
        Builder::new(Method::POST, root, path)?.json(&body)?.build()
    }
}

impl fmt::Debug for NewChannel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewChannel")
            .field("id", &self.id)
            .field("address", &self.address)
            .field("time_to_live", &self.time_to_live)
            .finish_non_exhaustive()
    }
}

/// Opens a push channel on a calendar's events.
#[derive(Clone, Debug, PartialEq)]
pub struct WatchEvents {
    /// Which calendar.
    pub calendar: CalendarId,
    /// The channel.
    pub channel: NewChannel,
}

impl Call for WatchEvents {
    type Answer = Channel;

    fn operation(&self) -> Operation {
        Operation::EventsWatch
    }

    fn idempotency(&self) -> Idempotency {
        Idempotency::Once
    }

    fn request(&self, root: &Url) -> Result<http::Request<Bytes>> {
        self.channel.request(root, &["calendars", self.calendar.as_str(), "events", "watch"])
    }

    fn read(&self, body: &[u8]) -> Result<Channel> {
        read_json(body)
    }
}

/// Opens a push channel on the person's list of calendars.
#[derive(Clone, Debug, PartialEq)]
pub struct WatchCalendarList {
    /// The channel.
    pub channel: NewChannel,
}

impl Call for WatchCalendarList {
    type Answer = Channel;

    fn operation(&self) -> Operation {
        Operation::CalendarListWatch
    }

    fn idempotency(&self) -> Idempotency {
        Idempotency::Once
    }

    fn request(&self, root: &Url) -> Result<http::Request<Bytes>> {
        self.channel.request(root, &["users", "me", "calendarList", "watch"])
    }

    fn read(&self, body: &[u8]) -> Result<Channel> {
        read_json(body)
    }
}

/// Closes a push channel; only who opened it may.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct StopChannel {
    /// Which.
    pub id: ChannelId,
    /// What it watches, as Google named it when it was opened.
    pub resource_id: String,
}

impl Call for StopChannel {
    type Answer = ();

    fn operation(&self) -> Operation {
        Operation::ChannelsStop
    }

    fn idempotency(&self) -> Idempotency {
        Idempotency::Repeatable
    }

    fn request(&self, root: &Url) -> Result<http::Request<Bytes>> {
        Builder::new(Method::POST, root, &["channels", "stop"])?.json(self)?.build()
    }

    fn read(&self, _: &[u8]) -> Result<()> {
        Ok(())
    }
}
