//! A database for each row, and the one runtime that waits for it.

use std::sync::LazyLock;

use sqlx::{AssertSqlSafe, PgConnection, PgPool, postgres::PgPoolOptions};
use theo_calendar_postgres::{PostgresStore, testing::FreshDatabase};
use tokio::runtime::{Builder, Runtime};

static RUNTIME: LazyLock<Runtime> =
    LazyLock::new(|| Builder::new_current_thread().enable_all().build().expect("this machine has a poll"));

/// Runs to the end what waits for a database or a server.
pub(crate) fn wait<T>(work: impl Future<Output = T>) -> T {
    RUNTIME.block_on(work)
}

/// A migrated database, and nothing in it.
pub(crate) struct Database {
    fresh: FreshDatabase,
}

impl Database {
    pub(crate) fn new() -> Self {
        Self { fresh: wait(FreshDatabase::migrated()) }
    }

    /// Our store on it, as a role that row-level security binds.
    pub(crate) fn store(&self) -> PostgresStore {
        self.fresh.store()
    }

    pub(crate) fn url(&self) -> &str {
        self.fresh.url()
    }

    /// A connection that nothing binds.
    pub(crate) async fn superuser(&self) -> PgConnection {
        self.fresh.superuser().await
    }

    /// Connections for rivals, who have a table of their own that is the same as ours down to its indexes, with no
    /// row-level security, no feed, no sync state and no other table that refers to it.
    pub(crate) fn rivals(&self) -> PgPool {
        wait(async {
            let mut superuser = self.fresh.superuser().await;
            for statement in [
                "CREATE TABLE rival_events (LIKE events INCLUDING ALL)",
                "GRANT ALL ON rival_events TO PUBLIC",
            ] {
                run(&mut superuser, statement).await;
            }
            let pool = PgPoolOptions::new().max_connections(2);
            pool.connect_with(self.fresh.pool().connect_options().as_ref().clone())
                .await
                .expect("the database answers")
        })
    }
}

/// Runs statements without values.
pub(crate) async fn run<'c>(to: impl sqlx::Executor<'c, Database = sqlx::Postgres>, sql: &str) {
    let done = sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(to).await;
    done.unwrap_or_else(|error| panic!("{sql}: {error}"));
}
