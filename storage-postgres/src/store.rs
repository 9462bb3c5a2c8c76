//! The store: a pool of connections, and the keys that seal tokens.

use std::{
    fmt,
    str::FromStr,
    sync::{Arc, atomic::AtomicBool},
    time::Duration,
};

use sqlx::{
    ConnectOptions, Connection, PgPool,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use theo_calendar::{Error, ErrorKind, Result};

use crate::{SealingKeys, error::failed};

/// How many embeddings of one person are compared one by one.
const EXACT_UP_TO: usize = 20_000;

/// How many connections a store opens at most.
const MAX_CONNECTIONS: u32 = 10;

/// How long a call waits for a connection: longer than a restart of the server takes, not as long as a person waits.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(10);

/// What every connection is opened with: nothing runs, waits for a lock or sits in a transaction for ever.
const SETTINGS: [(&str, &str); 3] =
    [("statement_timeout", "30s"), ("lock_timeout", "15s"), ("idle_in_transaction_session_timeout", "60s")];

/// A [`Storage`](theo_calendar::storage::Storage) in a PostgreSQL database, 16 or newer, with pgvector.
///
/// Clones share their connections. Its clock is the database's: leases expire by it and changes are stamped with it.
#[derive(Clone)]
pub struct PostgresStore {
    pub(crate) pool: PgPool,
    pub(crate) keys: Arc<SealingKeys>,
    /// Whether the schema was seen to be this program's, or newer.
    pub(crate) is_migrated: Arc<AtomicBool>,
    pub(crate) exact_up_to: usize,
}

impl PostgresStore {
    /// A store on the database at `url`, with settings that keep a call from hanging; `keys` seal the tokens.
    ///
    /// It opens at most 10 connections. A call waits 10 seconds for one, also while the database is away; a statement
    /// may take 30 seconds, 15 of them waiting for a lock. For others, hand in a pool: [`from_pool`](Self::from_pool).
    ///
    /// # Errors
    /// [`ErrorKind::InvalidInput`] when `url` is none of PostgreSQL's; [`ErrorKind::Storage`] when the database cannot
    /// be reached, or refuses the connection.
    pub async fn connect(url: &str, keys: SealingKeys) -> Result<Self> {
        if !url.starts_with("postgres://") && !url.starts_with("postgresql://") {
            return Err(wrong_address());
        }
        // Without the source: it may hold the password.
        let options = PgConnectOptions::from_str(url).map_err(|_| wrong_address())?;
        let options = options.application_name("theo-calendar").options(SETTINGS);
        // Not through the pool, which would try again and again where nobody answers.
        let first = options.connect().await.map_err(failed("connecting"))?;
        first.close().await.map_err(failed("connecting"))?;
        let pool = PgPoolOptions::new().max_connections(MAX_CONNECTIONS).acquire_timeout(ACQUIRE_TIMEOUT);
        Ok(Self::from_pool(pool.connect_lazy_with(options), keys))
    }

    /// A store on a pool the host made, with the host's own settings.
    pub fn from_pool(pool: PgPool, keys: SealingKeys) -> Self {
        Self { pool, keys: Arc::new(keys), exact_up_to: EXACT_UP_TO, is_migrated: Arc::default() }
    }

    /// The same store, comparing with each embedding of a person who has at most `embeddings` of them, 20,000 by default;
    /// those of people who come to have more are found by the index of [`index_embeddings`](Self::index_embeddings).
    #[must_use]
    pub fn exact_up_to(mut self, embeddings: usize) -> Self {
        self.exact_up_to = embeddings;
        self
    }

    /// Closes all connections, those of clones too; calls that are running finish first.
    pub async fn close(&self) {
        self.pool.close().await;
    }
}

fn wrong_address() -> Error {
    let message = "the database's address cannot be read: write it as postgres://user@host/database";
    Error::new(ErrorKind::InvalidInput, message)
}

impl fmt::Debug for PostgresStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PostgresStore").finish_non_exhaustive()
    }
}
