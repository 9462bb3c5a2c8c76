//! Keeping the mirror equal to Google.

mod state;

pub use state::{QueryFingerprint, Standing, SyncFailure, SyncPhase, SyncResource, SyncState};
