//! Bad input to each route: a problem document that names the field.

use reqwest::Method;
use serde_json::{Value, json};

use crate::world::{ADA, SECRET, Stores, World, event_of};

#[tokio::test]
async fn what_is_wrong_is_named() {
    let world = World::new(Stores::Memory).await;
    let ada = world.ada().await;
    let id = event_of(&ada, SECRET).await["id"].as_str().unwrap().to_owned();
    let event = format!("/events/{id}");
    let asked = ada.done(Method::DELETE, &event, None).await;
    let approval = format!("/approvals/{}", asked["id"].as_str().unwrap());
    let calendar = format!("/calendars/{ADA}");
    let at = |hour| json!({ "dateTime": format!("2030-03-05T{hour}:00:00Z") });
    let (nine, ten) = (at("09"), at("10"));
    let with = |name: &str, value: Value| {
        let mut body = json!({ "calendarId": "primary", "start": nine, "end": ten });
        body[name] = value;
        body
    };
    let window = json!({ "start": "2030-03-05T09:00:00Z", "end": "2030-03-05T12:00:00Z" });
    let slots = |name: &str, value: Value| {
        let mut body = json!({ "window": window, "durationMinutes": 30 });
        body[name] = value;
        body
    };
    let without = |name: &str| {
        let mut body = with("summary", json!("x"));
        body.as_object_mut().unwrap().remove(name);
        body
    };

    for (path, field) in [
        ("/events?limit=none", "limit"),
        ("/events?limit=0", "limit"),
        ("/events?limit=251", "limit"),
        ("/events?offset=-1", "offset"),
        ("/events?startDate=today", "startDate"),
        ("/events?endDate=2030-02-30", "endDate"),
        ("/events?startDate=2030-03-02&endDate=2030-03-01", "endDate"),
        ("/events?startDate=2030-03-02&endDate=2032-03-01", "endDate"),
        ("/events?start=2030-03-02", "start"),
        ("/events?limit=1&limit=2", "limit"),
        ("/events?calendarId=%00", "calendarId"),
        ("/approvals?limit=x", "limit"),
        ("/approvals?state=gone", "state"),
        ("/search", "q"),
        ("/search?q=x&mode=magic", "mode"),
        ("/search?q=x&startDate=2030-03-01", "endDate"),
        ("/audit?after=x", "after"),
        ("/changes?since=x", "since"),
        ("/connect?capability=everything", "capability"),
    ] {
        let problem = ada.refused(Method::GET, path, None, 400).await;
        assert_eq!(problem["errors"][0]["field"], field, "{path}: {problem}");
    }
    for (method, path, body, field) in [
        (Method::PATCH, calendar.as_str(), json!({}), "body"),
        (Method::PATCH, &calendar, json!({ "isSelected": "yes" }), "isSelected"),
        (Method::PATCH, &calendar, json!({ "selected": true }), "selected"),
        (Method::POST, "/sync", json!({ "type": "half" }), "type"),
        (Method::POST, "/sync", json!({ "force": true }), "force"),
        (Method::POST, "/events", without("calendarId"), "calendarId"),
        (Method::POST, "/events", without("start"), "start"),
        (Method::POST, "/events", with("end", json!({})), "end"),
        (Method::POST, "/events", with("end", at("08")), "end"),
        (Method::POST, "/events", with("end", json!({ "dateTime": "soon" })), "end.dateTime"),
        (
            Method::POST,
            "/events",
            with("start", json!({ "dateTime": "2030-03-05T09:00:00" })),
            "start.timeZone",
        ),
        (Method::POST, "/events", with("recurrence", json!(["RRULE:FREQ=SOMETIMES"])), "start.timeZone"),
        (Method::POST, "/events", with("attendees", json!([{ "email": 1 }])), "attendees[0].email"),
        (Method::POST, "/events", with("sumary", json!("typo")), "sumary"),
        (Method::POST, "/events", with("summary", json!("a\0b")), "summary"),
        (Method::POST, "/events", with("scope", json!("some")), "scope"),
        (Method::POST, "/events", with("sendUpdates", json!("friends")), "sendUpdates"),
        (Method::POST, "/events", with("expiresInSeconds", json!(0)), "expiresInSeconds"),
        (Method::PATCH, &event, json!({}), "body"),
        (Method::PATCH, &event, json!({ "response": "perhaps" }), "response"),
        (Method::PATCH, &event, json!({ "response": "accepted", "summary": "x" }), "summary"),
        (Method::POST, &approval, json!({}), "action"),
        (Method::POST, &approval, json!({ "action": "maybe" }), "action"),
        (Method::POST, &approval, json!({ "action": "approve", "changes": {} }), "changes"),
        (
            Method::POST,
            &approval,
            json!({ "action": "editAndApprove", "changes": { "summary": "x" } }),
            "changes",
        ),
        (Method::POST, "/conflicts", with("bufferBeforeMinutes", json!(-1)), "bufferBeforeMinutes"),
        (
            Method::POST,
            "/conflicts",
            with("workingHours", json!({ "time_zone": "Mars" })),
            "workingHours.time_zone",
        ),
        (Method::POST, "/slots", slots("timeZone", json!("Mars")), "timeZone"),
        (Method::POST, "/slots", slots("durationMinutes", json!("long")), "durationMinutes"),
        (Method::POST, "/slots", slots("window", json!({ "start": "2030-03-05T09:00:00Z" })), "window.end"),
        (Method::POST, "/slots", slots("limit", json!(0)), "limit"),
        (Method::POST, "/slots", slots("stepMinutes", json!(7)), "body"),
        (Method::POST, "/disconnect", json!({}), "accountId"),
    ] {
        let problem = ada.refused(method, path, Some(body.clone()), 400).await;
        assert_eq!(problem["errors"][0]["field"], field, "{path} {body}: {problem}");
    }
    let problem = ada.refused(Method::DELETE, &format!("{event}?scope=some"), None, 400).await;
    assert_eq!(problem["errors"][0]["field"], "scope");
    assert!(world.google.effects().is_empty());
}

#[tokio::test]
async fn what_is_not_there_or_too_much_is_a_problem_document_too() {
    let world = World::new(Stores::Memory).await;
    let ada = world.visitor("ada").await;

    ada.refused(Method::GET, "/nowhere", None, 404).await;
    ada.refused(Method::GET, "/events/e1", None, 404).await;
    ada.refused(Method::GET, "/approvals/a%00", None, 404).await;
    ada.refused(Method::GET, "/approvals/%ff", None, 400).await;
    ada.refused(Method::PUT, "/events", None, 405).await;
    ada.refused(Method::POST, "/events", None, 415).await;
    let large = json!({ "summary": "x".repeat(300 * 1024) });
    ada.refused(Method::POST, "/events", Some(large), 413).await;
    for body in ["", "[]", "{"] {
        let request = ada.to(Method::POST, "/sync").header("content-type", "application/json").body(body);
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), 400);
        assert_eq!(answer.json::<Value>().await.unwrap()["errors"][0]["field"], "body");
    }
}
