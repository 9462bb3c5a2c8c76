//! The program with a mirror that outlives it.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use fake_google::{Config, FakeGoogle, Generate};
use serde_json::{Value, json};
use theo_calendar::storage::{EventQuery, EventStore};
use theo_calendar_postgres::testing::FreshDatabase;

#[tokio::test]
async fn the_second_run_goes_on_from_the_first() {
    let (database, state) = (FreshDatabase::bare().await, state("second-run"));
    let first = report(quickstart(&state).env("DATABASE_URL", database.url()).arg("--json"));
    assert_eq!((&first["mirror"], &first["sync"]), (&json!("postgres"), &json!("full")));
    assert_eq!((&first["continued"], &first["listed_completely"]), (&json!(false), &json!(5)));

    let second = report(quickstart(&state).args(["--json", "--database-url", database.url()]));

    assert_eq!((&second["mirror"], &second["sync"]), (&json!("postgres"), &json!("incremental")));
    assert_eq!((&second["continued"], &second["listed_completely"]), (&json!(true), &json!(0)));
    let came = ["events_added", "events_updated", "events_deleted"].map(|count| &second["full_sync"][count]);
    assert_eq!(came, [1, 1, 2], "what happened at Google between the runs, and nothing else");
    assert_ne!(second["executed"]["event_id"], first["executed"]["event_id"], "a meeting of its own");
    assert_eq!(second["executed"]["effects_seen"], 1);
    assert_mirrored(&database, &state, &second).await;
}

#[tokio::test]
async fn a_run_after_one_that_was_killed_lists_everything_again() {
    let (database, state) = (FreshDatabase::bare().await, state("killed-run"));
    report(quickstart(&state).args(["--json", "--database-url", database.url()]));
    // As a killed run leaves it: its Google has not put away what it changed last.
    std::fs::write(state.with_added_extension("lock"), "in use\n").unwrap();

    let next = report(quickstart(&state).args(["--json", "--database-url", database.url()]));

    assert_eq!((&next["sync"], &next["listed_completely"]), (&json!("full"), &json!(5)));
    assert_mirrored(&database, &state, &next).await;
}

#[tokio::test]
async fn runs_at_once_take_turns() {
    let (database, state) = (FreshDatabase::bare().await, state("at-once"));
    let start = || {
        let mut command = quickstart(&state);
        command.args(["--json", "--database-url", database.url()]);
        command.stdout(std::process::Stdio::piped()).spawn().unwrap()
    };

    let runs = [start(), start()].map(|run| run.wait_with_output().unwrap());

    let reports = runs.map(|output| json_of(&output));
    let mut went_on = [0, 1].map(|run| reports[run]["continued"].as_bool().unwrap());
    went_on.sort_unstable();
    assert_eq!(went_on, [false, true]);
    let last = reports.iter().find(|report| report["continued"] == true).unwrap();
    assert_mirrored(&database, &state, last).await;
}

#[tokio::test]
async fn each_person_of_another_server_has_a_mirror_of_their_own() {
    let (database, state) = (FreshDatabase::bare().await, state("persons"));
    let google = FakeGoogle::spawn(Config::new()).unwrap();
    for (person, events, seed) in [("ada@example.com", 20, 1), ("bea@example.com", 30, 2)] {
        let generate =
            Generate { person: person.to_owned(), calendars: 2, events, seed, ..Generate::default() };
        google.generate(&Generate { access_token: Some(format!("token-of-{person}")), ..generate });
    }
    let of = |person: &str| {
        let token = format!("token-of-{person}");
        report(
            quickstart(&state)
                .args(["--google", google.url(), "--access-token", &token, "--json"])
                .args(["--database-url", database.url()]),
        )
    };

    let runs = ["ada@example.com", "bea@example.com", "ada@example.com"].map(of);

    let seen = runs.each_ref().map(|run| (run["continued"].as_bool(), run["events"].as_u64()));
    assert_eq!(seen, [(Some(false), Some(20)), (Some(false), Some(30)), (Some(true), Some(20))]);
    assert!(!state.exists(), "no Google of its own ran");
}

#[test]
fn a_mirror_in_memory_leaves_nothing_behind() {
    let state = state("memory");

    let report = report(quickstart(&state).env("DATABASE_URL", "").arg("--json"));

    assert_eq!((&report["mirror"], &report["continued"]), (&json!("memory"), &json!(false)));
    assert!(!state.exists());
}

