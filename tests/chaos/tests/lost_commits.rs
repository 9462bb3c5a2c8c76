//! FAULTS 22: a COMMIT that is lost, or whose answer is, at each COMMIT of a piece of work.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "tests")]

use std::sync::Arc;

use chaos::{Mishap, Moment, Point, Wire};
use flows::{ADA, Fate, Person, Stores, World};
use sqlx::postgres::PgPoolOptions;
use theo_calendar::{
    approval::ApprovalState,
    client::RetryPolicy,
    storage::{ApprovalQuery, ChangeCursor, Storage},
    sync::{SyncPhase, Unobserved},
};
use theo_calendar_postgres::{PostgresStore, testing::FreshDatabase};
use url::Url;

const MOMENTS: [Moment; 2] = [Moment::Before, Moment::After];

/// The store of a process whose connection breaks at COMMIT `number`, before or after PostgreSQL got it.
async fn breaking(database: &str, number: usize, moment: Moment) -> (Arc<dyn Storage>, Wire) {
    let url: Url = database.parse().unwrap();
    let wire = Wire::to_database(&url).await;
    let pool = PgPoolOptions::new().max_connections(4).connect_lazy(wire.lead(&url).as_str()).unwrap();
    let store = Arc::new(PostgresStore::from_pool(pool, FreshDatabase::keys()));
    wire.expect(Mishap { point: Point::Commit, number, moment, cut: true, act: Box::new(|| {}) });
    (store, wire)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sync_that_lost_a_commit_says_so_and_the_next_goes_on_from_what_is_stored() {
    let mut points = 0;
    for moment in MOMENTS {
        for number in 0.. {
            let mut ada = Person::new().kept_in(Stores::Postgres).await.page_of(2);
            for n in 0..5 {
                ada.event(ADA, &format!("Event {n}"), n);
            }
            let direct = ada.store.clone();
            let (store, wire) = breaking(ada.database().unwrap(), number, moment).await;
            ada.store = store;

            let first = ada.worker("first");
            let synced = first.full_sync(&ada.account.user, &ada.everything(), &Unobserved).await;
            let where_ = format!("COMMIT {number} lost {moment:?}");
            if wire.happened_at().is_none() {
                assert!(synced.unwrap().is_complete());
                break;
            }
            let is_complete = synced.as_ref().is_ok_and(|report| report.is_complete());
            assert!(!is_complete, "{where_}: {synced:?}");
            ada.store = direct;
            ada.settle().await;

            ada.assert_mirrors_google(&[ADA]).await;
            assert!(matches!(ada.state(ADA).await.phase, SyncPhase::Incremental { .. }), "{where_}");
            let changes = ada.store.changes_since(&ada.account.user, ChangeCursor(0), 100).await.unwrap();
            let counted = (changes.changes.len(), changes.next);
            assert_eq!(counted, (5, ChangeCursor(5)), "{where_}: a page counted twice");
            points += 1;
        }
    }
    println!("a sync lost each of its COMMITs, or the answer: {points} points");
    assert!(points > 20, "{points}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_execution_that_lost_a_commit_is_done_once() {
    let mut points = 0;
    for moment in MOMENTS {
        for number in 0.. {
            let mut world = World::kept_in(Stores::Postgres).await;
            let approved = world.approved(world.create()).await;
            let direct = world.store.clone();
            let (store, wire) = breaking(world.database().unwrap(), number, moment).await;
            world.store = store;

            let (process, _) = world.process_of(Fate::lives(), RetryPolicy::NEVER);
            let executed = process.execute(&approved.user, &approved.id).await;
            let where_ = format!("COMMIT {number} lost {moment:?}");
            if wire.happened_at().is_none() {
                assert_eq!(executed.unwrap().state, ApprovalState::Executed);
                break;
            }
            assert!(executed.is_err(), "{where_}: {executed:?}");
            world.store = direct;
            let ended = world.until_ended(&approved).await;

            assert_eq!(ended.state, ApprovalState::Executed, "{where_}: {:?}", ended.outcome);
            assert_eq!((world.google.effects().len(), world.google.mail().len()), (1, 2), "{where_}");
            let rows = world.audit_of(&ended).await;
            assert_eq!(rows.len(), ended.version.0 as usize, "{where_}: {rows:?}");
            points += 1;
        }
    }
    println!("an execution lost each of its COMMITs, or the answer: {points} points");
    assert!(points >= 6, "{points}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_that_lost_a_commit_was_stored_whole_or_not_at_all() {
    let (mut stored, mut points) = (0, 0);
    for moment in MOMENTS {
        for number in 0.. {
            let mut world = World::kept_in(Stores::Postgres).await;
            let direct = world.store.clone();
            let (store, wire) = breaking(world.database().unwrap(), number, moment).await;
            world.store = store;

            let asked = world.process().request(&world.theo(), world.create()).await;
            if wire.happened_at().is_none() {
                asked.unwrap();
                break;
            }
            assert!(asked.is_err(), "{asked:?}");
            world.store = direct;
            let there = world.store.approvals(&"ada".into(), &ApprovalQuery::default()).await.unwrap();

            assert!(there.len() <= usize::from(moment == Moment::After), "{there:?}");
            assert_eq!(world.audit().await.len(), there.len(), "one row each");
            stored += there.len();
            points += 1;
        }
    }
    println!(
        "a request lost each of its COMMITs, or the answer: {points} points; stored all the same: {stored}"
    );
    assert_eq!(stored, 1, "only the COMMIT of the request itself stores it");
}
