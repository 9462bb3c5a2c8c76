//! Leases, on the database's own clock.

use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use theo_calendar::{
    Error, ErrorKind, Result,
    storage::{Fence, Lease, LeaseStore},
};

use crate::{
    PostgresStore,
    convert::{count, int},
    error::failed,
};

/// A thousand years: what a longer lease lasts.
const LONGEST_TTL_MICROS: u128 = 1_000 * 365 * 86_400 * 1_000_000;

#[async_trait]
impl LeaseStore for PostgresStore {
    async fn acquire(&self, name: &str, holder: &str, ttl: Duration) -> Result<Option<Lease>> {
        let query = sqlx::query_as(ACQUIRE).bind(name).bind(holder).bind(micros(ttl));
        let taken: Option<(i64, DateTime<Utc>)> =
            query.fetch_optional(&self.pool).await.map_err(failed("taking a lease"))?;
        Ok(taken.map(|(epoch, expires_at)| {
            let fence = Fence { name: name.to_owned(), epoch: count(epoch) };
            Lease { fence, holder: holder.to_owned(), expires_at }
        }))
    }

    async fn renew(&self, lease: &Lease, ttl: Duration) -> Result<Lease> {
        let Fence { name, epoch } = &lease.fence;
        let query = sqlx::query_scalar(RENEW).bind(name).bind(int(*epoch)).bind(micros(ttl));
        let renewed = query.fetch_optional(&self.pool).await.map_err(failed("renewing a lease"))?;
        let expires_at = renewed.ok_or_else(|| lost(name))?;
        Ok(Lease { expires_at, ..lease.clone() })
    }

    async fn release(&self, lease: &Lease) -> Result<()> {
        let query = sqlx::query(RELEASE).bind(&lease.fence.name).bind(int(lease.fence.epoch));
        query.execute(&self.pool).await.map_err(failed("releasing a lease"))?;
        Ok(())
    }
}

/// By the primary key: of many, the first to insert or update the row has it, the others see its holder.
const ACQUIRE: &str = "
    INSERT INTO leases (name, holder, epoch, expires_at)
    VALUES ($1, $2, 1, clock_timestamp() + $3 * interval '1 microsecond')
    ON CONFLICT (name) DO UPDATE
    SET holder = excluded.holder,
        epoch = leases.epoch + 1,
        expires_at = clock_timestamp() + $3 * interval '1 microsecond'
    WHERE leases.holder IS NULL
       OR leases.holder = excluded.holder
       OR leases.expires_at <= clock_timestamp()
    RETURNING epoch, expires_at";

const RENEW: &str = "
    UPDATE leases
    SET expires_at = clock_timestamp() + $3 * interval '1 microsecond'
    WHERE name = $1
      AND epoch = $2
      AND holder IS NOT NULL
    RETURNING expires_at";

const RELEASE: &str = "
    UPDATE leases
    SET holder = NULL
    WHERE name = $1
      AND epoch = $2";

pub(crate) fn lost(name: &str) -> Error {
    let message = format!("the lease on `{name}` went to another worker: nothing was stored");
    Error::new(ErrorKind::LeaseLost, message)
}

fn micros(ttl: Duration) -> i64 {
    int(ttl.as_micros().min(LONGEST_TTL_MICROS))
}
