//! What both modules of the theo-calendar npm package share: errors, zones, what is read from JavaScript and what is
//! written for it. What it exports, such as scopes, is in both.

pub mod error;
pub mod flat;
pub mod json;
mod range;
pub mod scopes;
pub mod zones;

pub use range::range;
