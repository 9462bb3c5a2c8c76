//! Whom a transaction acts for: one person, or a worker that looks among everybody's.

use std::sync::atomic::Ordering;

use sqlx::{Postgres, Transaction};
use theo_calendar::{Error, ErrorKind, Result, id::UserId};

use crate::{
    PostgresStore,
    error::{code, failed},
    migrate::{MIGRATIONS, old_schema},
};

/// Row-level security lets the rows of this person through, until the transaction ends.
const AS_USER: &str = "
    SELECT set_config('role', 'theo_app', true),
           set_config('theo.user_id', $1, true)";

/// The role's own policies let through what a worker looks for.
const AS_WORKER: &str = "
    SELECT set_config('role', 'theo_worker', true)";

const VERSION: &str = "
    SELECT max(version)
    FROM _sqlx_migrations
    WHERE success";

impl PostgresStore {
    pub(crate) async fn of_user(&self, user: &UserId) -> Result<Transaction<'static, Postgres>> {
        let mut transaction = self.begin().await?;
        let query = sqlx::query(AS_USER).bind(user.as_str());
        let taken = query.execute(&mut *transaction).await;
        taken.map_err(|error| self.may_not(error, "theo_app", ""))?;
        self.check_schema(&mut transaction).await?;
        Ok(transaction)
    }

    pub(crate) async fn across_users(&self) -> Result<Transaction<'static, Postgres>> {
        let mut transaction = self.begin().await?;
        let taken = sqlx::query(AS_WORKER).execute(&mut *transaction).await;
        taken.map_err(|error| self.may_not(error, "theo_worker", " WITH INHERIT FALSE, SET TRUE"))?;
        self.check_schema(&mut transaction).await?;
        Ok(transaction)
    }

    /// Begins a transaction, on a task of its own that ends also where nobody waits for it any more: a `BEGIN` given up
    /// half-way leaves its connection to others with a transaction that nothing ends (sqlx 0.9.0, its issue 4393).
    pub(crate) async fn begin(&self) -> Result<Transaction<'static, Postgres>> {
        let pool = self.pool.clone();
        let begun = tokio::spawn(async move { pool.begin().await }).await;
        let begun = begun.map_err(|error| {
            Error::new(ErrorKind::Storage, "the program is shutting down: nothing was stored")
                .with_source(error)
        })?;
        begun.map_err(failed("beginning a transaction"))
    }

    /// Says which right the login lacks, where that is what is wrong.
    fn may_not(&self, error: sqlx::Error, role: &str, how: &str) -> Error {
        let login = self.pool.connect_options().get_username().to_owned();
        match code(&error).as_deref() {
            Some("42501") => {
                let message = format!(
                    "the login \"{login}\" may not act as {role}; an administrator runs once: \
                     GRANT {role} TO \"{login}\"{how}"
                );
                Error::new(ErrorKind::Storage, message).with_source(error)
            }
            // No such role on the whole server.
            Some("22023") => old_schema(None).with_source(error),
            _ => failed("beginning a transaction")(error),
        }
    }

    /// Fails where the schema is older than this program. Asked once: it never grows older.
    async fn check_schema(&self, transaction: &mut Transaction<'static, Postgres>) -> Result<()> {
        if self.is_migrated.load(Ordering::Relaxed) {
            return Ok(());
        }
        let newest = MIGRATIONS.last().map(|(version, ..)| *version);
        let found = sqlx::query_scalar(VERSION).fetch_one(&mut **transaction).await;
        let found: Option<i64> = found.map_err(|error| match code(&error).as_deref() {
            // No such table, or one from before roles were granted anything.
            Some("42P01" | "42501") => old_schema(None).with_source(error),
            _ => failed("reading the schema's version")(error),
        })?;
        if found < newest {
            return Err(old_schema(found));
        }
        self.is_migrated.store(true, Ordering::Relaxed);
        Ok(())
    }
}
