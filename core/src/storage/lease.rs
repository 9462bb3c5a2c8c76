//! One worker at a time, and none that comes back late.

use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use crate::Result;

/// A worker's hold on a name, until it expires.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lease {
    /// What is held.
    pub fence: Fence,
    /// Who holds it.
    pub holder: String,
    /// Until when, by the store's clock.
    pub expires_at: DateTime<Utc>,
}

/// Proof of a lease, carried by every write done under it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fence {
    /// What is held.
    pub name: String,
    /// Rises each time the name changes hands.
    pub epoch: u64,
}

/// Leases with fencing epochs.
///
/// # Guarantees every implementation gives
/// - Of several callers, one holds a name; the others get `None` until it expires or is released.
/// - Each new holder has a higher epoch. A write that carries an older [`Fence`] fails with
///   [`ErrorKind::LeaseLost`](crate::ErrorKind::LeaseLost) and stores nothing.
/// - Time is the store's own: workers' clocks do not matter.
#[async_trait]
pub trait LeaseStore: Send + Sync {
    /// Takes `name` for `holder` for `ttl`, unless another holds it. The same holder taking it again gets a new epoch.
    async fn acquire(&self, name: &str, holder: &str, ttl: Duration) -> Result<Option<Lease>>;

    /// Holds on for another `ttl`.
    ///
    /// # Errors
    /// [`ErrorKind::LeaseLost`](crate::ErrorKind::LeaseLost) when another took it since.
    async fn renew(&self, lease: &Lease, ttl: Duration) -> Result<Lease>;

    /// Lets go; nothing happens where it was lost already.
    async fn release(&self, lease: &Lease) -> Result<()>;
}
