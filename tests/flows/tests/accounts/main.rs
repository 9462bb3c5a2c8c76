//! Accounts connected, granting more and disconnected at a real fake Google.
#![allow(clippy::unwrap_used, reason = "tests")]
#![allow(clippy::duplicate_mod, reason = "each flow runs over each store")]

mod host;

#[path = "."]
mod memory {
    const STORE: flows::Stores = flows::Stores::Memory;

    mod connecting;
    mod disconnecting;
}

#[path = "."]
mod postgres {
    const STORE: flows::Stores = flows::Stores::Postgres;

    mod connecting;
    mod disconnecting;
}
