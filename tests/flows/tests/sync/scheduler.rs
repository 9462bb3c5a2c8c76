//! A host that has nothing but the scheduler.

use std::{
    future::Future,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use fake_google::{Fault, FaultKind};
use flows::{ADA, Hook, JointTimer, Person};
use theo_calendar::{
    CalendarService, Scheduler,
    recurrence::Tzdb,
    sync::{Received, SyncResource},
    testing::FakeTimer,
    time::{Clock, Timer},
};

use super::STORE;

/// Lets the others work at each wait, as a timer does that waits.
struct Yielding(JointTimer);

#[async_trait]
impl Timer for Yielding {
    async fn sleep(&self, duration: Duration) {
        self.0.sleep(duration).await;
        tokio::task::yield_now().await;
    }
}

fn scheduler(ada: &Person, address: &str, timer: impl Timer + 'static) -> Scheduler {
    let clock = Arc::new(ada.clock.clone());
    let service =
        CalendarService::new(ada.store.clone(), ada.client(), clock.clone(), Arc::new(Tzdb), "host");
    Scheduler::new(service.with_webhooks(address).unwrap(), clock, Arc::new(timer))
}

/// Lets the others work until it is so.
async fn until<F: Future<Output = bool>>(is_so: impl Fn() -> F) {
    while !is_so().await {
        tokio::task::yield_now().await;
    }
}

async fn is_mirrored(ada: &Person, summary: &str) -> bool {
    let query = theo_calendar::storage::EventQuery { text: Some(summary.to_owned()), ..Default::default() };
    !ada.store.events(&ada.account.user, &query).await.unwrap().is_empty()
}

/// Whether the list and the calendar have channels, and what changed until then was looked for.
async fn is_watched(ada: &Person) -> bool {
    let states = ada.store.sync_states(&ada.account.user).await.unwrap();
    states.iter().filter(|state| state.dirty > 0 && state.dirty == state.clean).count() == 2
}

#[tokio::test]
async fn an_account_that_is_connected_is_mirrored_watched_and_kept_up_to_date() {
    let ada = Person::new().kept_in(STORE).await;
    ada.event(ADA, "Before", 2);
    // Nobody listens there: what changes is found by polling.
    let timer = Yielding(JointTimer::new(&ada.clock, &ada.google, Duration::MAX));
    let scheduler = scheduler(&ada, "https://127.0.0.1:1/hook", timer);
    scheduler.service().account_connected(&ada.account).await.unwrap();

    scheduler
        .run(async {
            until(|| is_mirrored(&ada, "Before")).await;
            until(async || ada.google.channels().len() == 2).await;
            ada.event(ADA, "After", 4);
            until(|| is_mirrored(&ada, "After")).await;
        })
        .await;

    ada.assert_mirrors_google(&[ADA]).await;
}

#[tokio::test]
async fn what_is_notified_is_synced_when_its_burst_is_over_and_nothing_else_was_waited_for() {
    let ada = Person::new().kept_in(STORE).await;
    let mut hook = Hook::open().await;
    // Only the end of a burst is so near: no tick wants to run again in this time.
    let timer = FakeTimer::new(&ada.clock).never_reaching(Duration::from_secs(10));
    let scheduler = scheduler(&ada, &hook.address, timer.clone());
    let service = scheduler.service().clone();
    service.account_connected(&ada.account).await.unwrap();
    let mut before = 0;

    scheduler
        .run(async {
            until(|| is_watched(&ada)).await;
            before = timer.waits().len();
            ada.event(ADA, "New", 2);
            let calendar = SyncResource::Events(ada.key(ADA));
            loop {
                let received = service.receive_webhook(&hook.next().await).await.unwrap();
                if matches!(received, Received::Changed { resource, .. } if resource == calendar) {
                    break;
                }
            }
            until(|| is_mirrored(&ada, "New")).await;
        })
        .await;

    assert_eq!(timer.waits()[before..], [Duration::from_secs(2)]);
}

#[tokio::test]
async fn it_ends_when_it_is_to_and_what_it_had_begun_is_done() {
    let ada = Person::new().kept_in(STORE).await;
    ada.event(ADA, "Slowly", 2);
    ada.google.fault(Fault::once("events.list", FaultKind::Delay { millis: 300 }));
    let timer = FakeTimer::new(&ada.clock).never_reaching(Duration::from_secs(10));
    let scheduler = scheduler(&ada, "https://127.0.0.1:1/hook", timer);
    scheduler.service().account_connected(&ada.account).await.unwrap();
    let was_over = AtomicBool::new(false);

    scheduler
        .run(async {
            until(async || ada.google.requests("events.list") > 0).await;
            assert!(!is_mirrored(&ada, "Slowly").await);
            was_over.store(true, Ordering::Relaxed);
        })
        .await;

    assert!(was_over.load(Ordering::Relaxed) && is_mirrored(&ada, "Slowly").await);
    let before = Clock::now(&ada.clock);
    scheduler.run(async {}).await;
    assert_eq!(Clock::now(&ada.clock), before, "one that is over begins nothing");
}
