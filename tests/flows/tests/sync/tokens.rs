//! Sync and page tokens that expire, repeat, or are wanted for another query.

use std::{collections::BTreeSet, sync::Arc};

use fake_google::{Fault, FaultKind};
use flows::{ADA, Interrupted, Person, TokenWitness, one_hour};
use proptest::prelude::*;
use theo_calendar::{
    ErrorKind,
    storage::ChangeCursor,
    sync::{Standing, SyncMachine, SyncPhase},
};

use super::STORE;

/// FAULTS 14: 410 on page k of the changes, for every k.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sync_token_that_expires_on_any_page_leaves_the_old_mirror_in_place_until_a_complete_listing_replaces_it()
 {
    for page in 1..=4 {
        let ada = Arc::new(Person::new().kept_in(STORE).await.page_of(2));
        let old: Vec<String> = (0..8).map(|n| ada.event(ADA, &format!("Old {n}"), n)).collect();
        ada.sync().await;
        let before = ada.store.changes_since(&ada.account.user, ChangeCursor(0), 100).await.unwrap().next;
        // Four pages of changes, of which page k is refused; what was deleted is then known to nobody.
        for id in &old[2..8] {
            ada.google.patch_event(ADA, id, serde_json::json!({ "summary": "New" }));
        }
        for id in &old[..2] {
            ada.google.delete_event(ADA, id);
        }
        ada.google.fault(Fault::once("events.list", FaultKind::ExpireSyncToken).on_page(page));
        let served = Arc::new(std::sync::Mutex::new(Vec::new()));
        ada.google.reset_books();

        let (watched, watcher) = (ada.clone(), served.clone());
        let observer = move |_: &theo_calendar::sync::SyncProgress| {
            let runtime = tokio::runtime::Handle::current();
            let here = tokio::task::block_in_place(|| runtime.block_on(watched.mirrored(ADA)));
            watcher.lock().unwrap().push(here);
        };
        let report =
            ada.worker("worker").full_sync(&ada.account.user, &ada.everything(), &observer).await.unwrap();

        assert!(report.is_complete(), "{report:?}");
        ada.assert_mirrors_google(&[ADA]).await;
        let served = std::mem::take(&mut *served.lock().unwrap());
        for events in &served[..served.len() - 1] {
            // Until the last page is stored, all the old events are there, as they were or newer.
            let missing = old.iter().filter(|id| !events.contains_key(*id)).count();
            assert!(missing == 0, "page {page}: {missing} of the old mirror are gone");
        }
        let changes = ada.store.changes_since(&ada.account.user, before, 100).await.unwrap().changes;
        let tombstones: BTreeSet<_> = changes
            .iter()
            .filter(|change| change.event.is_none())
            .map(|change| change.key.event.to_string())
            .collect();
        assert_eq!(tombstones, old[..2].iter().cloned().collect(), "page {page}");
        assert!(ada.state(ADA).await.generation > 1);
    }
}

/// FAULTS 14: what Google itself forgot is found missing when the complete listing ends, not before.
#[tokio::test]
async fn events_that_google_forgot_are_served_until_the_complete_listing_ends_and_then_leave_with_a_tombstone()
 {
    for page in 0..4 {
        let ada = Person::new().kept_in(STORE).await.page_of(2);
        let old: Vec<String> = (0..8).map(|n| ada.event(ADA, &format!("Old {n}"), n)).collect();
        ada.sync().await;
        let before = ada.store.changes_since(&ada.account.user, ChangeCursor(0), 100).await.unwrap().next;
        ada.google.delete_event(ADA, &old[0]);
        ada.google.delete_event(ADA, &old[5]);
        ada.google.forget_deleted(ADA);
        let Person { store, account, .. } = &ada;
        let (store, user, key) = (store.clone(), account.user.clone(), ada.key(ADA));
        let missing = old.clone();
        // The list, the refused delta, then three pages: before each of them every old event is there.
        let wire = Interrupted::at(2 + page, false, async move {
            for id in &missing {
                store.event(&key.event(id.as_str())).await.unwrap();
            }
            let changes = store.changes_since(&user, before, 100).await.unwrap();
            assert!(changes.changes.iter().all(|change| change.event.is_some()));
        });
        let ada = ada.http(wire.clone());

        ada.sync().await;

        assert_eq!(wire.happened(), page < 3, "page {page}");
        ada.assert_mirrors_google(&[ADA]).await;
        let changes = ada.store.changes_since(&ada.account.user, before, 100).await.unwrap().changes;
        let tombstones: BTreeSet<_> = changes
            .iter()
            .filter(|change| change.event.is_none())
            .map(|change| change.key.event.to_string())
            .collect();
        assert_eq!(tombstones, BTreeSet::from([old[0].clone(), old[5].clone()]));
    }
}

