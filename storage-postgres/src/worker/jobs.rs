//! What the queue's jobs do: each is a tick, or the sync of one resource.

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use graphile_worker::{
    IntoTaskHandlerResult, TaskHandler, WorkerContext, WorkerContextExt, WorkerRecoveryConfig,
    worker_utils::types::CleanupTask,
};
use serde::{Deserialize, Serialize};
use sqlx::postgres::PgPoolOptions;
use theo_calendar::{
    CalendarService, ErrorKind, Result,
    storage::SyncStore,
    sync::{SyncPhase, SyncResource},
};

use super::{Stop, WorkerOptions, queue::SCHEMA};
use crate::PostgresStore;

/// When the ticks run, whichever worker gets them.
///
/// Approvals expire as often as in the service this one comes from; an approval's expiry is also checked whenever it is
/// touched, so that the tick only tidies up. Each says what its job carries: without it the queue hands over null, which
/// is none of the jobs below.
const TIMES: &str = "
    */15 * * * * expire_due {}
    */5 * * * * reconcile_due {}
    * * * * * embed_due {}
    0 */6 * * * renew_due {}
    30 * * * * tidy_queue {}
";

/// How many connections the queue opens for itself at most, one of them to hear of new jobs.
const CONNECTIONS: u32 = 4;

/// Takes jobs until it is time to stop, or until the queue breaks off.
pub(super) async fn run(desk: &Desk, options: &WorkerOptions, until: Stop) -> Result<(), String> {
    // Of its own: where it hangs, the jobs and the sweep still have theirs.
    let pool = PgPoolOptions::new().max_connections(CONNECTIONS);
    let pool = pool.connect_lazy_with((*desk.store.pool.connect_options()).clone());
    let queue = graphile_worker::WorkerOptions::default()
        .pg_pool(pool)
        .schema(SCHEMA)
        .concurrency(options.concurrency.max(1))
        .poll_interval(options.look_every)
        .listen_os_shutdown_signals(false)
        .shutdown_signal(until)
        .shutdown_grace_period(options.grace)
        // Jobs of a process that died go back after some minutes; the sweep does not wait for that.
        .worker_recovery(WorkerRecoveryConfig::default().enabled(true))
        .add_extension(desk.clone())
        .define_job::<SyncResourceJob>()
        .define_job::<ExpireDue>()
        .define_job::<ReconcileDue>()
        .define_job::<EmbedDue>()
        .define_job::<RenewDue>()
        .define_job::<TidyQueue>()
        .with_cron(TIMES)
        .map_err(|error| error.to_string())?;
    let queue = queue.init().await.map_err(|error| error.to_string())?;
    queue.run().await.map_err(|error| error.to_string())
}

/// What jobs work with.
#[derive(Clone)]
pub(super) struct Desk {
    service: CalendarService,
    store: PostgresStore,
    taken: Arc<AtomicU64>,
    batch: usize,
}

impl Desk {
    pub(super) fn new(
        service: &CalendarService,
        store: &PostgresStore,
        taken: &Arc<AtomicU64>,
        batch: usize,
    ) -> Self {
        Self { service: service.clone(), store: store.clone(), taken: taken.clone(), batch }
    }

    /// The desk a job is taken to, which counts it.
    fn of(context: &WorkerContext) -> Result<Self, String> {
        let desk = context.get_ext::<Self>().ok_or("the queue lost the worker's desk")?;
        desk.taken.fetch_add(1, Ordering::Relaxed);
        Ok(desk.clone())
    }

    async fn sync(&self, resource: &SyncResource) -> Result<(), String> {
        let report = self.service.sync_resource(resource).await.map_err(said)?;
        if let SyncResource::CalendarList(account) = resource {
            for state in self.store.sync_states(&account.user).await.map_err(said)? {
                if state.resource.account() == *account && state.phase == SyncPhase::Empty {
                    self.store.enqueue(&state.resource).await.map_err(said)?;
                }
            }
            // What is new has no channel, and would get one hours later.
            self.store.enqueue_renewal().await.map_err(said)?;
        }
        // What failed at Google is noted with its back-off, and the sweep takes it up. What another worker is on just
        // now may have been read before this notification: the job comes again.
        let others = |kind| report.failures.iter().find(|failed| failed.failure.is(kind));
        match others(ErrorKind::Busy).or_else(|| others(ErrorKind::LeaseLost)) {
            Some(failed) => Err(failed.failure.message.clone()),
            None => Ok(()),
        }
    }

    async fn expire(&self) -> Result<(), String> {
        while self.service.expire_due(self.batch).await.map_err(said)?.changed.len() >= self.batch {}
        Ok(())
    }

