//! The server over real HTTP, with a fake Google and over each store.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]
#![allow(clippy::duplicate_mod, reason = "what must hold over each store is run over each")]

mod bad_input;
mod document;
mod feed;
mod flood;
mod keys;
mod origins;
mod page;
mod replicas;
mod settings;
mod world;

#[path = "."]
mod memory {
    const STORE: crate::world::Stores = crate::world::Stores::Memory;

    mod changes;
    mod isolation;
    mod job;
}

#[path = "."]
mod postgres {
    const STORE: crate::world::Stores = crate::world::Stores::Postgres;

    mod changes;
    mod isolation;
    mod job;
}