#[tokio::test]
async fn a_person_reads_where_the_mirror_is_and_what_was_brought() {
    let (database, state) = (FreshDatabase::bare().await, state("words"));
    let run = || {
        let output = quickstart(&state).args(["--database-url", database.url()]).output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    };

    let (first, second) = (run(), run());

    for (text, says) in [
        (&first, "The mirror is in PostgreSQL, for the next run as well. It is empty"),
        (&first, "5 of 5 calendars listed completely"),
        (&second, "It has 5 calendars and 3001 events, as of"),
        (&second, "1 event added, 1 renamed, 2 deleted"),
        (
            &second,
            "0 of 5 calendars listed completely: Google sent what changed, 1 added, 1 updated, 2 deleted",
        ),
    ] {
        assert!(text.contains(says), "no {says:?} in:\n{text}");
    }
}

#[tokio::test]
async fn what_is_wrong_with_the_database_is_said_in_one_sentence() {
    let database = FreshDatabase::bare().await;
    let without_vector = FreshDatabase::bare().await;
    let dropped = sqlx::query("DROP EXTENSION vector").execute(&mut without_vector.superuser().await).await;
    dropped.unwrap();
    let newer = FreshDatabase::migrated().await;
    let from_tomorrow = "INSERT INTO _sqlx_migrations VALUES (9999, 'later', now(), true, '', 0)";
    sqlx::query(from_tomorrow).execute(&mut newer.superuser().await).await.unwrap();
    let elsewhere = database.url().replacen("/theo_test", "/no_such_theo_test", 1);
    for (url, says) in [
        ("mysql://ada:hush@localhost/calendar", "postgres://user@host/database"),
        ("postgres://ada:hush@127.0.0.1:9/calendar", "is it running, and reachable?"),
        (&elsewhere, "does not exist"),
        (without_vector.url(), "CREATE EXTENSION vector"),
        (newer.url(), "newer than this program"),
    ] {
        let output = quickstart(&state("wrong")).args(["--json", "--database-url", url]).output().unwrap();

        refused(&output, says);
    }
    let mut short_key = quickstart(&state("wrong"));
    short_key.args(["--database-url", database.url()]).env("THEO_SEALING_KEY", "hush");
    refused(&short_key.output().unwrap(), "not 64 hexadecimal digits");

    let broken = state("broken");
    std::fs::create_dir_all(broken.parent().unwrap()).unwrap();
    std::fs::write(&broken, "hush").unwrap();
    let output = quickstart(&broken).args(["--database-url", database.url()]).output().unwrap();
    refused(&output, "remove the file to start anew");
}

/// The mirror holds what a complete listing at Google gives: the same events in the same versions.
async fn assert_mirrored(database: &FreshDatabase, state: &Path, report: &Value) {
    let google = FakeGoogle::spawn(Config::new().state_file(state)).unwrap();
    let mirrored = database.store().events(&"ada".into(), &EventQuery::default()).await.unwrap();
    let mut here = BTreeMap::new();
    for event in mirrored.into_iter().filter(|mirrored| !mirrored.event.is_cancelled()) {
        let etag = event.event.etag.as_ref().map(ToString::to_string);
        here.insert((event.key.calendar.to_string(), event.key.event.to_string()), etag);
    }
    let mut there = BTreeMap::new();
    for calendar in report["calendar_list"].as_array().unwrap() {
        let calendar = calendar["id"].as_str().unwrap();
        for event in google.snapshot(calendar).into_iter().filter(|event| event["status"] != "cancelled") {
            let text = |field: &str| event[field].as_str().map(str::to_owned);
            there.insert((calendar.to_owned(), text("id").unwrap()), text("etag"));
        }
    }
    assert!(here.len() > 2_900, "{}", here.len());
    assert_eq!(here, there);
}

#[track_caller]
fn refused(output: &Output, says: &str) {
    let error = String::from_utf8(output.stderr.clone()).unwrap();
    assert_eq!(output.status.code(), Some(1), "{error}");
    assert!(output.stdout.is_empty() && error.starts_with("error: ") && error.contains(says), "{error}");
    assert_eq!(error.trim_end().lines().count(), 1, "{error}");
    assert!(!error.contains("hush"), "a secret is in: {error}");
}

fn report(command: &mut Command) -> Value {
    json_of(&command.output().unwrap())
}

#[track_caller]
fn json_of(output: &Output) -> Value {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

fn quickstart(state: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_quickstart"));
    for name in ["THEO_ACCESS_TOKEN", "THEO_SEALING_KEY", "DATABASE_URL"] {
        command.env_remove(name);
    }
    command.arg("--google-state").arg(state);
    command
}

/// Where a Google may keep its state, in a folder of the test's own that is not there yet.
fn state(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    if folder.exists() {
        std::fs::remove_dir_all(&folder).unwrap();
    }
    folder.join("state.json")
}
