//! Notification channels: kept here, delivered by `notify`.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use serde::Serialize;
use tokio::sync::mpsc::UnboundedSender;

/// A channel that is watching something.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Channel {
    /// The id its maker chose.
    pub id: String,
    /// What it watches, opaque.
    pub resource_id: String,
    /// The address that is notified.
    pub address: String,
    /// The secret sent with each notification.
    pub token: Option<String>,
    /// After this no more notifications are sent.
    pub expires: DateTime<Utc>,
    /// Who made it.
    pub person: String,
    #[serde(skip)]
    pub(crate) resource: String,
    #[serde(skip)]
    pub(crate) uri: String,
    #[serde(skip)]
    pub(crate) number: u64,
    #[serde(skip)]
    pub(crate) queue: UnboundedSender<Notification>,
}

/// One POST to be made.
#[derive(Clone, Debug)]
pub(crate) struct Notification {
    pub(crate) address: String,
    pub(crate) headers: Vec<(&'static str, String)>,
}

/// All channels, and whether their notifications arrive.
#[derive(Debug)]
pub(crate) struct Channels {
    pub(crate) open: HashMap<String, Channel>,
    pub(crate) allow_http: bool,
    /// Push is not reliable: while set, changes are not notified (`sync` messages still are).
    pub(crate) lose_notifications: bool,
    pub(crate) sent: u64,
}

impl Channels {
    pub(crate) fn new(allow_http: bool) -> Self {
        Self { open: HashMap::new(), allow_http, lose_notifications: false, sent: 0 }
    }

    /// Opens a channel and sends its `sync` message.
    pub(crate) fn open(&mut self, mut channel: Channel) {
        channel.number = 1;
        self.sent += 1;
        // The receiver lives as long as the fake; a send can only fail while it shuts down.
        let _ = channel.queue.send(message(&channel, "sync"));
        self.open.insert(channel.id.clone(), channel);
    }

    pub(crate) fn notify(&mut self, resource: &str, now: DateTime<Utc>, random: &mut fastrand::Rng) {
        if self.lose_notifications || self.open.is_empty() {
            return;
        }
        for channel in
            self.open.values_mut().filter(|channel| channel.resource == resource && channel.expires > now)
        {
            channel.number += random.u64(1..=7);
            self.sent += 1;
            let _ = channel.queue.send(message(channel, "exists"));
        }
    }
}

/// The headers Google documents; the body is empty.
fn message(channel: &Channel, state: &str) -> Notification {
    let mut headers = vec![
        ("x-goog-channel-id", channel.id.clone()),
        ("x-goog-message-number", channel.number.to_string()),
        ("x-goog-resource-id", channel.resource_id.clone()),
        ("x-goog-resource-state", state.to_owned()),
        ("x-goog-resource-uri", channel.uri.clone()),
        ("x-goog-channel-expiration", channel.expires.format("%a, %d %b %Y %H:%M:%S GMT").to_string()),
    ];
    if let Some(token) = &channel.token {
        headers.push(("x-goog-channel-token", token.clone()));
    }
    Notification { address: channel.address.clone(), headers }
}
