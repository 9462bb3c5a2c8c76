//! Transactions: each in the name of one person, or of a worker for all of them.

use sqlx::{Postgres, Transaction};
use theo_calendar::{Result, id::UserId, storage::Fence};

use crate::{PostgresStore, convert::int, error::failed, lease::lost};

/// A transaction that writes for one person, whose row it holds.
///
/// The row is locked until the transaction ends: places in the change feed are given out in commit order, so that a
/// reader never sees a later one before an earlier one. Dropped without [`commit`](Self::commit), it stores nothing.
pub(crate) struct Writing {
    pub(crate) transaction: Transaction<'static, Postgres>,
    pub(crate) user: UserId,
    /// The last place given out.
    feed: i64,
    feed_before: i64,
}

/// Row-level security lets the rows of this person through.
const AS_USER: &str = "
    SELECT set_config('theo.user_id', $1, true)";

/// Row-level security lets the rows of everybody through.
const AS_WORKER: &str = "
    SELECT set_config('theo.is_worker', 'true', true)";

impl PostgresStore {
    pub(crate) async fn of_user(&self, user: &UserId) -> Result<Transaction<'static, Postgres>> {
        let mut transaction = self.pool.begin().await.map_err(failed("beginning a transaction"))?;
        let query = sqlx::query(AS_USER).bind(user.as_str());
        query.execute(&mut *transaction).await.map_err(failed("beginning a transaction"))?;
        Ok(transaction)
    }

    pub(crate) async fn across_users(&self) -> Result<Transaction<'static, Postgres>> {
        let mut transaction = self.pool.begin().await.map_err(failed("beginning a transaction"))?;
        let query = sqlx::query(AS_WORKER);
        query.execute(&mut *transaction).await.map_err(failed("beginning a transaction"))?;
        Ok(transaction)
    }

    pub(crate) async fn writing(&self, user: &UserId) -> Result<Writing> {
        let mut transaction = self.of_user(user).await?;
        let feed = match lock(&mut transaction, user).await? {
            Some(feed) => feed,
            None => {
                let query = sqlx::query(CREATE_TENANT).bind(user.as_str());
                query.execute(&mut *transaction).await.map_err(failed("adding a user"))?;
                lock(&mut transaction, user).await?.unwrap_or_default()
            }
        };
        Ok(Writing { transaction, user: user.clone(), feed, feed_before: feed })
    }
}

/// By the primary key. Not `FOR UPDATE`: rows that refer to it may be added meanwhile.
const LOCK_TENANT: &str = "
    SELECT feed
    FROM tenants
    WHERE user_id = $1
    FOR NO KEY UPDATE";

async fn lock(transaction: &mut Transaction<'static, Postgres>, user: &UserId) -> Result<Option<i64>> {
    let query = sqlx::query_scalar(LOCK_TENANT).bind(user.as_str());
    query.fetch_optional(&mut **transaction).await.map_err(failed("locking a user"))
}

const CREATE_TENANT: &str = "
    INSERT INTO tenants (user_id)
    VALUES ($1)
    ON CONFLICT (user_id) DO NOTHING";

impl Writing {
    /// The last place given out in the change feed.
    pub(crate) fn feed(&self) -> i64 {
        self.feed
    }

    /// Counts `places` after [`feed`](Self::feed) as given out.
    pub(crate) fn took_places(&mut self, places: i64) {
        self.feed += places;
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
        if self.feed != self.feed_before {
            let query = sqlx::query(ADVANCE_FEED).bind(self.user.as_str()).bind(self.feed);
            query.execute(&mut *self.transaction).await.map_err(failed("advancing the change feed"))?;
            let query = sqlx::query(WAKE_READERS).bind(self.user.as_str());
            query.execute(&mut *self.transaction).await.map_err(failed("waking readers of the feed"))?;
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

const ADVANCE_FEED: &str = "
    UPDATE tenants
    SET feed = $2
    WHERE user_id = $1";

/// Sent at commit. The payload is at most 8,000 bytes: a longer user id wakes everybody.
const WAKE_READERS: &str = "
    SELECT pg_notify('theo_changes', CASE WHEN octet_length($1) < 8000 THEN $1 ELSE '' END)";
