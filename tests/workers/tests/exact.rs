//! Many processes do what one would.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{collections::BTreeMap, path::Path, sync::Arc, time::Duration};

use theo_calendar::{client::RateLimits, sync::Received};
use workers::{Crowd, WorkerProcess, service};

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

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_google_notifies_a_host_of_is_synced_by_a_worker() {
    let mut crowd = Crowd::new(2, 5, Path::new(env!("CARGO_BIN_EXE_worker"))).await;
    let worker = crowd.worker(&crowd.arguments("worker"));
    crowd.mirror().await;
    let mirrored = crowd.events().await;
    // Nobody listens there: the test hands on what Google would send.
    let host = service(&crowd.store, crowd.google.url(), RateLimits::google(), "host");
    let host = host.with_webhooks("https://127.0.0.1:1/hook").unwrap();
    let host = host.with_sync_queue(Arc::new(crowd.store.clone()), Duration::ZERO);
    assert_eq!(host.renew_due(10).await.unwrap().opened.len(), 4, "two calendars, two lists of them");
    // What changed before it was watched is looked for.
    crowd.until_idle().await;
    crowd.google.reset_books();
    crowd.change();

    for channel in crowd.google.channels() {
        let headers = [
            ("x-goog-channel-id", channel.id),
            ("x-goog-channel-token", channel.token.unwrap()),
            ("x-goog-resource-id", channel.resource_id),
            ("x-goog-resource-state", "exists".to_owned()),
        ];
        let headers = headers.map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()));
        let received = host.receive_webhook(&headers.into_iter().collect()).await.unwrap();
        assert!(matches!(received, Received::Changed { .. }), "{received:?}");
    }

    crowd.until_clean().await;
    assert_eq!(crowd.listings(), BTreeMap::from([(1, 2)]), "calendars by how often they were listed");
    assert_eq!(crowd.events().await, mirrored + 2);
    assert!(worker.stop(), "it ends well");
}
