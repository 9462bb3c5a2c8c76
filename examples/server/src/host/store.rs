//! Where the mirror is.

use std::sync::Arc;

use data_encoding::HEXLOWER;
use secrecy::{ExposeSecret, SecretBox};
use sha2::{Digest, Sha256};
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
        let retired = database.retired_keys.iter().map(named);
        let keys = retired.fold(SealingKeys::new(named(&database.sealing_key)), SealingKeys::with_retired);
        let store = PostgresStore::connect(database.url.expose_secret(), keys).await?;
        store.migrate().await?;
        // Here, not when a worker begins: a notification may come first.
        store.migrate_queue().await?;
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

/// A key under a name that no other has, and that says nothing of it.
fn named(key: &SecretBox<[u8; 32]>) -> SealingKey {
    let key = *key.expose_secret();
    let digest = Sha256::digest(key);
    SealingKey::new(format!("server {}", HEXLOWER.encode(&digest[..8])), key)
}
