//! The queue's schema, and notifications that become jobs.

use std::time::Duration;

use async_trait::async_trait;
use graphile_worker::WorkerUtils;
use sqlx::{Connection, Postgres, Transaction};
use theo_calendar::{
    Error, ErrorKind, Result,
    sync::{SyncQueue, SyncResource},
};

use super::jobs::{RENEW, SYNC, SyncResourceJob};
use crate::{
    PostgresStore,
    convert::{int, json},
    error::failed,
    sync::mark,
};

/// Where the queue lives: apart from a queue of the host's own.
pub(super) const SCHEMA: &str = "theo_jobs";

impl PostgresStore {
    /// Brings the queue's schema, `theo_jobs`, up to date; does nothing where it is.
    ///
    /// Its tables are bound by row-level security without a policy, so only the role that owns them can use them: call
    /// this, and run workers and receivers of notifications, as one role, or as members of it.
    ///
    /// # Errors
    /// [`ErrorKind::Storage`] when the role may not.
    pub async fn migrate_queue(&self) -> Result<()> {
        let connection = self.pool.acquire().await.map_err(failed("connecting"))?;
        // Taken out of the pool: the lock goes with it.
        let mut connection = connection.detach();
        sqlx::query(ONE_AT_A_TIME).execute(&mut connection).await.map_err(failed("preparing the queue"))?;
        let migrated = WorkerUtils::new(self.pool.clone(), SCHEMA).migrate().await;
        connection.close().await.map_err(failed("preparing the queue"))?;
        migrated.map_err(|error| {
            let message = format!("the queue's schema cannot be brought up to date: {error}");
            Error::new(ErrorKind::Storage, message).with_source(error)
        })
    }

    /// Lets a worker sync `resource` where it is due.
    pub(super) async fn enqueue(&self, resource: &SyncResource) -> Result<()> {
        let mut writing = self.begin().await?;
        add_job(&mut writing, resource, Duration::ZERO).await?;
        writing.commit().await.map_err(failed("adding a job"))
    }

    /// Lets a worker open the push channels that are due.
    pub(super) async fn enqueue_renewal(&self) -> Result<()> {
        let query = sqlx::query(ADD_RENEWAL).bind(RENEW);
        query.execute(&self.pool).await.map_err(failed("adding a job"))?;
        Ok(())
    }
}

/// One that comes while the resource is synced makes another job.
#[async_trait]
impl SyncQueue for PostgresStore {
    async fn notify(&self, resource: &SyncResource, debounce: Duration) -> Result<()> {
        let mut writing = self.of_user(resource.user()).await?;
        mark(&mut writing, resource).await?;
        sqlx::query(AS_LOGIN).execute(&mut *writing).await.map_err(failed("noting a notification"))?;
        add_job(&mut writing, resource, debounce).await?;
        writing.commit().await.map_err(failed("noting a notification"))
    }
}

async fn add_job(
    writing: &mut Transaction<'static, Postgres>,
    resource: &SyncResource,
    debounce: Duration,
) -> Result<()> {
    let job = SyncResourceJob { resource: resource.clone() };
    let query = sqlx::query(ADD_JOB)
        .bind(SYNC)
        .bind(json(&job)?)
        .bind(resource.lease_name())
        .bind(int(debounce.as_micros()));
    query.execute(&mut **writing).await.map_err(failed("adding a job"))?;
    Ok(())
}

/// Creating a schema twice at once fails, even if it says `IF NOT EXISTS`.
const ONE_AT_A_TIME: &str = "
    SELECT pg_advisory_lock(7368656)";

/// The queue is the login's own, not the role's that a transaction for a person takes.
const AS_LOGIN: &str = "
    SELECT set_config('role', 'none', true)";

/// The mode keeps the time of a job that waits; the default would put it off with each notification. A key is at most
/// 512 characters, so the name is hashed.
const ADD_JOB: &str = "
    SELECT id
    FROM theo_jobs.add_job(
        $1,
        payload => $2::json,
        job_key => encode(sha256(convert_to($3, 'UTF8')), 'hex'),
        job_key_mode => 'preserve_run_at',
        run_at => clock_timestamp() + $4 * interval '1 microsecond'
    )";

/// For whatever is due, of anybody: one that waits serves all.
const ADD_RENEWAL: &str = "
    SELECT id
    FROM theo_jobs.add_job($1, payload => '{}'::json, job_key => $1, job_key_mode => 'preserve_run_at')";
