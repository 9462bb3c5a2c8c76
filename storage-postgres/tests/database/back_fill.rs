//! A database with rows of an older version, brought up to this one.

use sqlx::{
    Connection, PgConnection, SqlSafeStr,
    migrate::{Migration, MigrationType, Migrator},
};
use theo_calendar::{
    Result,
    audit::{AuditRecord, ChainEnd},
    storage::AuditStore,
};
use theo_calendar_postgres::testing::FreshDatabase;

use crate::audit::{append, entry, verified};

/// The last schema that did not keep where each person's audit ends.
const BEFORE_ENDS: [(i64, &str, &str); 4] = [
    (1, "mirror", include_str!("../../migrations/0001_mirror.sql")),
    (2, "approvals and audit", include_str!("../../migrations/0002_approvals_and_audit.sql")),
    (3, "grants", include_str!("../../migrations/0003_grants.sql")),
    (4, "row-level security", include_str!("../../migrations/0004_row_level_security.sql")),
];

/// A database at migration 4, in which `ada` has as many audit records and `bob` has none.
async fn before_ends(records: usize) -> FreshDatabase {
    let database = FreshDatabase::bare().await;
    let mut owner = PgConnection::connect(database.url()).await.expect("the database answers");
    let migrations = BEFORE_ENDS.map(|(version, name, sql)| {
        Migration::new(version, name.into(), MigrationType::Simple, sql.into_sql_str(), false)
    });
    let migrator = Migrator::with_migrations(migrations.into());
    migrator.run_direct(None, &mut owner, false).await.expect("the older migrations run");
    for user in ["ada", "bob"] {
        let query = sqlx::query(TENANT).bind(user);
        query.execute(&mut owner).await.expect("a person is stored");
    }
    sqlx::raw_sql("SET theo.user_id = 'ada'").execute(&mut owner).await.expect("it can be set");
    let mut end = ChainEnd::default();
    for _ in 0..records {
        let record = end.extended(entry("ada"));
        insert(&mut owner, &record).await;
        end = record.end();
    }
    owner.close().await.expect("it closes");
    database
}

const TENANT: &str = "
    WITH person AS (
        SELECT $1 AS user_id, set_config('theo.user_id', $1, false)
    )
    INSERT INTO tenants (user_id)
    SELECT user_id
    FROM person";

async fn insert(owner: &mut PgConnection, record: &AuditRecord) {
    let query = sqlx::query(RECORD)
        .bind(i64::try_from(record.number).expect("it is small"))
        .bind(&record.entry.action)
        .bind(record.entry.at)
        .bind(serde_json::to_string(&record.entry).expect("it is JSON"))
        .bind(&record.previous[..])
        .bind(&record.hash[..]);
    query.execute(owner).await.expect("a record is stored");
}

const RECORD: &str = "
    INSERT INTO audit (user_id, number, action, at, entry, previous, hash)
    VALUES ('ada', $1, $2, $3, $4, $5, $6)";

#[tokio::test]
async fn an_audit_from_before_its_end_was_kept_verifies_and_goes_on() -> Result<()> {
    let database = before_ends(3).await;

    database.store().migrate().await?;

    let store = database.store();
    assert_eq!(verified(&database).await?.number, 3);
    assert_eq!(store.audit_end(&"bob".into()).await?, ChainEnd::default());
    append(&store, "ada").await?;
    append(&store, "bob").await?;
    assert_eq!(verified(&database).await?.number, 4);
    Ok(())
}

#[tokio::test]
async fn a_record_cut_off_after_the_end_was_filled_in_is_missed() -> Result<()> {
    let database = before_ends(3).await;
    database.store().migrate().await?;
    let tampering = "ALTER TABLE audit DISABLE TRIGGER USER; DELETE FROM audit WHERE number = 3";
    sqlx::raw_sql(tampering).execute(&mut database.superuser().await).await.expect("it may");

    let refused = verified(&database).await.expect_err("the last record is gone");

    assert!(
        refused.to_string().contains("record 3 of user \"ada\" was tampered with: it is missing"),
        "{refused}"
    );
    Ok(())
}
