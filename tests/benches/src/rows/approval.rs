//! An agent asks, the person says yes, the event is made: three commits, and one request to Google.

use std::{rc::Rc, sync::Arc};

use chrono::{DateTime, TimeDelta};
use fake_google::{Config, FakeGoogle, Generate};
use serde_json::json;
use theo_calendar::{
    approval::{Action, ActionRequest, ApprovalState, Decision, Principal},
    id::{AccountKey, UserId},
    model::EventDraft,
};

use crate::{
    database::{Database, run, wait},
    mirror::{ADA, service, sync},
    row::{Contender, ROUNDS, Row},
};

const EVENTS: usize = 1_000;

pub(crate) fn row() -> Row {
    let generate = Generate { calendars: 1, events: EVENTS, ..Generate::default() };
    let google = Rc::new(FakeGoogle::spawn(Config::new().generate(generate)).expect("the fake starts"));
    let token = google.token(ADA, &["calendar"]);
    let database = Database::new();
    let service = service(Arc::new(database.store()), google.url(), &token);
    sync(&service, "ada");

    let user = UserId::from("ada");
    let agent = Principal::Agent { user: user.clone(), name: "theo".to_owned() };
    let calendar = AccountKey::new("ada", ADA).calendar(ADA);
    let mut hours = 0..;
    let ours = move || {
        let draft: EventDraft = serde_json::from_value(event(hours.next())).expect("it is a draft");
        let action = Action::Create { calendar: calendar.clone(), draft: Box::new(draft) };
        wait(async {
            let asked = service.request(&agent, ActionRequest::new(action)).await.expect("it is asked");
            let yes = Decision::Approve { notes: None };
            service.decide(&Principal::User(user.clone()), &asked.id, yes).await.expect("it is decided");
            let done = service.execute(&user, &asked.id).await.expect("it is executed");
            assert_eq!(done.state, ApprovalState::Executed);
        });
    };
    let http = reqwest::Client::new();
    let url = format!("{}/calendar/v3/calendars/{ADA}/events", google.url());
    let limit = move || {
        let _running = &google;
        let request = http.post(&url).bearer_auth(&token).header("content-type", "application/json");
        wait(async {
            let response = request.body(event(None).to_string()).send().await.expect("the fake answers");
            assert!(response.status().is_success());
            response.bytes().await.expect("the answer comes whole");
        });
    };
    Row {
        work: format!("Ask, approve and execute a new event, {EVENTS} events mirrored in PostgreSQL"),
        aim: "at most 5 ms beyond Google",
        pieces: 1,
        rounds: ROUNDS,
        notes: Vec::new(),
        contenders: vec![
            Contender::ours("theo-calendar, request to executed", ours),
            Contender::limit("Google's one answer", limit),
            Contender::limit("three commits of a row", three_commits(&database)),
        ],
    }
}

/// The least that asking, deciding and executing can store.
fn three_commits(database: &Database) -> impl FnMut() + 'static {
    let mut connection = wait(database.superuser());
    wait(async {
        run(&mut connection, "CREATE TABLE counters (number bigint)").await;
        run(&mut connection, "INSERT INTO counters VALUES (0)").await;
    });
    move || {
        wait(async {
            for _ in 0..3 {
                run(&mut connection, "UPDATE counters SET number = number + 1").await;
            }
        });
    }
}

/// Far from all others, and each in an hour of its own: what it clashes with would be looked at as well.
fn event(hour: Option<i64>) -> serde_json::Value {
    let start = DateTime::UNIX_EPOCH + TimeDelta::days(61 * 365) + TimeDelta::hours(hour.unwrap_or(-1));
    json!({
        "summary": "Kickoff",
        "start": { "dateTime": start },
        "end": { "dateTime": start + TimeDelta::hours(1) },
    })
}
