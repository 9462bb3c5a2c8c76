//! The ticks as jobs that many processes share. Feature `worker`.
//!
//! The queue (`graphile_worker`) spreads the work and is trusted with nothing else: leases, dirty counts and
//! compare-and-set keep it right when a job comes twice or never. Beside the queue, each worker sweeps by itself for
//! what is due, so that mirrors converge even while the queue stands still; that its workers may stop taking jobs is an
//! open report (<https://github.com/leo91000/graphile_worker_rs/issues/338>), which
//! [`PostgresStore::workers`](crate::PostgresStore::workers) shows.

mod health;
mod jobs;
mod queue;

use std::{
    fmt,
    future::Future,
    sync::{Arc, atomic::AtomicU64},
    time::Duration,
};

use futures_util::{
    FutureExt,
    future::{Shared, join3},
};
use theo_calendar::{CalendarService, Result, sync::SyncResource};
use tokio::{pin, select, time::sleep};

use crate::PostgresStore;

pub use health::{WorkerHealth, WorkerStatus};

use jobs::Desk;

/// How long a queue that broke off rests before it is begun anew.
const RESTART_AFTER: Duration = Duration::from_secs(1);

/// One process's share of the work: jobs from the queue, and a sweep of its own.
///
/// Run as many as there is work for: they share the queue, and each calendar is synced once for a notification,
/// whoever takes the job.
///
/// ```no_run
/// # use std::time::Duration;
/// # use std::sync::Arc;
/// # use theo_calendar::{CalendarService, Result};
/// use theo_calendar_postgres::{PostgresStore, Worker, WorkerOptions};
///
/// # async fn example(service: CalendarService, store: PostgresStore, headers: &http::HeaderMap) -> Result<()> {
/// # let stop = async {};
/// let worker = Worker::new(service.clone(), store.clone(), WorkerOptions::new("worker 1"));
/// worker.run(stop).await?;
///
/// // Where a notification comes in, in any process:
/// let service = service.with_sync_queue(Arc::new(store), Duration::from_secs(2));
/// service.receive_webhook(headers).await?;
/// # Ok(())
/// # }
/// ```
///
/// A host with a scheduler of its own needs no worker: it calls the ticks, from as many processes as it likes.
///
/// ```no_run
/// # use theo_calendar::{CalendarService, Result};
/// # async fn example(service: CalendarService) -> Result<()> {
/// let tick = service.sync_due(100).await?;
/// let next_at = tick.next_at;
/// service.expire_due(100).await?;
/// service.reconcile_due(100).await?;
/// service.renew_due(100).await?;
/// service.embed_due(100).await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Worker {
    service: CalendarService,
    store: PostgresStore,
    options: WorkerOptions,
    /// Jobs taken since the last beat.
    taken: Arc<AtomicU64>,
}

/// How a worker works.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkerOptions {
    /// What the worker is called in [`PostgresStore::workers`]: another name for each process.
    pub name: String,
    /// Jobs at once. Each uses a connection to the database now and then.
    pub concurrency: usize,
    /// How often the queue is looked at for jobs whose time has come; new ones are announced.
    pub look_every: Duration,
    /// How often the worker sweeps for what is due without asking the queue: give or take a half, so that many do not
    /// all do it at once.
    pub sweep_every: Duration,
    /// What one sweep, or one tick, takes at a time.
    pub batch: usize,
    /// How often the worker gives a sign of life.
    pub beat_every: Duration,
    /// How long jobs may still run once the worker is to stop; others go back to the queue.
    pub grace: Duration,
}

impl WorkerOptions {
    /// A worker of that name: 8 jobs at once, a sweep each minute, a beat each 10 seconds, half a minute to stop.
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            concurrency: 8,
            look_every: Duration::from_secs(1),
            sweep_every: Duration::from_secs(60),
            batch: 100,
            beat_every: Duration::from_secs(10),
            grace: Duration::from_secs(30),
        }
    }
}

type Stop = Shared<futures_util::future::BoxFuture<'static, ()>>;

impl Worker {
    /// A worker for `service`, over the store that the service has as well.
    pub fn new(service: CalendarService, store: PostgresStore, options: WorkerOptions) -> Self {
        Self { service, store, options, taken: Arc::default() }
    }

    /// Works until `until` is over; then takes no more, finishes what runs, and gives back what does not end in time.
    ///
    /// What breaks off meanwhile, such as the database's connection, is begun anew.
    ///
    /// # Errors
    /// [`ErrorKind::Storage`](theo_calendar::ErrorKind::Storage) and
    /// [`ErrorKind::Connection`](theo_calendar::ErrorKind::Connection) when it cannot even begin.
    pub async fn run(&self, until: impl Future<Output = ()> + Send + 'static) -> Result<()> {
        let until: Stop = until.boxed().shared();
        self.store.migrate_queue().await?;
        self.store.register(&self.options.name).await?;
        join3(self.work(until.clone()), self.sweep(until.clone()), self.beat(until)).await;
        self.store.deregister(&self.options.name).await
    }

    async fn work(&self, until: Stop) {
        let desk = Desk::new(&self.service, &self.store, &self.taken, self.options.batch);
        loop {
            if let Err(error) = jobs::run(&desk, &self.options, until.clone()).await {
                tracing::warn!(worker = self.options.name, error, "the queue broke off and is begun anew");
            }
            if over(&until, RESTART_AFTER).await {
                return;
            }
        }
    }

    async fn sweep(&self, until: Stop) {
        while !over(&until, self.options.sweep_every.mul_f64(0.5 + fastrand::f64())).await {
            while until.peek().is_none() {
                match self.sweep_once().await {
                    Ok(true) => {}
                    Ok(false) => break,
                    Err(error) => {
                        tracing::warn!(worker = self.options.name, error = %error, "a sweep failed");
                        break;
                    }
                }
            }
        }
    }

    /// Whether there is more.
    async fn sweep_once(&self) -> Result<bool> {
        let tick = self.service.sync_due(self.options.batch).await?;
        if tick.resources.iter().any(|synced| matches!(synced, SyncResource::CalendarList(_))) {
            // What is new has no channel, and would get one hours later.
            self.store.enqueue_renewal().await?;
        }
        // A full batch of which something was done.
        Ok(tick.resources.len() >= self.options.batch && !tick.report.calendars.is_empty())
    }

    async fn beat(&self, until: Stop) {
        while !over(&until, self.options.beat_every).await {
            if let Err(error) = self.store.beat(&self.options.name, &self.taken).await {
                tracing::warn!(worker = self.options.name, error = %error, "a beat was missed");
            }
        }
    }
}

/// Waits; true as soon as it is time to stop.
async fn over(until: &Stop, wait: Duration) -> bool {
    let until = until.clone();
    pin!(until);
    select! {
        biased;
        () = &mut until => true,
        () = sleep(wait) => false,
    }
}

impl fmt::Debug for Worker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Worker").field("options", &self.options).finish_non_exhaustive()
    }
}
