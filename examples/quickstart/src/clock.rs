//! The machine's clock, which can be set forward to show what happens later.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use chrono::{DateTime, TimeDelta, Utc};
use theo_calendar::time::{Clock, SystemClock};

/// The machine's clock, ahead by as much as it was set forward.
#[derive(Clone, Default)]
pub(crate) struct DemonstrationClock(Arc<AtomicI64>);

impl DemonstrationClock {
    /// Sets it forward.
    pub(crate) fn set_forward(&self, seconds: u64) {
        self.0.fetch_add(i64::try_from(seconds).unwrap_or(i64::MAX), Ordering::Relaxed);
    }
}

impl Clock for DemonstrationClock {
    fn now(&self) -> DateTime<Utc> {
        let ahead = TimeDelta::try_seconds(self.0.load(Ordering::Relaxed)).unwrap_or_default();
        SystemClock.now() + ahead
    }
}
