//! A person's feed of changes, as it is read.

use std::time::Duration;

use reqwest::{Method, Response};
use serde_json::Value;
use tokio::time::timeout;

use crate::world::Browser;

/// Longer than a notification, its burst and a sync take together.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// What is read of a feed.
pub(crate) struct Feed {
    answer: Response,
    read: String,
}

/// One event of a feed.
pub(crate) struct Told {
    pub(crate) id: String,
    pub(crate) kind: String,
    pub(crate) data: Value,
}

impl Feed {
    pub(crate) async fn open(browser: &Browser, last: Option<&str>) -> Self {
        let mut request = browser.to(Method::GET, "/changes");
        if let Some(last) = last {
            request = request.header("last-event-id", last);
        }
        let answer = request.send().await.unwrap();
        assert_eq!(answer.headers()["content-type"], "text/event-stream");
        Self { answer, read: String::new() }
    }

    /// The next event; none at the end.
    pub(crate) async fn next(&mut self) -> Option<Told> {
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
    pub(crate) async fn until(&mut self, title: &str) -> Told {
        loop {
            let told = self.next().await.unwrap();
            if told.data["event"]["summary"] == title {
                return told;
            }
        }
    }
}
