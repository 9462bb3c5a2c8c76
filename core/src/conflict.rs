//! What clashes with what, and how badly.

mod severity;

pub use severity::{Conflict, ConflictReason, Severity};
