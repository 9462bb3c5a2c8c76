//! What is needed to break real processes at chosen moments, and to see afterwards that nothing is lost or done twice.
#![allow(
    clippy::unwrap_used,
    reason = "nothing but tests uses it, and a test that cannot go on is to fail there"
)]

mod blow;
mod clock;
mod invariants;
mod records;
mod run;
mod server;
mod town;
mod wire;
mod worker;
mod worker_process;

pub use clock::ShiftedClock;
pub use run::{Options, run};
pub use server::Server;
pub use wire::{Mishap, Moment, Point, Upstream, Wire};
pub use worker::{WorkerArguments, work};
pub use worker_process::WorkerProcess;
