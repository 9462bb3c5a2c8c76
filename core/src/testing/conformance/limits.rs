//! Limits shared by all who book in the store.

#![allow(missing_docs, reason = "a case says in its name what it shows")]

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use futures_util::future::try_join_all;

use super::scene::HOUR;
use crate::{
    Result,
    client::{Limit, RateLimits, Tariff},
    id::AccountKey,
    storage::Storage,
};

const MINUTE: Duration = Duration::from_secs(60);

/// Several in one process book as several processes do: all that they share is the store.
pub async fn no_stretch_of_time_holds_more_than_its_limit(store: Arc<dyn Storage>) -> Result<()> {
    let limits = limits(4, 10);
    let accounts: Vec<AccountKey> = (0..48).map(|number| account(number % 6)).collect();
    let began = Instant::now();

    let decisions =
        try_join_all(accounts.iter().map(|account| store.book(account, &limits, 1, HOUR))).await?;

    let took = began.elapsed();
    assert!(decisions.iter().all(|decision| decision.allowed), "an hour is enough: {decisions:?}");
    let waits = |number| {
        let of_it = move |who: &AccountKey| number == 6 || *who == account(number);
        accounts.iter().zip(&decisions).filter(move |(who, _)| of_it(who)).map(|(_, decision)| decision.wait)
    };
    for (number, limit) in (0..6).map(|number| (number, 4)).chain([(6, 10)]) {
        let mut waits: Vec<Duration> = waits(number).collect();
        waits.sort();
        for (earlier, later) in waits.iter().zip(&waits[limit..]) {
            // Each wait began at some moment while all of them were booked.
            assert!(*later + took >= *earlier + MINUTE, "{limit} a minute, and {waits:?}");
        }
    }
    Ok(())
}

pub async fn calls_within_the_limits_need_not_wait(store: Arc<dyn Storage>) -> Result<()> {
    for _ in 0..4 {
        let decision = store.book(&account(0), &limits(4, 10), 1, Duration::ZERO).await?;
        assert!(decision.allowed && decision.wait.is_zero(), "{decision:?}");
    }
    Ok(())
}

pub async fn who_has_too_little_patience_books_nothing(store: Arc<dyn Storage>) -> Result<()> {
    let limits = limits(1, 10);
    store.book(&account(0), &limits, 1, Duration::ZERO).await?;

    for _ in 0..20 {
        let refused = store.book(&account(0), &limits, 1, MINUTE / 2).await?;
        assert!(!refused.allowed && refused.wait > MINUTE / 2, "{refused:?}");
    }

    let next = store.book(&account(0), &limits, 1, HOUR).await?;
    assert!(next.allowed && next.wait < 2 * MINUTE, "{next:?}");
    assert!(store.book(&account(1), &limits, 1, Duration::ZERO).await?.allowed, "nor of the project's");
    Ok(())
}

pub async fn an_account_that_waits_holds_up_no_other(store: Arc<dyn Storage>) -> Result<()> {
    let limits = limits(2, 10);
    for _ in 0..8 {
        store.book(&account(0), &limits, 1, HOUR).await?;
    }

    let other = store.book(&account(1), &limits, 1, HOUR).await?;

    assert!(other.allowed && other.wait.is_zero(), "{other:?}");
    Ok(())
}

pub async fn a_project_has_one_limit_over_all_its_accounts(store: Arc<dyn Storage>) -> Result<()> {
    let limits = limits(4, 10);
    for number in 0..10 {
        assert!(store.book(&account(number), &limits, 1, Duration::ZERO).await?.allowed);
    }

    let refused = store.book(&account(10), &limits, 1, Duration::ZERO).await?;

    assert!(!refused.allowed && refused.wait > MINUTE / 2, "{refused:?}");
    Ok(())
}

pub async fn a_dear_call_takes_as_much_as_it_costs(store: Arc<dyn Storage>) -> Result<()> {
    let second = Limit { units: 5, per: Duration::from_secs(30) };
    let limits = RateLimits { user: vec![second, Limit { units: 6, per: MINUTE }], ..limits(0, 100) };
    assert!(store.book(&account(0), &limits, 3, Duration::ZERO).await?.allowed);
    assert!(!store.book(&account(0), &limits, 3, Duration::ZERO).await?.allowed);
    assert!(store.book(&account(0), &limits, 2, Duration::ZERO).await?.allowed);

    let after_both = store.book(&account(0), &limits, 3, HOUR).await?;

    assert!(after_both.allowed && after_both.wait > MINUTE / 2, "{after_both:?}");
    Ok(())
}

fn account(number: u32) -> AccountKey {
    AccountKey::new(format!("user {number}"), "ada@example.com")
}

/// So many calls a minute of each account, and of all together.
fn limits(user: u32, project: u32) -> RateLimits {
    let minute = |units| vec![Limit { units, per: MINUTE }];
    RateLimits { user: minute(user), project: minute(project), tariff: Tariff::Requests }
}
