//! Waiting that moves the mirror's time and Google's alike.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use chrono::TimeDelta;
use fake_google::FakeGoogle;
use theo_calendar::{testing::FakeClock, time::Timer};

/// A timer whose waits are over at once: each moves the mirror's clock and Google's by as much.
///
/// Waits of `never` or longer never end: a time limit does not cut off work over a real socket.
#[derive(Clone)]
pub struct JointTimer {
    clock: FakeClock,
    google: Arc<FakeGoogle>,
    never: Duration,
}

impl JointTimer {
    /// A timer over both clocks.
    pub fn new(clock: &FakeClock, google: &Arc<FakeGoogle>, never: Duration) -> Self {
        Self { clock: clock.clone(), google: google.clone(), never }
    }
}

#[async_trait]
impl Timer for JointTimer {
    async fn sleep(&self, duration: Duration) {
        if duration >= self.never {
            return std::future::pending().await;
        }
        self.clock.advance(duration);
        self.google.advance(TimeDelta::from_std(duration).unwrap());
    }
}
