//! The feed of changes, as it is read.

use std::time::Duration;

use reqwest::{Method, Response};
use serde_json::{Value, json};
use tokio::time::timeout;

use super::STORE;
use crate::world::{ADA, Browser, SECRET, World};

/// Longer than a notification, its burst and a sync take together.
const PATIENCE: Duration = Duration::from_secs(60);

/// What is read of a feed.
struct Feed {
    answer: Response,
    read: String,
}

/// One event of a feed.
struct Told {
    id: String,
    kind: String,
    data: Value,
}

impl Feed {
    async fn open(browser: &Browser, last: Option<&str>) -> Self {
        let mut request = browser.to(Method::GET, "/changes");
        if let Some(last) = last {
            request = request.header("last-event-id", last);
        }
        let answer = request.send().await.unwrap();
        assert_eq!(answer.headers()["content-type"], "text/event-stream");
        Self { answer, read: String::new() }
    }

    /// The next event; none at the end.
    async fn next(&mut self) -> Option<Told> {
        loop {
            if let Some((told, rest)) = self.read.split_once("\n\n") {
                let line = |name: &str| {
                    let prefix = format!("{name}: ");
                    told.lines().find_map(|line| line.strip_prefix(&prefix)).map(str::to_owned)
                };
                let found = line("id").map(|id| Told {
                    id,
                    kind: line("event").unwrap(),
                    data: serde_json::from_str(&line("data").unwrap()).unwrap(),
                });
                self.read = rest.to_owned();
                match found {
                    Some(told) => return Some(told),
                    // A heartbeat.
                    None => continue,
                }
            }
            let chunk = timeout(PATIENCE, self.answer.chunk()).await.unwrap().unwrap()?;
            self.read.push_str(std::str::from_utf8(&chunk).unwrap());
        }
    }

    /// Reads on to the event of that title.
    async fn until(&mut self, title: &str) -> Told {
        loop {
            let told = self.next().await.unwrap();
            if told.data["event"]["summary"] == title {
                return told;
            }
        }
    }
}

#[tokio::test]
async fn a_reader_goes_on_where_it_was_and_is_told_of_what_comes() {
    let world = World::new(STORE).await;
    let ada = world.ada().await;

    let mut whole = Feed::open(&ada, None).await;
    let (first, second) = (whole.next().await.unwrap(), whole.next().await.unwrap());
    let mut resumed = Feed::open(&ada, Some(&first.id)).await;
    assert_eq!(resumed.next().await.unwrap().id, second.id);
    assert_eq!((first.kind.as_str(), second.kind.as_str()), ("upsert", "upsert"));

    let day =
        json!({ "summary": "Told", "start": { "date": "2030-03-07" }, "end": { "date": "2030-03-08" } });
    let made = world.google.create_event(ADA, day);
    let sync = || ada.done(Method::POST, "/sync", Some(json!({})));
    sync().await;
    let told = resumed.until("Told").await;
    world.google.delete_event(ADA, made["id"].as_str().unwrap());
    sync().await;
    let gone = resumed.next().await.unwrap();

    assert_eq!((gone.kind.as_str(), &gone.data["eventId"]), ("delete", &told.data["eventId"]));
    assert!(told.id.parse::<u64>().unwrap() < gone.id.parse::<u64>().unwrap());
}

#[tokio::test]
async fn a_feed_ends_when_the_server_stops() {
    let world = World::new(STORE).await;
    let ada = world.ada().await;
    let mut feed = Feed::open(&ada, None).await;
    feed.until(SECRET).await;

    timeout(PATIENCE, world.server.stop()).await.unwrap().unwrap();

    while feed.next().await.is_some() {}
    ada.to(Method::GET, "/calendars").send().await.unwrap_err();
}
