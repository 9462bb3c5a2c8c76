//! Staying within Google's limits before Google says so.

use std::{fmt, sync::Arc, time::Duration};

use crate::{
    Error, ErrorKind, Result,
    google::Operation,
    id::AccountKey,
    storage::{LimitStore, MemoryLimits},
    time::Clock,
};

/// Requests one user may make of one project in a sliding minute (Google's quota guide, projects from May 2026 on).
pub const REQUESTS_PER_USER_PER_MINUTE: u32 = 600;
/// Requests one project may make in a sliding minute (Google's quota guide).
pub const REQUESTS_PER_PROJECT_PER_MINUTE: u32 = 10_000;

/// How much may be used in any stretch of time of a length.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    /// How many units.
    pub units: u32,
    /// In any stretch this long.
    pub per: Duration,
}

/// The limits calls are kept within.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RateLimits {
    /// For each account.
    pub user: Vec<Limit>,
    /// For all of them together.
    pub project: Vec<Limit>,
    /// What a call costs.
    pub tariff: Tariff,
}

/// What a call costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tariff {
    /// One unit each, as Google counts.
    Requests,
    /// Reading and watching 1, deleting 2, every other write 3: the units of the service this one comes from. They are
    /// not in Google's pages.
    Units,
}

/// Whether a call may be made within the patience of who asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decision {
    /// Whether it may; it then counts as made when [`wait`](Self::wait) is over.
    pub allowed: bool,
    /// How long until it may.
    pub wait: Duration,
}

impl RateLimits {
    /// Google's documented limits: 600 requests a minute for each user, 10,000 for the project.
    ///
    /// Projects active from November 2025 to April 2026 keep older limits: set those.
    pub fn google() -> Self {
        let minute = |units| vec![Limit { units, per: Duration::from_secs(60) }];
        Self {
            user: minute(REQUESTS_PER_USER_PER_MINUTE),
            project: minute(REQUESTS_PER_PROJECT_PER_MINUTE),
            tariff: Tariff::Requests,
        }
    }

    /// The limits of the service this one comes from: 100 units a second and 1,500 a minute for each user.
    pub fn units() -> Self {
        let second = Limit { units: 100, per: Duration::from_secs(1) };
        let minute = Limit { units: 1500, per: Duration::from_secs(60) };
        Self { user: vec![second, minute], project: Vec::new(), tariff: Tariff::Units }
    }
}

impl Tariff {
    /// What `operation` costs.
    pub fn cost(self, operation: Operation) -> u32 {
        use Operation::{
            CalendarListPatch, EventsDelete, EventsImport, EventsInsert, EventsMove, EventsPatch,
            EventsQuickAdd, EventsUpdate,
        };
        match (self, operation) {
            (Self::Requests, _) => 1,
            (Self::Units, EventsDelete) => 2,
            (
                Self::Units,
                CalendarListPatch | EventsImport | EventsInsert | EventsMove | EventsPatch | EventsQuickAdd
                | EventsUpdate,
            ) => 3,
            (Self::Units, _) => 1,
        }
    }
}

/// Lets calls through in sliding windows, so that no stretch of time ever holds more than its limit.
///
/// Callers that must wait each get a time of their own: nobody wakes to find it taken, and they do not all wake at once.
#[derive(Clone)]
pub struct RateLimiter {
    limits: RateLimits,
    store: Arc<dyn LimitStore>,
}

impl RateLimiter {
    /// A limiter that counts the calls of this process alone, over `clock`.
    pub fn new(limits: RateLimits, clock: Arc<dyn Clock>) -> Self {
        Self::shared(limits, Arc::new(MemoryLimits::new(clock)))
    }

    /// A limiter that counts the calls of every process over `store`, by the store's clock.
    pub fn shared(limits: RateLimits, store: Arc<dyn LimitStore>) -> Self {
        Self { limits, store }
    }

    /// Whether `account` may make a call of `operation` now; if so, it counts as made.
    ///
    /// # Errors
    /// The store's: then no call may be made.
    pub async fn check(&self, account: &AccountKey, operation: Operation) -> Result<Decision> {
        self.book(account, operation, Duration::ZERO).await
    }

    /// Books the next time `account` may make a call of `operation`, and returns how long it is until then.
    ///
    /// # Errors
    /// [`ErrorKind::RateLimited`] when it is longer than `patience`; the store's. Nothing is booked then.
    pub async fn reserve(
        &self,
        account: &AccountKey,
        operation: Operation,
        patience: Duration,
    ) -> Result<Duration> {
        let decision = self.book(account, operation, patience).await?;
        if decision.allowed {
            return Ok(decision.wait);
        }
        let seconds = decision.wait.as_secs_f64();
        let message = format!(
            "the limits for {} allow no call for {seconds:.1} seconds; nothing was sent",
            account.account
        );
        let error = Error::new(ErrorKind::RateLimited, message);
        Err(error.with_reason(super::LOCAL_LIMIT).with_retry_after(decision.wait))
    }

    async fn book(&self, account: &AccountKey, operation: Operation, patience: Duration) -> Result<Decision> {
        let cost = self.limits.tariff.cost(operation);
        let booked = self.store.book(account, &self.limits, cost, patience).await;
        // Without its books nobody knows what Google still allows: a call that waits is better than one too many.
        booked.map_err(|error| {
            let message =
                format!("whether the limits allow a call is not known, so nothing was sent: {error}");
            Error::new(error.kind(), message).with_retryable(error.is_retryable()).with_source(error)
        })
    }
}

impl fmt::Debug for RateLimiter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RateLimiter").field("limits", &self.limits).finish_non_exhaustive()
    }
}
