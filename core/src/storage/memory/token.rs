//! Grants.

use async_trait::async_trait;

use super::MemoryStore;
use crate::{
    Result,
    id::{AccountKey, UserId},
    storage::{StoredGrant, TokenStore},
};

#[async_trait]
impl TokenStore for MemoryStore {
    async fn grant(&self, account: &AccountKey) -> Result<Option<StoredGrant>> {
        let inner = self.read();
        let tenant = inner.tenants.get(&account.user);
        Ok(tenant.and_then(|tenant| tenant.grants.get(&account.account)).cloned())
    }

    async fn granted_accounts(&self, user: &UserId) -> Result<Vec<AccountKey>> {
        let inner = self.read();
        let grants = inner.tenants.get(user).into_iter().flat_map(|tenant| tenant.grants.keys());
        Ok(grants.map(|account| AccountKey { user: user.clone(), account: account.clone() }).collect())
    }

    async fn put_grant(&self, account: &AccountKey, grant: &StoredGrant) -> Result<()> {
        let mut inner = self.write();
        let tenant = inner.tenants.entry(account.user.clone()).or_default();
        tenant.grants.insert(account.account.clone(), grant.clone());
        Ok(())
    }

    async fn renew_grant(
        &self,
        account: &AccountKey,
        seen: &StoredGrant,
        next: &StoredGrant,
    ) -> Result<bool> {
        let mut inner = self.write();
        let tenant = inner.tenants.get_mut(&account.user);
        let stored = tenant.and_then(|tenant| tenant.grants.get_mut(&account.account));
        Ok(match stored.filter(|stored| stored.is_same_as(seen)) {
            Some(stored) => {
                *stored = next.clone();
                true
            }
            None => false,
        })
    }

    async fn delete_grant(&self, account: &AccountKey) -> Result<()> {
        if let Some(tenant) = self.write().tenants.get_mut(&account.user) {
            tenant.grants.remove(&account.account);
        }
        Ok(())
    }
}
