//! Pages that Google once gave, when they are at hand, go through a whole sync.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "tests")]

use std::{collections::BTreeMap, path::PathBuf};

use flows::{ADA, Person, RecordedGoogle};
use serde_json::{Value, json};

/// A recorded answer; none where the recordings are not at hand, which is said.
fn recording(name: &str) -> Option<Value> {
    let folder = std::env::var_os("THEO_GOOGLE_FIXTURES").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/google-fixtures")),
        PathBuf::from,
    );
    let path = folder.join(format!("{name}.json"));
    let Ok(text) = std::fs::read(&path) else {
        println!(
            "skipped: there is no {}; THEO_GOOGLE_FIXTURES names the folder of recorded answers",
            path.display()
        );
        return None;
    };
    Some(serde_json::from_slice(&text).unwrap())
}

/// Syncs the recordings and asserts that each calendar holds each event as it was recorded, or has it quarantined.
async fn nothing_is_lost(list: Value, pages: Vec<Value>) {
    let items = |answer: &Value| answer["items"].as_array().unwrap().clone();
    let calendars: Vec<String> =
        items(&list).iter().map(|entry| entry["id"].as_str().unwrap().to_owned()).collect();
    // Of an event that comes twice the last counts.
    let events: BTreeMap<String, Value> =
        pages.iter().flat_map(items).map(|event| (event["id"].as_str().unwrap().to_owned(), event)).collect();
    let ada = Person::new().http(RecordedGoogle::new(list, pages));

    let report = ada.sync().await;

    assert!(report.is_complete(), "{report:?}");
    let mut expected = calendars.clone();
    expected.sort();
    assert_eq!(ada.mirrored_calendars().await, expected);
    let quarantine = ada.store.quarantined(&ada.account.user).await.unwrap();
    let (mut arrived, mut quarantined, mut deleted) = (0, 0, 0);
    for calendar in &calendars {
        let mirror = ada.mirrored(calendar).await;
        for (id, event) in &events {
            let is_its = |kept: &&theo_calendar::storage::QuarantinedEvent| {
                kept.calendar.calendar.as_str() == calendar
                    && kept.event.as_ref().is_some_and(|kept| kept.as_str() == id)
            };
            match (mirror.get(id), quarantine.iter().find(is_its)) {
                (Some(here), None) => {
                    assert_eq!(here, event, "{id}");
                    arrived += 1;
                }
                (None, Some(kept)) => {
                    assert_eq!(serde_json::from_str::<Value>(kept.raw.as_str()).unwrap(), *event);
                    println!("quarantined: {}", kept.reason);
                    quarantined += 1;
                }
                (None, None) if event["status"] == "cancelled" && event["recurringEventId"].is_null() => {
                    deleted += 1
                }
                found => panic!("{id} of {calendar} is lost, or there twice: {found:?}"),
            }
        }
        assert!(mirror.keys().all(|id| events.contains_key(id)));
    }
    println!(
        "{} calendars, {arrived} events arrived, {quarantined} quarantined, {deleted} deleted",
        calendars.len()
    );
    assert!(ada.sync().await.is_complete());
}

#[tokio::test]
async fn recorded_pages_of_a_company_calendar_go_through_a_sync_without_loss() {
    let (Some(list), Some(events)) = (recording("psoxy.calendarList"), recording("psoxy.events")) else {
        return;
    };
    nothing_is_lost(list, vec![events]).await;
}

#[tokio::test]
async fn recorded_pages_of_an_older_google_go_through_a_sync_without_loss() {
    let names = ["northworld.find_calendar_list", "northworld.events", "northworld.repeating_events"];
    let [Some(list), Some(events), Some(repeating)] = names.map(recording) else { return };
    let Some(cancelled) = recording("northworld.cancelled_events") else { return };
    let last = json!({ "kind": "calendar#events", "items": [cancelled] });
    nothing_is_lost(list, vec![events, repeating, last]).await;
}

/// So that the two above cannot pass by finding nothing where nothing is lost.
#[tokio::test]
async fn a_written_page_goes_through_a_sync_without_loss() {
    let list = json!({ "items": [{ "id": ADA, "accessRole": "owner" }, { "id": "team@example.com" }] });
    let time = json!({ "dateTime": "2025-03-28T09:00:00Z" });
    let event = |id: &str| json!({ "id": id, "start": time, "end": time, "newField": { "kept": [1, 2] } });
    let bad = json!({ "id": "bad", "start": "tomorrow" });
    let pages = vec![json!({ "items": [event("a"), bad] }), json!({ "items": [event("b")] })];
    nothing_is_lost(list, pages).await;
}