/// FAULTS 14: the same while the first listing is under way.
#[tokio::test]
async fn a_complete_listing_that_is_refused_on_any_page_starts_over_and_ends_equal_to_google() {
    for page in 1..=4 {
        let ada = Person::new().kept_in(STORE).await.page_of(2);
        for n in 0..8 {
            ada.event(ADA, &format!("Event {n}"), n);
        }
        ada.google.fault(Fault::once("events.list", FaultKind::ExpireSyncToken).on_page(page));

        let report = ada.sync().await;

        assert!(report.is_complete(), "page {page}: {report:?}");
        ada.assert_mirrors_google(&[ADA]).await;
    }
}

/// FAULTS 14, of the calendar list.
#[tokio::test]
async fn a_calendar_list_whose_token_expired_is_listed_anew_and_drops_the_calendars_that_are_gone() {
    let (team, other) = ("team@example.com", "other@example.com");
    let ada = Person::new().kept_in(STORE).await.calendar(team, "Asia/Tokyo").calendar(other, "UTC");
    let lost = ada.event(other, "Lost", 1);
    ada.sync().await;
    assert_eq!(ada.mirrored_calendars().await, [ADA, other, team]);
    let before = ada.store.changes_since(&ada.account.user, ChangeCursor(0), 100).await.unwrap().next;
    ada.google.unshare(other, ADA);
    ada.google.expire_list_sync_tokens(ADA);

    let report = ada.sync().await;

    assert!(report.is_complete(), "{report:?}");
    assert_eq!(ada.mirrored_calendars().await, [ADA, team]);
    let changes = ada.store.changes_since(&ada.account.user, before, 100).await.unwrap().changes;
    assert!(changes.iter().any(|change| change.key.event.as_str() == lost && change.event.is_none()));
}

/// FAULTS 15.
#[tokio::test]
async fn a_page_token_that_expires_once_makes_the_listing_start_over() {
    for incremental in [false, true] {
        for page in 2..=4 {
            let ada = Person::new().kept_in(STORE).await.page_of(2);
            if incremental {
                ada.sync().await;
            }
            for n in 0..8 {
                ada.event(ADA, &format!("Event {n}"), n);
            }
            ada.google.fault(Fault::once("events.list", FaultKind::ExpirePageToken).on_page(page));

            let report = ada.sync().await;

            assert!(report.is_complete(), "{report:?}");
            ada.assert_mirrors_google(&[ADA]).await;
        }
    }
}

/// FAULTS 15.
#[tokio::test]
async fn a_listing_that_never_gets_anywhere_is_given_up_after_a_few_requests_and_taken_up_later() {
    for (kind, incremental) in [
        (FaultKind::ExpirePageToken, false),
        (FaultKind::ExpirePageToken, true),
        (FaultKind::RepeatPageToken, false),
        (FaultKind::RepeatPageToken, true),
        (FaultKind::ExpireSyncToken, false),
        (FaultKind::ExpireSyncToken, true),
    ] {
        let ada = Person::new().kept_in(STORE).await.page_of(2);
        if incremental {
            ada.sync().await;
        }
        for n in 0..8 {
            ada.event(ADA, &format!("Event {n}"), n);
        }
        ada.google.fault(Fault::always("events.list", kind.clone()));
        ada.google.reset_books();

        let report = ada.sync().await;

        let requests = ada.google.requests("events.list");
        println!("{kind:?}, incremental {incremental}: given up after {requests} requests");
        assert_eq!(report.failures.len(), 1, "{kind:?} {report:?}");
        assert!(
            requests <= 2 * u64::from(SyncMachine::MAX_RESTARTS + 1) + 4,
            "{kind:?}: {requests} requests"
        );
        assert!(matches!(ada.state(ADA).await.standing, Standing::Backoff { .. }));
        ada.google.clear_faults();
        ada.settle().await;
        ada.assert_mirrors_google(&[ADA]).await;
    }
}

