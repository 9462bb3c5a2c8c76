//! Sync states.

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::Fence;
use crate::{
    Result,
    id::UserId,
    sync::{SyncResource, SyncState},
};

/// Where sync states live.
///
/// # Guarantees every implementation gives
/// - [`SyncState::dirty`] is written by [`mark_dirty`](Self::mark_dirty) alone: saving a state, here or with a page,
///   keeps the stored value.
#[async_trait]
pub trait SyncStore: Send + Sync {
    /// The state of `resource`, where it has one.
    async fn sync_state(&self, resource: &SyncResource) -> Result<Option<SyncState>>;

    /// The states of all of a user's resources: calendar lists first, then calendars by id.
    async fn sync_states(&self, user: &UserId) -> Result<Vec<SyncState>>;

    /// Stores `state` where its resource has none yet; otherwise changes nothing.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`](crate::ErrorKind::NotFound) when it is of a calendar that is not mirrored.
    async fn create_sync_state(&self, state: &SyncState) -> Result<()>;

    /// Stores `state` over the one there is.
    ///
    /// # Errors
    /// [`ErrorKind::LeaseLost`](crate::ErrorKind::LeaseLost) when the fence is old;
    /// [`ErrorKind::NotFound`](crate::ErrorKind::NotFound) when there is none: a calendar that went is not revived.
    async fn save_sync_state(&self, state: &SyncState, fence: &Fence) -> Result<()>;

    /// Raises [`SyncState::dirty`] by one and returns it.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`](crate::ErrorKind::NotFound) when the resource has no state.
    async fn mark_dirty(&self, resource: &SyncResource) -> Result<u64>;

    /// At most `limit` resources, of any user, that are to be synced: dirty ones, ones whose back-off is over, ones
    /// whose listing is unfinished, and ones not synced since `stale_before`; never paused ones, ones still in
    /// back-off, or calendars not selected. Dirty ones first, then the longest unsynced.
    async fn resources_due(
        &self,
        now: DateTime<Utc>,
        stale_before: DateTime<Utc>,
        limit: usize,
    ) -> Result<Vec<SyncResource>>;
}
