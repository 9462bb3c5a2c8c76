//! The machine's clock, set wrong.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use chrono::{DateTime, TimeDelta, Utc};
use theo_calendar::time::{Clock, SystemClock};

/// The machine's clock, ahead of it or behind. Clones show the same time.
#[derive(Clone, Debug, Default)]
pub struct ShiftedClock(Arc<AtomicI64>);

impl ShiftedClock {
    /// A clock ahead by so many seconds; behind where they are negative.
    pub fn ahead(seconds: i64) -> Self {
        Self(Arc::new(AtomicI64::new(seconds)))
    }

    /// Sets it forward.
    pub fn pass(&self, time: Duration) {
        self.0.fetch_add(time.as_secs() as i64, Ordering::Relaxed);
    }

    /// By how many seconds it is ahead.
    pub fn shift(&self) -> i64 {
        self.0.load(Ordering::Relaxed)
    }
}

impl Clock for ShiftedClock {
    fn now(&self) -> DateTime<Utc> {
        SystemClock.now() + TimeDelta::seconds(self.shift())
    }
}
