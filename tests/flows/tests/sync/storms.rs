//! Google is overloaded, slow, or breaks off.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use chrono::TimeDelta;
use fake_google::{FakeGoogle, Fault, FaultKind, QuotaLimits};
use flows::{ADA, Person, TIMEOUT};
use theo_calendar::{
    client::{RateLimits, RetryPolicy},
    google::EventsSync,
    sync::{SyncOptions, SyncPhase, Unobserved},
    testing::FakeClock,
    time::Timer,
};

fn status(status: u16, reason: &str) -> FaultKind {
    FaultKind::Status { status, reason: reason.to_owned(), retry_after: None }
}

fn storms() -> [FaultKind; 4] {
    [
        status(429, "rateLimitExceeded"),
        status(403, "userRateLimitExceeded"),
        status(403, "rateLimitExceeded"),
        status(503, "backendError"),
    ]
}

/// FAULTS 17: four workers of one process, each call refused.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn when_google_refuses_every_call_retries_add_no_more_than_a_tenth_over_all_workers() {
    for storm in storms() {
        let ada = Arc::new(Person::new());
        ada.google.fault(Fault::always("*", storm.clone()));
        let client = ada.client();
        let workers: Vec<_> = (0..4)
            .map(|_| {
                let (client, account) = (client.clone(), ada.account.clone());
                tokio::spawn(async move {
                    for _ in 0..100 {
                        let query = EventsSync::default().into();
                        client
                            .for_account(&account)
                            .events_page(&ADA.into(), &query, None)
                            .await
                            .unwrap_err();
                    }
                })
            })
            .collect();
        for worker in workers {
            worker.await.unwrap();
        }
        let attempts = ada.google.all_requests();
        println!("{storm:?}: 400 calls, {attempts} attempts");
        assert!((400..=440).contains(&attempts), "{attempts}");
    }
}

/// FAULTS 17: a day of it, with everything due whenever the runner thinks so.
#[tokio::test]
async fn a_day_of_refusals_costs_a_calendar_no_more_than_its_back_off_allows() {
    for storm in [status(429, "rateLimitExceeded"), status(503, "backendError")] {
        let mut ada = Person::new();
        let calendars: Vec<String> = (0..9).map(|n| format!("team{n}@example.com")).collect();
        for calendar in &calendars {
            ada = ada.calendar(calendar, "UTC");
            ada.event(calendar, "Event", 1);
        }
        ada.sync().await;
        ada.google.reset_books();
        ada.google.fault(Fault::always("*", storm.clone()));
        let worker = ada.worker("worker");
        let mut worked_on = 0;
        for _ in 0..24 * 12 {
            ada.pass(Duration::from_secs(5 * 60)).await;
            worked_on += worker.sync_due(100).await.unwrap().resources.len() as u64;
        }

        let attempts = ada.google.all_requests();
        println!("{storm:?}: a day of it: {worked_on} syncs of 11 resources, {attempts} attempts");
        assert!(attempts * 10 <= worked_on * 11, "{attempts} attempts for {worked_on} syncs");
        assert!(attempts / 11 <= 40, "{attempts} attempts at 11 resources in 24 hours");
        ada.google.clear_faults();
        ada.pass(Duration::from_secs(2 * 60 * 60)).await;
        worker.sync_due(100).await.unwrap();
        let calendars: Vec<&str> = calendars.iter().map(String::as_str).collect();
        ada.assert_mirrors_google(&calendars).await;
    }
}

/// FAULTS 17: Google counts, and finds nothing to refuse.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn workers_that_share_a_client_stay_within_googles_quota_together() {
    let calendars = ["one@example.com", "two@example.com", "three@example.com"];
    let mut ada = Person::new().page_of(1).limits(RateLimits::google());
    for calendar in calendars {
        ada = ada.calendar(calendar, "UTC");
        for n in 0..300 {
            ada.event(calendar, "Event", n);
        }
    }
    // Of each worker one request may be on its way when the minute turns.
    let limit = 600 + calendars.len();
    ada.google.set_quota(QuotaLimits { per_user: Some(limit as u32), per_project: None, as_429: true });
    let (client, ada) = (ada.client(), Arc::new(ada));
    let list = SyncOptions { calendar_ids: Some(Vec::new()), ..ada.everything() };
    let first = ada.worker_with(client.clone(), "first");
    first.full_sync(&ada.account.user, &list, &Unobserved).await.unwrap();
    let workers: Vec<_> = calendars
        .into_iter()
        .map(|calendar| {
            let (ada, worker) = (ada.clone(), ada.worker_with(client.clone(), calendar));
            tokio::spawn(async move {
                let only = SyncOptions { calendar_ids: Some(vec![calendar.into()]), ..ada.everything() };
                worker.full_sync(&ada.account.user, &only, &Unobserved).await.unwrap()
            })
        })
        .collect();
    for worker in workers {
        let report = worker.await.unwrap();
        assert_eq!(report.calendars_processed, 1, "{report:?}");
    }

    ada.assert_mirrors_google(&calendars).await;
    let log = ada.google.request_log();
    assert!(log.len() > 900, "{}", log.len());
    let refused: Vec<_> = log.iter().filter(|request| request.status != Some(200)).collect();
    assert!(refused.is_empty(), "Google had to refuse {}: {:?}", refused.len(), refused[0]);
    let times: Vec<_> = log.iter().map(|request| request.at).collect();
    let most = times
        .iter()
        .map(|from| times.iter().filter(|at| *at >= from && **at < *from + TimeDelta::minutes(1)).count());
    println!("{} requests, at most {} in a minute", log.len(), most.max().unwrap());
}

