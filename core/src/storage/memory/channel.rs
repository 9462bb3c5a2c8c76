//! Push channels.

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::MemoryStore;
use crate::{
    Result,
    id::{ChannelId, UserId},
    storage::{Channel, ChannelStore},
};

#[async_trait]
impl ChannelStore for MemoryStore {
    async fn insert_channel(&self, channel: &Channel) -> Result<()> {
        self.write().channels.insert(channel.id.clone(), channel.clone());
        Ok(())
    }

    async fn channel(&self, id: &ChannelId) -> Result<Option<Channel>> {
        Ok(self.read().channels.get(id).cloned())
    }

    async fn channels(&self, user: &UserId) -> Result<Vec<Channel>> {
        Ok(soonest_first(self.read().channels.values().filter(|channel| channel.resource.user() == user)))
    }

    async fn channels_expiring(&self, before: DateTime<Utc>, limit: usize) -> Result<Vec<Channel>> {
        let inner = self.read();
        let mut expiring =
            soonest_first(inner.channels.values().filter(|channel| channel.expires_at < before));
        expiring.truncate(limit);
        Ok(expiring)
    }

    async fn delete_channel(&self, id: &ChannelId) -> Result<()> {
        self.write().channels.remove(id);
        Ok(())
    }
}

fn soonest_first<'a>(channels: impl Iterator<Item = &'a Channel>) -> Vec<Channel> {
    let mut channels: Vec<Channel> = channels.cloned().collect();
    channels.sort_by(|a, b| (a.expires_at, &a.id).cmp(&(b.expires_at, &b.id)));
    channels
}
