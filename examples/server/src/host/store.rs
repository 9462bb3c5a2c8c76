//! Where the mirror is.

use std::sync::Arc;

use secrecy::ExposeSecret;
use theo_calendar::{
    storage::{LimitStore, MemoryStore, Storage, TokenStore},
    time::SystemClock,
};
use theo_calendar_postgres::{PostgresStore, SealingKey, SealingKeys};

use super::{Result, settings::Database};

/// Where the mirror is.
#[derive(Clone)]
pub(super) enum Store {
    /// Gone with the program.
    Memory(Arc<MemoryStore>),
    /// Kept, and shared with other processes.
    Postgres(PostgresStore),
}

impl Store {
    /// Opens the database that is named, and brings its schema up to date; without one, memory.
    pub(super) async fn open(database: Option<&Database>) -> Result<Self> {
        let Some(database) = database else {
            return Ok(Self::Memory(Arc::new(MemoryStore::new(Arc::new(SystemClock)))));
        };
        let keys = SealingKeys::new(SealingKey::new("server", *database.sealing_key.expose_secret()));
        let store = PostgresStore::connect(database.url.expose_secret(), keys).await?;
        store.migrate().await?;
        Ok(Self::Postgres(store))
    }

    pub(super) fn storage(&self) -> Arc<dyn Storage> {
        match self {
            Self::Memory(store) => store.clone(),
            Self::Postgres(store) => Arc::new(store.clone()),
        }
    }

    pub(super) fn tokens(&self) -> Arc<dyn TokenStore> {
        self.storage()
    }

    pub(super) fn limits(&self) -> Arc<dyn LimitStore> {
        self.storage()
    }

    pub(super) async fn close(self) {
        match self {
            Self::Memory(_) => {}
            Self::Postgres(store) => store.close().await,
        }
    }
}
