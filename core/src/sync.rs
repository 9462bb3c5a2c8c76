//! Keeping the mirror equal to Google.
//!
//! [`SyncMachine`] decides, and knows neither HTTP nor storage.

mod machine;
mod state;

pub use machine::{Commit, Fetch, PageTokens, Recovery, Step, SyncMachine};
pub use state::{QueryFingerprint, Standing, SyncFailure, SyncPhase, SyncResource, SyncState};
