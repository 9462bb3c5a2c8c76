//! The schema, as numbered migrations carried in the program.

use sqlx::{
    SqlSafeStr,
    migrate::{MigrateError, Migration, MigrationType, Migrator},
};
use theo_calendar::{Error, ErrorKind, Result};

use crate::{PostgresStore, error::failed, search};

/// Number, name, statements.
pub(crate) const MIGRATIONS: &[(i64, &str, &str)] = &[
    (1, "mirror", include_str!("../migrations/0001_mirror.sql")),
    (2, "approvals and audit", include_str!("../migrations/0002_approvals_and_audit.sql")),
    (3, "grants", include_str!("../migrations/0003_grants.sql")),
    (4, "row-level security", include_str!("../migrations/0004_row_level_security.sql")),
    (5, "roles", include_str!("../migrations/0005_roles.sql")),
    (6, "search", include_str!("../migrations/0006_search.sql")),
    (7, "rate limits", include_str!("../migrations/0007_rate_limits.sql")),
    (8, "workers", include_str!("../migrations/0008_workers.sql")),
    (9, "length bits", include_str!("../migrations/0009_length_bits.sql")),
    (10, "watching", include_str!("../migrations/0010_watching.sql")),
    (11, "channels of a person", include_str!("../migrations/0011_channels_of_a_person.sql")),
    (12, "storing", include_str!("../migrations/0012_storing.sql")),
    (13, "series", include_str!("../migrations/0013_series.sql")),
    (14, "consents", include_str!("../migrations/0014_consents.sql")),
];

/// A migration may take long, and so may waiting for another process that runs it.
pub(crate) const WITHOUT_TIMEOUTS: &str = "
    SELECT set_config('statement_timeout', '0', false),
           set_config('lock_timeout', '0', false)";

const APPLIED: &str = "
    SELECT version, checksum
    FROM _sqlx_migrations
    WHERE success
    ORDER BY version";

impl PostgresStore {
    /// Brings the schema up to this version; does nothing where it is, so that a login that owns nothing may call it.
    ///
    /// Processes that start at once wait for each other: an advisory lock lets one at a time.
    ///
    /// # Errors
    /// [`ErrorKind::Storage`] when the login may not, an extension is missing, or the schema is a newer version's.
    pub async fn migrate(&self) -> Result<()> {
        let connection = self.pool.acquire().await.map_err(failed("connecting"))?;
        // Taken out of the pool: its settings go with it.
        let mut connection = connection.detach();
        sqlx::query(WITHOUT_TIMEOUTS)
            .execute(&mut connection)
            .await
            .map_err(failed("preparing migrations"))?;
        let migrations = MIGRATIONS.iter().map(|&(version, name, sql)| {
            Migration::new(version, name.into(), MigrationType::Simple, sql.into_sql_str(), false)
        });
        let migrations: Vec<_> = migrations.collect();
        // Not readable where there is no schema yet: the migrator makes it, or says why not.
        let applied: Vec<(i64, Vec<u8>)> =
            sqlx::query_as(APPLIED).fetch_all(&mut connection).await.unwrap_or_default();
        let known = migrations.iter().map(|migration| (migration.version, migration.checksum.to_vec()));
        if !known.eq(applied) {
            let migrator = Migrator::with_migrations(migrations);
            migrator.run_direct(None, &mut connection, false).await.map_err(refused)?;
        }
        search::fill(&mut connection).await
    }
}

/// The schema is at version `found`, or not there at all.
pub(crate) fn old_schema(found: Option<i64>) -> Error {
    let newest = MIGRATIONS.last().map_or(0, |(version, ..)| *version);
    let message = match found {
        None => format!("the database has no schema of version {newest}: run migrate() on it first"),
        Some(found) => format!(
            "the database's schema is at version {found}, and this program needs {newest}: run migrate() on it first"
        ),
    };
    Error::new(ErrorKind::Storage, message)
}

fn refused(error: MigrateError) -> Error {
    match error {
        MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => failed("migrating")(error),
        MigrateError::VersionMissing(version) => {
            let message = format!("the schema is at version {version}, newer than this program: upgrade it");
            Error::new(ErrorKind::Storage, message)
        }
        other => {
            let message = format!("the schema cannot be brought up to date: {other}");
            Error::new(ErrorKind::Storage, message).with_source(other)
        }
    }
}
