//! The schema: how it comes to be, what it keeps apart, and what is said where it is missing.

use futures_util::future::join_all;
use sqlx::{Connection, PgConnection};
use theo_calendar::{
    ErrorKind, Result,
    storage::{CalendarStore, LeaseStore},
    sync::SyncResource,
};
use theo_calendar_postgres::{PostgresStore, testing::FreshDatabase};

#[tokio::test]
async fn processes_that_start_at_once_migrate_once() -> Result<()> {
    let database = FreshDatabase::bare().await;
    let stores: Vec<_> = (0..4).map(|_| database.store()).collect();

    for migrated in join_all(stores.iter().map(PostgresStore::migrate)).await {
        migrated?;
    }

    stores[0].migrate().await?;
    assert_eq!(stores[0].calendars(&"ada".into()).await?, []);
    Ok(())
}

#[tokio::test]
async fn a_database_without_the_schema_says_to_migrate() {
    let store = FreshDatabase::bare().await.store();

    let refused = store.calendars(&"ada".into()).await.expect_err("there is no table");

    assert_eq!(refused.kind(), ErrorKind::Storage);
    assert!(refused.to_string().contains("run migrate()"), "{refused}");
}

#[tokio::test]
async fn a_wrong_address_is_named_without_its_password() {
    let refused = PostgresStore::connect("mysql://ada:secret@localhost", FreshDatabase::keys()).await;

    let refused = refused.expect_err("it is no address of PostgreSQL");
    assert_eq!(refused.kind(), ErrorKind::InvalidInput);
    assert!(!format!("{refused:?}").contains("secret"), "{refused:?}");
}

#[tokio::test]
async fn a_database_that_does_not_answer_is_said_at_once() {
    let url = "postgres://ada:secret@localhost/calendar?host=/nowhere";

    let refused = PostgresStore::connect(url, FreshDatabase::keys()).await.expect_err("nobody listens there");

    assert_eq!(refused.kind(), ErrorKind::Storage);
    assert!(refused.is_retryable() && refused.to_string().contains("is it running"), "{refused}");
    assert!(!format!("{refused:?}").contains("secret"), "{refused:?}");
}

#[tokio::test]
async fn a_statement_that_forgets_the_user_finds_nothing_of_others() -> Result<()> {
    let database = FreshDatabase::migrated().await;
    let store = database.store();
    for user in ["ada", "bob"] {
        crate::feed::calendar_of(&store, user).await?;
    }
    let mut connection = database.pool().acquire().await.expect("a connection").detach();

    assert_eq!(calendars_seen(&mut connection, "").await, 0);
    assert_eq!(calendars_seen(&mut connection, "SET theo.user_id = 'ada'").await, 1);

    let stolen = sqlx::query("UPDATE calendars SET user_id = 'bob'").execute(&mut connection).await;
    assert!(stolen.is_err(), "no row can be given away");
    connection.close().await.expect("it closes");
    Ok(())
}

#[tokio::test]
async fn a_lease_runs_by_the_databases_clock() -> Result<()> {
    let database = FreshDatabase::migrated().await;
    let store = database.store();
    let name = SyncResource::CalendarList(theo_calendar::id::AccountKey::new("ada", "a")).lease_name();

    let lease = store.acquire(&name, "worker", std::time::Duration::MAX).await?;

    let left: bool = sqlx::query_scalar("SELECT $1 > clock_timestamp() + interval '999 years'")
        .bind(lease.map(|lease| lease.expires_at))
        .fetch_one(database.pool())
        .await
        .expect("the database compares");
    assert!(left, "the longest lease is cut, not refused");
    Ok(())
}

async fn calendars_seen(connection: &mut PgConnection, setting: &'static str) -> i64 {
    sqlx::raw_sql(setting).execute(&mut *connection).await.expect("it can be set");
    let seen = sqlx::query_scalar("SELECT count(*) FROM calendars").fetch_one(&mut *connection).await;
    seen.expect("they can be counted")
}
