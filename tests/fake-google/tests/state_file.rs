//! A fake that goes on from where an earlier one stopped.
#![allow(clippy::unwrap_used)]

#[path = "support/google.rs"]
mod google;

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use fake_google::{Config, FakeGoogle};
use google::{ADA, Google, timed};
use serde_json::{Value, json};

/// A folder of its own for each test, empty.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    if folder.exists() {
        std::fs::remove_dir_all(&folder).unwrap();
    }
    folder
}

/// A fake on the state in `file`, and a client with the token of the first one.
async fn life(file: &Path, token: Option<&str>) -> Google {
    let fake = FakeGoogle::spawn(Config::new().state_file(file)).unwrap();
    fake.add_person(ADA, "Europe/Zurich");
    let token = token.map_or_else(|| fake.token(ADA, &["calendar"]), str::to_owned);
    Google { fake, http: reqwest::Client::new(), token }
}

#[tokio::test]
async fn the_next_life_honours_the_tokens_of_the_last_and_answers_alike() {
    let file = folder("alike").join("state.json");
    let first = life(&file, None).await;
    first.fake.create_event(ADA, timed("plain", 1));
    let series = json!({ "id": "series", "recurrence": ["RRULE:FREQ=DAILY;COUNT=5"], "start": { "date": "2026-06-01" }, "end": { "date": "2026-06-02" } });
    first.fake.create_event(ADA, series);
    first.fake.delete_event(ADA, "series_20260602");
    first.fake.patch_event(ADA, "series_20260603", json!({ "summary": "Changed" }));
    first.fake.create_event(ADA, timed("gone", 2));
    let (_, events) = first.list_all(&[]).await;
    let list = first.get("/users/me/calendarList", &[]).await.ok();
    first.fake.delete_event(ADA, "gone");
    first.fake.patch_event(ADA, "plain", json!({ "summary": "Renamed" }));
    let (all, instances) = everything(&first).await;
    let (token, snapshot) = (first.token.clone(), first.fake.snapshot(ADA));
    first.fake.close().unwrap();

    let second = life(&file, Some(&token)).await;

    assert!(second.fake.is_restored());
    assert_eq!(second.fake.snapshot(ADA), snapshot);
    assert_eq!(everything(&second).await, (all, instances));
    let (changed, _) = second.list_all(&[("syncToken", &events)]).await;
    let ids: Vec<&Value> = changed.iter().map(|event| &event["id"]).collect();
    assert_eq!(ids, ["gone", "plain"], "in the order in which they changed");
    let since = [("syncToken", list["nextSyncToken"].as_str().unwrap())];
    assert_eq!(second.get("/users/me/calendarList", &since).await.ok()["items"], json!([]));
}

#[tokio::test]
async fn ids_and_etags_of_the_next_life_are_new_ones() {
    let file = folder("new-ones").join("state.json");
    let first = life(&file, None).await;
    let made = first.post("/calendars/primary/events", &[], unnamed()).await.ok();
    let token = first.token.clone();
    drop(first);

    let second = life(&file, Some(&token)).await;

    let other = second.post("/calendars/primary/events", &[], unnamed()).await.ok();
    assert_ne!(made["id"], other["id"]);
    assert_ne!(made["etag"], other["etag"]);
    assert_eq!(second.fake.snapshot(ADA).len(), 2);
}

#[tokio::test]
async fn tokens_of_a_life_that_was_not_put_away_answer_410() {
    let folder = folder("cut-short");
    let (file, lock) = (folder.join("state.json"), folder.join("state.json.lock"));
    let first = life(&file, None).await;
    let token = first.token.clone();
    drop(first);
    let second = life(&file, Some(&token)).await;
    let while_used = std::fs::read(&lock).unwrap();
    let (_, events) = second.list_all(&[]).await;
    let list = second.get("/users/me/calendarList", &[]).await.ok();
    drop(second);
    // As it is when a process is killed.
    std::fs::write(&lock, while_used).unwrap();

    let third = life(&file, Some(&token)).await;

    third.refused(&[("syncToken", &events)], 410, "fullSyncRequired").await;
    let since = [("syncToken", list["nextSyncToken"].as_str().unwrap())];
    third.get("/users/me/calendarList", &since).await.refused(410, "fullSyncRequired");
}

#[tokio::test]
async fn tokens_of_a_fake_without_a_file_answer_410_at_the_next() {
    let (first, second) = (Google::with_events(3).await, Google::with_events(3).await);

    let (_, events) = first.list_all(&[]).await;

    second.refused(&[("syncToken", &events)], 410, "fullSyncRequired").await;
}

#[test]
fn a_state_in_use_is_not_used_by_another() {
    let file = folder("in-use").join("state.json");
    let first = FakeGoogle::spawn(Config::new().state_file(&file)).unwrap();

    let refused = FakeGoogle::spawn(Config::new().state_file(&file)).unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::ResourceBusy);
    assert!(refused.to_string().contains("in use by another process"), "{refused}");

    first.close().unwrap();
    assert!(FakeGoogle::spawn(Config::new().state_file(&file)).unwrap().is_restored());
}

#[test]
fn a_file_that_is_no_state_is_named_and_left_alone() {
    let folder = folder("broken");
    std::fs::create_dir_all(&folder).unwrap();
    let file = folder.join("state.json");
    for text in ["", "{\"version\": 1}", "not JSON"] {
        std::fs::write(&file, text).unwrap();

        let refused = FakeGoogle::spawn(Config::new().state_file(&file)).unwrap_err();

        assert_eq!(refused.kind(), ErrorKind::InvalidData);
        let said = refused.to_string();
        assert!(said.contains("state.json") && said.contains("remove the file to start anew"), "{said}");
        assert_eq!(std::fs::read_to_string(&file).unwrap(), text);
    }
}

#[test]
fn a_place_that_cannot_be_written_is_named() {
    let folder = folder("no-place");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("file"), "").unwrap();

    let refused = FakeGoogle::spawn(Config::new().state_file(folder.join("file/state.json"))).unwrap_err();

    assert!(refused.to_string().contains("file/state.json cannot be kept"), "{refused}");
}

/// A complete listing with what was deleted, and one of occurrences.
async fn everything(google: &Google) -> (Vec<Value>, Vec<Value>) {
    let (all, _) = google.list_all(&[("showDeleted", "true"), ("maxResults", "2")]).await;
    let window = [("timeMin", "2026-06-01T00:00:00Z"), ("timeMax", "2026-07-01T00:00:00Z")];
    let (instances, _) =
        google.list_all(&[("singleEvents", "true"), ("orderBy", "startTime"), window[0], window[1]]).await;
    (all, instances)
}

fn unnamed() -> Value {
    let mut event = timed("x", 1);
    event.as_object_mut().unwrap().remove("id");
    event
}
