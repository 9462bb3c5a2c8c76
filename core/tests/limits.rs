//! Staying within limits.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use futures_util::{FutureExt, future::Future};
use proptest::prelude::*;
use theo_calendar::{
    Error, ErrorKind, Result,
    auth::StaticToken,
    client::{CalendarClient, Decision, Limit, RateLimiter, RateLimits, Tariff},
    google::Operation,
    id::AccountKey,
    storage::LimitStore,
    testing::{FakeClock, FakeTimer, ScriptedHttp},
};

fn ada() -> AccountKey {
    AccountKey::new("ada", "ada@example.com")
}

fn limiter(limits: RateLimits) -> (RateLimiter, FakeClock) {
    let clock = FakeClock::default();
    (RateLimiter::new(limits, Arc::new(clock.clone())), clock)
}

/// What the store in memory does, it does at once.
fn block_on<T>(future: impl Future<Output = T>) -> T {
    future.now_or_never().unwrap()
}

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

#[tokio::test]
async fn a_users_requests_of_a_minute_are_counted_apart_from_another_users() {
    let (limiter, clock) = limiter(RateLimits::google());
    for _ in 0..600 {
        assert!(limiter.check(&ada(), Operation::EventsList).await.unwrap().allowed);
    }

    let refused = limiter.check(&ada(), Operation::EventsList).await.unwrap();
    assert!(!refused.allowed && (60..=62).contains(&refused.wait.as_secs()), "{refused:?}");
    let bob = AccountKey::new("bob", "bob@example.com");
    assert!(limiter.check(&bob, Operation::EventsList).await.unwrap().allowed);

    clock.advance(refused.wait - seconds(1));
    assert_eq!(limiter.check(&ada(), Operation::EventsList).await.unwrap().wait, seconds(1));
    clock.advance(seconds(1));
    assert!(limiter.check(&ada(), Operation::EventsList).await.unwrap().allowed);
}

#[tokio::test]
async fn a_project_has_a_limit_over_all_its_users() {
    let (limiter, _) = limiter(RateLimits::google());
    for user in 0..10_000 {
        let account = AccountKey::new(format!("{}", user % 100), "a");
        assert!(limiter.check(&account, Operation::EventsGet).await.unwrap().allowed);
    }

    assert!(!limiter.check(&ada(), Operation::EventsGet).await.unwrap().allowed);
}

#[tokio::test]
async fn the_unit_table_is_the_one_of_the_service_this_one_comes_from() {
    for (operation, units) in [
        (Operation::CalendarListList, 1),
        (Operation::EventsList, 1),
        (Operation::EventsGet, 1),
        (Operation::EventsInsert, 3),
        (Operation::EventsUpdate, 3),
        (Operation::EventsPatch, 3),
        (Operation::EventsDelete, 2),
        (Operation::EventsWatch, 1),
    ] {
        assert_eq!(Tariff::Units.cost(operation), units, "{operation}");
        assert_eq!(Tariff::Requests.cost(operation), 1);
    }
    let (limiter, _) = limiter(RateLimits::units());
    let mut inserted = 0;
    while limiter.check(&ada(), Operation::EventsInsert).await.unwrap().allowed {
        inserted += 1;
    }
    assert_eq!(inserted, 33, "100 units in a second");
    assert!(limiter.check(&ada(), Operation::EventsGet).await.unwrap().allowed, "the hundredth unit");
}

#[tokio::test]
async fn who_must_wait_gets_a_time_of_their_own() {
    let minute = vec![Limit { units: 2, per: seconds(60) }];
    let (limiter, clock) =
        limiter(RateLimits { user: minute, project: Vec::new(), tariff: Tariff::Requests });
    let reserve = async |patience| limiter.reserve(&ada(), Operation::EventsList, seconds(patience)).await;
    reserve(0).await.unwrap();
    clock.advance(seconds(10));
    reserve(0).await.unwrap();

    for earliest in [50, 60, 110, 120] {
        let wait = reserve(1000).await.unwrap().as_secs();
        assert!((earliest..=earliest + 4).contains(&wait), "{wait} where {earliest} would do");
    }
    let error = reserve(100).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::RateLimited);
    assert!(error.retry_after().unwrap() >= seconds(170), "{error}");
}

#[tokio::test]
async fn without_the_shared_books_no_call_is_made() {
    struct Broken;
    #[async_trait]
    impl LimitStore for Broken {
        async fn book(&self, _: &AccountKey, _: &RateLimits, _: u32, _: Duration) -> Result<Decision> {
            Err(Error::new(ErrorKind::Storage, "the disk is gone"))
        }
    }
    let (http, clock) = (ScriptedHttp::default(), FakeClock::default());
    let timer = FakeTimer::new(&clock);
    let client = CalendarClient::builder(http.clone(), StaticToken::new("secret"), clock, timer)
        .shared_limits(Arc::new(Broken))
        .build()
        .unwrap();

    let error = client.for_account(&ada()).colors().await.unwrap_err();

    assert_eq!(error.kind(), ErrorKind::Storage);
    assert!(error.to_string().contains("nothing was sent") && !error.is_ambiguous(), "{error}");
    assert!(http.requests().is_empty());
}

proptest! {
    #[test]
    fn no_stretch_of_time_ever_holds_more_than_its_limit(
        limits in prop::collection::vec((3..8_u32, 1..20_u64), 1..3),
        calls in prop::collection::vec((0..5_u64, any::<bool>(), any::<bool>()), 1..60),
    ) {
        let limits: Vec<_> = limits.into_iter().map(|(units, per)| Limit { units, per: seconds(per) }).collect();
        let (limiter, clock) =
            limiter(RateLimits { user: limits.clone(), project: Vec::new(), tariff: Tariff::Units });
        let (mut now, mut used) = (0, Vec::new());
        for (pause, inserts, waits) in calls {
            clock.advance(seconds(pause));
            now += pause;
            let (operation, cost) = if inserts { (Operation::EventsInsert, 3) } else { (Operation::EventsGet, 1) };
            let patience = if waits { 1_000_000 } else { 0 };
            if let Ok(wait) = block_on(limiter.reserve(&ada(), operation, seconds(patience))) {
                used.extend(std::iter::repeat_n(seconds(now) + wait, cost));
            }
        }
        for limit in limits {
            for start in &used {
                let within = used.iter().filter(|at| (*start..*start + limit.per).contains(*at)).count();
                prop_assert!(within <= limit.units as usize, "{within} in {limit:?} from {start:?}");
            }
        }
    }
}
