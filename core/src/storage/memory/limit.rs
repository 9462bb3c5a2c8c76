//! Bookings.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use async_trait::async_trait;

use super::MemoryStore;
use crate::{
    Result,
    client::{Decision, RateLimits},
    id::AccountKey,
    storage::{LimitStore, LimitWindow},
    time::Clock,
};

/// The bookings of one process, and nothing else: all that a client without a store needs.
pub(crate) struct MemoryLimits {
    clock: Arc<dyn Clock>,
    /// What is booked of each limit, named by the account (none for all of them together) and the limit's length.
    booked: Mutex<BTreeMap<(Option<AccountKey>, Duration), LimitWindow>>,
}

/// Windows remembered before those of which nothing counts any more are dropped.
const WINDOWS: usize = 1024;

impl MemoryLimits {
    pub(crate) fn new(clock: Arc<dyn Clock>) -> Self {
        Self { clock, booked: Mutex::default() }
    }
}

#[async_trait]
impl LimitStore for MemoryLimits {
    async fn book(
        &self,
        account: &AccountKey,
        limits: &RateLimits,
        cost: u32,
        patience: Duration,
    ) -> Result<Decision> {
        let now = self.clock.now();
        let mut booked = self.booked.lock().unwrap_or_else(PoisonError::into_inner);
        if booked.len() > WINDOWS {
            booked.retain(|_, window| window.idle_from() > now);
        }
        let user = limits.user.iter().map(|limit| (Some(account.clone()), *limit));
        let project = limits.project.iter().map(|limit| (None, *limit));
        let (names, mut windows): (Vec<_>, Vec<_>) = user
            .chain(project)
            .map(|(who, limit)| {
                let name = (who, limit.per);
                let window =
                    booked.get(&name).map_or_else(|| LimitWindow::new(limit), |window| window.under(limit));
                (name, window)
            })
            .unzip();
        let decision = LimitWindow::book(&mut windows, cost, now, patience);
        booked.extend(names.into_iter().zip(windows));
        Ok(decision)
    }
}

#[async_trait]
impl LimitStore for MemoryStore {
    async fn book(
        &self,
        account: &AccountKey,
        limits: &RateLimits,
        cost: u32,
        patience: Duration,
    ) -> Result<Decision> {
        self.limits.book(account, limits, cost, patience).await
    }
}
