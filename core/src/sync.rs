//! Keeping the mirror equal to Google.
//!
//! [`SyncMachine`] decides, and knows neither HTTP nor storage; [`SyncRunner`] does what it says. A host calls
//! [`SyncRunner::sync_due`] from time to time, and [`SyncRunner::full_sync`] when a person asks.

mod machine;
mod progress;
mod report;
mod rows;
mod runner;
mod source;
mod state;
mod status;
mod webhook;

pub use machine::{Commit, Fetch, PageTokens, Recovery, Step, SyncMachine};
pub use progress::{SyncObserver, SyncProgress, Unobserved};
pub use report::{CalendarReport, ResourceFailure, SyncReport};
pub use runner::{SyncOptions, SyncRunner, SyncSettings, SyncTick};
pub use state::{QueryFingerprint, Standing, SyncFailure, SyncPhase, SyncResource, SyncState};
pub use status::{SyncActivity, SyncStatus};
pub use webhook::{Disbelief, Received, Registration, RenewalTick, SyncQueue, Webhooks};
