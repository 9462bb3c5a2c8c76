//! Workers that no longer work.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{path::Path, time::Duration};

use sqlx::Connection;
use theo_calendar::{client::RateLimits, sync::SyncResource};
use theo_calendar_postgres::{Worker, WorkerHealth, WorkerOptions, WorkerStatus};
use tokio::{
    sync::oneshot,
    time::{sleep, timeout},
};
use workers::{Crowd, WorkerArguments, account, service};

const PROGRAM: &str = env!("CARGO_BIN_EXE_worker");

fn calendar(number: usize) -> SyncResource {
    let account = account(number);
    SyncResource::Events(account.calendar(account.account.as_str()))
}

/// The workers, once `name` is of that health.
async fn workers_when(crowd: &Crowd, name: &str, health: WorkerHealth) -> Vec<WorkerStatus> {
    for _ in 0..600 {
        let workers = crowd.store.workers(Duration::from_secs(1)).await.unwrap();
        if workers.iter().any(|worker| worker.name == name && worker.health == health) {
            return workers;
        }
        sleep(Duration::from_millis(50)).await;
    }
    panic!("{name} never becomes {health:?}: {:?}", crowd.store.workers(Duration::from_secs(1)).await);
}

/// Issue 3: a process that was stopped is seen, and the other does the work.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stopped_process_is_shown_silent_while_another_follows_every_notification() {
    let mut crowd = Crowd::new(6, 4, Path::new(PROGRAM)).await;
    let start = |name: &str| {
        let arguments = crowd.arguments(name);
        crowd.worker(&WorkerArguments { beat_millis: 100, sweep_millis: 300, ..arguments })
    };
    let (stopped, other) = (start("stopped"), start("other"));
    crowd.mirror().await;
    // What it held when it was stopped would be held until its lease ends.
    crowd.until_idle().await;
    stopped.signal("STOP");
    workers_when(&crowd, "stopped", WorkerHealth::Silent).await;
    crowd.change();

    crowd.notify(calendar, Duration::ZERO).await;
    crowd.until_clean().await;

    let workers = workers_when(&crowd, "other", WorkerHealth::Working).await;
    assert_eq!(workers.iter().map(|worker| worker.name.as_str()).collect::<Vec<_>>(), ["other", "stopped"]);
    stopped.signal("CONT");
    assert!(stopped.stop() && other.stop());
}

/// Issue 3: what the open report on the queue describes. The lock lets nobody take a job; everything else goes on.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_worker_that_takes_no_jobs_is_shown_stalled_and_its_sweep_converges_all_the_same() {
    let mut crowd = Crowd::new(6, 4, Path::new(PROGRAM)).await;
    let first = crowd.worker(&crowd.arguments("first"));
    crowd.mirror().await;
    assert!(first.stop());
    crowd.change();
    crowd.notify(calendar, Duration::ZERO).await;
    let mut lock = crowd.superuser().await;
    let mut lock = lock.begin().await.unwrap();
    sqlx::query("LOCK TABLE theo_jobs._private_jobs IN EXCLUSIVE MODE").execute(&mut *lock).await.unwrap();

    let options = WorkerOptions {
        sweep_every: Duration::from_millis(200),
        beat_every: Duration::from_millis(100),
        ..WorkerOptions::new("second")
    };
    let service = service(&crowd.store, crowd.google.url(), RateLimits::google(), "second");
    let worker = Worker::new(service, crowd.store.clone(), options);
    let (stop, stopped) = oneshot::channel::<()>();
    let running = tokio::spawn(async move { worker.run(async { drop(stopped.await) }).await });

    timeout(Duration::from_secs(60), crowd.until_clean()).await.expect("the sweep needs no queue");
    let workers = workers_when(&crowd, "second", WorkerHealth::Stalled).await;
    assert_eq!(workers[0].jobs, 0);
    lock.rollback().await.unwrap();
    workers_when(&crowd, "second", WorkerHealth::Working).await;
    stop.send(()).unwrap();
    running.await.unwrap().unwrap();
}
