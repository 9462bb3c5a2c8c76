//! A first sync of 500 events, from the first request to the last row.

use std::{cell::Cell, rc::Rc, sync::Arc};

use fake_google::{Config, FakeGoogle, Generate};
use theo_calendar::{google::EventsResponse, storage::MemoryStore, time::SystemClock};

use crate::{
    database::{Database, wait},
    mirror::{ADA, service, sync},
    row::{Contender, ROUNDS, Row},
};

const EVENTS: usize = 500;

pub(crate) fn row() -> Row {
    let generate = Generate { calendars: 1, events: EVENTS, ..Generate::default() };
    let google = Rc::new(FakeGoogle::spawn(Config::new().generate(generate)).expect("the fake starts"));
    let token = google.token(ADA, &["calendar"]);
    let database = Database::new();
    let (in_postgres, in_memory) = (
        service(Arc::new(database.store()), google.url(), &token),
        service(Arc::new(MemoryStore::new(Arc::new(SystemClock))), google.url(), &token),
    );
    let round = Cell::new(0);
    let user = move || {
        round.set(round.get() + 1);
        format!("user {}", round.get())
    };
    let another = user.clone();
    let wire = Wire { http: reqwest::Client::new(), root: google.url().to_owned(), token };
    let (by_row, rows) = (wire.clone(), database.rivals());
    let number = Cell::new(0);
    Row {
        work: format!("Mirror a calendar of {EVENTS} events for the first time"),
        aim: "at most 100 ms beyond Google; the service this one comes from took about 90 s (its own figure)",
        pieces: 1,
        rounds: ROUNDS,
        notes: Vec::new(),
        contenders: vec![
            Contender::ours("theo-calendar, in PostgreSQL", move || {
                assert!(sync(&in_postgres, &user()).events_added >= EVENTS as u64);
            }),
            Contender::rival("theo-calendar, in memory", move || {
                assert!(sync(&in_memory, &another()).events_added >= EVENTS as u64);
            }),
            Contender::rival("by hand: the same two answers, a commit a row", move || {
                number.set(number.get() + 1);
                let calendar = format!("by hand {}", number.get());
                wait(async {
                    by_row.list().await;
                    let page = by_row.events().await;
                    for event in EventsResponse::parse(page.as_bytes()).expect("it is a page").events {
                        let body = serde_json::to_string(&event).expect("an event can be written");
                        let query = sqlx::query(INSERT).bind(&calendar).bind(event.id.as_str()).bind(body);
                        query.execute(&rows).await.expect("the row is stored");
                    }
                });
            }),
            Contender::limit("Google's two answers, unread", move || {
                let _running = &google;
                wait(async {
                    wire.list().await;
                    wire.events().await;
                });
            }),
        ],
    }
}

const INSERT: &str = "
    INSERT INTO rival_events (user_id, account_id, calendar_id, event_id, is_cancelled, generation, body)
    VALUES ('ada', 'ada@example.com', $1, $2, false, 0, $3)
    ON CONFLICT (user_id, account_id, calendar_id, event_id) DO UPDATE
    SET body = excluded.body";

/// Requests by hand.
#[derive(Clone)]
struct Wire {
    http: reqwest::Client,
    root: String,
    token: String,
}

impl Wire {
    async fn list(&self) -> String {
        self.get("users/me/calendarList?maxResults=250&showHidden=true&showDeleted=true").await
    }

    async fn events(&self) -> String {
        self.get(&format!("calendars/{ADA}/events?maxResults=2500&showDeleted=true")).await
    }

    async fn get(&self, path: &str) -> String {
        let request = self.http.get(format!("{}/calendar/v3/{path}", self.root)).bearer_auth(&self.token);
        let response = request.send().await.expect("the fake answers");
        assert!(response.status().is_success(), "{path}");
        response.text().await.expect("the answer is text")
    }
}
