//! The database itself refuses to change the audit, and who changes it all the same is found out.

use std::sync::Arc;

use chrono::DateTime;
use theo_calendar::{
    CalendarService, Error, Result,
    audit::{Actor, AuditEntry, ChainEnd, verify},
    auth::StaticToken,
    client::CalendarClient,
    recurrence::UtcOnly,
    storage::AuditStore,
    testing::{FakeClock, FakeTimer, ScriptedHttp},
};
use theo_calendar_postgres::{PostgresStore, testing::FreshDatabase};

#[tokio::test]
async fn a_record_cannot_be_changed_or_removed_even_by_a_superuser() -> Result<()> {
    let database = FreshDatabase::migrated().await;
    let store = database.store();
    append(&store, "ada").await?;
    append(&store, "ada").await?;

    let mut superuser = database.superuser().await;
    for statement in
        ["UPDATE audit SET action = 'forged'", "DELETE FROM audit", "TRUNCATE audit", "DELETE FROM tenants"]
    {
        let refused = sqlx::query(statement).execute(&mut superuser).await;
        assert!(refused.is_err(), "{statement} must be refused");
    }

    let records = store.audit(&"ada".into(), 0, 10).await?;
    assert_eq!(records.len(), 2);
    verify(&"ada".into(), &records).map(drop)
}

#[tokio::test]
async fn whoever_tampers_with_the_triggers_off_is_found_out_at_the_first_record() -> Result<()> {
    for (tampering, found) in [
        (
            "UPDATE audit SET entry = replace(entry, 'lunch', 'dinner') WHERE number = 2",
            "record 2 of user \"ada\"",
        ),
        (
            "UPDATE audit SET hash = decode(repeat('11', 32), 'hex') WHERE number = 4",
            "record 4 of user \"ada\"",
        ),
        (
            "DELETE FROM audit WHERE number = 1",
            "record 1 of user \"ada\" was tampered with: it is missing, and 2",
        ),
        (
            "DELETE FROM audit WHERE number = 3",
            "record 3 of user \"ada\" was tampered with: it is missing, and 4",
        ),
        (
            "UPDATE audit SET number = 99 WHERE number = 2; UPDATE audit SET number = 2 WHERE number = 3; \
             UPDATE audit SET number = 3 WHERE number = 99",
            "record 2 of user \"ada\"",
        ),
        (
            "DELETE FROM audit WHERE number = 4",
            "record 4 of user \"ada\" was tampered with: it is missing, and 4",
        ),
        (
            "DELETE FROM audit",
            "record 1 of user \"ada\" was tampered with: it is missing, and 4 were written",
        ),
        ("UPDATE audit SET entry = '{}' WHERE number = 3", "record 3 of user \"ada\""),
    ] {
        let database = FreshDatabase::migrated().await;
        for _ in 0..4 {
            append(&database.store(), "ada").await?;
        }
        assert_eq!(verified(&database).await?.number, 4);

        let tampering = format!("ALTER TABLE audit DISABLE TRIGGER USER; {tampering}");
        let mut superuser = database.superuser().await;
        let done = sqlx::raw_sql(sqlx::AssertSqlSafe(tampering.clone())).execute(&mut superuser).await;
        done.unwrap_or_else(|error| panic!("{tampering}: {error}"));

        let refused = verified(&database).await.expect_err(&tampering);
        assert!(refused.to_string().contains(found), "{tampering}: {refused}");
    }
    Ok(())
}

#[tokio::test]
async fn a_last_record_written_anew_with_a_hash_that_fits_is_found_out() -> Result<()> {
    let database = FreshDatabase::migrated().await;
    append(&database.store(), "ada").await?;
    let forged = AuditEntry { summary: "Move dinner".into(), ..entry("ada") };
    let forged = ChainEnd::default().extended(forged);
    let mut superuser = database.superuser().await;
    sqlx::raw_sql("ALTER TABLE audit DISABLE TRIGGER USER").execute(&mut superuser).await.expect("it may");
    let written = sqlx::query("UPDATE audit SET entry = $1, hash = $2")
        .bind(serde_json::to_string(&forged.entry).expect("it is JSON"))
        .bind(&forged.hash[..])
        .execute(&mut superuser)
        .await;
    assert_eq!(written.expect("it can be written").rows_affected(), 1);

    let refused = verified(&database).await.expect_err("it is not the one that was written");

    assert!(refused.to_string().contains("record 1 of user \"ada\""), "{refused}");
    Ok(())
}

/// More records than are in memory at once.
#[tokio::test]
async fn of_a_long_audit_the_first_record_that_was_changed_is_named() -> Result<()> {
    let database = FreshDatabase::migrated().await;
    let store = database.store();
    for _ in 0..1_100 {
        append(&store, "ada").await?;
    }
    assert_eq!(verified(&database).await?.number, 1_100);

    let tampering = "
        ALTER TABLE audit DISABLE TRIGGER USER;
        UPDATE audit SET entry = replace(entry, 'lunch', 'dinner') WHERE number IN (777, 778, 1050)";
    sqlx::raw_sql(tampering).execute(&mut database.superuser().await).await.expect("it may");

    let refused = verified(&database).await.expect_err("three records were changed");
    assert!(refused.to_string().contains("record 777 of user \"ada\""), "{refused}");
    Ok(())
}

/// As a host asks.
pub(crate) async fn verified(database: &FreshDatabase) -> Result<ChainEnd, Error> {
    let clock = FakeClock::default();
    let timer = FakeTimer::new(&clock);
    let client =
        CalendarClient::builder(ScriptedHttp::default(), StaticToken::new("t"), clock.clone(), timer);
    let store = Arc::new(database.store());
    let service = CalendarService::new(store, client.build()?, Arc::new(clock), Arc::new(UtcOnly), "test");
    service.verify_audit(&"ada".into()).await
}

/// Appends a record for `user`.
pub(crate) async fn append(store: &PostgresStore, user: &str) -> Result<()> {
    store.append_audit(&entry(user)).await.map(drop)
}

pub(crate) fn entry(user: &str) -> AuditEntry {
    AuditEntry {
        user: user.into(),
        actor: Actor::Service,
        action: "approval.requested".into(),
        approval: None,
        summary: "Move lunch".into(),
        at: DateTime::UNIX_EPOCH,
    }
}
