//! Signs of life, on the database's own clock.

use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use theo_calendar::Result;

use crate::{
    PostgresStore,
    convert::{count, int},
    error::failed,
};

/// A worker process, as its signs of life show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkerStatus {
    /// What it is called.
    pub name: String,
    /// When it began.
    pub started_at: DateTime<Utc>,
    /// Its last sign of life.
    pub last_beat_at: DateTime<Utc>,
    /// The sign of life before which it last took a job.
    pub last_job_at: Option<DateTime<Utc>>,
    /// Jobs it took.
    pub jobs: u64,
    /// Whether it does what it should.
    pub health: WorkerHealth,
}

/// Whether a worker does what it should.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WorkerHealth {
    /// It lives, and takes jobs where there are any.
    Working,
    /// It lives and takes no job, though one has been ready for long: restart it. Its sweep goes on meanwhile.
    Stalled,
    /// It gives no sign of life: it died, was stopped, or cannot reach the database.
    Silent,
}

impl PostgresStore {
    /// The worker processes there are, by name: those that ended well are not among them.
    ///
    /// One is silent, or stalled, after `patience`: take more than a few beats, and longer than jobs take.
    ///
    /// # Errors
    /// [`ErrorKind::Storage`](theo_calendar::ErrorKind::Storage), also where there is no queue yet.
    pub async fn workers(&self, patience: Duration) -> Result<Vec<WorkerStatus>> {
        let query = sqlx::query_as(WORKERS).bind(int(patience.as_micros()));
        let rows: Vec<Row> = query.fetch_all(&self.pool).await.map_err(failed("reading the workers"))?;
        Ok(rows.into_iter().map(status).collect())
    }

    /// Makes a worker known, and forgets those long gone.
    pub(super) async fn register(&self, name: &str) -> Result<()> {
        sqlx::query(REGISTER).bind(name).execute(&self.pool).await.map_err(failed("adding a worker"))?;
        Ok(())
    }

    /// A sign of life, with how many jobs were taken since the last.
    pub(super) async fn beat(&self, name: &str, taken: &AtomicU64) -> Result<()> {
        let jobs = taken.swap(0, Ordering::Relaxed);
        let beaten = sqlx::query(BEAT).bind(name).bind(int(jobs)).execute(&self.pool).await;
        beaten.map(drop).map_err(|error| {
            taken.fetch_add(jobs, Ordering::Relaxed);
            failed("noting a sign of life")(error)
        })
    }

    pub(super) async fn deregister(&self, name: &str) -> Result<()> {
        sqlx::query(DEREGISTER).bind(name).execute(&self.pool).await.map_err(failed("removing a worker"))?;
        Ok(())
    }
}

type Row = (String, DateTime<Utc>, DateTime<Utc>, Option<DateTime<Utc>>, i64, bool, bool);

fn status((name, started_at, last_beat_at, last_job_at, jobs, silent, stalled): Row) -> WorkerStatus {
    let health = match (silent, stalled) {
        (true, _) => WorkerHealth::Silent,
        (false, true) => WorkerHealth::Stalled,
        (false, false) => WorkerHealth::Working,
    };
    WorkerStatus { name, started_at, last_beat_at, last_job_at, jobs: count(jobs), health }
}

/// A job is ready when its time has come and nobody has it.
const WORKERS: &str = "
    WITH bounds AS (
        SELECT clock_timestamp() - $1 * interval '1 microsecond' AS late
    ), ready AS (
        SELECT min(run_at) AS since
        FROM theo_jobs._private_jobs
        WHERE is_available
          AND run_at <= clock_timestamp()
    )
    SELECT name, started_at, last_beat_at, last_job_at, jobs,
           last_beat_at < late,
           COALESCE(ready.since < late, false) AND COALESCE(last_job_at, started_at) < late
    FROM workers, bounds, ready
    ORDER BY name";

const REGISTER: &str = "
    WITH gone AS (
        DELETE FROM workers
        WHERE last_beat_at < clock_timestamp() - interval '1 day'
          AND name <> $1
    )
    INSERT INTO workers (name, started_at, last_beat_at, jobs)
    VALUES ($1, clock_timestamp(), clock_timestamp(), 0)
    ON CONFLICT (name) DO UPDATE
    SET started_at = excluded.started_at,
        last_beat_at = excluded.last_beat_at,
        last_job_at = NULL,
        jobs = 0";

const BEAT: &str = "
    UPDATE workers
    SET last_beat_at = clock_timestamp(),
        last_job_at = CASE WHEN $2 > 0 THEN clock_timestamp() ELSE last_job_at END,
        jobs = jobs + $2
    WHERE name = $1";

const DEREGISTER: &str = "
    DELETE FROM workers
    WHERE name = $1";
