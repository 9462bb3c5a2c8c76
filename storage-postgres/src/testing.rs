//! What tests of this crate, and of whoever builds on it, stand on. Feature `testing`.
//!
//! A database of its own for each test, on the server that `THEO_TEST_DATABASE_URL` names: an address whose role may
//! create databases and roles, on a server whose data nobody needs: databases are left there, and go an hour later.
//!
//! Everything here panics where it cannot do what it should: a test without its database has nothing to say.

use std::{
    collections::hash_map::DefaultHasher,
    hash::{Hash, Hasher},
    sync::atomic::{AtomicU32, Ordering},
};

use sqlx::{AssertSqlSafe, Connection, PgConnection, PgPool, postgres::PgPoolOptions};
use url::Url;

use crate::{PostgresStore, SealingKey, SealingKeys, migrate::MIGRATIONS};

/// Owns the databases; no superuser, so that row-level security binds it. The password of each login is its name.
const OWNER: &str = "theo_owner";

/// A database that no other test sees.
///
/// ```no_run
/// use theo_calendar::storage::CalendarStore;
/// use theo_calendar_postgres::testing::FreshDatabase;
///
/// # async fn example() -> theo_calendar::Result<()> {
/// let store = FreshDatabase::migrated().await.store();
/// assert_eq!(store.calendars(&"ada".into()).await?, []);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct FreshDatabase {
    url: Url,
    pool: PgPool,
}

impl FreshDatabase {
    /// A database with the schema and no rows: a copy of a template, which is migrated once for each schema.
    pub async fn migrated() -> Self {
        let mut admin = admin().await;
        tidy(&mut admin).await;
        let template = template(&mut admin).await;
        let database = Self::create(&mut admin, &fresh_name(), Some(&template)).await;
        admin.close().await.expect("the connection closes");
        database
    }

    /// A database with the extension vector and nothing else.
    pub async fn bare() -> Self {
        let mut admin = admin().await;
        let database = Self::create(&mut admin, &fresh_name(), None).await;
        admin.close().await.expect("the connection closes");
        database
    }

    /// Its address, for a program that is started on it.
    pub fn url(&self) -> &str {
        self.url.as_str()
    }

    /// A store on it; all of them share the connections of [`pool`](Self::pool).
    pub fn store(&self) -> PostgresStore {
        PostgresStore::from_pool(self.pool.clone(), Self::keys())
    }

    /// The keys of [`store`](Self::store).
    pub fn keys() -> SealingKeys {
        SealingKeys::new(SealingKey::new("test", [7; 32]))
    }

    /// Connections to it, opened when they are needed.
    pub fn pool(&self) -> &PgPool {
        &self.pool
    }

    /// The same database for a login that owns nothing and is only a member of `roles`.
    pub async fn login(&self, roles: &[&str]) -> Self {
        let name = format!("theo_test_{}", roles.join("_"));
        let mut admin = admin().await;
        lock(&mut admin).await;
        if !is_there(&mut admin, ROLE, &name).await {
            run(&mut admin, &format!("CREATE ROLE {name} LOGIN PASSWORD '{name}'")).await;
            for role in roles {
                let how = if *role == "theo_worker" { "WITH INHERIT FALSE, SET TRUE" } else { "" };
                run(&mut admin, &format!("GRANT {role} TO {name} {how}")).await;
            }
        }
        admin.close().await.expect("the connection closes");
        Self::at(self.url.clone(), &name)
    }

    /// A connection to it that nothing binds: what an operator, or a thief, has.
    pub async fn superuser(&self) -> PgConnection {
        connect(&with_database(server(), self.url.path())).await
    }

