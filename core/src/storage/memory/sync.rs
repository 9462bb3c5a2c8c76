//! Sync states.

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::{
    MemoryStore,
    tenant::{Tenant, unknown_calendar},
};
use crate::{
    Error, ErrorKind, Result,
    id::UserId,
    storage::{Fence, SyncStore},
    sync::{SyncResource, SyncState},
};

#[async_trait]
impl SyncStore for MemoryStore {
    async fn sync_state(&self, resource: &SyncResource) -> Result<Option<SyncState>> {
        let inner = self.read();
        Ok(inner.tenants.get(resource.user()).and_then(|tenant| tenant.states.get(resource)).cloned())
    }

    async fn sync_states(&self, user: &UserId) -> Result<Vec<SyncState>> {
        let inner = self.read();
        Ok(inner.tenants.get(user).into_iter().flat_map(|tenant| tenant.states.values()).cloned().collect())
    }

    async fn create_sync_state(&self, state: &SyncState) -> Result<()> {
        let mut inner = self.write();
        let tenant = inner.tenants.entry(state.resource.user().clone()).or_default();
        if let SyncResource::Events(calendar) = &state.resource {
            tenant.calendar(calendar).map(drop).map_err(|_| unknown_calendar(calendar))?;
        }
        tenant.states.entry(state.resource.clone()).or_insert_with(|| state.clone());
        Ok(())
    }

    async fn save_sync_state(&self, state: &SyncState, fence: &Fence) -> Result<()> {
        let mut inner = self.write();
        inner.leases.check(fence)?;
        match inner.tenants.get_mut(state.resource.user()) {
            Some(tenant) if tenant.states.contains_key(&state.resource) => {
                tenant.put_state(state);
                Ok(())
            }
            _ => Err(no_state(&state.resource)),
        }
    }

    async fn mark_dirty(&self, resource: &SyncResource) -> Result<u64> {
        let mut inner = self.write();
        let tenant = inner.tenants.get_mut(resource.user());
        let state = tenant.and_then(|tenant| tenant.states.get_mut(resource));
        let state = state.ok_or_else(|| no_state(resource))?;
        state.dirty += 1;
        Ok(state.dirty)
    }

    async fn resources_due(
        &self,
        now: DateTime<Utc>,
        stale_before: DateTime<Utc>,
        limit: usize,
    ) -> Result<Vec<SyncResource>> {
        let inner = self.read();
        let states = inner
            .tenants
            .values()
            .flat_map(|tenant| tenant.states.values().filter(|state| is_wanted(tenant, state)));
        let mut due: Vec<&SyncState> = states.filter(|state| state.is_due(now, stale_before)).collect();
        due.sort_by_key(|state| (state.dirty == state.clean, state.last_sync_at, &state.resource));
        Ok(due.into_iter().take(limit).map(|state| state.resource.clone()).collect())
    }
}

/// Whether it is a calendar list, or a calendar the person selected.
pub(super) fn is_wanted(tenant: &Tenant, state: &SyncState) -> bool {
    match &state.resource {
        SyncResource::CalendarList(_) => true,
        SyncResource::Events(calendar) => {
            tenant.calendar(calendar).is_ok_and(|calendar| calendar.settings.is_selected)
        }
    }
}

pub(super) fn no_state(resource: &SyncResource) -> Error {
    let what = match resource {
        SyncResource::CalendarList(account) => {
            format!("the calendar list of account \"{}\"", account.account)
        }
        SyncResource::Events(calendar) => format!("calendar \"{}\"", calendar.calendar),
    };
    Error::new(ErrorKind::NotFound, format!("{what} has no sync state: it was never synced, or was removed"))
}
