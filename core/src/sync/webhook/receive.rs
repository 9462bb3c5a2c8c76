//! Notifications: believed or not, and what they make due.

use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use http::HeaderMap;
use subtle::ConstantTimeEq;

use super::{Webhooks, notification::Notification};
use crate::{ErrorKind, Result, codes::codes, storage::Channel, sync::SyncResource};

/// What came of a notification.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Received {
    /// Something changed: the resource is marked as due, and counts as such until it was synced from then on.
    Changed {
        /// What is watched.
        resource: SyncResource,
        /// When a burst of notifications is over. With a [`SyncQueue`] a worker syncs it then; without one
        /// [`sync_due`](crate::CalendarService::sync_due) finds it, or the host calls
        /// [`sync_resource`](crate::CalendarService::sync_resource) then: for a burst Google is asked once.
        sync_at: DateTime<Utc>,
    },
    /// Google opened a channel: nothing changed yet.
    Handshake,
    /// It cannot be believed, or is of something that is over: nothing was done. A host answers each alike, so that
    /// nobody learns which channels there are.
    Ignored(Disbelief),
}

codes! {
    /// Why a notification was ignored. For a log, not for whoever sent it.
    #[non_exhaustive]
    Disbelief {
        /// A header of Google's is missing, twice there, too long, or no text.
        Unreadable = "unreadable",
        /// No such channel is open here: it was closed, its account was disconnected, or there never was one.
        UnknownChannel = "unknown_channel",
        /// The token is not the channel's.
        WrongToken = "wrong_token",
        /// The channel watches something else.
        WrongResource = "wrong_resource",
        /// The channel has ended.
        Ended = "ended",
    }
}

/// Lets a worker, in any process, sync what Google notified of.
#[async_trait]
pub trait SyncQueue: Send + Sync {
    /// Marks `resource` as due, as [`mark_dirty`](crate::storage::SyncStore::mark_dirty), and lets a worker sync it once
    /// `debounce` is over: for both or for neither.
    ///
    /// Notifications of one resource that come meanwhile join the first: its time stands, so that a steady stream cannot
    /// put the sync off for ever.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`] when the resource has no sync state; [`ErrorKind::Storage`].
    async fn notify(&self, resource: &SyncResource, debounce: Duration) -> Result<()>;
}

impl Webhooks {
    /// Takes a notification: a `POST` to the address, of which only the headers say anything.
    ///
    /// - It is believed where the token, compared in constant time, the resource and the time fit an open channel; the
    ///   user is the channel's, and nothing that the headers say.
    /// - It is forgotten by no crash after this returned: what is due is stored.
    /// - Twice, late or out of order is the same as once: all that is noted is that something changed.
    ///
    /// # Errors
    /// [`ErrorKind::Storage`] when the store fails: answer 503, and Google sends it again.
    pub async fn receive(&self, headers: &HeaderMap) -> Result<Received> {
        let Some(notification) = Notification::read(headers) else {
            return Ok(Received::Ignored(Disbelief::Unreadable));
        };
        let channel = self.store.channel(&notification.channel).await?;
        let now = self.clock.now();
        let resource = match believed(channel, &notification, now) {
            Ok(channel) => channel.resource,
            Err(disbelief) => return Ok(self.ignored(disbelief)),
        };
        if notification.is_handshake {
            return Ok(Received::Handshake);
        }
        match self.notify(&resource).await {
            Ok(()) => {}
            // Disconnected in this moment.
            Err(error) if error.kind() == ErrorKind::NotFound => {
                return Ok(self.ignored(Disbelief::UnknownChannel));
            }
            Err(error) => return Err(error),
        }
        let debounce = TimeDelta::from_std(self.debounce).unwrap_or_default();
        Ok(Received::Changed { resource, sync_at: now + debounce })
    }

    /// Makes `resource` due.
    pub(super) async fn notify(&self, resource: &SyncResource) -> Result<()> {
        match &self.queue {
            Some(queue) => queue.notify(resource, self.debounce).await,
            None => self.store.mark_dirty(resource).await.map(drop),
        }
    }

    fn ignored(&self, disbelief: Disbelief) -> Received {
        // Anybody can cause it: no more than this, and nothing that they sent.
        tracing::debug!(holder = self.holder, reason = disbelief.code(), "a notification was ignored");
        Received::Ignored(disbelief)
    }
}

/// As long for a channel that is not there as for a wrong token.
fn believed(
    channel: Option<Channel>,
    notification: &Notification,
    now: DateTime<Utc>,
) -> Result<Channel, Disbelief> {
    let token_hash = channel.as_ref().map_or([0; 32], |channel| channel.token_hash);
    let is_token = bool::from(token_hash.ct_eq(&notification.token_hash));
    match channel {
        None => Err(Disbelief::UnknownChannel),
        Some(_) if !is_token => Err(Disbelief::WrongToken),
        Some(channel) if channel.resource_id != notification.resource_id => Err(Disbelief::WrongResource),
        Some(channel) if channel.expires_at <= now => Err(Disbelief::Ended),
        Some(channel) => Ok(channel),
    }
}
