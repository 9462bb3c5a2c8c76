//! One event changes at Google: from there to the mirror.

use std::{rc::Rc, sync::Arc};

use fake_google::{Config, FakeGoogle};
use serde_json::json;

use crate::{
    database::{Database, wait},
    mirror::{ADA, service, sync},
    row::{Contender, ROUNDS, Row},
};

const MANY: usize = 100_000;
const FEW: usize = 1_000;

pub(crate) fn row() -> Row {
    let google = Rc::new(google(MANY));
    Row {
        work: format!("Bring one change of a calendar of {MANY} events to PostgreSQL"),
        aim: "at most 20 ms beyond Google, however large the calendar; the service this one comes from: about 10 s (its own figure)",
        pieces: 1,
        rounds: ROUNDS,
        notes: Vec::new(),
        contenders: vec![
            Contender::ours("theo-calendar, 100,000 events", mirrored(&google)),
            Contender::rival("theo-calendar, 1,000 events", mirrored(&Rc::new(self::google(FEW)))),
            Contender::limit("Google's two answers, 100,000 events", limit(google)),
        ],
    }
}

/// A Google where Ada's calendar has so many events, `event0` among them.
fn google(events: usize) -> FakeGoogle {
    let google = FakeGoogle::spawn(Config::new()).expect("the fake starts");
    google.add_person(ADA, "Europe/Zurich");
    for number in 0..events {
        let (day, minute) = (1 + number % 28, number % 60);
        let at = |hour: usize| json!({ "dateTime": format!("2026-{:02}-{day:02}T{hour:02}:{minute:02}:00Z", 1 + number % 12) });
        let event = json!({ "id": format!("event{number}"), "summary": format!("Event {number}"), "start": at(9), "end": at(10) });
        google.create_event(ADA, event);
    }
    google
}

fn change(google: &FakeGoogle, round: &mut u32) {
    *round += 1;
    google.patch_event(ADA, "event0", json!({ "summary": format!("Renamed {round}") }));
}

fn mirrored(google: &Rc<FakeGoogle>) -> impl FnMut() + 'static {
    let google = Rc::clone(google);
    let service = service(Arc::new(Database::new().store()), google.url(), &google.token(ADA, &["calendar"]));
    sync(&service, "ada");
    let mut round = 0;
    move || {
        change(&google, &mut round);
        assert_eq!(sync(&service, "ada").events_updated, 1);
    }
}

/// The same requests by hand; what they answer is only searched for the next token.
fn limit(google: Rc<FakeGoogle>) -> impl FnMut() + 'static {
    let http = reqwest::Client::new();
    let token = google.token(ADA, &["calendar"]);
    let mut list = format!("{}/calendar/v3/users/me/calendarList?maxResults=250", google.url());
    let mut events = format!("{}/calendar/v3/calendars/{ADA}/events?maxResults=2500", google.url());
    let (list_root, events_root) = (list.clone(), events.clone());
    let next = move |root: String, mut url: String| {
        let (http, token) = (http.clone(), token.clone());
        async move {
            loop {
                let response = http.get(&url).bearer_auth(&token).send().await.expect("the fake answers");
                assert!(response.status().is_success(), "{url}");
                let text = response.text().await.expect("the answer is text");
                match (field(&text, "nextPageToken"), field(&text, "nextSyncToken")) {
                    (Some(page), _) => url = format!("{root}&pageToken={page}"),
                    (None, Some(sync)) => return format!("{root}&syncToken={sync}"),
                    (None, None) => panic!("{url} says not how it goes on"),
                }
            }
        }
    };
    list = wait(next(list_root.clone(), list));
    events = wait(next(events_root.clone(), events));
    let mut round = 1_000_000;
    move || {
        change(&google, &mut round);
        wait(async {
            list = next(list_root.clone(), std::mem::take(&mut list)).await;
            events = next(events_root.clone(), std::mem::take(&mut events)).await;
        });
    }
}

fn field<'a>(json: &'a str, name: &str) -> Option<&'a str> {
    let value = json.split_once(&format!("\"{name}\""))?.1;
    value.split('"').nth(1)
}
