//! Grants that end, and access tokens that run out.

use std::{sync::Arc, time::Duration};

use fake_google::{Fault, FaultKind};
use flows::{ADA, Person};
use theo_calendar::{
    ErrorKind,
    google::EventsSync,
    sync::{Standing, SyncActivity, SyncStatus},
};

use super::STORE;

/// FAULTS 19: on every page.
#[tokio::test]
async fn a_grant_revoked_in_mid_sync_pauses_the_account_with_one_alert_and_all_data_kept() {
    let team = "team@example.com";
    for page in 1..=3 {
        let ada = Person::new().kept_in(STORE).await.page_of(2).calendar(team, "UTC").granted().await;
        for n in 0..6 {
            ada.event(ADA, &format!("Event {n}"), n);
            ada.event(team, &format!("Event {n}"), n);
        }
        ada.google.fault(Fault::once("events.list", FaultKind::RevokeGrant).on_page(page).for_calendar(ADA));
        let worker = ada.worker("worker");

        let report = ada.sync_by(&worker).await;

        let mut alerts = report.failures;
        let kept = (ada.mirrored(ADA).await.len(), ada.mirrored(team).await.len());
        assert!(kept.0 >= 2 * (page as usize - 1), "{kept:?}");
        let requests = ada.google.all_requests();
        for _ in 0..48 {
            ada.pass(Duration::from_secs(60 * 60)).await;
            alerts.extend(worker.sync_due(100).await.unwrap().report.failures);
        }
        assert_eq!(alerts.len(), 1, "page {page}: {alerts:?}");
        assert!(alerts[0].failure.is(ErrorKind::GrantRevoked), "{alerts:?}");
        println!("page {page}: {}", alerts[0].failure.message);
        assert_eq!(ada.google.all_requests(), requests, "Google was asked again");
        let states = ada.store.sync_states(&ada.account.user).await.unwrap();
        assert!(states.iter().all(|state| matches!(state.standing, Standing::Paused { .. })), "{states:#?}");
        let status = SyncStatus::read(&*ada.store, &ada.account.user).await.unwrap();
        assert_eq!(status.status, SyncActivity::Paused);
        assert_eq!((ada.mirrored(ADA).await.len(), ada.mirrored(team).await.len()), kept);

        ada.grant().await;
        worker.account_reconnected(&ada.account).await.unwrap();
        let report = ada.sync_by(&worker).await;
        assert!(report.is_complete(), "{report:?}");
        ada.assert_mirrors_google(&[ADA, team]).await;
    }
}

/// FAULTS 20: Google refuses the token that all of them hold.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fifty_callers_whose_token_google_refuses_cause_one_refresh() {
    let ada = Person::new().kept_in(STORE).await.granted().await;
    ada.google.expire_access_tokens(ADA);

    fifty_calls(&ada).await;

    assert_eq!(ada.google.token_refreshes(), 1);
}

/// FAULTS 20: the token is known to be at its end.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fifty_callers_whose_token_has_run_out_cause_one_refresh_and_no_refused_call() {
    let ada = Person::new().kept_in(STORE).await.granted().await;
    ada.pass(Duration::from_secs(60 * 60)).await;

    fifty_calls(&ada).await;

    assert_eq!(ada.google.token_refreshes(), 1);
    assert!(ada.google.request_log().iter().all(|request| request.status == Some(200)));
}

async fn fifty_calls(ada: &Person) {
    let (client, start) = (ada.client(), Arc::new(tokio::sync::Barrier::new(50)));
    let callers: Vec<_> = (0..50)
        .map(|_| {
            let (account, start) = (client.for_account(&ada.account), start.clone());
            tokio::spawn(async move {
                start.wait().await;
                account.events_page(&ADA.into(), &EventsSync::default().into(), None).await
            })
        })
        .collect();
    for caller in callers {
        caller.await.unwrap().unwrap();
    }
}
