//! What a person does with it, from the first visit to the last.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::STORE;
use crate::world::{ADA, Browser, SECRET, World, event_of};

fn tea() -> Value {
    json!({
        "calendarId": "primary", "summary": "Tea", "agent": "theo", "reason": "You asked for it",
        "start": { "dateTime": "2030-03-05T10:30:00", "timeZone": "Europe/Zurich" },
        "end": { "dateTime": "2030-03-05T11:30:00", "timeZone": "Europe/Zurich" },
    })
}

#[tokio::test]
async fn a_visitor_connects_an_account_and_reads_its_mirror() {
    let world = World::new(STORE).await;
    let ada = world.ada().await;

    let calendars = ada.get("/calendars").await;
    let status = ada.get("/sync").await;
    let page = ada.ask(Method::GET, "/events?limit=1", None).await;
    let link = page.headers()["link"].to_str().unwrap().to_owned();
    let week = ada.get("/events?startDate=2030-03-04&endDate=2030-03-11&calendarId=primary").await;

    assert_eq!(calendars["calendars"][0]["googleCalendarId"], ADA);
    assert_eq!((&status["syncStatus"], &status["eventCount"]), (&json!("idle"), &json!(2)));
    assert_eq!(link, "</api/integrations/calendar/events?limit=1&offset=1>; rel=\"next\"");
    let titles: Vec<&str> =
        week["events"].as_array().unwrap().iter().map(|event| event["summary"].as_str().unwrap()).collect();
    assert_eq!(titles, ["Standup", SECRET, "Standup", "Standup", "Standup", "Standup"]);
    let second = &week["events"][2];
    let alone = ada.get(&format!("/events/{}", second["id"].as_str().unwrap())).await;
    assert_eq!(alone, *second, "an occurrence is the same alone and in its week");
    assert_eq!(alone["start"]["dateTime"], "2030-03-06T07:00:00Z");
    assert_eq!(alone["recurringEventId"], event_of(&ada, "Standup").await["googleEventId"]);
}

#[tokio::test]
async fn an_event_is_made_once_and_only_after_the_persons_yes() {
    let world = World::new(STORE).await;
    let ada = world.ada().await;

    let asked = ada.ask(Method::POST, "/events", Some(tea())).await;
    assert_eq!(asked.status(), StatusCode::ACCEPTED);
    let place = asked.headers()["location"].to_str().unwrap().to_owned();
    let asked: Value = asked.json().await.unwrap();
    let path = format!("/approvals/{}", asked["id"].as_str().unwrap());
    assert_eq!(place, format!("/api/integrations/calendar{path}"));
    assert_eq!(asked["requestedBy"], json!({ "user": "ada", "agent": "theo" }));
    assert_eq!(asked["preview"]["conflictsCaused"][0]["summary"], SECRET);
    assert!(world.google.effects().is_empty());
    assert_eq!(ada.get("/approvals").await["approvals"][0]["id"], asked["id"]);

    let yes = || Some(json!({ "action": "approve", "notes": "gladly" }));
    let ended = ada.done(Method::POST, &path, yes()).await;
    let again = ada.done(Method::POST, &path, yes()).await;

    assert_eq!((&ended["status"], &ended["notes"]), (&json!("executed"), &json!("gladly")));
    assert_eq!(again["resultEventId"], ended["resultEventId"]);
    assert_eq!(world.google.effects().len(), 1);
    let made = ada.get(&format!("/events/{}", ended["resultEventId"].as_str().unwrap())).await;
    assert_eq!(made["summary"], "Tea");
    assert_eq!(ada.get("/approvals").await["approvals"], json!([]));
    let audit = ada.get("/audit").await;
    let actions: Vec<&str> = audit["records"]
        .as_array()
        .unwrap()
        .iter()
        .map(|record| record["action"].as_str().unwrap())
        .collect();
    let done = ["approval.requested", "approval.approved", "approval.executing", "approval.executed"];
    assert_eq!(actions, [&["account.connected"][..], &done].concat());
}

