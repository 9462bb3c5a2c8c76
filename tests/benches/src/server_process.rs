//! The program `server`, built as it is released, with people who use it.

use std::{
    env,
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
    time::Duration,
};

use fake_google::{Config, FakeGoogle, Generate};
use reqwest::{Client, header::HeaderMap};
use sqlx::{PgConnection, query_as, query_scalar};
use tokio::time::sleep;

use crate::database::{Database, wait};

/// Where its routes are.
const API: &str = "/api/integrations/calendar";

/// A server of its own process, over PostgreSQL and a fake Google; it ends with this value.
pub(crate) struct ServerProcess {
    pub(crate) google: FakeGoogle,
    /// The root of its routes.
    pub(crate) api: String,
    /// A browser of each person, signed in.
    pub(crate) people: Vec<Client>,
    process: Child,
    eye: PgConnection,
}

/// The address of a person's account, and of their one calendar.
pub(crate) fn account(number: usize) -> String {
    format!("person-{number}@example.com")
}

impl ServerProcess {
    /// With so many people, of whom each has connected a calendar of so many events; it is mirrored and watched, and
    /// nothing is left to do.
    pub(crate) fn new(people: usize, events: usize) -> Self {
        let google = FakeGoogle::spawn(Config::new().allow_http_webhooks()).expect("the fake starts");
        let database = Database::new();
        // As a deployment has it: settings that nobody said, and a log that somebody else keeps.
        let program = env::current_exe().expect("this program is a file").with_file_name("server");
        let mut process = Command::new(program)
            .env_clear()
            .env("THEO_LISTEN", "127.0.0.1:0")
            .env("THEO_GOOGLE_URL", google.url())
            .env("DATABASE_URL", database.url())
            .env("THEO_SEALING_KEY", "07".repeat(32))
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the program server is built beside this one");
        let mut line = String::new();
        let output = process.stdout.take().expect("it is a pipe");
        BufReader::new(output).read_line(&mut line).expect("the server says where it listens");
        let root = line.trim().strip_prefix("listening on ").expect("the server says where it listens");
        let api = format!("{root}{API}");
        let clients = (0..people).map(|number| wait(person(&google, root, &api, number, events)));
        let clients = clients.collect();
        let eye = wait(database.superuser());
        let mut server = Self { google, api, people: clients, process, eye };
        server.until(WATCHED, 2 * i64::try_from(people).expect("few enough"));
        server.rest();
        server
    }

    /// Waits until everything that was notified is followed.
    pub(crate) fn rest(&mut self) {
        self.until(DIRTY, 0);
        self.until(SYNCING, 0);
    }

    /// How many mirrored events have that title.
    pub(crate) fn mirrored(&mut self, title: &str) -> i64 {
        wait(query_scalar(TITLED).bind(title).fetch_one(&mut self.eye)).expect("the database answers")
    }

    /// What Google sends along with a notification of each person's calendar.
    pub(crate) fn notifications(&mut self) -> Vec<HeaderMap> {
        let known: Vec<(String,)> =
            wait(query_as(CHANNELS).fetch_all(&mut self.eye)).expect("the database answers");
        let mut open = self.google.channels();
        open.retain(|channel| known.iter().any(|(id,)| *id == channel.id));
        let headers = open.into_iter().map(|channel| {
            let said = [
                ("x-goog-channel-id", channel.id),
                ("x-goog-channel-token", channel.token.unwrap_or_default()),
                ("x-goog-resource-id", channel.resource_id),
                ("x-goog-resource-state", "exists".to_owned()),
                ("x-goog-message-number", "2".to_owned()),
            ];
            let said = said.map(|(name, value)| {
                (name.parse().expect("it is a name"), value.parse().expect("it is a value"))
            });
            said.into_iter().collect()
        });
        headers.collect()
    }

    fn until(&mut self, count: &'static str, wanted: i64) {
        wait(async {
            while query_scalar::<_, i64>(count).fetch_one(&mut self.eye).await.expect("the database answers")
                != wanted
            {
                sleep(Duration::from_millis(20)).await;
            }
        });
    }
}

impl Drop for ServerProcess {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Signs a person in, who connects their calendar and mirrors it.
async fn person(google: &FakeGoogle, root: &str, api: &str, number: usize, events: usize) -> Client {
    let account = account(number);
    let seed = number as u64;
    google.generate(&Generate { person: account.clone(), calendars: 1, events, seed, access_token: None });
    google.consent_as(&account, None);
    let client = Client::builder().cookie_store(true).no_proxy().build().expect("a client can be made");
    let sign_in = client.get(format!("{root}/dev/sign-in?user=person-{number}"));
    let sync = client.post(format!("{api}/sync")).header("content-type", "application/json").body("{}");
    for request in [sign_in, sync] {
        let answer = request.send().await.expect("the server answers");
        assert!(answer.status().is_success(), "{}: {}", answer.url(), answer.status());
    }
    client
}

/// What is watched, and was looked for once since.
const WATCHED: &str = "SELECT count(*) FROM sync_states WHERE dirty > 0";

const DIRTY: &str = "SELECT count(*) FROM sync_states WHERE dirty <> clean";

const SYNCING: &str = "SELECT count(*) FROM theo_jobs._private_jobs WHERE attempts < max_attempts";

const CHANNELS: &str = "SELECT channel_id FROM channels WHERE calendar_id IS NOT NULL";

const TITLED: &str = "SELECT count(*) FROM events WHERE body::jsonb ->> 'summary' = $1";
