//! What tests of this crate, and of whoever builds on it, stand on. Feature `testing`.
//!
//! Nothing here waits or opens a socket: time moves when a test says so, and answers are written by the test.

mod clock;
pub mod conformance;
mod discovery;
mod http;

pub use clock::{FakeClock, FakeTimer};
pub use discovery::{Discovery, ValidatingClient};
pub use http::ScriptedHttp;