    async fn create(admin: &mut PgConnection, name: &str, template: Option<&str>) -> Self {
        run(admin, &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await;
        let from = template.unwrap_or("template0");
        run(admin, &format!("CREATE DATABASE {name} TEMPLATE {from} OWNER {OWNER} ENCODING 'UTF8'")).await;
        let url = with_database(server(), name);
        if template.is_none() {
            // The one thing a superuser must do: not every server trusts the extension to a database's owner.
            let mut inside = connect(&url).await;
            run(&mut inside, "CREATE EXTENSION vector").await;
            inside.close().await.expect("the connection closes");
        }
        Self::at(url, OWNER)
    }

    fn at(mut url: Url, login: &str) -> Self {
        url.set_username(login).expect("the address has a host");
        url.set_password(Some(login)).expect("the address has a host");
        let pool = PgPoolOptions::new().max_connections(6);
        let pool = pool.connect_lazy(url.as_str()).expect("the address was read before");
        Self { url, pool }
    }
}

/// The name of the migrated template: made by whichever test, in whichever process, comes first.
async fn template(admin: &mut PgConnection) -> String {
    let mut schema = DefaultHasher::new();
    MIGRATIONS.hash(&mut schema);
    let name = format!("theo_template_{:x}", schema.finish());
    if is_there(admin, TEMPLATE, &name).await {
        return name;
    }
    lock(admin).await;
    if !is_there(admin, TEMPLATE, &name).await {
        let database = FreshDatabase::create(admin, &name, None).await;
        let store = database.store();
        store.migrate().await.expect("the migrations run");
        store.close().await;
        run(admin, &format!("ALTER DATABASE {name} IS_TEMPLATE true")).await;
    }
    name
}

const TEMPLATE: &str = "
    SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1 AND datistemplate)";

const ROLE: &str = "
    SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = $1)";

/// A connection to the server, which has the owner's role.
async fn admin() -> PgConnection {
    let mut admin = connect(&server()).await;
    if !is_there(&mut admin, ROLE, OWNER).await {
        lock(&mut admin).await;
        if !is_there(&mut admin, ROLE, OWNER).await {
            // As the first login of a hosted server may: it makes the roles of the schema.
            run(&mut admin, &format!("CREATE ROLE {OWNER} LOGIN CREATEROLE PASSWORD '{OWNER}'")).await;
        }
    }
    admin
}

/// Removes a few databases of tests that ended: more than one new database needs the room of.
async fn tidy(admin: &mut PgConnection) {
    let left: Vec<String> = sqlx::query_scalar(LEFT).fetch_all(&mut *admin).await.unwrap_or_default();
    for name in left {
        // Another test may be at it.
        let sql = format!("DROP DATABASE IF EXISTS {name}");
        drop(sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut *admin).await);
    }
}

const LEFT: &str = "
    SELECT datname::text
    FROM pg_database
    WHERE datname ~ '^theo_test_[0-9]+_[0-9]+$'
      AND (pg_stat_file('base/' || oid || '/PG_VERSION', true)).modification < now() - interval '1 hour'
      AND NOT EXISTS (SELECT FROM pg_stat_activity WHERE datid = pg_database.oid)
    ORDER BY random()
    LIMIT 2";

/// Of all tests, one at a time from here on, until the connection closes.
async fn lock(admin: &mut PgConnection) {
    run(admin, "SELECT pg_advisory_lock(7368656)").await;
}

fn fresh_name() -> String {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    format!("theo_test_{}_{number}", std::process::id())
}

fn server() -> Url {
    let url = std::env::var("THEO_TEST_DATABASE_URL");
    let url = url.expect("these tests need a PostgreSQL server: run `make test`, which starts one");
    Url::parse(&url).expect("THEO_TEST_DATABASE_URL is an address of PostgreSQL")
}

fn with_database(mut url: Url, name: &str) -> Url {
    url.set_path(name);
    url
}

async fn connect(url: &Url) -> PgConnection {
    PgConnection::connect(url.as_str()).await.expect("the server of THEO_TEST_DATABASE_URL answers")
}

async fn is_there(admin: &mut PgConnection, query: &'static str, name: &str) -> bool {
    let found = sqlx::query_scalar(query).bind(name).fetch_one(admin).await;
    found.expect("the server's catalogue can be read")
}

async fn run(connection: &mut PgConnection, sql: &str) {
    let done = sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(connection).await;
    done.unwrap_or_else(|error| panic!("{sql}: {error}"));
}
