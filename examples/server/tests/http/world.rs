//! A server with a fake Google, and the people who use it.

use std::{collections::BTreeMap, time::Duration};

use fake_google::{Config, FakeGoogle};
use reqwest::{Client, Method, RequestBuilder, Response, StatusCode, redirect::Policy};
use serde_json::{Value, json};
use server::host::{Server, Settings};
use theo_calendar_postgres::testing::FreshDatabase;

/// Two people at Google; each has one calendar, of that id.
pub(crate) const ADA: &str = "ada@example.com";
pub(crate) const BOB: &str = "bob@example.com";

/// What only Ada's data holds.
pub(crate) const SECRET: &str = "Surprise party for Bob";

/// Which store the server is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stores {
    Memory,
    Postgres,
}

/// A server, and the Google that it mirrors.
pub(crate) struct World {
    pub(crate) google: FakeGoogle,
    pub(crate) server: Server,
    /// Where the server keeps the mirror; none in memory.
    pub(crate) database: Option<FreshDatabase>,
    said: BTreeMap<&'static str, String>,
}

impl World {
    pub(crate) async fn new(stores: Stores) -> Self {
        Self::told(stores, &[]).await
    }

    /// One that is told more by these variables.
    pub(crate) async fn told(stores: Stores, variables: &[(&'static str, &str)]) -> Self {
        let google = FakeGoogle::spawn(Config::new().allow_http_webhooks()).unwrap();
        for person in [ADA, BOB] {
            google.add_person(person, "Europe/Zurich");
        }
        let mut said = BTreeMap::from([
            ("THEO_LISTEN", "127.0.0.1:0".to_owned()),
            ("THEO_GOOGLE_URL", google.url().to_owned()),
            ("THEO_SESSION_KEY", "5e".repeat(64)),
        ]);
        let mut database = None;
        if stores == Stores::Postgres {
            let fresh = FreshDatabase::migrated().await;
            said.insert("DATABASE_URL", fresh.url().to_owned());
            said.insert("THEO_SEALING_KEY", "07".repeat(32));
            database = Some(fresh);
        }
        said.extend(variables.iter().map(|(name, value)| (*name, (*value).to_owned())));
        let server = start(&said).await;
        Self { google, server, database, said }
    }

    /// The same, once its server stopped and started again, told more by these variables.
    pub(crate) async fn restarted(self, variables: &[(&'static str, &str)]) -> Self {
        let Self { google, server, database, mut said } = self;
        server.stop().await.unwrap();
        said.extend(variables.iter().map(|(name, value)| (*name, (*value).to_owned())));
        let server = start(&said).await;
        Self { google, server, database, said }
    }

    /// Another server that is told the same, behind the same address.
    pub(crate) async fn replica(&self) -> Server {
        let mut said = self.said.clone();
        said.insert("THEO_PUBLIC_URL", self.server.url().to_owned());
        start(&said).await
    }

    /// A browser in which nobody is signed in.
    pub(crate) fn stranger(&self) -> Browser {
        let client = Client::builder().cookie_store(true).redirect(Policy::none()).no_proxy();
        Browser { client: client.build().unwrap(), root: self.server.url().to_owned() }
    }

    /// A browser in which `user` is signed in, and has no account connected.
    pub(crate) async fn visitor(&self, user: &str) -> Browser {
        let browser = self.stranger();
        let answer = browser.at(Method::GET, &format!("/dev/sign-in?user={user}")).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::SEE_OTHER);
        browser
    }

    /// A browser in which `user` is signed in, whose account `email` is connected and mirrored.
    pub(crate) async fn person(&self, user: &str, email: &str) -> Browser {
        let browser = self.visitor(user).await;
        self.google.consent_as(email, None);
        browser.connect("/connect?capability=read,write").await;
        let report = browser.done(Method::POST, "/sync", Some(json!({ "type": "full" }))).await;
        assert_eq!(report["report"]["failures"], json!([]), "{report}");
        browser
    }

    /// Ada, with an event at 10 on a Tuesday that only she may know of, and a series each day at nine.
    pub(crate) async fn ada(&self) -> Browser {
        let at =
            |hour| json!({ "dateTime": format!("2030-03-05T{hour}:00:00"), "timeZone": "Europe/Zurich" });
        let party = json!({ "summary": SECRET, "start": at("10"), "end": at("11") });
        let standup = json!({ "summary": "Standup", "start": at("08"), "end": at("09"),
            "recurrence": ["RRULE:FREQ=DAILY;COUNT=5"] });
        self.google.create_event(ADA, party);
        self.google.create_event(ADA, standup);
        self.person("ada", ADA).await
    }
}

async fn start(said: &BTreeMap<&'static str, String>) -> Server {
    let said = said.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
    Server::start(Settings::of(said).unwrap()).await.unwrap()
}

/// Somebody's browser.
#[derive(Clone)]
pub(crate) struct Browser {
    client: Client,
    root: String,
}

impl Browser {
    /// The same browser, whose requests go to another server.
    pub(crate) fn on(&self, server: &Server) -> Self {
        Self { root: server.url().to_owned(), ..self.clone() }
    }

    /// A request to anywhere on the server.
    pub(crate) fn at(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("{}{path}", self.root)).timeout(Duration::from_secs(60))
    }

    /// A request to a route of the API, by its path under the prefix.
    pub(crate) fn to(&self, method: Method, path: &str) -> RequestBuilder {
        self.at(method, &format!("/api/integrations/calendar{path}"))
    }

    /// What a route answers.
    pub(crate) async fn ask(&self, method: Method, path: &str, body: Option<Value>) -> Response {
        let mut request = self.to(method, path);
        if let Some(body) = body {
            request = request.json(&body);
        }
        request.send().await.unwrap()
    }

    /// What a route answers that does what is asked.
    pub(crate) async fn done(&self, method: Method, path: &str, body: Option<Value>) -> Value {
        let answer = self.ask(method, path, body).await;
        let status = answer.status();
        let text = answer.text().await.unwrap();
        assert!(status.is_success(), "{path}: {status} {text}");
        serde_json::from_str(&text).unwrap()
    }

    /// What a route answers to `GET`.
    pub(crate) async fn get(&self, path: &str) -> Value {
        self.done(Method::GET, path, None).await
    }

    /// A problem document, of that status.
    pub(crate) async fn refused(
        &self,
        method: Method,
        path: &str,
        body: Option<Value>,
        status: u16,
    ) -> Value {
        let answer = self.ask(method, path, body).await;
        let (found, media_type) = (answer.status(), answer.headers().get("content-type").cloned());
        let text = answer.text().await.unwrap();
        assert_eq!(found.as_u16(), status, "{path}: {text}");
        assert_eq!(media_type.unwrap(), "application/problem+json");
        let problem: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(problem["status"], status, "{text}");
        problem
    }

    /// Goes to Google by `path`, consents there, and comes back; gives where the server sends the person then.
    pub(crate) async fn connect(&self, path: &str) -> String {
        let begun = self.ask(Method::GET, path, None).await;
        assert_eq!(begun.status(), StatusCode::SEE_OTHER, "{}", begun.text().await.unwrap());
        let consent = location(&begun);
        let back = location(&self.client.get(consent).send().await.unwrap());
        let finished = self.client.get(back).send().await.unwrap();
        assert_eq!(finished.status(), StatusCode::SEE_OTHER, "{}", finished.text().await.unwrap());
        location(&finished)
    }
}

pub(crate) fn location(answer: &Response) -> String {
    answer.headers()["location"].to_str().unwrap().to_owned()
}

/// The event of that title, as `GET events` lists it.
pub(crate) async fn event_of(browser: &Browser, title: &str) -> Value {
    let listed = browser.get("/events").await;
    let mut events = listed["events"].as_array().unwrap().iter();
    events.find(|event| event["summary"] == title).unwrap_or_else(|| panic!("{title} in {listed}")).clone()
}
