//! Many people at one fake Google, their mirrors in one database, and the worker processes that keep them.
#![allow(
    clippy::unwrap_used,
    reason = "nothing but tests uses it, and a test that cannot go on is to fail there"
)]

mod crowd;
mod minutes;
mod process;
mod service;

pub use crowd::Crowd;
pub use minutes::Busiest;
pub use process::{WorkerArguments, WorkerProcess};
pub use service::{account, client, service, token};