/// FAULTS 18: an answer that fails in any way on the second page.
#[tokio::test]
async fn a_page_that_never_comes_whole_is_asked_for_a_few_times_and_nothing_of_it_is_stored() {
    for kind in [
        status(500, "backendError"),
        status(503, "backendError"),
        FaultKind::TruncateBody,
        FaultKind::TruncateGzip,
        FaultKind::DropBefore,
        FaultKind::DropAfter,
    ] {
        let ada = Person::new().page_of(2);
        for n in 0..6 {
            ada.event(ADA, &format!("Event {n}"), n);
        }
        ada.google.fault(Fault::always("events.list", kind.clone()).on_page(2));

        let report = ada.sync().await;

        let attempts = ada.google.requests("events.list") - 1;
        println!("{kind:?}: {attempts} attempts, then: {}", report.failures[0].failure.message);
        assert!((1..=4).contains(&attempts), "{kind:?}: {attempts}");
        assert_eq!(ada.mirrored(ADA).await.len(), 2, "{kind:?}");
        let state = ada.state(ADA).await;
        assert!(matches!(state.phase, SyncPhase::FullPaging { page: Some(_), pages: 1 }), "{state:?}");
        assert_eq!((state.token_set_at, state.last_full_sync_at), (None, None));
        ada.google.clear_faults();
        ada.google.reset_books();
        ada.settle().await;
        ada.assert_mirrors_google(&[ADA]).await;
        // It went on where it had stopped, and then asked what had changed since the listing began.
        assert_eq!(ada.google.requests("events.list"), 3, "{kind:?}");
    }
}

/// FAULTS 18: Google takes a minute for the page; the time limit of an attempt passes once Google has the request.
#[tokio::test]
async fn a_page_that_takes_too_long_is_given_up_within_the_time_a_call_may_take() {
    let ada = Person::new().page_of(2);
    for n in 0..6 {
        ada.event(ADA, &format!("Event {n}"), n);
    }
    ada.google.fault(Fault::always("events.list", FaultKind::Delay { millis: 600_000 }).on_page(2));
    let timer =
        OutOfPatience { google: ada.google.clone(), clock: ada.clock.clone(), given_up: Arc::default() };
    let started = theo_calendar::time::Clock::now(&ada.clock);
    let ada = ada.timer(timer.clone());

    let report = ada.sync().await;

    let took = theo_calendar::time::Clock::now(&ada.clock) - started;
    let attempts = timer.given_up.load(Ordering::SeqCst);
    println!("{attempts} attempts in {} s, then: {}", took.num_seconds(), report.failures[0].failure.message);
    assert!((2..=4).contains(&attempts));
    assert!(took <= TimeDelta::from_std(RetryPolicy::default().total + TIMEOUT).unwrap(), "{took}");
    assert_eq!(ada.mirrored(ADA).await.len(), 2);
}

/// Lets an attempt's time limit pass as soon as Google holds a request for a further page, and never before.
#[derive(Clone)]
struct OutOfPatience {
    google: Arc<FakeGoogle>,
    clock: FakeClock,
    given_up: Arc<AtomicUsize>,
}

#[async_trait]
impl Timer for OutOfPatience {
    async fn sleep(&self, duration: Duration) {
        let is_limit = duration >= TIMEOUT;
        let held = || {
            let log = self.google.request_log();
            log.iter()
                .filter(|request| request.query.contains("pageToken") && request.status.is_none())
                .count()
        };
        while is_limit && held() <= self.given_up.load(Ordering::SeqCst) {
            tokio::task::yield_now().await;
        }
        self.given_up.fetch_add(usize::from(is_limit), Ordering::SeqCst);
        self.clock.advance(duration);
    }
}

/// FAULTS 18: one that fails once or twice is never noticed.
#[tokio::test]
async fn a_hiccup_is_tried_again_and_nobody_hears_of_it() {
    for kind in [status(500, "backendError"), FaultKind::TruncateGzip, FaultKind::DropAfter] {
        let ada = Person::new().page_of(2);
        for n in 0..6 {
            ada.event(ADA, &format!("Event {n}"), n);
        }
        ada.google.fault(Fault::times("events.list", 2, kind.clone()).on_page(2));

        let report = ada.sync().await;

        assert!(report.is_complete(), "{kind:?}: {report:?}");
        ada.assert_mirrors_google(&[ADA]).await;
    }
}

/// FAULTS 18, of the calendar list: no calendar leaves the mirror because its list broke off.
#[tokio::test]
async fn a_calendar_list_that_breaks_off_takes_no_calendar_away() {
    let mut ada = Person::new();
    for n in 0..5 {
        ada = ada.calendar(&format!("team{n}@example.com"), "UTC");
    }
    ada.settings.calendars_per_page = 2;
    ada.sync().await;
    ada.google.expire_list_sync_tokens(ADA);
    ada.google.fault(Fault::always("calendarList.list", FaultKind::TruncateBody).on_page(2));

    ada.sync().await;

    assert_eq!(ada.mirrored_calendars().await.len(), 6);
    ada.google.clear_faults();
    ada.settle().await;
    assert_eq!(ada.mirrored_calendars().await.len(), 6);
}
