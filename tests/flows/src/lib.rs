//! What flow tests stand on: a person with calendars at a real fake Google, a mirror of them, and processes that die
//! where a test says.
#![allow(
    clippy::unwrap_used,
    reason = "nothing but tests uses it, and a test that cannot go on is to fail there"
)]

mod edits;
mod fate;
mod hook;
mod joint_timer;
mod memory_used;
mod mirrored;
mod mortal_http;
mod mortal_store;
mod person;
mod recorded;
mod standup;
mod stores;
mod wires;
mod world;

pub use edits::Edits;
pub use fate::Fate;
pub use hook::Hook;
pub use joint_timer::JointTimer;
pub use memory_used::resident;
pub use mirrored::Events;
pub use mortal_http::{Moment, MortalHttp};
pub use mortal_store::MortalStore;
pub use person::{Person, TIMEOUT, occurrence, one_hour};
pub use recorded::RecordedGoogle;
pub use standup::Standup;
pub use stores::{FreshStore, Stores};
pub use wires::{Interrupted, Rewritten, TokenWitness, google_http, judged};
pub use world::{ADA, TEAM, World};
