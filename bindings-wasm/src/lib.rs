//! The theo-calendar npm package: conversions between JavaScript and [`theo_calendar`], and nothing else.
//!
//! Whatever goes over is JSON: Google's where it is events, the core's own else. The files in `js/` turn what a browser
//! has into that and back, and are what the package exports.
#![expect(unreachable_pub, reason = "wasm-bindgen exports what is `pub`, in whatever module")]

mod conflict_index;
mod conflicts;
mod error;
mod json;
mod page;
mod question;
mod scopes;
mod zones;
