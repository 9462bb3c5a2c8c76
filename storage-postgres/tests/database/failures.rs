//! A database that is not as it should be: one clear error each, of the kind that says whose failure it is.

use std::time::Duration;

use sqlx::{Connection, PgConnection, postgres::PgPoolOptions};
use theo_calendar::{
    Error, ErrorKind, Result,
    storage::{CalendarStore, LeaseStore},
};
use theo_calendar_postgres::{PostgresStore, testing::FreshDatabase};

use crate::{audit::append, feed::calendar_of};

fn assert_storage(error: &Error, says: &str, passes: bool) {
    assert_eq!(error.kind(), ErrorKind::Storage, "{error}");
    assert!(error.to_string().contains(says), "{error}");
    assert_eq!(error.is_retryable(), passes, "{error}");
}

async fn run(connection: &mut PgConnection, sql: &'static str) {
    sqlx::raw_sql(sql).execute(connection).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
}

#[tokio::test]
async fn a_server_without_that_database_says_so() {
    let database = FreshDatabase::bare().await;
    let url = database.url().replace("/theo_test_", "/no_such_");

    let refused = PostgresStore::connect(&url, FreshDatabase::keys()).await.expect_err("it is not there");

    assert_storage(&refused, "does not exist (3D000)", false);
}

#[tokio::test]
async fn a_missing_extension_names_what_a_superuser_runs() {
    let database = FreshDatabase::bare().await;
    run(&mut database.superuser().await, "DROP EXTENSION vector").await;

    let refused = database.store().migrate().await.expect_err("its owner may not create it");

    assert_storage(&refused, "a superuser runs CREATE EXTENSION vector", false);
}

/// As far as this database can tell: its server looks for extensions where there are none.
#[tokio::test]
async fn a_server_without_pgvector_says_to_install_it() {
    let database = FreshDatabase::bare().await;
    let hidden = "
        DROP EXTENSION vector;
        DO $$ BEGIN
            EXECUTE format('ALTER DATABASE %I SET extension_control_path = ''/nowhere''', current_database());
        END $$";
    run(&mut database.superuser().await, hidden).await;

    let refused = database.store().migrate().await.expect_err("there is no such extension");

    assert_storage(&refused, "\"vector\" is not available", false);
    assert!(refused.to_string().ends_with(": install pgvector on the server"), "{refused}");
}

#[tokio::test]
async fn an_older_schema_says_to_migrate_and_a_newer_one_to_upgrade() -> Result<()> {
    let database = FreshDatabase::migrated().await;
    let mut superuser = database.superuser().await;

    run(&mut superuser, "INSERT INTO _sqlx_migrations SELECT 9999, 'next', now(), true, '', 0").await;
    let store = database.store();
    let refused = store.migrate().await.expect_err("this program does not know it");
    assert_storage(&refused, "version 9999, newer than this program: upgrade it", false);
    // Programs of both versions run side by side while one replaces the other.
    assert_eq!(store.calendars(&"ada".into()).await?, []);

    run(&mut superuser, "DELETE FROM _sqlx_migrations WHERE version > 4").await;
    let refused = database.store().calendars(&"ada".into()).await.expect_err("it is too old");
    assert_storage(&refused, "schema is at version 4, and this program needs", false);
    assert!(refused.to_string().ends_with("run migrate() on it first"), "{refused}");
    Ok(())
}

#[tokio::test]
async fn a_read_only_database_still_reads_and_says_where_to_write() -> Result<()> {
    let database = FreshDatabase::migrated().await;
    let url = format!("{}&options[default_transaction_read_only]=on", database.url());
    let store = PostgresStore::connect(&url, FreshDatabase::keys()).await?;

    assert_eq!(store.calendars(&"ada".into()).await?, []);
    let refused = append(&store, "ada").await.expect_err("nothing can be written");
    assert_storage(&refused, "it is read-only; connect to the primary", false);
    let refused = store.acquire("l", "h", Duration::MAX).await.expect_err("a lease is written");
    assert_storage(&refused, "it is read-only; connect to the primary", false);
    Ok(())
}

/// The pool tries until its time is up, since the database may only be restarting.
#[tokio::test]
async fn while_the_database_is_away_a_call_asks_whether_it_runs_and_may_be_made_again() {
    let pool = PgPoolOptions::new().acquire_timeout(Duration::from_millis(20));
    let pool = pool.connect_lazy("postgres://ada:secret@127.0.0.1:1/calendar").expect("it is an address");
    let store = PostgresStore::from_pool(pool, FreshDatabase::keys());

    let refused = append(&store, "ada").await.expect_err("nobody listens there");

    assert_storage(&refused, "no connection was free in time: is the database running?", true);
    assert!(!refused.is_ambiguous() && !format!("{refused:?}").contains("secret"), "{refused:?}");
}

/// As the server says it: a full disk itself is another test's.
#[tokio::test]
async fn a_full_disk_says_so_stores_nothing_and_is_over_once_there_is_room() -> Result<()> {
    let database = FreshDatabase::migrated().await;
    let full = "
        CREATE FUNCTION disk_full() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN RAISE 'could not extend file: No space left on device' USING ERRCODE = '53100'; END $$;
        CREATE TRIGGER disk_full AFTER INSERT ON audit FOR EACH ROW EXECUTE FUNCTION disk_full()";
    run(&mut database.superuser().await, full).await;

    let refused = append(&database.store(), "ada").await.expect_err("the disk is full");
    assert_storage(&refused, "its disk is full; nothing was stored", false);

    run(&mut database.superuser().await, "DROP TRIGGER disk_full ON audit").await;
    append(&database.store(), "ada").await
}

#[tokio::test]
async fn a_call_whose_connection_is_ended_is_in_doubt_and_the_next_goes_well() -> Result<()> {
    let database = FreshDatabase::migrated().await;
    append(&database.store(), "ada").await?;
    let mut holder = database.superuser().await;
    run(&mut holder, "BEGIN; SELECT FROM tenants FOR UPDATE").await;
    let store = database.store();
    let waiting = tokio::spawn(async move { append(&store, "ada").await });

    let mut operator = database.superuser().await;
    while terminated(&mut operator).await == 0 {}

    let lost = waiting.await.expect("it does not panic").expect_err("its connection was ended");
    assert_storage(&lost, "being stopped or restarted", true);
    assert!(lost.is_ambiguous());
    holder.close().await.expect("it lets go");
    append(&database.store(), "ada").await
}

/// Ends whoever waits for a lock in this database, and says how many did.
async fn terminated(operator: &mut PgConnection) -> i64 {
    let ended = "
        SELECT count(pg_terminate_backend(pid))
        FROM pg_stat_activity
        WHERE datname = current_database()
          AND wait_event_type = 'Lock'";
    sqlx::query_scalar(ended).fetch_one(operator).await.expect("it may")
}

#[tokio::test]
async fn after_every_connection_was_ended_the_next_call_goes_well() -> Result<()> {
    let database = FreshDatabase::migrated().await;
    let store = database.store();
    calendar_of(&store, "ada").await?;
    let all = "
        SELECT pg_terminate_backend(pid)
        FROM pg_stat_activity
        WHERE datname = current_database()
          AND pid <> pg_backend_pid()";
    run(&mut database.superuser().await, all).await;

    assert_eq!(store.calendars(&"ada".into()).await?.len(), 1);
    Ok(())
}
