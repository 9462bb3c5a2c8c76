//! Push channels.

use std::collections::BTreeSet;

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::{
    MemoryStore,
    sync::{is_wanted, no_state},
};
use crate::{
    Result,
    id::{ChannelId, UserId},
    storage::{Channel, ChannelStore},
    sync::{Standing, SyncResource},
};

#[async_trait]
impl ChannelStore for MemoryStore {
    async fn insert_channel(&self, channel: &Channel) -> Result<()> {
        let mut inner = self.write();
        let tenant = inner.tenants.get(channel.resource.user());
        if !tenant.is_some_and(|tenant| tenant.states.contains_key(&channel.resource)) {
            return Err(no_state(&channel.resource));
        }
        inner.channels.insert(channel.id.clone(), channel.clone());
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

    async fn resources_to_watch(
        &self,
        now: DateTime<Utc>,
        expiring_before: DateTime<Utc>,
        limit: usize,
    ) -> Result<Vec<SyncResource>> {
        let inner = self.read();
        let lasting = inner.channels.values().filter(|channel| channel.expires_at >= expiring_before);
        let watched: BTreeSet<&SyncResource> = lasting.map(|channel| &channel.resource).collect();
        let mut due: Vec<(Option<DateTime<Utc>>, &SyncResource)> = Vec::new();
        for tenant in inner.tenants.values() {
            for state in tenant.states.values().filter(|state| is_wanted(tenant, state)) {
                let after = tenant.watch_after.get(&state.resource).copied();
                let is_paused = matches!(state.standing, Standing::Paused { .. });
                if !is_paused && after.is_none_or(|after| after <= now) && !watched.contains(&state.resource)
                {
                    due.push((after, &state.resource));
                }
            }
        }
        due.sort();
        Ok(due.into_iter().take(limit).map(|(_, resource)| resource.clone()).collect())
    }

    async fn put_off_watch(&self, resource: &SyncResource, until: DateTime<Utc>) -> Result<()> {
        let mut inner = self.write();
        match inner.tenants.get_mut(resource.user()) {
            Some(tenant) if tenant.states.contains_key(resource) => {
                tenant.watch_after.insert(resource.clone(), until);
                Ok(())
            }
            _ => Err(no_state(resource)),
        }
    }

    async fn delete_channel(&self, user: &UserId, id: &ChannelId) -> Result<()> {
        let mut inner = self.write();
        if inner.channels.get(id).is_some_and(|channel| channel.resource.user() == user) {
            inner.channels.remove(id);
        }
        Ok(())
    }
}

fn soonest_first<'a>(channels: impl Iterator<Item = &'a Channel>) -> Vec<Channel> {
    let mut channels: Vec<Channel> = channels.cloned().collect();
    channels.sort_by(|a, b| (a.expires_at, &a.id).cmp(&(b.expires_at, &b.id)));
    channels
}
