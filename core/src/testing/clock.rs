//! Time that moves only when a test says so.

use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};

use crate::time::{Clock, Timer};

/// A clock that stands still until it is [`advance`](Self::advance)d or [`set`](Self::set).
///
/// Clones show the same time.
///
/// ```
/// use std::time::Duration;
/// use theo_calendar::{testing::FakeClock, time::Clock};
///
/// let clock = FakeClock::new("2025-03-28T09:00:00Z".parse().unwrap());
/// let shown_to_the_code_under_test = clock.clone();
/// clock.advance(Duration::from_secs(90));
/// assert_eq!(shown_to_the_code_under_test.now().to_rfc3339(), "2025-03-28T09:01:30+00:00");
/// ```
#[derive(Clone, Debug)]
pub struct FakeClock(Arc<Mutex<DateTime<Utc>>>);

impl FakeClock {
    /// A clock that shows `start`.
    pub fn new(start: DateTime<Utc>) -> Self {
        Self(Arc::new(Mutex::new(start)))
    }

    /// Moves it forward by `duration`.
    pub fn advance(&self, duration: Duration) {
        let mut now = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *now += TimeDelta::from_std(duration).unwrap_or(TimeDelta::MAX);
    }

    /// Moves it to `now`, which may lie before the time it shows.
    pub fn set(&self, now: DateTime<Utc>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = now;
    }
}

impl Default for FakeClock {
    /// A clock that shows Friday 28 March 2025, 9:00 UTC: two days before the clocks of Europe change.
    fn default() -> Self {
        Self::new(DateTime::from_timestamp(1_743_152_400, 0).unwrap_or_default())
    }
}

impl Clock for FakeClock {
    fn now(&self) -> DateTime<Utc> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A timer whose waits are over at once: each moves its [`FakeClock`] forward, and is written down.
///
/// Clones write into the same list. A time limit raced with work that does not finish at its first poll passes at
/// once; see [`never_reaching`](Self::never_reaching) for work over a real socket.
#[derive(Clone)]
pub struct FakeTimer {
    clock: FakeClock,
    waits: Arc<Mutex<Vec<Duration>>>,
    never: Duration,
}

impl FakeTimer {
    /// A timer that moves `clock`.
    pub fn new(clock: &FakeClock) -> Self {
        Self { clock: clock.clone(), waits: Arc::default(), never: Duration::MAX }
    }

    /// The same timer, whose waits of `duration` or more never end and are not written down.
    #[must_use]
    pub fn never_reaching(mut self, duration: Duration) -> Self {
        self.never = duration;
        self
    }

    /// The waits so far, in their order.
    pub fn waits(&self) -> Vec<Duration> {
        self.waits.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// How long all waits so far took together.
    pub fn waited(&self) -> Duration {
        self.waits().iter().sum()
    }
}

#[async_trait]
impl Timer for FakeTimer {
    async fn sleep(&self, duration: Duration) {
        if duration >= self.never {
            return std::future::pending().await;
        }
        self.clock.advance(duration);
        self.waits.lock().unwrap_or_else(PoisonError::into_inner).push(duration);
    }
}

impl fmt::Debug for FakeTimer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FakeTimer").field("clock", &self.clock).field("waits", &self.waits()).finish()
    }
}
