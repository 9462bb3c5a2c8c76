//! The mirror against a real fake Google, whole and broken.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "tests")]

mod bad_events;
mod first_and_last;
mod grants;
mod long_run;
mod storms;
mod tokens;
mod workers;