#[tokio::test]
async fn a_change_a_deletion_and_an_edited_wish_each_wait_for_a_yes() {
    let world = World::new(STORE).await;
    let ada = world.ada().await;
    let event = event_of(&ada, SECRET).await;
    let path = format!("/events/{}", event["id"].as_str().unwrap());
    let approvals = |asked: &Value| format!("/approvals/{}", asked["id"].as_str().unwrap());

    let deletion = ada.done(Method::DELETE, &format!("{path}?sendUpdates=all&reason=rain"), None).await;
    assert_eq!((&deletion["actionType"], &deletion["sendUpdates"]), (&json!("delete"), &json!("all")));
    let no = json!({ "action": "reject", "notes": "Scheduling conflict" });
    let rejected = ada.done(Method::POST, &approvals(&deletion), Some(no)).await;
    assert_eq!(
        (&rejected["status"], &rejected["notes"]),
        (&json!("rejected"), &json!("Scheduling conflict"))
    );

    let change = ada.done(Method::PATCH, &path, Some(json!({ "location": "Roof" }))).await;
    let but = json!({ "action": "editAndApprove", "changes": { "location": "Garden" } });
    let edited = ada.done(Method::POST, &approvals(&change), Some(but)).await;
    assert_eq!((&edited["status"], &edited["supersedes"]), (&json!("executed"), &change["id"]));
    assert_eq!(ada.get(&path).await["location"], "Garden");
    assert_eq!(ada.get(&approvals(&change)).await["status"], "rejected");
    assert_eq!(world.google.effects().len(), 1);
}

#[tokio::test]
async fn past_approvals_are_listed_page_by_page() {
    let world = World::new(STORE).await;
    let ada = world.ada().await;
    let mut asked = Vec::new();
    for _ in 0..3 {
        asked.push(ada.done(Method::POST, "/events", Some(tea())).await["id"].clone());
    }
    for (id, action) in [(&asked[0], "reject"), (&asked[1], "approve")] {
        let path = format!("/approvals/{}", id.as_str().unwrap());
        ada.done(Method::POST, &path, Some(json!({ "action": action }))).await;
    }
    let list = async |query: &str| {
        let listed = ada.get(&format!("/approvals?{query}")).await;
        let ids = listed["approvals"].as_array().unwrap().iter().map(|approval| approval["id"].clone());
        (ids.collect::<Vec<_>>(), listed["nextOffset"].clone())
    };

    assert_eq!(list("").await, (vec![asked[2].clone()], json!(null)));
    assert_eq!(list("state=pending").await.0, [asked[2].clone()]);
    assert_eq!(list("state=decided&limit=1").await, (vec![asked[1].clone()], json!(1)));
    assert_eq!(list("state=decided&limit=1&offset=1").await, (vec![asked[0].clone()], json!(null)));
    assert_eq!(list("state=all").await.0, [asked[2].clone(), asked[1].clone(), asked[0].clone()]);
    let page = ada.ask(Method::GET, "/approvals?state=all&limit=2", None).await;
    let next = "</api/integrations/calendar/approvals?state=all&limit=2&offset=2>; rel=\"next\"";
    assert_eq!(page.headers()["link"], next);
}

#[tokio::test]
async fn what_was_read_before_somebody_changed_it_is_not_changed() {
    let world = World::new(STORE).await;
    let ada = world.ada().await;
    let event = event_of(&ada, SECRET).await;
    let path = format!("/events/{}", event["id"].as_str().unwrap());
    let read = ada.ask(Method::GET, &path, None).await;
    let tag = read.headers()["etag"].clone();
    let known = ada.to(Method::GET, &path).header("if-none-match", &tag).send().await.unwrap();
    assert_eq!((known.status(), known.text().await.unwrap().as_str()), (StatusCode::NOT_MODIFIED, ""));
    let change =
        || ada.to(Method::PATCH, &path).json(&json!({ "location": "Roof" })).header("if-match", &tag);
    assert_eq!(change().send().await.unwrap().status(), StatusCode::ACCEPTED);

    world.google.patch_event(ADA, event["googleEventId"].as_str().unwrap(), json!({ "summary": "Party" }));
    ada.done(Method::POST, "/sync", Some(json!({ "type": "incremental" }))).await;

    assert_eq!(change().send().await.unwrap().status(), StatusCode::PRECONDITION_FAILED);
    let fresh = ada.to(Method::GET, &path).header("if-none-match", &tag).send().await.unwrap();
    assert_eq!(fresh.status(), StatusCode::OK);
}

