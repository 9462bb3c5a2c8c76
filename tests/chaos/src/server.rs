//! A PostgreSQL server of one's own that may be killed.

use std::{
    io::{BufRead, BufReader, Lines, Write},
    path::{Path, PathBuf},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
};

use sqlx::{Connection, PgConnection};
use theo_calendar_postgres::{PostgresStore, testing::FreshDatabase};
use url::Url;

/// The role that owns the database: no superuser, so that row-level security binds it.
const OWNER: &str = "theo_owner";

/// A durable server (`fsync` on) that `.ci/postgres attend` runs; it ends with this value.
pub struct Server {
    data: PathBuf,
    attendant: Child,
    orders: Option<ChildStdin>,
    answers: Lines<BufReader<ChildStdout>>,
    url: Url,
}

impl Server {
    /// A server whose data is under `data`, which is made, and removed at the end.
    pub fn start(data: &Path) -> Self {
        let house = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."));
        let python = house.join(".local/venv/bin/python");
        assert!(python.exists(), "{} is missing: run `make test`, which makes it", python.display());
        let mut command = Command::new(python);
        command.args(["-W", "ignore"]).arg(house.join(".ci/postgres")).arg("attend").arg(data);
        let mut attendant = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let orders = attendant.stdin.take();
        let mut answers = BufReader::new(attendant.stdout.take().unwrap()).lines();
        let url = answer(&mut answers).parse().unwrap();
        Self { data: data.to_owned(), attendant, orders, answers, url }
    }

    /// Its address, for a superuser.
    pub fn url(&self) -> &Url {
        &self.url
    }

    /// The address of a database, for its owner.
    pub fn database(&self, name: &str) -> Url {
        let mut url = self.url.clone();
        url.set_path(name);
        url.set_username(OWNER).unwrap();
        url
    }

    /// SIGKILL to all its processes; gives how many they were.
    pub fn kill(&mut self) -> usize {
        let answer = self.order("kill");
        answer.strip_prefix("killed ").unwrap().parse().unwrap()
    }

    /// Starts it again.
    pub fn restart(&mut self) {
        self.url = self.order("start").parse().unwrap();
    }

    /// Makes the database `name` with the schema.
    pub async fn create(&self, name: &str) -> PostgresStore {
        let mut admin = self.superuser("postgres").await;
        run(&mut admin, &format!("CREATE ROLE {OWNER} LOGIN CREATEROLE")).await;
        run(&mut admin, &format!("CREATE DATABASE {name} OWNER {OWNER}")).await;
        run(&mut self.superuser(name).await, "CREATE EXTENSION vector").await;
        let url = self.database(name);
        let store = PostgresStore::connect(url.as_str(), FreshDatabase::keys()).await.unwrap();
        store.migrate().await.unwrap();
        store
    }

    /// A connection that nothing binds.
    pub async fn superuser(&self, database: &str) -> PgConnection {
        let mut url = self.url.clone();
        url.set_path(database);
        PgConnection::connect(url.as_str()).await.unwrap()
    }

    fn order(&mut self, order: &str) -> String {
        writeln!(self.orders.as_mut().unwrap(), "{order}").unwrap();
        answer(&mut self.answers)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.orders.take());
        let _ = self.attendant.wait();
        let _ = std::fs::remove_dir_all(&self.data);
    }
}

fn answer(answers: &mut Lines<BufReader<ChildStdout>>) -> String {
    answers.next().expect("the server does not start: what it says is above").unwrap()
}

async fn run(connection: &mut PgConnection, sql: &str) {
    let sql = sqlx::AssertSqlSafe(sql.to_owned());
    sqlx::raw_sql(sql).execute(connection).await.unwrap();
}
