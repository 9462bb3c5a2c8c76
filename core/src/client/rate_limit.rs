//! Staying within Google's limits before Google says so.

use std::{
    collections::{HashMap, VecDeque},
    fmt,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use chrono::{DateTime, TimeDelta, Utc};

use crate::{Error, ErrorKind, Result, google::Operation, id::AccountKey, time::Clock};

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

/// Whether a call may be made now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decision {
    /// Whether it may; it then counts as made.
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

/// Counts calls in sliding windows, so that no stretch of time ever holds more than its limit.
///
/// Callers that must wait each get a time of their own: nobody wakes to find it taken, and they do not all wake at once.
pub struct RateLimiter {
    limits: RateLimits,
    clock: Arc<dyn Clock>,
    used: Mutex<Used>,
}

#[derive(Default)]
struct Used {
    project: Log,
    users: HashMap<AccountKey, Log>,
}

/// Accounts remembered before those with nothing to remember are dropped.
const USERS: usize = 1024;

impl RateLimiter {
    /// A limiter over `clock`.
    pub fn new(limits: RateLimits, clock: Arc<dyn Clock>) -> Self {
        Self { limits, clock, used: Mutex::default() }
    }

    /// Whether `account` may make a call of `operation` now; if so, it counts as made.
    pub fn check(&self, account: &AccountKey, operation: Operation) -> Decision {
        match self.book(account, operation, Duration::ZERO) {
            Ok(_) => Decision { allowed: true, wait: Duration::ZERO },
            Err(wait) => Decision { allowed: false, wait },
        }
    }

    /// Books the next time `account` may make a call of `operation`, and returns how long it is until then.
    ///
    /// # Errors
    /// [`ErrorKind::RateLimited`] when it is longer than `patience`; nothing is booked then.
    pub fn reserve(
        &self,
        account: &AccountKey,
        operation: Operation,
        patience: Duration,
    ) -> Result<Duration> {
        self.book(account, operation, patience).map_err(|wait| {
            let seconds = wait.as_secs_f64();
            let message = format!(
                "the limits for {} allow no call for {seconds:.1} seconds; nothing was sent",
                account.account
            );
            Error::new(ErrorKind::RateLimited, message).with_reason(super::LOCAL_LIMIT).with_retry_after(wait)
        })
    }

    fn book(
        &self,
        account: &AccountKey,
        operation: Operation,
        patience: Duration,
    ) -> Result<Duration, Duration> {
        let now = self.clock.now();
        let cost = self.limits.tariff.cost(operation);
        let used = &mut *self.used.lock().unwrap_or_else(PoisonError::into_inner);
        if used.users.len() > USERS {
            used.users.retain(|_, log| log.forget(&self.limits.user, now));
        }
        used.project.forget(&self.limits.project, now);
        let user = used.users.entry(account.clone()).or_default();
        user.forget(&self.limits.user, now);

        let at =
            user.next(&self.limits.user, cost, now).max(used.project.next(&self.limits.project, cost, now));
        let wait = (at - now).to_std().unwrap_or_default();
        if wait > patience {
            return Err(wait);
        }
        user.note(at, cost);
        used.project.note(at, cost);
        Ok(wait)
    }
}

impl fmt::Debug for RateLimiter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RateLimiter").field("limits", &self.limits).finish_non_exhaustive()
    }
}

/// When units were used or are booked, in order.
#[derive(Default)]
struct Log(VecDeque<DateTime<Utc>>);

impl Log {
    /// Drops what no limit looks back to; whether anything is left.
    fn forget(&mut self, limits: &[Limit], now: DateTime<Utc>) -> bool {
        let longest = limits.iter().map(|limit| limit.per).max().unwrap_or_default();
        let horizon = now - delta(longest);
        while self.0.front().is_some_and(|at| *at <= horizon) {
            self.0.pop_front();
        }
        !self.0.is_empty()
    }

    /// The first time from `now` on at which `cost` more units fit every limit, after all that is booked.
    fn next(&self, limits: &[Limit], cost: u32, now: DateTime<Utc>) -> DateTime<Utc> {
        let latest = self.0.back().copied().unwrap_or(now);
        limits.iter().fold(now.max(latest), |at, limit| {
            // With `cost` more, the unit `units` places back must have left the window.
            let place = (self.0.len() + cost as usize).checked_sub(limit.units as usize + 1);
            match place.and_then(|place| self.0.get(place.min(self.0.len().saturating_sub(1)))) {
                Some(used) => at.max(*used + delta(limit.per)),
                None => at,
            }
        })
    }

    fn note(&mut self, at: DateTime<Utc>, cost: u32) {
        self.0.extend(std::iter::repeat_n(at, cost as usize));
    }
}

fn delta(duration: Duration) -> TimeDelta {
    TimeDelta::from_std(duration).unwrap_or(TimeDelta::MAX)
}
