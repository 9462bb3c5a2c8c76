//! How long many requests took.

use std::time::Duration;

/// How long each took, shortest first.
pub(crate) struct Latencies(Vec<Duration>);

impl Latencies {
    pub(crate) fn new(mut took: Vec<Duration>) -> Self {
        took.sort_unstable();
        Self(took)
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// What so many of a hundred took at most, in milliseconds.
    pub(crate) fn percentile(&self, percent: usize) -> f64 {
        let at = (self.0.len() * percent).div_ceil(100).saturating_sub(1);
        self.0.get(at).map_or(f64::NAN, |took| took.as_secs_f64() * 1e3)
    }
}
