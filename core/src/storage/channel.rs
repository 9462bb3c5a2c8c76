//! Push channels.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    Result,
    id::{ChannelId, UserId},
    sync::SyncResource,
};

/// A push channel as Google opened it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Channel {
    /// Our name of it.
    pub id: ChannelId,
    /// What it reports on.
    pub resource: SyncResource,
    /// Google's name of the watched resource: needed to stop it.
    pub resource_id: String,
    /// SHA-256 of the token that each notification carries.
    pub token_hash: [u8; 32],
    /// When Google stops sending.
    pub expires_at: DateTime<Utc>,
}

/// Where channels live.
#[async_trait]
pub trait ChannelStore: Send + Sync {
    /// Stores a channel.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`](crate::ErrorKind::NotFound) when its resource has no sync state: what was disconnected
    /// meanwhile gets none.
    async fn insert_channel(&self, channel: &Channel) -> Result<()>;

    /// The channel of that id, whosoever it is: a notification names no user.
    async fn channel(&self, id: &ChannelId) -> Result<Option<Channel>>;

    /// The channels of `user`, soonest to expire first.
    async fn channels(&self, user: &UserId) -> Result<Vec<Channel>>;

    /// At most `limit` channels of any user that expire before `before`, soonest first.
    async fn channels_expiring(&self, before: DateTime<Utc>, limit: usize) -> Result<Vec<Channel>>;

    /// At most `limit` resources, of any user, that are to have a new channel at `now`: known calendar lists and
    /// selected calendars, not paused, not put off to later, and without a channel that lives until `expiring_before`
    /// or longer. Those never tried first, then those whose turn was earliest.
    async fn resources_to_watch(
        &self,
        now: DateTime<Utc>,
        expiring_before: DateTime<Utc>,
        limit: usize,
    ) -> Result<Vec<SyncResource>>;

    /// Leaves `resource` out of [`resources_to_watch`](Self::resources_to_watch) until then.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`](crate::ErrorKind::NotFound) when the resource has no sync state.
    async fn put_off_watch(&self, resource: &SyncResource, until: DateTime<Utc>) -> Result<()>;

    /// Forgets a channel of `user`; nothing happens where they have none of that id.
    async fn delete_channel(&self, user: &UserId, id: &ChannelId) -> Result<()>;
}
