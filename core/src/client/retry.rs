//! When a call is tried again: only where it is safe, ever later, and never so often that it makes things worse.

use std::{
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};

use crate::{Error, ErrorKind, google::Idempotency};

/// When a call is tried again.
///
/// Waits are drawn from zero up to a bound that doubles ("full jitter"), and are never shorter than Google's
/// `Retry-After`. Over all calls of a client, retries are also bounded by a quota that successes refill: in a storm where
/// every answer is 429, a thousand calls are sent 1,010 times.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RetryPolicy {
    /// Tries after the first, at most.
    pub max_retries: u32,
    /// The bound of the first wait.
    pub base_delay: Duration,
    /// The bound of every wait.
    pub max_delay: Duration,
    /// How long a call may take in all, waits included; the last attempt may overrun it by its own time limit.
    pub total: Duration,
}

impl Default for RetryPolicy {
    /// Three tries more, half a second doubling to 32 seconds, two minutes in all.
    fn default() -> Self {
        Self {
            max_retries: 3,
            base_delay: Duration::from_millis(500),
            max_delay: Duration::from_secs(32),
            total: Duration::from_secs(120),
        }
    }
}

impl RetryPolicy {
    /// A policy that never tries again.
    pub const NEVER: Self = Self {
        max_retries: 0,
        base_delay: Duration::ZERO,
        max_delay: Duration::ZERO,
        total: Duration::from_secs(120),
    };

    /// How long to wait before the next attempt, after `attempts` of them ended in `error` and with `left` to go; none
    /// where there is to be no other.
    pub(super) fn wait(
        &self,
        error: &Error,
        idempotency: Idempotency,
        attempts: u32,
        left: Duration,
    ) -> Option<Duration> {
        let is_safe = match idempotency {
            Idempotency::Read | Idempotency::Repeatable => error.is_retryable(),
            Idempotency::Once => error.is_retryable() && !error.is_ambiguous(),
        };
        if !is_safe || attempts > self.max_retries {
            return None;
        }
        let bound = self.base_delay.saturating_mul(1 << (attempts - 1).min(16)).min(self.max_delay);
        let asked = error.retry_after().unwrap_or_default();
        let wait = asked + bound.mul_f64(fastrand::f64());
        // A limiter that already said how long it would take will say the same again.
        let is_own_limit =
            error.kind() == ErrorKind::RateLimited && error.reason() == Some(super::LOCAL_LIMIT);
        (wait <= left && !is_own_limit).then_some(wait)
    }
}

/// Retries that all calls of a client share: a reserve that each retry draws on and each success refills a little.
///
/// Ten retries, and one more for ten successes: so retries add at most a tenth to the requests of any thousand, while the
/// first few hiccups of a quiet client are still tried again.
#[derive(Debug)]
pub(super) struct RetryQuota(AtomicU32);

const RETRY: u32 = 10;
const SUCCESS: u32 = 1;
const RESERVE: u32 = 10 * RETRY;

impl Default for RetryQuota {
    fn default() -> Self {
        Self(AtomicU32::new(RESERVE))
    }
}

impl RetryQuota {
    /// Whether one more retry is within the quota; if so, it is spent.
    pub(super) fn take(&self) -> bool {
        self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(RETRY)).is_ok()
    }

    /// Notes a success.
    pub(super) fn refill(&self) {
        let add = |left: u32| Some((left + SUCCESS).min(RESERVE));
        let _ = self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, add);
    }
}
