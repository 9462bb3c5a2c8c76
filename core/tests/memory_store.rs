//! The store in memory holds to what every store must hold to.

#![cfg(feature = "testing")]

use std::sync::Arc;

use theo_calendar::{storage::MemoryStore, store_conformance, testing::FakeClock};

store_conformance! { memory => Arc::new(MemoryStore::new(Arc::new(FakeClock::default()))) }