#[tokio::test]
async fn a_calendar_that_is_not_selected_counts_in_nothing() {
    let world = World::new(STORE).await;
    let ada = world.ada().await;
    let proposal = || {
        let mut proposal = tea();
        for name in ["agent", "reason"] {
            proposal.as_object_mut().unwrap().remove(name);
        }
        Some(proposal)
    };
    assert_eq!(ada.done(Method::POST, "/conflicts", proposal()).await["conflicts"][0]["severity"], "high");

    let path = format!("/calendars/{ADA}");
    let chosen = ada.done(Method::PATCH, &path, Some(json!({ "isSelected": false }))).await;

    assert_eq!((&chosen["isSelected"], &chosen["isHidden"]), (&json!(false), &json!(false)));
    assert_eq!(ada.done(Method::POST, "/conflicts", proposal()).await["conflicts"], json!([]));
}

#[tokio::test]
async fn times_and_events_are_found() {
    let world = World::new(STORE).await;
    let ada = world.ada().await;

    let found = ada.get("/search?q=surprise%20party").await;
    let wanted = json!({
        "window": { "start": "2030-03-05T09:00:00Z", "end": "2030-03-05T12:00:00Z" }, "durationMinutes": 60,
    });
    let slots = ada.done(Method::POST, "/slots", Some(wanted)).await;

    assert_eq!(found["hits"][0]["event"]["summary"], SECRET);
    assert_eq!(found["hits"][0]["fields"], json!(["title"]));
    assert!(found["meaningMissing"].as_str().unwrap().contains("no embedder"), "{found}");
    assert_eq!(slots["slots"][0]["start"], "2030-03-05T10:00:00Z", "{slots}");
}

#[tokio::test]
async fn writing_is_granted_when_it_is_needed_and_the_yes_stands_meanwhile() {
    let world = World::new(STORE).await;
    let ada = world.visitor("ada").await;
    world.google.consent_as(ADA, None);
    assert_eq!(ada.connect("/connect").await, "/");
    ada.done(Method::POST, "/sync", Some(json!({ "type": "full" }))).await;
    let asked = ada.done(Method::POST, "/events", Some(tea())).await;
    let path = format!("/approvals/{}", asked["id"].as_str().unwrap());

    let problem = ada.refused(Method::POST, &path, Some(json!({ "action": "approve" })), 403).await;
    assert_eq!(problem["code"], "scope_missing");
    assert_eq!(ada.get(&path).await["status"], "approved");
    assert_eq!(granted(&ada).await, ["read"]);
    ada.connect(&format!("/connect?capability=write&account={ADA}")).await;
    let ended = ada.done(Method::POST, &path, Some(json!({ "action": "approve" }))).await;

    assert_eq!(ended["status"], "executed");
    assert_eq!(world.google.effects().len(), 1);
    assert_eq!(granted(&ada).await, ["read", "write"]);
}

/// What the person's one account may be used for.
async fn granted(browser: &Browser) -> Vec<String> {
    let accounts = browser.get("/accounts").await;
    let [account] = &accounts["accounts"].as_array().unwrap()[..] else { panic!("{accounts}") };
    let capabilities = account["capabilities"].as_array().unwrap().iter();
    let granted = capabilities.filter(|one| one["isGranted"] == true);
    granted.map(|one| one["capability"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_disconnected_account_leaves_nothing_but_its_audit() {
    let world = World::new(STORE).await;
    let ada = world.ada().await;
    let asked = ada.done(Method::POST, "/events", Some(tea())).await;

    let gone = ada.done(Method::POST, "/disconnect", Some(json!({ "accountId": ADA }))).await;

    assert_eq!((&gone["calendars"], &gone["revoked"]), (&json!(1), &json!(true)));
    assert_eq!(gone["endedApprovals"], json!([asked["id"]]));
    assert_eq!(ada.get("/calendars").await["calendars"], json!([]));
    assert_eq!(ada.get("/events").await["events"], json!([]));
    let audit = ada.get("/audit").await;
    assert_eq!(audit["records"].as_array().unwrap().last().unwrap()["action"], "account.disconnected");
    ada.refused(Method::POST, "/disconnect", Some(json!({ "accountId": ADA })), 404).await;
}
