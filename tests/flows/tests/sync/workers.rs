//! Two workers, one calendar.

use std::{sync::Arc, time::Duration};

use flows::{ADA, Interrupted, Person, google_http};
use serde_json::json;
use theo_calendar::{ErrorKind, sync::SyncPhase};

use super::STORE;

/// Eight events known to the mirror, and then three pages of changes at Google that are not.
async fn behind() -> Arc<Person> {
    let ada = Person::new().kept_in(STORE).await.page_of(2);
    let ids: Vec<String> = (0..8).map(|n| ada.event(ADA, &format!("Event {n}"), n)).collect();
    ada.sync().await;
    ada.google.delete_event(ADA, &ids[0]);
    for id in &ids[1..5] {
        ada.google.patch_event(ADA, id, json!({ "summary": "Changed" }));
    }
    ada.event(ADA, "New", 20);
    Arc::new(ada)
}

/// FAULTS 8, I3, I4: the second worker runs whole in the middle of the first one's sync, at each point of it.
#[tokio::test]
async fn a_worker_whose_lease_ran_out_in_mid_sync_stores_nothing_over_what_its_successor_stored() {
    let mut lost = 0;
    for at in 0..4 {
        for after_answer in [false, true] {
            let ada = behind().await;
            let second = ada.clone();
            let wire = Interrupted::at(at, after_answer, async move {
                second.pass(Duration::from_secs(60 * 60)).await;
                second.event(ADA, "In between", 30);
                let report = second.sync_by(&second.worker("second")).await;
                assert!(report.is_complete(), "{report:?}");
                second.assert_mirrors_google(&[ADA]).await;
            });
            let first = ada.worker_with(ada.client_over(wire.clone()), "first");

            let report = ada.sync_by(&first).await;

            assert!(wire.happened());
            let kinds: Vec<_> = report.failures.iter().map(|failed| failed.failure.kind.as_str()).collect();
            assert!(kinds.iter().all(|kind| *kind == ErrorKind::LeaseLost.code()), "{kinds:?}");
            lost += kinds.len();
            ada.assert_mirrors_google(&[ADA]).await;
            // Had a token run ahead of the rows, they would be missing for good: there is no complete listing to come.
            ada.event(ADA, "Afterwards", 40);
            let after = ada.sync().await;
            assert!(
                after.is_complete() && after.calendars.iter().all(|calendar| !calendar.full),
                "{after:?}"
            );
            assert_eq!(after.events_added, 1, "request {at}, after its answer {after_answer}");
            ada.assert_mirrors_google(&[ADA]).await;
        }
    }
    assert!(lost >= 5, "only {lost} commits were refused");
}

/// FAULTS 8: the lease holds, so the second worker keeps off.
#[tokio::test]
async fn a_worker_that_finds_a_calendar_taken_leaves_it_alone_and_asks_google_nothing_about_it() {
    for at in 1..4 {
        let ada = behind().await;
        let second = ada.clone();
        let wire = Interrupted::at(at, false, async move {
            second.event(ADA, "In between", 30);
            let before = second.google.requests("events.list");
            let report = second.sync_by(&second.worker("second")).await;
            assert!(report.failures[0].failure.is(ErrorKind::Busy), "{report:?}");
            assert_eq!(second.google.requests("events.list"), before);
        });
        let first = ada.worker_with(ada.client_over(wire.clone()), "first");

        let report = ada.sync_by(&first).await;

        assert!(report.is_complete() && wire.happened(), "{report:?}");
        ada.sync().await;
        ada.assert_mirrors_google(&[ADA]).await;
    }
}

/// FAULTS 8: whatever the scheduler makes of it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn eight_workers_that_sync_one_calendar_at_once_leave_it_equal_to_google() {
    let ada = Arc::new(Person::new().kept_in(STORE).await.page_of(3));
    for round in 0..6 {
        for n in 0..10 {
            ada.event(ADA, &format!("Event {round} {n}"), n);
        }
        let workers: Vec<_> = (0..8)
            .map(|number| {
                let ada = ada.clone();
                let worker = ada.worker_with(ada.client_over(google_http()), &format!("worker {number}"));
                tokio::spawn(async move {
                    ada.event(ADA, "Meanwhile", number);
                    ada.sync_by(&worker).await
                })
            })
            .collect();
        for worker in workers {
            let report = worker.await.unwrap();
            assert!(report.failures.iter().all(|failed| failed.failure.is(ErrorKind::Busy)), "{report:?}");
        }

        ada.settle().await;
        ada.assert_mirrors_google(&[ADA]).await;
    }
    let state = ada.state(ADA).await;
    assert!(matches!(state.phase, SyncPhase::Incremental { .. }) && state.generation == 1, "{state:?}");
}
