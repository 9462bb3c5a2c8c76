//! Free slots over a mirror and what a fake Google says of others, over each store.
#![allow(clippy::unwrap_used, reason = "tests")]
#![allow(clippy::duplicate_mod, reason = "each flow runs over each store")]

#[path = "."]
mod memory {
    const STORE: flows::Stores = flows::Stores::Memory;

    mod others;
    mod own;
}

#[path = "."]
mod postgres {
    const STORE: flows::Stores = flows::Stores::Postgres;

    mod others;
    mod own;
}
