//! Which store a flow runs over.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use sqlx::{PgPool, postgres::PgPoolOptions};
use theo_calendar::{
    storage::{MemoryStore, Storage},
    testing::FakeClock,
};
use theo_calendar_postgres::{PostgresStore, testing::FreshDatabase};

/// Which store a flow runs over. A flow that must hold over each is a module that stands twice in its test program,
/// once beside each of these under the name `STORE`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stores {
    /// In memory: the one by default.
    Memory,
    /// A PostgreSQL database of the test's own, on the server of `make test`.
    Postgres,
}

impl Stores {
    /// An empty store.
    pub async fn fresh(self, clock: &FakeClock) -> FreshStore {
        match self {
            Self::Memory => FreshStore::in_memory(clock),
            Self::Postgres => FreshStore::in_postgres().await,
        }
    }

    /// How large a test of much work is: on PostgreSQL each step waits for a server.
    pub fn size(self, memory: usize, postgres: usize) -> usize {
        match self {
            Self::Memory => memory,
            Self::Postgres => postgres,
        }
    }
}

/// A store that was empty, and that no other test sees.
pub struct FreshStore {
    /// The store.
    pub storage: Arc<dyn Storage>,
    database: Option<OwnDatabase>,
}

impl FreshStore {
    /// One in memory, by `clock`.
    pub fn in_memory(clock: &FakeClock) -> Self {
        Self { storage: Arc::new(MemoryStore::new(Arc::new(clock.clone()))), database: None }
    }

    async fn in_postgres() -> Self {
        let database = OwnDatabase::take().await;
        let storage = Arc::new(PostgresStore::from_pool(database.pool.clone(), FreshDatabase::keys()));
        Self { storage, database: Some(database) }
    }

    /// The address of its database, where it has one.
    pub fn database(&self) -> Option<&str> {
        self.database.as_ref()?.fresh.as_ref().map(FreshDatabase::url)
    }

    /// Lets `time` pass for its leases, where they run on a clock that no test sets: the database's.
    ///
    /// The one in memory runs on the test's own.
    pub async fn pass(&self, time: Duration) {
        let Some(database) = &self.database else { return };
        let seconds = time.as_secs_f64();
        sqlx::query(AGE_LEASES).bind(seconds).execute(&database.pool).await.unwrap();
    }
}

const AGE_LEASES: &str = "
    UPDATE leases
    SET expires_at = expires_at - $1 * interval '1 second'";

/// A database, and connections to it in the runtime of the test that took it. It is emptied and used again: some tests
/// need hundreds.
struct OwnDatabase {
    fresh: Option<FreshDatabase>,
    pool: PgPool,
}

/// Databases whose tests are over.
static IDLE: Mutex<Vec<FreshDatabase>> = Mutex::new(Vec::new());

impl OwnDatabase {
    async fn take() -> Self {
        let idle = IDLE.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let fresh = match idle {
            None => FreshDatabase::migrated().await,
            Some(used) => {
                let mut superuser = used.superuser().await;
                sqlx::raw_sql(EMPTY).execute(&mut superuser).await.unwrap();
                used
            }
        };
        let pool = PgPoolOptions::new().max_connections(6).connect_lazy(fresh.url()).unwrap();
        Self { fresh: Some(fresh), pool }
    }
}

impl Drop for OwnDatabase {
    fn drop(&mut self) {
        if let Some(fresh) = self.fresh.take() {
            IDLE.lock().unwrap_or_else(PoisonError::into_inner).push(fresh);
        }
    }
}

/// Whoever is still connected was of the test before. The audit refuses to be emptied by a trigger.
const EMPTY: &str = "
    SELECT pg_terminate_backend(pid, 5000)
    FROM pg_stat_activity
    WHERE datname = current_database()
      AND pid <> pg_backend_pid();
    SET session_replication_role = replica;
    DO $$
    DECLARE
        names text;
    BEGIN
        SELECT string_agg(format('%I', tablename), ', ')
        INTO names
        FROM pg_tables
        WHERE schemaname = 'public'
          AND tablename <> '_sqlx_migrations';
        EXECUTE 'TRUNCATE ' || names;
    END
    $$";
