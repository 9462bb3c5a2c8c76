//! `theo-calendar/client`: the core's client, its mappers and the preview of its approvals, over the browser's own fetch.
//!
//! Conversions and nothing else. The core's seams may be called from any thread and JavaScript has but one: `host` is
//! where they meet.

mod client;
mod host;
mod preview;
mod query;
