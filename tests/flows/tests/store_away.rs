//! A store that is away for a while is not mistaken for Google.
#![allow(clippy::unwrap_used)]

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use async_trait::async_trait;
use flows::{ADA, TIMEOUT, World, google_http};
use theo_calendar::{
    Error, ErrorKind, Result,
    approval::{ApprovalState, Approvals},
    auth::{AccessToken, Freshness, StaticToken, TokenProvider},
    client::{CalendarClient, RetryPolicy},
    id::AccountKey,
    recurrence::Tzdb,
    testing::FakeTimer,
};

/// Tokens from a store that may be away.
struct Tokens {
    real: StaticToken,
    away: Arc<AtomicBool>,
    passes: bool,
}

#[async_trait]
impl TokenProvider for Tokens {
    async fn access_token(&self, account: &AccountKey, freshness: Freshness) -> Result<AccessToken> {
        if self.away.load(Ordering::Relaxed) {
            let error = Error::new(ErrorKind::Storage, "the database failed while reading a grant");
            return Err(error.with_retryable(self.passes));
        }
        self.real.access_token(account, freshness).await
    }
}

#[tokio::test]
async fn an_approval_whose_token_cannot_be_read_is_not_failed_and_is_done_once_it_can() {
    for passes in [true, false] {
        let world = World::new().await;
        let approved = world.approved(world.create()).await;
        let away = Arc::new(AtomicBool::new(true));
        let real = StaticToken::new(world.google.token(ADA, &["calendar"]));
        let tokens = Tokens { real, away: away.clone(), passes };
        let timer = FakeTimer::new(&world.clock).never_reaching(TIMEOUT);
        let client = CalendarClient::builder(google_http(), tokens, world.clock.clone(), timer)
            .base_url(world.google.url().parse().unwrap())
            .timeout(TIMEOUT)
            .retry(RetryPolicy::NEVER)
            .build()
            .unwrap();
        let clock = Arc::new(world.clock.clone());
        let process = Approvals::new(world.store.clone(), client, clock, Arc::new(Tzdb), "worker");

        let doubted = process.execute(&approved.user, &approved.id).await.unwrap();
        assert_eq!(doubted.state, ApprovalState::Unknown);
        let doubted = process.execute(&approved.user, &approved.id).await.unwrap();
        assert_eq!(doubted.state, ApprovalState::Unknown, "still away");

        away.store(false, Ordering::Relaxed);
        let done = process.execute(&approved.user, &approved.id).await.unwrap();
        assert_eq!(done.state, ApprovalState::Executed);
    }
}