    async fn reconcile(&self) -> Result<(), String> {
        while self.service.reconcile_due(self.batch).await.map_err(said)?.changed.len() >= self.batch {}
        Ok(())
    }

    async fn embed(&self) -> Result<(), String> {
        while self.service.embed_due(self.batch).await.map_err(said)?.embedded > 0 {}
        Ok(())
    }

    async fn renew(&self) -> Result<(), String> {
        loop {
            let tick = self.service.renew_due(self.batch).await.map_err(said)?;
            for (resource, error) in &tick.failed {
                tracing::warn!(?resource, %error, "no push channel was opened");
            }
            let done = tick.opened.len() + tick.refused.len();
            if done == 0 || done + tick.failed.len() < self.batch {
                return Ok(());
            }
        }
    }
}

fn said(error: theo_calendar::Error) -> String {
    error.to_string()
}

impl fmt::Debug for Desk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Desk").finish_non_exhaustive()
    }
}

/// The task of [`SyncResourceJob`].
pub(super) const SYNC: &str = "sync_resource";

/// Syncs one resource, where it is due.
#[derive(Serialize, Deserialize)]
pub(super) struct SyncResourceJob {
    pub(super) resource: SyncResource,
}

impl TaskHandler for SyncResourceJob {
    const IDENTIFIER: &'static str = SYNC;

    async fn run(self, context: WorkerContext) -> impl IntoTaskHandlerResult {
        let desk = Desk::of(&context)?;
        desk.sync(&self.resource).await
    }
}

#[derive(Serialize, Deserialize)]
struct ExpireDue {}

impl TaskHandler for ExpireDue {
    const IDENTIFIER: &'static str = "expire_due";

    async fn run(self, context: WorkerContext) -> impl IntoTaskHandlerResult {
        let desk = Desk::of(&context)?;
        desk.expire().await
    }
}

#[derive(Serialize, Deserialize)]
struct ReconcileDue {}

impl TaskHandler for ReconcileDue {
    const IDENTIFIER: &'static str = "reconcile_due";

    async fn run(self, context: WorkerContext) -> impl IntoTaskHandlerResult {
        let desk = Desk::of(&context)?;
        desk.reconcile().await
    }
}

#[derive(Serialize, Deserialize)]
struct EmbedDue {}

impl TaskHandler for EmbedDue {
    const IDENTIFIER: &'static str = "embed_due";

    async fn run(self, context: WorkerContext) -> impl IntoTaskHandlerResult {
        let desk = Desk::of(&context)?;
        desk.embed().await
    }
}

/// The task of [`RenewDue`].
pub(super) const RENEW: &str = "renew_due";

#[derive(Serialize, Deserialize)]
struct RenewDue {}

impl TaskHandler for RenewDue {
    const IDENTIFIER: &'static str = RENEW;

    async fn run(self, context: WorkerContext) -> impl IntoTaskHandlerResult {
        let desk = Desk::of(&context)?;
        desk.renew().await
    }
}

/// Removes jobs that will not be tried again: of one that was notified of anew while it ran, and then failed, the queue
/// keeps the row for good.
#[derive(Serialize, Deserialize)]
struct TidyQueue {}

impl TaskHandler for TidyQueue {
    const IDENTIFIER: &'static str = "tidy_queue";

    async fn run(self, context: WorkerContext) -> impl IntoTaskHandlerResult {
        Desk::of(&context)?;
        let tidied = context.utils().cleanup(&[CleanupTask::DeletePermanentlyFailedJobs]).await;
        tidied.map_err(|error| error.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::{EmbedDue, TIMES};

    #[test]
    fn channels_are_renewed_every_six_hours_and_approvals_expire_every_fifteen_minutes() {
        let times: Vec<&str> = TIMES.lines().map(str::trim).filter(|line| !line.is_empty()).collect();

        let wanted = [
            "*/15 * * * * expire_due {}",
            "*/5 * * * * reconcile_due {}",
            "* * * * * embed_due {}",
            "0 */6 * * * renew_due {}",
            "30 * * * * tidy_queue {}",
        ];
        assert_eq!(times, wanted);
    }

    #[test]
    fn what_the_clock_hands_over_is_a_job() {
        let entries = graphile_worker::parse_crontab(TIMES).expect("the queue reads the times");

        assert_eq!(entries.len(), 5);
        for entry in entries {
            let payload = entry.payload().clone().unwrap_or_default();
            assert!(serde_json::from_value::<EmbedDue>(payload).is_ok(), "{entry:?}");
        }
    }
}
