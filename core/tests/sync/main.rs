//! Sync: the machine alone, and the runner over a store in memory and a Google in memory.

#![cfg(feature = "testing")]
#![allow(clippy::unwrap_used, reason = "clippy takes the helpers of an integration test for shipped code")]

mod faults;
mod google;
mod house;
mod machine;
mod runner;
