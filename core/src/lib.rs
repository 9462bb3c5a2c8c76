//! A local mirror of a person's Google calendars that is never wrong for long, and an agent that can change
//! nothing there without that person's yes, exactly once.
//!
//! The crate has no runtime, no socket and no clock of its own: a host hands those in through the seams
//! [`http::HttpClient`], [`time::Clock`], [`time::Timer`], [`auth::TokenProvider`] and [`storage::Storage`].
//! Data flows one way: [`google`] (wire) → [`model`] → [`sync`], [`approval`], [`conflict`] → [`storage`].

pub mod accounts;
pub mod agenda;
pub mod approval;
pub mod audit;
pub mod auth;
mod busy;
pub mod client;
mod codes;
pub mod conflict;
mod error;
pub mod google;
pub mod http;
pub mod id;
pub mod model;
mod random;
pub mod recurrence;
mod scheduler;
pub mod search;
mod service;
pub mod storage;
pub mod sync;
#[cfg(feature = "testing")]
pub mod testing;
mod text;
pub mod time;

pub use error::{Error, ErrorKind, Result};
pub use scheduler::Scheduler;
pub use service::CalendarService;

/// The example on the front page compiles.
#[cfg(all(doctest, feature = "reqwest", feature = "tokio", feature = "tzdb"))]
#[doc = include_str!("../../README.md")]
struct FrontPage;
