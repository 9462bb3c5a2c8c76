//! Leases.

use std::{collections::BTreeMap, time::Duration};

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};

use super::MemoryStore;
use crate::{
    Error, ErrorKind, Result,
    storage::{Fence, Lease, LeaseStore},
};

/// Who holds, or last held, each name.
#[derive(Default)]
pub(super) struct Leases(BTreeMap<String, Hold>);

struct Hold {
    epoch: u64,
    /// None once released.
    holder: Option<String>,
    expires_at: DateTime<Utc>,
}

impl Leases {
    /// Whether `fence` is the newest of its name.
    pub(super) fn check(&self, fence: &Fence) -> Result<()> {
        match self.0.get(&fence.name) {
            Some(hold) if hold.epoch == fence.epoch => Ok(()),
            _ => Err(lost(&fence.name)),
        }
    }

    /// Takes the lease from whoever holds it: what carries its fence is refused.
    pub(super) fn revoke(&mut self, name: &str) {
        if let Some(hold) = self.0.get_mut(name) {
            (hold.epoch, hold.holder) = (hold.epoch + 1, None);
        }
    }
}

#[async_trait]
impl LeaseStore for MemoryStore {
    async fn acquire(&self, name: &str, holder: &str, ttl: Duration) -> Result<Option<Lease>> {
        let now = self.clock.now();
        let mut inner = self.write();
        let previous = inner.leases.0.get(name);
        let taken = previous.is_some_and(|hold| {
            now < hold.expires_at && hold.holder.as_deref().is_some_and(|other| other != holder)
        });
        if taken {
            return Ok(None);
        }
        let epoch = previous.map_or(0, |hold| hold.epoch) + 1;
        let expires_at = after(now, ttl);
        let hold = Hold { epoch, holder: Some(holder.to_owned()), expires_at };
        inner.leases.0.insert(name.to_owned(), hold);
        let fence = Fence { name: name.to_owned(), epoch };
        Ok(Some(Lease { fence, holder: holder.to_owned(), expires_at }))
    }

    async fn renew(&self, lease: &Lease, ttl: Duration) -> Result<Lease> {
        let expires_at = after(self.clock.now(), ttl);
        let mut inner = self.write();
        inner.leases.check(&lease.fence)?;
        match inner.leases.0.get_mut(&lease.fence.name) {
            Some(hold) if hold.holder.is_some() => hold.expires_at = expires_at,
            _ => return Err(lost(&lease.fence.name)),
        }
        Ok(Lease { expires_at, ..lease.clone() })
    }

    async fn release(&self, lease: &Lease) -> Result<()> {
        let mut inner = self.write();
        if let Some(hold) = inner.leases.0.get_mut(&lease.fence.name)
            && hold.epoch == lease.fence.epoch
        {
            hold.holder = None;
        }
        Ok(())
    }
}

fn after(now: DateTime<Utc>, ttl: Duration) -> DateTime<Utc> {
    TimeDelta::from_std(ttl)
        .ok()
        .and_then(|ttl| now.checked_add_signed(ttl))
        .unwrap_or(DateTime::<Utc>::MAX_UTC)
}

fn lost(name: &str) -> Error {
    let message = format!("the lease on `{name}` went to another worker: nothing was stored");
    Error::new(ErrorKind::LeaseLost, message)
}
