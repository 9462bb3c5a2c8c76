//! Worlds that are made up, and worlds that are written down.
#![allow(clippy::unwrap_used)]

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use fake_google::{Config, FakeGoogle, Generate, Seed};
use serde_json::Value;

const ADA: &str = "ada@example.com";

fn made_up(seed: u64) -> FakeGoogle {
    let start: DateTime<Utc> = "2026-06-01T08:00:00Z".parse().unwrap();
    let generate = Generate { calendars: 1, events: 600, seed, ..Generate::default() };
    FakeGoogle::spawn(Config::new().starting_at(start).generate(generate)).unwrap()
}

fn without_stamps(google: &FakeGoogle) -> Vec<Value> {
    let mut events = google.snapshot(ADA);
    for event in events.iter_mut().filter_map(Value::as_object_mut) {
        event.retain(|field, _| !["etag", "updated", "created"].contains(&field.as_str()));
    }
    events
}

#[test]
fn the_same_seed_number_makes_the_same_events_and_another_makes_others() {
    let one = without_stamps(&made_up(1));
    assert_eq!(one.iter().filter(|event| event["status"] != "cancelled").count(), 600);
    assert_eq!(one, without_stamps(&made_up(1)));
    assert_ne!(one, without_stamps(&made_up(2)));
}

#[test]
fn a_made_up_calendar_holds_every_kind_of_event() {
    let events = made_up(1).snapshot(ADA);
    let count = |fits: fn(&Value) -> bool| events.iter().filter(|event| fits(event)).count();
    assert!(count(|event| event["recurrence"].is_array()) > 20);
    assert!(count(|event| event["recurringEventId"].is_string() && event["status"] == "cancelled") > 5);
    assert!(count(|event| event["recurringEventId"].is_string() && event["status"] == "confirmed") > 5);
    assert!(count(|event| event["start"]["date"].is_string()) > 20);
    assert!(count(|event| event["attendees"].is_array()) > 50);
    let zones: HashSet<&str> =
        events.iter().filter_map(|event| event["start"]["timeZone"].as_str()).collect();
    assert!(zones.len() >= 8, "{zones:?}");
}

#[test]
fn two_events_clash_tomorrow_at_ten() {
    let events = made_up(1).snapshot(ADA);
    let starts: Vec<&str> =
        events[..2].iter().filter_map(|event| event["start"]["dateTime"].as_str()).collect();
    assert_eq!(starts, ["2026-06-02T10:00:00+02:00", "2026-06-02T10:30:00+02:00"]);
}

#[test]
fn a_seed_is_planted_or_refused_with_a_reason() {
    let seed = r#"{ "people": [{ "email": "ada@example.com", "calendars": [
        { "id": "ada@example.com", "events": [{ "id": "kept0", "newField": 1, "start": { "date": "2026-06-01" } }] }
    ] }] }"#;
    let google = FakeGoogle::spawn(Config::new().seed(Seed::from_json(seed).unwrap())).unwrap();
    assert_eq!(google.event(ADA, "kept0").unwrap()["newField"], 1, "what nobody knows is kept");
    let wrong =
        Seed::from_json(&seed.replace("\"email\"", "\"timeZone\": \"Mars/Olympus\", \"email\"")).unwrap();
    let refused = FakeGoogle::spawn(Config::new().seed(wrong)).unwrap_err();
    assert_eq!(refused.to_string(), "seed: Invalid time zone: Mars/Olympus.");
}
