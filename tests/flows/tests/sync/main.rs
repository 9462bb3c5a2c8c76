//! The mirror against a real fake Google, whole and broken.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "tests")]
#![allow(clippy::duplicate_mod, reason = "each flow runs over each store")]

mod long_run;
mod storms;

#[path = "."]
mod memory {
    const STORE: flows::Stores = flows::Stores::Memory;

    mod bad_events;
    mod first_and_last;
    mod grants;
    mod notifications;
    mod scheduler;
    mod secrets;
    mod tokens;
    mod webhooks;
    mod workers;
}

#[path = "."]
mod postgres {
    const STORE: flows::Stores = flows::Stores::Postgres;

    mod bad_events;
    mod grants;
    mod notifications;
    mod scheduler;
    mod secrets;
    mod tokens;
    mod unsaved_webhook;
    mod webhooks;
    mod workers;
}
