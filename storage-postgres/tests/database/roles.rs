//! What a login may do that owns nothing.

use sqlx::{AssertSqlSafe, Connection, PgConnection};
use theo_calendar::{
    ErrorKind, Result,
    storage::{ApprovalStore, CalendarStore, ChannelStore, SyncStore},
};
use theo_calendar_postgres::testing::FreshDatabase;

use crate::{audit::append, feed::calendar_of};

/// A fresh database for a login that may act as both roles.
pub(crate) async fn member() -> FreshDatabase {
    FreshDatabase::migrated().await.login(&["theo_app", "theo_worker"]).await
}

#[tokio::test]
async fn a_login_that_is_no_worker_is_refused_what_crosses_users_and_told_the_grant() -> Result<()> {
    let store = FreshDatabase::migrated().await.login(&["theo_app"]).await.store();
    calendar_of(&store, "ada").await?;
    assert_eq!(store.calendars(&"ada".into()).await?.len(), 1);

    let now = chrono::DateTime::UNIX_EPOCH;
    for refused in [
        store.resources_due(now, now, 1).await.map(drop),
        store.approvals_expired(now, 1).await.map(drop),
        store.approvals_in_doubt(now, 1).await.map(drop),
        store.channels_expiring(now, 1).await.map(drop),
        store.channel(&"c".into()).await.map(drop),
    ] {
        let refused = refused.expect_err("it is no worker");
        assert_eq!(refused.kind(), ErrorKind::Storage);
        let grant = "GRANT theo_worker TO \"theo_test_theo_app\" WITH INHERIT FALSE, SET TRUE";
        assert!(refused.to_string().ends_with(grant), "{refused}");
    }
    Ok(())
}

#[tokio::test]
async fn a_login_without_roles_is_told_the_grant() {
    let store = FreshDatabase::migrated().await.login(&[]).await.store();

    let refused = store.calendars(&"ada".into()).await.expect_err("it may do nothing");

    assert!(refused.to_string().ends_with("GRANT theo_app TO \"theo_test_\""), "{refused}");
}

#[tokio::test]
async fn a_member_sees_nobodys_rows_until_it_says_whose() -> Result<()> {
    let database = member().await;
    for user in ["ada", "bob"] {
        calendar_of(&database.store(), user).await?;
        append(&database.store(), user).await?;
    }
    let mut member = connection(&database).await;

    for table in tables(&mut member).await {
        assert_eq!(count(&mut member, &table).await, 0, "{table}");
    }
    run(&mut member, "SET theo.user_id = 'ada'").await.expect("it can be set");
    assert_eq!(count(&mut member, "calendars").await, 1);
    assert_eq!(count(&mut member, "audit").await, 1);
    // What once made a worker of anybody.
    run(&mut member, "SET theo.is_worker = 'true'").await.expect("it can be set");
    assert_eq!(count(&mut member, "calendars").await, 1);
    Ok(())
}

#[tokio::test]
async fn a_worker_sees_what_is_due_and_nothing_of_a_mirror_an_audit_or_a_grant() -> Result<()> {
    let database = member().await;
    calendar_of(&database.store(), "ada").await?;
    let mut worker = connection(&database).await;
    run(&mut worker, "SET ROLE theo_worker").await.expect("it is a member");

    assert_eq!(count(&mut worker, "calendars").await, 1);
    for statement in [
        "SELECT FROM events",
        "SELECT FROM grants",
        "SELECT sealed FROM consents",
        "DELETE FROM consents",
        "SELECT FROM audit",
        "SELECT audit_hash FROM tenants",
        "SELECT FROM quarantine",
        "SELECT FROM changes",
        "SELECT FROM embeddings",
        "UPDATE calendars SET title = ''",
        "DELETE FROM approvals",
        "DELETE FROM channels",
        "UPDATE channels SET user_id = 'eve'",
    ] {
        let refused = run(&mut worker, statement).await.expect_err(statement);
        assert!(refused.to_string().contains("permission denied"), "{statement}: {refused}");
    }
    Ok(())
}

