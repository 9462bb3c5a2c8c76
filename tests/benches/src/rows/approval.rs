//! An agent asks, the person says yes, the event is made: three commits, and one request to Google.

use std::{rc::Rc, sync::Arc};

use fake_google::{Config, FakeGoogle, Generate};
use serde_json::json;
use theo_calendar::{
    approval::{Action, ActionRequest, ApprovalState, Decision, Principal},
    id::{AccountKey, UserId},
    model::EventDraft,
};

use crate::{
    database::{Database, wait},
    mirror::{ADA, service, sync},
    row::{Contender, ROUNDS, Row},
};

const EVENTS: usize = 1_000;

pub(crate) fn row() -> Row {
    let generate = Generate { calendars: 1, events: EVENTS, ..Generate::default() };
    let google = Rc::new(FakeGoogle::spawn(Config::new().generate(generate)).expect("the fake starts"));
    let token = google.token(ADA, &["calendar"]);
    let service = service(Arc::new(Database::new().store()), google.url(), &token);
    sync(&service, "ada");

    let user = UserId::from("ada");
    let agent = Principal::Agent { user: user.clone(), name: "theo".to_owned() };
    let calendar = AccountKey::new("ada", ADA).calendar(ADA);
    let draft: EventDraft = serde_json::from_value(event()).expect("it is a draft");
    let ours = move || {
        let action = Action::Create { calendar: calendar.clone(), draft: Box::new(draft.clone()) };
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
            let response = request.body(event().to_string()).send().await.expect("the fake answers");
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
        ],
    }
}

/// Far from all others: what it clashes with would be looked at as well.
fn event() -> serde_json::Value {
    json!({
        "summary": "Kickoff",
        "start": { "dateTime": "2031-03-03T10:00:00Z" },
        "end": { "dateTime": "2031-03-03T11:00:00Z" },
    })
}
