//! The settable clock of the fake, and the stamps that never repeat.

use std::time::{Instant, SystemTime};

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

/// A clock that runs from wherever it was set.
#[derive(Debug)]
pub(crate) struct Clock {
    base: DateTime<Utc>,
    since: Instant,
    last_stamp: i64,
    last_etag: i64,
}

impl Clock {
    /// Runs from `start`, or from the machine's time.
    pub(crate) fn new(start: Option<DateTime<Utc>>) -> Self {
        let base = start.unwrap_or_else(|| SystemTime::now().into());
        Self { base, since: Instant::now(), last_stamp: 0, last_etag: 0 }
    }

    /// Goes on as far ahead of the machine's time as it was kept, or from `start`.
    pub(crate) fn restored(kept: &KeptClock, start: Option<DateTime<Utc>>) -> Self {
        let mut clock = Self::new(start);
        if start.is_none() {
            clock.advance(TimeDelta::try_milliseconds(kept.ahead_millis).unwrap_or_default());
        }
        Self { last_stamp: kept.last_stamp, last_etag: kept.last_etag, ..clock }
    }

    pub(crate) fn keep(&self) -> KeptClock {
        let ahead = self.now() - DateTime::<Utc>::from(SystemTime::now());
        let (last_stamp, last_etag) = (self.last_stamp, self.last_etag);
        KeptClock { ahead_millis: ahead.num_milliseconds(), last_stamp, last_etag }
    }

    pub(crate) fn now(&self) -> DateTime<Utc> {
        let run = TimeDelta::from_std(self.since.elapsed()).unwrap_or(TimeDelta::zero());
        self.base.checked_add_signed(run).unwrap_or(self.base)
    }

    pub(crate) fn set(&mut self, now: DateTime<Utc>) {
        self.base = now;
        self.since = Instant::now();
    }

    pub(crate) fn advance(&mut self, by: TimeDelta) {
        let now = self.now();
        self.set(now.checked_add_signed(by).unwrap_or(now));
    }

    /// Milliseconds for an `updated` field: rising, never twice the same.
    pub(crate) fn stamp(&mut self) -> i64 {
        self.last_stamp = self.now().timestamp_millis().max(self.last_stamp + 1);
        self.last_stamp
    }

    /// A new etag in Google's form, a quoted number.
    pub(crate) fn etag(&mut self) -> String {
        self.last_etag = (self.now().timestamp_micros() * 2).max(self.last_etag + 2);
        format!("\"{}\"", self.last_etag)
    }
}

/// What is kept of a clock.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct KeptClock {
    /// How far it was ahead of the machine's.
    ahead_millis: i64,
    last_stamp: i64,
    last_etag: i64,
}

/// Milliseconds as Google writes `updated`: `2026-01-02T03:04:05.678Z`.
pub(crate) fn rfc3339(millis: i64) -> String {
    DateTime::from_timestamp_millis(millis).unwrap_or_default().to_rfc3339_opts(SecondsFormat::Millis, true)
}
