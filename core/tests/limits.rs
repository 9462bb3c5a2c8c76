//! Staying within limits.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{sync::Arc, time::Duration};

use proptest::prelude::*;
use theo_calendar::{
    ErrorKind,
    client::{Limit, RateLimiter, RateLimits, Tariff},
    google::Operation,
    id::AccountKey,
    testing::FakeClock,
};

fn ada() -> AccountKey {
    AccountKey::new("ada", "ada@example.com")
}

fn limiter(limits: RateLimits) -> (RateLimiter, FakeClock) {
    let clock = FakeClock::default();
    (RateLimiter::new(limits, Arc::new(clock.clone())), clock)
}

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

#[test]
fn a_users_requests_of_a_minute_are_counted_apart_from_another_users() {
    let (limiter, clock) = limiter(RateLimits::google());
    for _ in 0..600 {
        assert!(limiter.check(&ada(), Operation::EventsList).allowed);
    }

    let refused = limiter.check(&ada(), Operation::EventsList);
    assert_eq!((refused.allowed, refused.wait), (false, seconds(60)));
    assert!(limiter.check(&AccountKey::new("bob", "bob@example.com"), Operation::EventsList).allowed);

    clock.advance(seconds(59));
    assert_eq!(limiter.check(&ada(), Operation::EventsList).wait, seconds(1));
    clock.advance(seconds(1));
    assert!(limiter.check(&ada(), Operation::EventsList).allowed);
}

#[test]
fn a_project_has_a_limit_over_all_its_users() {
    let (limiter, _) = limiter(RateLimits::google());
    for user in 0..10_000 {
        assert!(
            limiter.check(&AccountKey::new(format!("{}", user % 100), "a"), Operation::EventsGet).allowed
        );
    }

    assert!(!limiter.check(&ada(), Operation::EventsGet).allowed);
}

#[test]
fn the_unit_table_is_the_one_of_the_service_this_one_comes_from() {
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
    let inserted = (0..100).filter(|_| limiter.check(&ada(), Operation::EventsInsert).allowed).count();
    assert_eq!(inserted, 33, "100 units in a second");
    assert!(limiter.check(&ada(), Operation::EventsGet).allowed, "the hundredth unit");
}

#[test]
fn who_must_wait_gets_a_time_of_their_own() {
    let minute = vec![Limit { units: 2, per: seconds(60) }];
    let (limiter, clock) =
        limiter(RateLimits { user: minute, project: Vec::new(), tariff: Tariff::Requests });
    let reserve = |patience| limiter.reserve(&ada(), Operation::EventsList, seconds(patience));
    reserve(0).unwrap();
    clock.advance(seconds(10));
    reserve(0).unwrap();

    let waits: Vec<_> = (0..4).map(|_| reserve(1000).unwrap()).collect();

    assert_eq!(waits, [50, 60, 110, 120].map(seconds));
    let error = reserve(100).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::RateLimited);
    assert_eq!(error.retry_after(), Some(seconds(170)));
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
            if let Ok(wait) = limiter.reserve(&ada(), operation, seconds(patience)) {
                used.extend(std::iter::repeat_n(now + wait.as_secs(), cost));
            }
        }
        for limit in limits {
            for start in &used {
                let within = used.iter().filter(|at| (*start..start + limit.per.as_secs()).contains(*at)).count();
                prop_assert!(within <= limit.units as usize, "{within} in {limit:?} from {start}");
            }
        }
    }
}