#[tokio::test]
async fn a_member_may_not_change_the_audit() -> Result<()> {
    let database = member().await;
    append(&database.store(), "ada").await?;
    let mut member = connection(&database).await;
    run(&mut member, "SET theo.user_id = 'ada'").await.expect("it can be set");

    for statement in ["UPDATE audit SET action = 'forged'", "DELETE FROM audit", "TRUNCATE audit"] {
        let refused = run(&mut member, statement).await.expect_err(statement);
        assert!(refused.to_string().contains("permission denied for table audit"), "{statement}: {refused}");
    }
    Ok(())
}

#[tokio::test]
async fn a_superusers_login_is_bound_as_well() -> Result<()> {
    let database = FreshDatabase::migrated().await;
    calendar_of(&database.store(), "ada").await?;
    append(&database.store(), "ada").await?;
    let mut superuser = database.superuser().await;
    let taken = "BEGIN; SELECT set_config('role', 'theo_app', true), set_config('theo.user_id', 'bob', true)";

    run(&mut superuser, taken).await.expect("a superuser takes any role");

    for table in tables(&mut superuser).await {
        assert_eq!(count(&mut superuser, &table).await, 0, "{table}");
    }
    Ok(())
}

/// Holds for tables of later migrations too.
#[tokio::test]
async fn every_table_of_a_person_is_bound_and_its_keys_are_led_by_the_person() {
    let database = FreshDatabase::migrated().await;
    let mut superuser = database.superuser().await;

    let unbound: Vec<String> = sqlx::query_scalar(UNBOUND).fetch_all(&mut superuser).await.expect("read");
    assert!(unbound.is_empty(), "{unbound:?} must force row-level security with a policy");
    let unled: Vec<String> = sqlx::query_scalar(UNLED).fetch_all(&mut superuser).await.expect("read");
    assert!(unled.is_empty(), "{unled:?} must begin with user_id");
}

const UNBOUND: &str = "
    SELECT relname::text
    FROM pg_class
    JOIN pg_attribute ON attrelid = pg_class.oid AND attname = 'user_id'
    WHERE relkind IN ('r', 'p')
      AND relnamespace = current_schema()::regnamespace
      AND NOT (relrowsecurity AND relforcerowsecurity
               AND EXISTS (SELECT FROM pg_policy WHERE polrelid = pg_class.oid AND polname = 'own_rows'))";

const UNLED: &str = "
    SELECT indexrelid::regclass::text
    FROM pg_index
    JOIN pg_class ON pg_class.oid = indrelid
    JOIN pg_attribute ON attrelid = indrelid AND attname = 'user_id'
    WHERE indisunique
      AND relnamespace = current_schema()::regnamespace
      AND indkey[0] <> attnum";

const TABLES: &str = "
    SELECT relname::text
    FROM pg_class
    JOIN pg_attribute ON attrelid = pg_class.oid AND attname = 'user_id'
    WHERE relkind IN ('r', 'p')
      AND relnamespace = current_schema()::regnamespace";

async fn tables(connection: &mut PgConnection) -> Vec<String> {
    sqlx::query_scalar(TABLES).fetch_all(connection).await.expect("the catalogue can be read")
}

async fn count(connection: &mut PgConnection, table: &str) -> i64 {
    let sql = format!("SELECT count(*) FROM {table}");
    let counted = sqlx::query_scalar(AssertSqlSafe(sql)).fetch_one(connection).await;
    counted.unwrap_or_else(|error| panic!("{table}: {error}"))
}

async fn run(connection: &mut PgConnection, sql: &'static str) -> sqlx::Result<()> {
    sqlx::raw_sql(sql).execute(connection).await.map(drop)
}

async fn connection(database: &FreshDatabase) -> PgConnection {
    PgConnection::connect(database.url()).await.expect("the database answers")
}
