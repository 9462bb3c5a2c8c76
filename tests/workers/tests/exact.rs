//! Many processes do what one would.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{collections::BTreeMap, path::Path, time::Duration};

use workers::{Crowd, WorkerProcess};

/// FAULTS 17, issue 3: the work is shared, and none of it is done twice.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn four_processes_sync_each_calendar_once_for_a_notification() {
    let mut crowd = Crowd::new(40, 20, Path::new(env!("CARGO_BIN_EXE_worker"))).await;
    let workers: Vec<WorkerProcess> = (0..4)
        .map(|number| {
            // Their sweeps look at the same calendars at the same time as the jobs.
            let arguments = crowd.arguments(&format!("worker {number}"));
            crowd.worker(&workers::WorkerArguments { sweep_millis: 300, ..arguments })
        })
        .collect();
    crowd.mirror().await;
    let mirrored = crowd.events().await;
    assert!(mirrored >= 40 * 20, "{mirrored}");
    crowd.google.reset_books();
    crowd.change();

    crowd.follow(Duration::from_millis(500)).await;

    assert_eq!(crowd.listings(), BTreeMap::from([(1, 40)]), "calendars by how often they were listed");
    assert_eq!(crowd.google.requests("calendarList.list"), 0);
    assert_eq!(crowd.events().await, mirrored + 40);
    let busiest = crowd.busiest();
    assert!(busiest.person <= 600 && busiest.project <= 10_000, "{busiest:?}");
    for worker in workers {
        assert!(worker.stop(), "it ends well");
    }
    assert_eq!(crowd.store.workers(Duration::from_secs(60)).await.unwrap(), []);
}
