//! Where the mirror is: in memory, or in a database from which the next run goes on.

use std::{error::Error, sync::Arc};

use data_encoding::HEXLOWER_PERMISSIVE;
use serde::Serialize;
use theo_calendar::storage::{MemoryStore, Storage};
use theo_calendar_postgres::{PostgresStore, SealingKey, SealingKeys};

use crate::{arguments::Arguments, clock::DemonstrationClock};

/// Where the mirror is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Place {
    /// Gone with the program.
    #[default]
    Memory,
    /// Kept.
    Postgres,
}

/// The mirror.
pub(crate) struct Mirror {
    pub(crate) store: Arc<dyn Storage>,
    pub(crate) place: Place,
}

impl Mirror {
    /// Opens the database that was named, and brings its schema up to date; without one, memory.
    pub(crate) async fn open(
        arguments: &Arguments,
        clock: &DemonstrationClock,
    ) -> Result<Self, Box<dyn Error>> {
        let Some(url) = arguments.database() else {
            let store = Arc::new(MemoryStore::new(Arc::new(clock.clone())));
            return Ok(Self { store, place: Place::Memory });
        };
        let key = match &arguments.sealing_key {
            Some(text) => sealing_key(text)?,
            // A host keeps its key, apart from the database: what was sealed under a lost one is lost.
            None => SealingKey::random("this run"),
        };
        let store = PostgresStore::connect(url, SealingKeys::new(key)).await?;
        store.migrate().await?;
        Ok(Self { store: Arc::new(store), place: Place::Postgres })
    }
}

/// Without the text in the error: it is a secret.
fn sealing_key(text: &str) -> Result<SealingKey, &'static str> {
    let bytes = HEXLOWER_PERMISSIVE.decode(text.trim().as_bytes()).ok();
    let key = bytes.and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
    let wanted = "the sealing key is not 64 hexadecimal digits: make one with `openssl rand -hex 32`";
    key.map(|key| SealingKey::new("quickstart", key)).ok_or(wanted)
}
