//! FAULTS 1 to 6: what a person approved happens once, whatever breaks, over each store.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "tests")]
#![allow(clippy::duplicate_mod, reason = "each flow runs over each store")]

#[path = "."]
mod memory {
    const STORE: flows::Stores = flows::Stores::Memory;

    mod doubts;
    mod killed;
    mod series;
    mod series_broken;
    mod series_killed;
    mod series_random;
}

#[path = "."]
mod postgres {
    const STORE: flows::Stores = flows::Stores::Postgres;

    mod doubts;
    mod killed;
    mod series;
    mod series_broken;
    mod series_killed;
    mod series_random;
}
