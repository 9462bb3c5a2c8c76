//! A fake with one account, and a client that speaks plain HTTP to it.
#![allow(dead_code)]

use fake_google::{Config, FakeGoogle};
use reqwest::{Client, Method, RequestBuilder};
use serde_json::{Value, json};

pub(crate) const ADA: &str = "ada@example.com";

pub(crate) struct Google {
    pub(crate) fake: FakeGoogle,
    pub(crate) http: Client,
    pub(crate) token: String,
}

/// An answer: status, headers, JSON.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: reqwest::header::HeaderMap,
    pub(crate) body: Value,
}

impl Answer {
    /// The body of an answer that has to be good.
    #[track_caller]
    pub(crate) fn ok(self) -> Value {
        assert!((200..300).contains(&self.status), "{}: {}", self.status, self.body);
        self.body
    }

    #[track_caller]
    pub(crate) fn refused(self, status: u16, reason: &str) {
        let found = self.body.pointer("/error/errors/0/reason").and_then(Value::as_str).unwrap_or_default();
        assert_eq!((self.status, found), (status, reason), "{}", self.body);
    }
}

/// An hour's event on a day of June 2026.
pub(crate) fn timed(id: &str, day: usize) -> Value {
    json!({
        "id": id,
        "summary": id,
        "start": { "dateTime": format!("2026-06-{:02}T09:00:00Z", day + 1) },
        "end": { "dateTime": format!("2026-06-{:02}T10:00:00Z", day + 1) },
    })
}

impl Google {
    pub(crate) async fn with_events(count: usize) -> Self {
        Self::with_config(Config::new(), count).await
    }

    pub(crate) async fn with_config(config: Config, count: usize) -> Self {
        let fake = FakeGoogle::spawn(config).unwrap();
        fake.add_person(ADA, "Europe/Zurich");
        for number in 0..count {
            fake.create_event(ADA, timed(&format!("event{number}"), number));
        }
        let token = fake.token(ADA, &["calendar"]);
        Self { fake, http: Client::new(), token }
    }

    pub(crate) fn request(&self, method: Method, path: &str, query: &[(&str, &str)]) -> RequestBuilder {
        let url = format!("{}/calendar/v3{path}", self.fake.url());
        self.http.request(method, url).query(query).bearer_auth(&self.token)
    }

    pub(crate) async fn send(&self, request: RequestBuilder) -> Answer {
        let response = request.send().await.unwrap();
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let text = response.text().await.unwrap();
        let body = if text.is_empty() { Value::Null } else { serde_json::from_str(&text).unwrap() };
        Answer { status, headers, body }
    }

    pub(crate) async fn get(&self, path: &str, query: &[(&str, &str)]) -> Answer {
        self.send(self.request(Method::GET, path, query)).await
    }

    pub(crate) async fn post(&self, path: &str, query: &[(&str, &str)], body: Value) -> Answer {
        self.send(self.request(Method::POST, path, query).json(&body)).await
    }

    pub(crate) async fn patch(&self, path: &str, query: &[(&str, &str)], body: Value) -> Answer {
        self.send(self.request(Method::PATCH, path, query).json(&body)).await
    }

    pub(crate) async fn put(&self, path: &str, query: &[(&str, &str)], body: Value) -> Answer {
        self.send(self.request(Method::PUT, path, query).json(&body)).await
    }

    pub(crate) async fn delete(&self, path: &str, query: &[(&str, &str)]) -> Answer {
        self.send(self.request(Method::DELETE, path, query)).await
    }

    /// One page of the primary calendar.
    pub(crate) async fn list(&self, query: &[(&str, &str)]) -> Value {
        self.get("/calendars/primary/events", query).await.ok()
    }

    pub(crate) async fn refused(&self, query: &[(&str, &str)], status: u16, reason: &str) {
        self.get("/calendars/primary/events", query).await.refused(status, reason);
    }

    /// All pages, and the sync token of the last.
    pub(crate) async fn list_all(&self, query: &[(&str, &str)]) -> (Vec<Value>, String) {
        let (mut items, mut page) = (Vec::new(), None::<String>);
        loop {
            let mut query = query.to_vec();
            query.extend(page.as_deref().map(|page| ("pageToken", page)));
            let answer = self.list(&query).await;
            items.extend(answer["items"].as_array().unwrap().iter().cloned());
            match answer["nextPageToken"].as_str() {
                Some(next) => page = Some(next.to_owned()),
                None => return (items, answer["nextSyncToken"].as_str().unwrap_or_default().to_owned()),
            }
        }
    }
}
