//! Whole accounts.

use std::collections::BTreeSet;

use async_trait::async_trait;
use theo_calendar::{
    Result,
    audit::AuditEntry,
    id::AccountKey,
    storage::{AccountStore, Forgotten, check_one_user},
};

use crate::{PostgresStore, convert::count, error::failed, sync::resource, tenant::Writing};

#[async_trait]
impl AccountStore for PostgresStore {
    async fn forget_account(&self, account: &AccountKey, audit: &AuditEntry) -> Result<Forgotten> {
        check_one_user(&account.user, audit, &[])?;
        let mut writing = self.writing(&account.user).await?;
        let before = writing.feed();
        let resources = writing.resources_of(account).await?;
        let calendars: BTreeSet<&str> = resources.iter().flatten().map(String::as_str).collect();
        let mut forgotten = Forgotten::default();
        for calendar in calendars {
            forgotten.calendars += writing.remove_calendar(&account.calendar(calendar)).await?;
        }
        forgotten.events = count(writing.feed() - before);
        writing.revoke_leases(account, resources).await?;
        for statement in FORGET {
            let query = sqlx::query(statement).bind(account.user.as_str()).bind(account.account.as_str());
            query.execute(&mut *writing.transaction).await.map_err(failed("forgetting an account"))?;
        }
        writing.append_audit(audit).await?;
        writing.commit().await?;
        Ok(forgotten)
    }
}

/// Its mirrored calendars, those that have a sync state, and the null of its list.
const RESOURCES: &str = "
    SELECT calendar_id
    FROM calendars
    WHERE user_id = $1
      AND account_id = $2
    UNION
    SELECT calendar_id
    FROM sync_states
    WHERE user_id = $1
      AND account_id = $2";

/// Its epoch higher and held by nobody: what carries the fence of before is refused.
const REVOKE_LEASES: &str = "
    UPDATE leases
    SET epoch = epoch + 1,
        holder = NULL
    WHERE name = ANY($1::text[])";

/// What does not go with the calendars.
const FORGET: [&str; 4] = [
    "
    DELETE FROM channels
    WHERE user_id = $1
      AND account_id = $2",
    "
    DELETE FROM sync_states
    WHERE user_id = $1
      AND account_id = $2",
    "
    DELETE FROM grants
    WHERE user_id = $1
      AND account_id = $2",
    "
    DELETE FROM consents
    WHERE user_id = $1
      AND account_id = $2",
];

impl Writing {
    async fn resources_of(&mut self, account: &AccountKey) -> Result<Vec<Option<String>>> {
        let query = sqlx::query_scalar(RESOURCES).bind(account.user.as_str()).bind(account.account.as_str());
        query.fetch_all(&mut *self.transaction).await.map_err(failed("forgetting an account"))
    }

    async fn revoke_leases(&mut self, account: &AccountKey, resources: Vec<Option<String>>) -> Result<()> {
        let name = |calendar| {
            let AccountKey { user, account } = account;
            resource(user.to_string(), account.to_string(), calendar).lease_name()
        };
        let names: Vec<String> = resources.into_iter().map(name).collect();
        let query = sqlx::query(REVOKE_LEASES).bind(names);
        query.execute(&mut *self.transaction).await.map_err(failed("revoking leases"))?;
        Ok(())
    }
}
