//! What runs beside the requests: the ticks.

use std::time::Duration;

use theo_calendar::{CalendarService, Result};
use theo_calendar_postgres::{PostgresStore, Worker, WorkerOptions};
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use super::store::Store;
use crate::ChangeSignal;

/// How long a burst of notifications is waited for.
pub(super) const DEBOUNCE: Duration = Duration::from_secs(2);

/// How often a mirror in memory is looked over for what is due.
const PAUSE: Duration = Duration::from_secs(1);

/// How long a database that cannot be reached is left alone.
const REST: Duration = Duration::from_secs(5);

/// What one tick takes at a time.
const BATCH: usize = 100;

/// Works until `stop`: on a database as one of many, in memory alone. Says whose feed grew.
pub(super) async fn run(
    name: String,
    service: CalendarService,
    store: Store,
    changes: ChangeSignal,
    stop: CancellationToken,
) {
    match store {
        Store::Memory(_) => {
            while stop.run_until_cancelled(ticks(&service)).await.is_some() {
                // Nothing tells of a change in memory: readers look once a tick.
                changes.grew(None);
            }
        }
        Store::Postgres(store) => {
            tokio::join!(
                work(name, service, &store, &stop),
                stop.run_until_cancelled(listen(&store, &changes))
            );
        }
    }
}

async fn ticks(service: &CalendarService) {
    if let Err(error) = tick(service).await {
        tracing::warn!(%error, "a tick failed and is tried again");
    }
    sleep(PAUSE).await;
}

async fn work(name: String, service: CalendarService, store: &PostgresStore, stop: &CancellationToken) {
    let worker = Worker::new(service, store.clone(), WorkerOptions::new(name));
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

async fn tick(service: &CalendarService) -> Result<()> {
    service.sync_due(BATCH).await?;
    service.expire_due(BATCH).await?;
    service.reconcile_due(BATCH).await?;
    service.renew_due(BATCH).await?;
    service.embed_due(BATCH).await?;
    Ok(())
}
