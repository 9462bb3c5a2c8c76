//! What runs beside the requests: the ticks.

use std::{sync::Arc, time::Duration};

use theo_calendar::{
    CalendarService, Result, Scheduler,
    time::{SystemClock, TokioTimer},
};
use theo_calendar_postgres::{PostgresStore, Worker, WorkerOptions};
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use super::store::Store;
use crate::ChangeSignal;

/// How long a burst of notifications is waited for.
const DEBOUNCE: Duration = Duration::from_secs(2);

/// How often readers of a mirror in memory look whether it changed.
const PAUSE: Duration = Duration::from_secs(1);

/// How long a database that cannot be reached is left alone.
const REST: Duration = Duration::from_secs(5);

/// Who runs the ticks.
pub(super) enum Work {
    /// This server, whose memory is the only one that has the mirror.
    Alone(Scheduler),
    /// All servers on one database: they share a queue.
    Shared { worker: Box<Worker>, service: CalendarService, store: PostgresStore },
}

impl Work {
    /// `name` tells this server from others on the same database.
    pub(super) fn new(service: CalendarService, store: &Store, name: String) -> Self {
        match store {
            Store::Memory(_) => {
                Self::Alone(Scheduler::new(service, Arc::new(SystemClock), Arc::new(TokioTimer)))
            }
            Store::Postgres(store) => {
                let service = service.with_sync_queue(Arc::new(store.clone()), DEBOUNCE);
                let worker = Worker::new(service.clone(), store.clone(), WorkerOptions::new(name));
                Self::Shared { worker: Box::new(worker), service, store: store.clone() }
            }
        }
    }

    /// The service, where what is notified is followed.
    pub(super) fn service(&self) -> &CalendarService {
        match self {
            Self::Alone(scheduler) => scheduler.service(),
            Self::Shared { service, .. } => service,
        }
    }

    /// Works until `stop`, and says whose feed grew.
    pub(super) async fn run(self, changes: ChangeSignal, stop: CancellationToken) {
        match self {
            Self::Alone(scheduler) => {
                tokio::join!(scheduler.run(stop.cancelled()), stop.run_until_cancelled(tell(&changes)));
            }
            Self::Shared { worker, store, .. } => {
                tokio::join!(work(&worker, &stop), stop.run_until_cancelled(listen(&store, &changes)));
            }
        }
    }
}

/// Nothing tells of a change in memory.
async fn tell(changes: &ChangeSignal) {
    loop {
        sleep(PAUSE).await;
        changes.grew(None);
    }
}

async fn work(worker: &Worker, stop: &CancellationToken) {
    while let Err(error) = worker.run(stop.clone().cancelled_owned()).await {
        tracing::warn!(%error, "the worker cannot begin and tries again");
        if stop.run_until_cancelled(sleep(REST)).await.is_none() {
            return;
        }
    }
}

/// Tells of what any process commits; where the connection broke, of anything.
async fn listen(store: &PostgresStore, changes: &ChangeSignal) {
    loop {
        if let Err(error) = listened(store, changes).await {
            tracing::warn!(%error, "changes are not heard of for a while");
        }
        sleep(REST).await;
        changes.grew(None);
    }
}

async fn listened(store: &PostgresStore, changes: &ChangeSignal) -> Result<()> {
    let mut listener = store.listen().await?;
    changes.grew(None);
    loop {
        changes.grew(listener.next().await?);
    }
}
