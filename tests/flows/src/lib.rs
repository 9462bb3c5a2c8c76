//! What flow tests stand on: a person with calendars at a real fake Google, a mirror of them, and processes that die
//! where a test says.
#![allow(
    clippy::unwrap_used,
    reason = "nothing but tests uses it, and a test that cannot go on is to fail there"
)]

mod fate;
mod mortal_http;
mod mortal_store;
mod world;

pub use fate::Fate;
pub use mortal_http::{Moment, MortalHttp};
pub use mortal_store::MortalStore;
pub use world::{ADA, TEAM, World};
