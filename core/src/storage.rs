//! Where the mirror lives: one trait a file, each saying what every implementation guarantees.
//!
//! Atomicity lives in the method: there is no transaction to hold. Every method takes the user it acts for, and
//! never sees or writes a row of another. [`Storage`] is all the traits together.
//!
//! Whatever goes wrong in a store itself is [`ErrorKind::Storage`](crate::ErrorKind::Storage), never a kind that Google's
//! failures have: a lost database is not a lost Google. Where it passes by itself (a restart, no free connection)
//! [`is_retryable`](crate::Error::is_retryable) says so, and where nobody knows whether the call was stored (its answer
//! was lost) [`is_ambiguous`](crate::Error::is_ambiguous) does. Nothing is then recorded against the calendar or
//! approval that was worked on: it is taken up again as it was.

mod account;
mod approval;
mod audit;
mod calendar;
mod channel;
mod consent;
mod embedding;
mod event;
mod lease;
mod limit;
mod memory;
mod search;
mod sync;
mod token;

pub use account::{AccountStore, Forgotten};
pub use approval::{ApprovalQuery, ApprovalStore, MirrorChange, Transition, check_one_user};
pub use audit::AuditStore;
pub use calendar::{CalendarListPage, CalendarSettings, CalendarStore, MirroredCalendar};
pub use channel::{Channel, ChannelStore};
pub use consent::{ConsentStore, PendingConsent};
pub use embedding::{EmbeddingPage, EmbeddingProgress, EmbeddingRow, EmbeddingStatus, EmbeddingStore};
pub use event::{
    Change, ChangeCursor, ChangePage, CommitCounts, EventQuery, EventRow, EventStore, Listing, MirroredEvent,
    QuarantinedEvent, SyncPage,
};
pub use lease::{Fence, Lease, LeaseStore};
pub use limit::{LimitStore, LimitWindow};
pub(crate) use memory::MemoryLimits;
pub use memory::MemoryStore;
pub use search::{Nearest, SearchFilter, SearchStore, VectorQuery, WordMatch, WordQuery};
pub use sync::SyncStore;
pub use token::{StoredGrant, TokenStore};

/// Every store in one: what a host hands to the service as `Arc<dyn Storage>`.
pub trait Storage:
    CalendarStore
    + EventStore
    + SyncStore
    + ApprovalStore
    + ChannelStore
    + EmbeddingStore
    + SearchStore
    + TokenStore
    + ConsentStore
    + AuditStore
    + LeaseStore
    + LimitStore
    + AccountStore
{
}

impl<T> Storage for T where
    T: CalendarStore
        + EventStore
        + SyncStore
        + ApprovalStore
        + ChannelStore
        + EmbeddingStore
        + SearchStore
        + TokenStore
        + ConsentStore
        + AuditStore
        + LeaseStore
        + LimitStore
        + AccountStore
{
}