/// FAULTS 15: a different next page each time, for ever, and never an event.
#[tokio::test]
async fn a_listing_of_ever_more_empty_pages_ends_at_the_bound_of_pages() {
    let mut ada = Person::new().kept_in(STORE).await.page_of(2);
    ada.settings.max_pages = 50;
    ada.event(ADA, "Event", 1);
    ada.google.fault(Fault::always("events.list", FaultKind::EmptyPage));

    let report = ada.sync().await;

    assert!(report.failures[0].failure.is(ErrorKind::MalformedResponse), "{report:?}");
    let requests = ada.google.requests("events.list");
    assert!((50..=50 * u64::from(SyncMachine::MAX_RESTARTS + 1)).contains(&requests), "{requests}");
    ada.google.clear_faults();
    ada.settle().await;
    ada.assert_mirrors_google(&[ADA]).await;
}

/// FAULTS 15, the other way round: an empty page with a next one is no end.
#[tokio::test]
async fn empty_pages_in_the_middle_of_a_listing_lose_nothing() {
    let ada = Person::new().kept_in(STORE).await.page_of(2);
    for n in 0..6 {
        ada.event(ADA, &format!("Event {n}"), n);
    }
    ada.google.fault(Fault::once("events.list", FaultKind::EmptyPage).on_page(2));
    ada.google.fault(Fault::once("events.list", FaultKind::EmptyPage).on_page(3));

    ada.sync().await;

    ada.assert_mirrors_google(&[ADA]).await;
    assert!(matches!(ada.state(ADA).await.phase, SyncPhase::Incremental { .. }));
}

/// What happens between two syncs of [`a_token_is_never_sent_with_another_query`].
#[derive(Clone, Debug)]
enum Between {
    PageSize(u32),
    TimeZone(&'static str),
    Edit,
    ExpireSyncToken,
    BreakOff(u32),
    Crash(usize),
}

fn between() -> impl Strategy<Value = Between> {
    prop_oneof![
        (1_u32..6).prop_map(Between::PageSize),
        prop_oneof![Just("Asia/Tokyo"), Just("Europe/Zurich"), Just("UTC")].prop_map(Between::TimeZone),
        Just(Between::Edit),
        Just(Between::Edit),
        Just(Between::ExpireSyncToken),
        (1_u32..4).prop_map(Between::BreakOff),
        (1_usize..6).prop_map(Between::Crash),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    /// FAULTS 16: whatever the settings were when a token was made, and wherever a sync broke off.
    #[test]
    fn a_token_is_never_sent_with_another_query(steps in prop::collection::vec(between(), 1..8)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let witness = TokenWitness::new();
            let mut ada = Person::new().kept_in(STORE).await.page_of(3).http(witness.clone());
            for n in 0..7 {
                ada.event(ADA, "Event", n);
            }
            ada.sync().await;
            for step in steps {
                match step {
                    Between::PageSize(events) => ada.settings.events_per_page = events,
                    Between::TimeZone(zone) => {
                        let url = format!("{}/_control/seed", ada.google.url());
                        let person = serde_json::json!({ "email": ADA, "calendars": [{ "id": ADA, "timeZone": zone }] });
                        let request = http::Request::post(url).header("content-type", "application/json");
                        let body = serde_json::json!({ "people": [person] }).to_string();
                        let http = theo_calendar::http::ReqwestClient::new().unwrap();
                        let answer = theo_calendar::http::HttpClient::send(&http, request.body(body.into()).unwrap()).await;
                        assert!(answer.unwrap().status().is_success());
                    }
                    Between::Edit => (0..5).for_each(|n| drop(ada.google.create_event(ADA, one_hour("More", n)))),
                    Between::ExpireSyncToken => ada.google.expire_sync_tokens(ADA),
                    Between::BreakOff(page) => {
                        ada.google.fault(Fault::once("events.list", FaultKind::DropBefore).on_page(page));
                    }
                    Between::Crash(poll) => {
                        let worker = ada.worker("dies");
                        let dying = ada.sync_by(&worker);
                        let mut left = poll;
                        let dead = std::future::poll_fn(|_| { left = left.saturating_sub(1); if left == 0 { std::task::Poll::Ready(()) } else { std::task::Poll::Pending } });
                        futures_util::future::select(Box::pin(dying), Box::pin(dead)).await;
                        ada.pass(std::time::Duration::from_secs(600)).await;
                    }
                }
                ada.settle().await;
            }
            ada.assert_mirrors_google(&[ADA]).await;
            prop_assert_eq!(witness.misused(), Vec::<String>::new());
            prop_assert!(witness.used() > 0);
            let refused = ada.google.request_log().iter().filter(|request| request.status == Some(400)).count();
            prop_assert_eq!(refused, 0);
            Ok(())
        })?;
    }
}
