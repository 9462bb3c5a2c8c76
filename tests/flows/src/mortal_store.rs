//! A store whose process can die before and after each call.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use theo_calendar::{
    Result,
    approval::Approval,
    audit::{AuditEntry, AuditRecord, ChainEnd},
    client::{Decision, RateLimits},
    id::{AccountKey, ApprovalId, CalendarKey, ChannelId, EventKey, UserId},
    storage::*,
    sync::{SyncResource, SyncState},
};

use crate::Fate;

/// The store of a process that can die before each call is made and after it was.
#[derive(Clone)]
pub struct MortalStore {
    real: Arc<dyn Storage>,
    fate: Fate,
}

impl MortalStore {
    /// `real`, as a process of that fate sees it.
    pub fn new(real: Arc<dyn Storage>, fate: Fate) -> Self {
        Self { real, fate }
    }
}

/// Each call goes to the real store, between two points.
macro_rules! forward {
    ($($store:ident { $(fn $name:ident($($arg:ident: $type:ty),*) -> $answer:ty;)* })*) => {$(
        #[async_trait]
        impl $store for MortalStore {
            $(async fn $name(&self, $($arg: $type),*) -> $answer {
                self.fate.point(concat!("before ", stringify!($name))).await;
                let answer = self.real.$name($($arg),*).await;
                self.fate.point(concat!("after ", stringify!($name))).await;
                answer
            })*
        }
    )*};
}

forward! {
    CalendarStore {
        fn commit_calendar_list(page: &CalendarListPage) -> Result<CommitCounts>;
        fn calendars(user: &UserId) -> Result<Vec<MirroredCalendar>>;
        fn calendar(key: &CalendarKey) -> Result<MirroredCalendar>;
        fn set_calendar_settings(key: &CalendarKey, settings: CalendarSettings) -> Result<()>;
    }
    EventStore {
        fn commit_page(page: &SyncPage) -> Result<CommitCounts>;
        fn event(key: &EventKey) -> Result<MirroredEvent>;
        fn events_by_key(user: &UserId, keys: &[EventKey]) -> Result<Vec<MirroredEvent>>;
        fn events(user: &UserId, query: &EventQuery) -> Result<Vec<MirroredEvent>>;
        fn event_counts(user: &UserId) -> Result<Vec<(CalendarKey, u64)>>;
        fn changes_since(user: &UserId, cursor: ChangeCursor, limit: usize) -> Result<ChangePage>;
        fn quarantined(user: &UserId) -> Result<Vec<QuarantinedEvent>>;
    }
    SyncStore {
        fn sync_state(resource: &SyncResource) -> Result<Option<SyncState>>;
        fn sync_states(user: &UserId) -> Result<Vec<SyncState>>;
        fn create_sync_state(state: &SyncState) -> Result<()>;
        fn save_sync_state(state: &SyncState, fence: &Fence) -> Result<()>;
        fn mark_dirty(resource: &SyncResource) -> Result<u64>;
        fn resources_due(now: DateTime<Utc>, stale_before: DateTime<Utc>, limit: usize) -> Result<Vec<SyncResource>>;
    }
    ApprovalStore {
        fn insert_approval(approval: &Approval, audit: &AuditEntry) -> Result<()>;
        fn approval(user: &UserId, id: &ApprovalId) -> Result<Approval>;
        fn approvals(user: &UserId, query: &ApprovalQuery) -> Result<Vec<Approval>>;
        fn transition(transition: &Transition) -> Result<()>;
        fn approvals_expired(now: DateTime<Utc>, limit: usize) -> Result<Vec<Approval>>;
        fn approvals_in_doubt(before: DateTime<Utc>, limit: usize) -> Result<Vec<Approval>>;
    }
    ChannelStore {
        fn insert_channel(channel: &Channel) -> Result<()>;
        fn channel(id: &ChannelId) -> Result<Option<Channel>>;
        fn channels(user: &UserId) -> Result<Vec<Channel>>;
        fn channels_expiring(before: DateTime<Utc>, limit: usize) -> Result<Vec<Channel>>;
        fn resources_to_watch(now: DateTime<Utc>, expiring_before: DateTime<Utc>, limit: usize) -> Result<Vec<SyncResource>>;
        fn put_off_watch(resource: &SyncResource, until: DateTime<Utc>) -> Result<()>;
        fn delete_channel(user: &UserId, id: &ChannelId) -> Result<()>;
    }
    EmbeddingStore {
        fn embedding_status(user: &UserId, model: &str) -> Result<EmbeddingStatus>;
        fn embeddings_due(model: &str, now: DateTime<Utc>, limit: usize) -> Result<Vec<UserId>>;
        fn content_hashes(user: &UserId, model: &str, keys: &[EventKey]) -> Result<Vec<Option<[u8; 32]>>>;
        fn commit_embeddings(page: &EmbeddingPage) -> Result<()>;
        fn drop_embeddings(model: &str) -> Result<u64>;
    }
    SearchStore {
        fn matching(user: &UserId, query: &WordQuery) -> Result<Vec<WordMatch>>;
        fn nearest(user: &UserId, query: &VectorQuery) -> Result<Vec<Nearest>>;
    }
    TokenStore {
        fn grant(account: &AccountKey) -> Result<Option<StoredGrant>>;
        fn granted_accounts(user: &UserId) -> Result<Vec<AccountKey>>;
        fn put_grant(account: &AccountKey, grant: &StoredGrant) -> Result<()>;
        fn renew_grant(account: &AccountKey, seen: &StoredGrant, next: &StoredGrant) -> Result<bool>;
        fn delete_grant(account: &AccountKey) -> Result<()>;
    }
    ConsentStore {
        fn put_consent(state_hash: &[u8; 32], consent: &PendingConsent) -> Result<()>;
        fn take_consent(user: &UserId, state_hash: &[u8; 32]) -> Result<Option<PendingConsent>>;
        fn consents_expired(before: DateTime<Utc>, limit: usize) -> Result<Vec<(UserId, [u8; 32])>>;
    }
    AuditStore {
        fn append_audit(entry: &AuditEntry) -> Result<AuditRecord>;
        fn audit(user: &UserId, after: u64, limit: usize) -> Result<Vec<AuditRecord>>;
        fn audit_end(user: &UserId) -> Result<ChainEnd>;
    }
    LeaseStore {
        fn acquire(name: &str, holder: &str, ttl: Duration) -> Result<Option<Lease>>;
        fn renew(lease: &Lease, ttl: Duration) -> Result<Lease>;
        fn release(lease: &Lease) -> Result<()>;
    }
    AccountStore {
        fn forget_account(account: &AccountKey, audit: &AuditEntry) -> Result<Forgotten>;
    }
    LimitStore {
        fn book(account: &AccountKey, limits: &RateLimits, cost: u32, patience: Duration) -> Result<Decision>;
    }
}
