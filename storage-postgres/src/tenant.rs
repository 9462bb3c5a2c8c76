//! Transactions that write for one person.

use sqlx::{Postgres, Transaction};
use theo_calendar::{Result, audit::ChainEnd, id::UserId, storage::Fence};

use crate::{
    PostgresStore,
    convert::{count, hash, int},
    error::failed,
    lease::lost,
};

/// A transaction that writes for one person, whose row it holds.
///
/// The row is locked until the transaction ends: places in the change feed are given out in commit order, so that a
/// reader never sees a later one before an earlier one. Dropped without [`commit`](Self::commit), it stores nothing.
pub(crate) struct Writing {
    pub(crate) transaction: Transaction<'static, Postgres>,
    pub(crate) user: UserId,
    before: Tenant,
    tenant: Tenant,
}

/// What the person's row holds.
#[derive(Clone, Copy, Default, PartialEq)]
struct Tenant {
    /// The last place given out.
    feed: i64,
    audit_end: ChainEnd,
}

impl PostgresStore {
    pub(crate) async fn writing(&self, user: &UserId) -> Result<Writing> {
        let mut transaction = self.of_user(user).await?;
        let tenant = match lock(&mut transaction, user).await? {
            Some(tenant) => tenant,
            None => {
                let query = sqlx::query(CREATE_TENANT).bind(user.as_str());
                query.execute(&mut *transaction).await.map_err(failed("adding a user"))?;
                lock(&mut transaction, user).await?.unwrap_or_default()
            }
        };
        Ok(Writing { transaction, user: user.clone(), before: tenant, tenant })
    }
}

/// By the primary key. Not `FOR UPDATE`: rows that refer to it may be added meanwhile.
const LOCK_TENANT: &str = "
    SELECT feed, audit_number, audit_hash
    FROM tenants
    WHERE user_id = $1
    FOR NO KEY UPDATE";

async fn lock(transaction: &mut Transaction<'static, Postgres>, user: &UserId) -> Result<Option<Tenant>> {
    let query = sqlx::query_as(LOCK_TENANT).bind(user.as_str());
    let row: Option<(i64, i64, Vec<u8>)> =
        query.fetch_optional(&mut **transaction).await.map_err(failed("locking a user"))?;
    Ok(row.map(|(feed, number, own)| {
        let audit_end = ChainEnd { number: count(number), hash: hash(&own) };
        Tenant { feed, audit_end }
    }))
}

const CREATE_TENANT: &str = "
    INSERT INTO tenants (user_id)
    VALUES ($1)
    ON CONFLICT (user_id) DO NOTHING";

impl Writing {
    /// The last place given out in the change feed.
    pub(crate) fn feed(&self) -> i64 {
        self.tenant.feed
    }

    /// Counts `places` after [`feed`](Self::feed) as given out.
    pub(crate) fn took_places(&mut self, places: i64) {
        self.tenant.feed += places;
    }

    /// Where the person's audit ends.
    pub(crate) fn audit_end(&self) -> ChainEnd {
        self.tenant.audit_end
    }

    /// Counts the record that ends there as appended.
    pub(crate) fn audit_ends_at(&mut self, end: ChainEnd) {
        self.tenant.audit_end = end;
    }

    /// Fails unless `fence` is the newest of its name, and keeps it so until the transaction ends.
    pub(crate) async fn check(&mut self, fence: &Fence) -> Result<()> {
        let query = sqlx::query_scalar(HOLD_LEASE).bind(&fence.name);
        let epoch: Option<i64> =
            query.fetch_optional(&mut *self.transaction).await.map_err(failed("checking a lease"))?;
        if epoch == Some(int(fence.epoch)) { Ok(()) } else { Err(lost(&fence.name)) }
    }

    /// Stores all of it, and wakes who listens to the change feed where it grew.
    pub(crate) async fn commit(mut self) -> Result<()> {
        let Tenant { feed, audit_end } = self.tenant;
        if self.tenant != self.before {
            let query = sqlx::query(UPDATE_TENANT)
                .bind(self.user.as_str())
                .bind(feed)
                .bind(int(audit_end.number))
                .bind(&audit_end.hash[..])
                .bind(feed != self.before.feed);
            query.execute(&mut *self.transaction).await.map_err(failed("keeping a user's place"))?;
        }
        self.transaction.commit().await.map_err(failed("committing"))
    }
}

/// By the primary key. Shared: who takes the lease over waits until this transaction ends.
const HOLD_LEASE: &str = "
    SELECT epoch
    FROM leases
    WHERE name = $1
    FOR SHARE";

/// The notification is sent at commit. Its payload is at most 8,000 bytes: a longer user id wakes everybody.
const UPDATE_TENANT: &str = "
    UPDATE tenants
    SET feed = $2,
        audit_number = $3,
        audit_hash = $4
    WHERE user_id = $1
    RETURNING CASE WHEN $5 THEN pg_notify('theo_changes', CASE WHEN octet_length($1) < 8000 THEN $1 ELSE '' END) END";
