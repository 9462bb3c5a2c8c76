//! The REST server: every operation of the SDK over HTTP, for one signed-in person at a time.
//!
//! [`router`] is all of it, to be mounted by a host under an authentication layer of its own that puts an [`Identity`]
//! into each request; [`Sessions`] is the default one. [`host`] is the rest of the program: settings, the store, Google,
//! the workers.
//!
//! What a route answers is in `view`, what it does in `routes`: no route decides anything that the SDK decides.

mod etag;
mod feed;
pub mod host;
mod identity;
mod limits;
mod metrics;
mod name;
mod openapi;
mod problem;
mod read;
mod router;
mod routes;
mod sessions;
mod state;
mod view;

pub use feed::ChangeSignal;
pub use identity::Identity;
pub use limits::Limits;
pub use problem::{Answer, Problem, WrongField};
pub use router::router;
pub use sessions::{Key, Sessions};
pub use state::{Addresses, ServerState};
