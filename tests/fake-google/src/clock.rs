//! The settable clock of the fake, and the stamps that never repeat.

use std::time::{Instant, SystemTime};

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};

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

/// Milliseconds as Google writes `updated`: `2026-01-02T03:04:05.678Z`.
pub(crate) fn rfc3339(millis: i64) -> String {
    DateTime::from_timestamp_millis(millis).unwrap_or_default().to_rfc3339_opts(SecondsFormat::Millis, true)
}
