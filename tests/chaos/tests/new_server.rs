//! A server that holds no roles of ours yet: they belong to the whole server, so each test starts one of its own.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::sync::atomic::{AtomicU32, Ordering};

use chaos::Server;
use chrono::DateTime;
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use theo_calendar::{
    ErrorKind, Result,
    audit::{Actor, AuditEntry},
    storage::{AuditStore, ChannelStore},
};
use theo_calendar_postgres::{PostgresStore, testing::FreshDatabase};

fn server() -> Server {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    Server::start(&std::env::temp_dir().join(format!("theo-new-server-{}-{number}", std::process::id())))
}

/// Name, whether it may log in, whether anything binds it.
async fn our_roles(superuser: &mut PgConnection) -> Vec<(String, bool, bool)> {
    let query = sqlx::query_as(
        "SELECT rolname::text, rolcanlogin, rolsuper OR rolbypassrls OR rolcreaterole
         FROM pg_roles
         WHERE rolname IN ('theo_app', 'theo_worker')
         ORDER BY rolname",
    );
    query.fetch_all(superuser).await.unwrap()
}

async fn run(connection: &mut PgConnection, sql: &str) {
    sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(connection).await.unwrap();
}

async fn records(connection: &mut PgConnection) -> i64 {
    sqlx::query_scalar("SELECT count(*) FROM audit").fetch_one(connection).await.unwrap()
}

/// What is stored for a person is theirs alone, and work is looked for among everybody's.
async fn assert_usable(store: &PostgresStore, owner: &mut PgConnection) -> Result<()> {
    let entry = AuditEntry {
        user: "ada".into(),
        actor: Actor::Service,
        action: "approval.requested".into(),
        approval: None,
        summary: "Move lunch".into(),
        at: DateTime::UNIX_EPOCH,
    };
    store.append_audit(&entry).await?;
    assert_eq!(store.audit(&"ada".into(), 0, 10).await?.len(), 1);
    assert_eq!(store.audit(&"bob".into(), 0, 10).await?, []);
    assert_eq!(store.channels_expiring(DateTime::UNIX_EPOCH, 10).await?, []);
    assert_eq!(records(owner).await, 0, "row-level security binds the tables' owner");
    run(owner, "SET theo.user_id = 'ada'").await;
    assert_eq!(records(owner).await, 1);
    Ok(())
}

/// Issue 3: as the first login of a hosted server is.
#[tokio::test]
async fn a_login_that_is_no_superuser_but_may_create_roles_makes_them_and_is_bound() -> Result<()> {
    let server = server();
    let mut superuser = server.superuser("postgres").await;
    assert_eq!(our_roles(&mut superuser).await, []);

    let store = server.create("theo").await;

    let made = ["theo_app", "theo_worker"].map(|name| (name.to_owned(), false, false));
    assert_eq!(our_roles(&mut superuser).await, made);
    let mut owner = PgConnection::connect(server.database("theo").as_str()).await.unwrap();
    assert_usable(&store, &mut owner).await
}

#[tokio::test]
async fn a_login_that_may_not_create_roles_is_told_what_a_superuser_runs_and_that_is_enough() -> Result<()> {
    let server = server();
    let mut superuser = server.superuser("postgres").await;
    run(&mut superuser, "CREATE ROLE modest LOGIN").await;
    run(&mut superuser, "CREATE DATABASE modest OWNER modest").await;
    run(&mut server.superuser("modest").await, "CREATE EXTENSION vector").await;
    let mut url = server.database("modest");
    url.set_username("modest").unwrap();
    let store = PostgresStore::connect(url.as_str(), FreshDatabase::keys()).await?;

    let refused = store.migrate().await.expect_err("it may not make what is missing");

    assert_eq!(refused.kind(), ErrorKind::Storage);
    assert!(!refused.is_retryable());
    let said = refused.to_string();
    assert!(said.contains("the role \"theo_app\" is missing and \"modest\" may not create it"), "{said}");
    assert_eq!(our_roles(&mut superuser).await, []);
    let advice = said.split_once("a superuser runs once: ").and_then(|(_, sql)| sql.strip_suffix(" (42501)"));
    run(&mut superuser, advice.unwrap_or_else(|| panic!("nothing comes after what to run: {said}"))).await;

    store.migrate().await?;
    let mut owner = PgConnection::connect(url.as_str()).await.unwrap();
    assert_usable(&store, &mut owner).await
}
