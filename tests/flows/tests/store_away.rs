//! A store that is away for a while is not mistaken for Google.
#![allow(clippy::unwrap_used)]

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
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
    /// How many more go well.
    reads: Arc<AtomicUsize>,
    passes: bool,
}

#[async_trait]
impl TokenProvider for Tokens {
    async fn access_token(&self, account: &AccountKey, freshness: Freshness) -> Result<AccessToken> {
        let one_less = |reads: usize| reads.checked_sub(1);
        if self.reads.fetch_update(Ordering::Relaxed, Ordering::Relaxed, one_less).is_err() {
            let error = Error::new(ErrorKind::Storage, "the database failed while reading a grant");
            return Err(error.with_retryable(self.passes));
        }
        self.real.access_token(account, freshness).await
    }
}

#[tokio::test]
async fn an_approval_whose_token_cannot_be_read_is_not_failed_and_is_done_once_it_can() {
    // Away before it is known what was granted, and between that and the call.
    for (passes, reads_before) in [(true, 0), (false, 0), (true, 1), (false, 1)] {
        let world = World::new().await;
        let approved = world.approved(world.create()).await;
        let reads = Arc::new(AtomicUsize::new(reads_before));
        let real = StaticToken::new(world.google.token(ADA, &["calendar"]));
        let tokens = Tokens { real, reads: reads.clone(), passes };
        let timer = FakeTimer::new(&world.clock).never_reaching(TIMEOUT);
        let client = CalendarClient::builder(google_http(), tokens, world.clock.clone(), timer)
            .base_url(world.google.url().parse().unwrap())
            .timeout(TIMEOUT)
            .retry(RetryPolicy::NEVER)
            .build()
            .unwrap();
        let clock = Arc::new(world.clock.clone());
        let process = Approvals::new(world.store.clone(), client, clock, Arc::new(Tzdb), "worker");

        for _ in 0..2 {
            let executed = process.execute(&approved.user, &approved.id).await;
            let stored = world.store.approval(&approved.user, &approved.id).await.unwrap();
            if reads_before == 0 {
                assert_eq!(executed.unwrap_err().kind(), ErrorKind::Storage);
                assert_eq!(stored.state, ApprovalState::Approved);
            } else {
                assert_eq!(executed.unwrap().state, ApprovalState::Unknown);
                assert_eq!(stored.state, ApprovalState::Unknown);
            }
        }

        reads.store(usize::MAX, Ordering::Relaxed);
        let done = process.execute(&approved.user, &approved.id).await.unwrap();
        assert_eq!(done.state, ApprovalState::Executed);
    }
}
