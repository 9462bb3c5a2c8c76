//! A store in memory: every guarantee of the traits, nothing on disk.
//!
//! For tests, for the browser, and for hosts that mirror anew at each start. It is no mock: it passes the same
//! conformance suite as the database stores.

mod account;
mod approval;
mod audit;
mod calendar;
mod channel;
mod consent;
mod embedding;
mod event;
mod feed;
mod lease;
mod limit;
mod mirror;
mod quarantine;
mod search;
mod span_index;
mod sync;
mod tenant;
mod token;

use std::{
    collections::BTreeMap,
    fmt,
    sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard},
};

pub(crate) use self::limit::MemoryLimits;
use self::{lease::Leases, tenant::Tenant};
use crate::{
    id::{ChannelId, UserId},
    storage::Channel,
    time::Clock,
};

/// A [`Storage`](crate::storage::Storage) in memory.
///
/// Its clock is the store's own: leases expire by it and changes are stamped with it. The cost of storing a page
/// grows with the page, not with the mirror; the change feed keeps the last change of each event, so that it grows
/// with the number of events ever seen and not with the number of changes.
///
/// ```
/// # #[cfg(not(target_arch = "wasm32"))] {
/// use std::sync::Arc;
/// use theo_calendar::{storage::{MemoryStore, Storage}, time::SystemClock};
///
/// let store: Arc<dyn Storage> = Arc::new(MemoryStore::new(Arc::new(SystemClock)));
/// # let _ = store;
/// # }
/// ```
pub struct MemoryStore {
    clock: Arc<dyn Clock>,
    inner: RwLock<Inner>,
    limits: MemoryLimits,
}

/// All rows, by whom they belong to; what belongs to nobody beside them.
#[derive(Default)]
struct Inner {
    tenants: BTreeMap<UserId, Tenant>,
    channels: BTreeMap<ChannelId, Channel>,
    leases: Leases,
}

impl MemoryStore {
    /// An empty store that tells the time by `clock`.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        let limits = MemoryLimits::new(clock.clone());
        Self { clock, inner: RwLock::default(), limits }
    }

    /// A panic elsewhere leaves whole rows behind: each method checks first and changes after.
    fn read(&self) -> RwLockReadGuard<'_, Inner> {
        self.inner.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Inner> {
        self.inner.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for MemoryStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryStore").finish_non_exhaustive()
    }
}
