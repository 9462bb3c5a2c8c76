//! The program as a person or a script uses it.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::process::{Command, Output};

use fake_google::{Config, FakeGoogle, Generate};
use serde_json::{Value, json};
use theo_calendar::testing::Discovery;

/// What a server must offer for the program to run against it.
const ALLOWED: [&str; 6] =
    ["calendarList.list", "events.list", "events.get", "events.insert", "events.patch", "events.delete"];

#[test]
fn json_is_one_document_and_nothing_else() {
    let output = quickstart(&["--json"]);

    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!(output.status.success());
    assert_eq!((report["calendars"].as_u64(), report["events"].as_u64()), (Some(5), Some(3000)));
    assert_eq!((&report["mirror"], &report["sync"]), (&json!("memory"), &json!("full")));
    assert_eq!(
        report["conflicts"].as_array().map(|found| found.len() >= 2),
        Some(true),
        "{}",
        report["conflicts"]
    );
    assert_eq!(report["approval"]["status"], "executed");
    assert_eq!(report["executed"]["effects_seen"], 1);
    assert_eq!(report["executed"]["mirrored"]["id"], report["executed"]["event_id"]);
    let changes = ["added", "updated", "deleted"].map(|count| report[count].as_u64());
    assert_eq!(changes, [Some(1); 3], "exactly the changes made on Google's side");
}

#[test]
fn a_person_reads_each_step() {
    let output = quickstart(&[]);

    let text = String::from_utf8(output.stdout).unwrap();
    for step in [
        "Calendars",
        "The days ahead",
        "High: overlaps",
        "The person says yes",
        "Executed twice; Google has 1",
    ] {
        assert!(text.contains(step), "no {step:?} in:\n{text}");
    }
}

#[test]
fn another_server_is_only_read_unless_write_is_given() {
    let google = google();
    let token = google.token("ada@example.com", &["calendar.readonly"]);

    let output = quickstart(&["--google", google.url(), "--access-token", &token, "--json"]);

    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["events"], 200);
    assert!(report["approval"].is_null() && report["executed"].is_null());
    assert!(google.effects().is_empty());
    assert_only_allowed(&google);
}

#[test]
fn with_write_another_server_gets_one_event_and_no_mail() {
    let google = google();
    let token = google.token("ada@example.com", &["calendar.readonly", "calendar.events"]);

    let output = quickstart(&["--google", google.url(), "--access-token", &token, "--write", "--json"]);

    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let event = report["executed"]["event_id"].as_str().unwrap();
    assert_eq!(google.effects().len(), 1);
    assert_eq!(google.effects_on("ada@example.com", event), 1);
    assert!(google.mail().is_empty());
    assert_only_allowed(&google);
}

#[test]
fn what_is_wrong_is_said_in_one_sentence() {
    let google = google();
    let at = ["--start", "2030-03-04T10:00:00", "--end", "2030-03-04T11:00:00"];
    let backwards = ["--start", "2030-03-04T10:00:00Z", "--end", "2030-03-04T09:00:00Z"];
    let elsewhere = ["--google", google.url(), "--access-token", "not-a-token"];
    for (arguments, says) in [
        (&["--calendar", "nowhere@example.com"] as &[_], "calendar \"nowhere@example.com\""),
        (&backwards, "ends no later than it starts"),
        (&at, "without a time zone"),
        (&["--expires-in", "60", "--decide-after", "61"], "expired at"),
        (&["--google", "http://127.0.0.1:9", "--access-token", "any"], "cannot be reached"),
        (&elsewhere, "refused the access token"),
    ] {
        let output = quickstart(arguments);

        let error = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{arguments:?}: {error}");
        assert!(error.starts_with("error: ") && error.contains(says), "{arguments:?}: {error}");
        assert_eq!(error.trim_end().lines().count(), 1, "{error}");
        assert!(!error.contains("not-a-token"), "the token is in: {error}");
    }
    assert!(google.effects().is_empty());
}

fn quickstart(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_quickstart"))
        .args(arguments)
        .env_remove("THEO_ACCESS_TOKEN")
        .env_remove("DATABASE_URL")
        .output()
        .unwrap()
}

/// A Google with a person of 2 calendars and 200 events.
fn google() -> FakeGoogle {
    let generate = Generate { calendars: 2, events: 200, ..Generate::default() };
    FakeGoogle::spawn(Config::new().generate(generate)).unwrap()
}

/// Only the methods a partial server has, each request as Google's discovery document describes it.
fn assert_only_allowed(google: &FakeGoogle) {
    let discovery = Discovery::load().unwrap();
    for request in google.request_log() {
        assert!(ALLOWED.contains(&request.operation.as_str()), "{} was called", request.operation);
        let address = format!("{}{}?{}", google.url(), request.path, request.query);
        let sent = http::Request::builder().method(request.method.as_str()).uri(address);
        let sent = sent.header("content-type", "application/json").body(request.body.into()).unwrap();
        discovery.validate_request(&sent).unwrap();
    }
}
