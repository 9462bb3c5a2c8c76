//! The theo-calendar npm package: conversions between JavaScript and [`theo_calendar`], and nothing else.
//!
//! Events and questions come as the bytes that [`theo_calendar_wasm_edge::flat`] reads; answers go as those that `answer`
//! writes, and name events rather than repeat them. The files in `js/` turn what a browser has into the one and from the
//! other, and are what the package exports.
#![expect(unreachable_pub, reason = "wasm-bindgen exports what is `pub`, in whatever module")]

mod answer;
mod conflict_index;
mod conflicts;
mod occurrences;
mod page;
mod question;
