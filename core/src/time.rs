//! Time as the core sees it: handed in, never read.

mod display;
mod event_time;
mod span;
mod timestamp;

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{Error, ErrorKind, Result};

pub use display::{LocalTime, format_range};
pub use event_time::{EventTime, When};
pub use timestamp::Timestamp;

/// Says what time it is.
pub trait Clock: Send + Sync {
    /// The present instant.
    fn now(&self) -> DateTime<Utc>;
}

impl<T: Clock + ?Sized> Clock for Arc<T> {
    fn now(&self) -> DateTime<Utc> {
        (**self).now()
    }
}

/// Waits.
#[async_trait]
pub trait Timer: Send + Sync {
    /// Returns once `duration` has passed.
    async fn sleep(&self, duration: Duration);
}

#[async_trait]
impl<T: Timer + ?Sized> Timer for Arc<T> {
    async fn sleep(&self, duration: Duration) {
        (**self).sleep(duration).await;
    }
}

/// The machine's clock.
#[derive(Clone, Copy, Debug, Default)]
#[cfg(not(all(target_arch = "wasm32", target_os = "unknown")))]
pub struct SystemClock;

#[cfg(not(all(target_arch = "wasm32", target_os = "unknown")))]
impl Clock for SystemClock {
    fn now(&self) -> DateTime<Utc> {
        std::time::SystemTime::now().into()
    }
}

/// tokio's timer.
#[derive(Clone, Copy, Debug, Default)]
#[cfg(feature = "tokio")]
pub struct TokioTimer;

#[cfg(feature = "tokio")]
#[async_trait]
impl Timer for TokioTimer {
    async fn sleep(&self, duration: Duration) {
        tokio::time::sleep(duration).await;
    }
}

/// A stretch of time, `start` included, `end` not; never empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "Bounds")]
pub struct TimeRange {
    start: DateTime<Utc>,
    end: DateTime<Utc>,
}

/// A range as it was written, before it is known not to be empty.
#[derive(Deserialize)]
struct Bounds {
    start: Timestamp,
    end: Timestamp,
}

impl TryFrom<Bounds> for TimeRange {
    type Error = Error;

    fn try_from(bounds: Bounds) -> Result<Self> {
        Self::new(bounds.start.utc(), bounds.end.utc())
    }
}

impl TimeRange {
    /// From `start` up to `end`.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidInput`] unless `start` is before `end`.
    #[inline]
    pub fn new(start: DateTime<Utc>, end: DateTime<Utc>) -> Result<Self> {
        if start < end { Ok(Self { start, end }) } else { Err(Self::empty(start, end)) }
    }

    #[cold]
    fn empty(start: DateTime<Utc>, end: DateTime<Utc>) -> Error {
        let message = format!("the range from {start} to {end} is empty: its start must be before its end");
        Error::new(ErrorKind::InvalidInput, message)
    }

    /// Its first instant.
    pub fn start(&self) -> DateTime<Utc> {
        self.start
    }

    /// The first instant after it.
    pub fn end(&self) -> DateTime<Utc> {
        self.end
    }

    /// How long it is.
    pub fn duration(&self) -> chrono::TimeDelta {
        self.end - self.start
    }

    /// Whether they share an instant: ranges that only touch do not.
    pub fn overlaps(&self, other: &Self) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// What they share.
    pub fn intersection(&self, other: &Self) -> Option<Self> {
        let (start, end) = (self.start.max(other.start), self.end.min(other.end));
        (start < end).then_some(Self { start, end })
    }
}
