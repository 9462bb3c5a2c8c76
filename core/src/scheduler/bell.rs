//! What wakes a tick before its time.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use async_lock::Semaphore;
use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::later;
use crate::{
    Result,
    storage::Storage,
    sync::{SyncQueue, SyncResource},
    time::Clock,
};

/// Set to a time at which a tick is to run.
pub(super) struct Bell {
    at: Mutex<Option<DateTime<Utc>>>,
    /// One permit for each time that it was set.
    rings: Semaphore,
}

impl Default for Bell {
    fn default() -> Self {
        Self { at: Mutex::default(), rings: Semaphore::new(0) }
    }
}

impl Bell {
    /// The earliest time that it was set to since it was hushed.
    pub(super) fn set_to(&self) -> Option<DateTime<Utc>> {
        *self.at.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The tick begins: what it was set to until now is followed by it.
    pub(super) fn hush(&self) {
        *self.at.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// Waits until it is set anew.
    pub(super) async fn rung(&self) {
        self.rings.acquire().await.forget();
    }

    /// Sets it, where it is not set to an earlier time.
    pub(super) fn set(&self, at: DateTime<Utc>) {
        let mut earliest = self.at.lock().unwrap_or_else(PoisonError::into_inner);
        *earliest = Some(earliest.map_or(at, |earliest| earliest.min(at)));
        self.rings.add_permits(1);
    }
}

/// Rings for what is notified, when its burst is over.
pub(super) struct RingingQueue {
    store: Arc<dyn Storage>,
    clock: Arc<dyn Clock>,
    bell: Arc<Bell>,
}

impl RingingQueue {
    pub(super) fn new(store: Arc<dyn Storage>, clock: Arc<dyn Clock>, bell: Arc<Bell>) -> Self {
        Self { store, clock, bell }
    }
}

#[async_trait]
impl SyncQueue for RingingQueue {
    async fn notify(&self, resource: &SyncResource, debounce: Duration) -> Result<()> {
        self.store.mark_dirty(resource).await?;
        self.bell.set(later(self.clock.now(), debounce));
        Ok(())
    }
}
