//! One person's session never reaches another person's data, whatever it names.

use reqwest::Method;
use serde_json::{Value, json};

use super::STORE;
use crate::{
    document::{Operation, operations},
    world::{ADA, BOB, Browser, SECRET, World, event_of},
};

/// What Bob does with the names of Ada's things; none for a route that nobody thought of.
struct Attempt {
    query: String,
    body: Option<Value>,
    /// Whether it names something of hers, and so must be refused; else it answers of Bob's own.
    names_hers: bool,
}

struct Hers {
    calendar: String,
    event: String,
    approval: String,
}

impl Hers {
    async fn of(ada: &Browser) -> Self {
        let event = event_of(ada, SECRET).await;
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let asked = ada.done(Method::DELETE, &format!("/events/{}", text(&event["id"])), None).await;
        Self { calendar: text(&event["calendarId"]), event: text(&event["id"]), approval: text(&asked["id"]) }
    }

    /// Her id in the place of `{id}`.
    fn path(&self, path: &str) -> String {
        let id = match path {
            path if path.starts_with("/calendars") => &self.calendar,
            path if path.starts_with("/events") => &self.event,
            _ => &self.approval,
        };
        path.replace("{id}", id)
    }

    fn attempts(&self, operation: &Operation) -> Vec<Attempt> {
        let calendar = &self.calendar;
        let at = |hour| json!({ "dateTime": format!("2030-03-05T{hour}:00:00Z") });
        let proposal = json!({ "calendarId": calendar, "summary": "x", "start": at("09"), "end": at("10") });
        let hers = |body| Attempt { query: String::new(), body: Some(body), names_hers: true };
        let named = |query: String| Attempt { query, body: None, names_hers: true };
        let own = |query: &str| Attempt { query: query.to_owned(), body: None, names_hers: false };
        let asked = |body| Attempt { query: String::new(), body: Some(body), names_hers: false };
        match (operation.method.as_str(), operation.path.as_str()) {
            ("GET", "/accounts" | "/calendars" | "/sync" | "/approvals" | "/audit") => vec![own("")],
            ("GET", "/events/{id}" | "/approvals/{id}") | ("DELETE", "/events/{id}") => {
                vec![named(String::new())]
            }
            ("GET", "/events") => vec![
                own(""),
                own("?startDate=2030-03-01&endDate=2030-04-01"),
                named(format!("?calendarId={calendar}")),
                named(format!("?calendarId={ADA}")),
            ],
            ("GET", "/search") => {
                vec![
                    own("?q=surprise"),
                    own(&format!("?q=party&attendee={ADA}")),
                    named(format!("?q=x&calendarId={calendar}")),
                ]
            }
            ("GET", "/connect") => vec![named(format!("?capability=write&account={ADA}"))],
            ("GET", "/connect/callback") => vec![named("?state=hers&code=4/hers".to_owned())],
            ("PATCH", "/calendars/{id}") => vec![hers(json!({ "isSelected": false }))],
            ("PATCH", "/events/{id}") => {
                vec![hers(json!({ "summary": "x" })), hers(json!({ "response": "declined" }))]
            }
            ("POST", "/approvals/{id}") => {
                let say = |action: &str| hers(json!({ "action": action }));
                let edit = json!({ "action": "editAndApprove", "changes": { "summary": "x" } });
                vec![say("approve"), say("reject"), say("askAgain"), hers(edit)]
            }
            ("POST", "/events") => vec![hers(proposal)],
            ("POST", "/conflicts") => {
                let mut without = proposal.clone();
                without.as_object_mut().unwrap().remove("calendarId");
                vec![hers(proposal), asked(without)]
            }
            ("POST", "/slots") => vec![asked(json!({
                "window": { "start": "2030-03-05T09:00:00Z", "end": "2030-03-05T12:00:00Z" }, "durationMinutes": 60,
            }))],
            ("POST", "/disconnect") => vec![hers(json!({ "accountId": ADA }))],
            ("POST", "/sync") => {
                vec![
                    asked(json!({ "type": "full" })),
                    hers(json!({ "type": "full", "calendarIds": [calendar] })),
                ]
            }
            _ => vec![],
        }
    }
}

#[tokio::test]
async fn every_route_answers_of_the_person_who_is_signed_in_alone() {
    let world = World::new(STORE).await;
    let ada = world.ada().await;
    let hers = Hers::of(&ada).await;
    let bob = world.person("bob", BOB).await;

    for operation in operations(&bob).await.into_iter().filter(|operation| operation.is_personal) {
        // A stream without an end; asked below.
        if operation.path == "/changes" {
            continue;
        }
        let attempts = hers.attempts(&operation);
        assert!(!attempts.is_empty(), "nobody tried {} {}", operation.method, operation.path);
        for Attempt { query, body, names_hers } in attempts {
            let path = format!("{}{query}", hers.path(&operation.path));
            let answer = bob.ask(operation.method.clone(), &path, body).await;
            let status = answer.status().as_u16();
            let text = answer.text().await.unwrap();
            let what = format!("{} {path}: {status} {text}", operation.method);
            assert_eq!(names_hers, [403, 404].contains(&status), "{what}");
            assert!(names_hers || status == 200, "{what}");
            // What he named himself may be in the answer.
            assert!(!text.contains(SECRET) && (path.contains(ADA) || !text.contains(ADA)), "{what}");
        }
    }
    let mut feed =
        bob.to(Method::GET, "/changes").timeout(std::time::Duration::from_secs(1)).send().await.unwrap();
    let mut told = String::new();
    while let Ok(Some(chunk)) = feed.chunk().await {
        told.push_str(std::str::from_utf8(&chunk).unwrap());
    }
    assert!(!told.contains(ADA), "{told}");

    assert_eq!(ada.get(&format!("/approvals/{}", hers.approval)).await["status"], "pending");
    assert_eq!(ada.get("/calendars").await["calendars"][0]["isSelected"], true);
    assert_eq!(event_of(&ada, SECRET).await["id"], hers.event.as_str());
    assert!(world.google.effects().is_empty());
}

#[tokio::test]
async fn a_consent_is_finished_only_in_the_session_it_was_begun_in() {
    let world = World::new(STORE).await;
    let (ada, eve) = (world.visitor("ada").await, world.visitor("ada").await);
    world.google.consent_as(ADA, None);
    let begun = ada.ask(Method::GET, "/connect", None).await;
    let consent = crate::world::location(&begun);
    let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let back = crate::world::location(&client.get(consent).send().await.unwrap());
    let query = back.split_once('?').unwrap().1;

    let path = format!("/connect/callback?{query}");
    eve.refused(Method::GET, &path, None, 403).await;
    // The try has used it up.
    ada.refused(Method::GET, &path, None, 403).await;

    assert_eq!(ada.get("/calendars").await["calendars"], json!([]));
}
