//! Whole accounts.

use std::collections::BTreeSet;

use async_trait::async_trait;

use super::{MemoryStore, tenant::Tenant};
use crate::{
    Result,
    audit::AuditEntry,
    id::{AccountKey, CalendarKey},
    storage::{AccountStore, Forgotten, check_one_user},
    sync::SyncResource,
};

#[async_trait]
impl AccountStore for MemoryStore {
    async fn forget_account(&self, account: &AccountKey, audit: &AuditEntry) -> Result<Forgotten> {
        check_one_user(&account.user, audit, &[])?;
        let now = self.clock.now();
        let mut inner = self.write();
        let tenant = inner.tenants.entry(account.user.clone()).or_default();
        let calendars = tenant.calendars_of(account);
        let mut resources: BTreeSet<SyncResource> = tenant.states.keys().cloned().collect();
        resources.retain(|resource| resource.account() == *account);

        let mut forgotten = Forgotten::default();
        for calendar in &calendars {
            forgotten.calendars += 1;
            forgotten.events += tenant.calendar(calendar)?.mirror.ids().count() as u64;
            tenant.remove_calendar(calendar, now);
        }
        tenant.states.retain(|resource, _| resource.account() != *account);
        tenant.watch_after.retain(|resource, _| resource.account() != *account);
        tenant.grants.remove(&account.account);
        tenant.consents.retain(|_, consent| consent.account.as_ref() != Some(&account.account));
        tenant.append_audit(audit.clone());
        inner.channels.retain(|_, channel| channel.resource.account() != *account);
        for resource in &resources {
            inner.leases.revoke(&resource.lease_name());
        }
        Ok(forgotten)
    }
}

impl Tenant {
    fn calendars_of(&self, account: &AccountKey) -> Vec<CalendarKey> {
        let of_account = self.calendars.keys().filter(|(owner, _)| *owner == account.account);
        of_account.map(|(_, calendar)| account.calendar(calendar.clone())).collect()
    }
}
