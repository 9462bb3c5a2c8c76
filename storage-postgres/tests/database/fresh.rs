//! A database of its own for each test, made from a template that was migrated once.

use std::{
    collections::hash_map::DefaultHasher,
    hash::{Hash, Hasher},
    str::FromStr,
    sync::atomic::{AtomicU32, Ordering},
};

use sqlx::{
    AssertSqlSafe, ConnectOptions, Connection, PgConnection, PgPool,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use theo_calendar_postgres::{PostgresStore, SealingKey, SealingKeys};

/// Owns the databases.
const OWNER: &str = "theo_owner";

/// An empty store.
pub(crate) async fn store() -> PostgresStore {
    PostgresStore::from_pool(pool().await, keys())
}

/// Connections to a fresh database with the schema, as its owner: no superuser, so that row-level security binds.
pub(crate) async fn pool() -> PgPool {
    let template = template().await;
    connect(&create(Some(&template)).await).await
}

/// Connections to a fresh database without anything.
pub(crate) async fn bare() -> PgPool {
    let admin = locked().await;
    admin.close().await.expect("the lock goes with its connection");
    connect(&create(None).await).await
}

/// A connection to the database of `pool` that nothing binds: what an operator, or a thief, has.
pub(crate) async fn superuser(pool: &PgPool) -> PgConnection {
    let database = pool.connect_options().get_database().map(str::to_owned).expect("it has a name");
    server().database(&database).connect().await.expect("the server answers")
}

pub(crate) fn keys() -> SealingKeys {
    SealingKeys::new(SealingKey::new("test", [7; 32]))
}

fn server() -> PgConnectOptions {
    let url = std::env::var("THEO_TEST_DATABASE_URL");
    let url = url.expect("these tests need a PostgreSQL server: run `make test`, which starts one");
    let options =
        PgConnectOptions::from_str(&url).expect("THEO_TEST_DATABASE_URL is an address of PostgreSQL");
    options.disable_statement_logging()
}

async fn connect(database: &str) -> PgPool {
    let options = PgPoolOptions::new().max_connections(6);
    options
        .connect_with(server().database(database).username(OWNER))
        .await
        .expect("the fresh database answers")
}

async fn create(template: Option<&str>) -> String {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let name = format!("theo_test_{}_{number}", std::process::id());
    let mut admin = server().connect().await.expect("the server answers");
    make(&mut admin, &name, template).await;
    name
}

async fn make(admin: &mut PgConnection, name: &str, template: Option<&str>) {
    run(admin, &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await;
    let from = template.unwrap_or("template0");
    run(admin, &format!("CREATE DATABASE {name} TEMPLATE {from} OWNER {OWNER} ENCODING 'UTF8'")).await;
    if template.is_none() {
        // The one thing a superuser must do: this server does not trust the extension to a database's owner.
        let mut inside = server().database(name).connect().await.expect("the new database answers");
        run(&mut inside, "CREATE EXTENSION vector").await;
        inside.close().await.expect("it closes");
    }
}

/// The name of the migrated template: made by whichever test, in whichever process, comes first.
async fn template() -> String {
    let mut migrations = DefaultHasher::new();
    for sql in [
        include_str!("../../migrations/0001_mirror.sql"),
        include_str!("../../migrations/0002_approvals_and_audit.sql"),
        include_str!("../../migrations/0003_grants.sql"),
        include_str!("../../migrations/0004_row_level_security.sql"),
    ] {
        sql.hash(&mut migrations);
    }
    let name = format!("theo_template_{:x}", migrations.finish());
    let mut admin = locked().await;
    let query =
        sqlx::query_scalar("SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1 AND datistemplate)");
    let is_there: bool =
        query.bind(&name).fetch_one(&mut admin).await.expect("the server lists its databases");
    if !is_there {
        make(&mut admin, &name, None).await;
        let store = PostgresStore::from_pool(connect(&name).await, keys());
        store.migrate().await.expect("the migrations run");
        store.close().await;
        run(&mut admin, &format!("ALTER DATABASE {name} IS_TEMPLATE true")).await;
    }
    admin.close().await.expect("the lock goes with its connection");
    name
}

/// A connection that no other test's has beside it, to a server with the owner's role.
async fn locked() -> PgConnection {
    let mut admin = server().connect().await.expect("the server answers");
    run(&mut admin, "SELECT pg_advisory_lock(7368656)").await;
    let query = sqlx::query_scalar("SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = $1)");
    let is_there: bool = query.bind(OWNER).fetch_one(&mut admin).await.expect("the server lists its roles");
    if !is_there {
        run(&mut admin, &format!("CREATE ROLE {OWNER} LOGIN")).await;
    }
    admin
}

async fn run(admin: &mut PgConnection, sql: &str) {
    let done = sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(admin).await;
    done.unwrap_or_else(|error| panic!("{sql}: {error}"));
}
