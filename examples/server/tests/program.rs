//! The program as it is deployed: told by variables, stopped by a signal, its log read by others.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::{
    io::{BufRead, BufReader, Read},
    process::{Child, Command, Stdio},
    thread::{self, JoinHandle},
    time::Duration,
};

use fake_google::{Config, FakeGoogle, Fault, FaultKind};
use reqwest::{Client, header};
use serde_json::{Value, json};

const PERSON: &str = "ada@example.com";

struct Program {
    child: Child,
    root: String,
    log: JoinHandle<String>,
}

impl Program {
    /// Logs as much as there is to say.
    fn start(variables: &[(&str, &str)]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_server"));
        command.env_clear().env("THEO_LOG", "trace").env("THEO_LOG_FORMAT", "json");
        let mut child = command
            .envs(variables.iter().copied())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // Read while it runs: a full pipe would hold it up.
        let mut stderr = child.stderr.take().unwrap();
        let log = thread::spawn(move || {
            let mut log = String::new();
            stderr.read_to_string(&mut log).unwrap();
            log
        });
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let root = line.trim_end().strip_prefix("listening on ").unwrap_or_default().to_owned();
        Self { child, root, log }
    }

    /// Asks it to stop as an operator does; gives how it ended, and its log.
    fn stop(mut self) -> (Option<i32>, String) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
        let status = self.child.wait().unwrap();
        (status.code(), self.log.join().unwrap())
    }
}

#[tokio::test]
async fn it_stops_when_it_is_told_to_and_its_log_holds_no_secret() {
    let google = FakeGoogle::spawn(Config::new().allow_http_webhooks()).unwrap();
    google.add_person(PERSON, "Europe/Zurich");
    let (client_secret, session_key) = ("canary-client-secret", "5e".repeat(64));
    let program = Program::start(&[
        ("THEO_LISTEN", "127.0.0.1:0"),
        ("THEO_GOOGLE_URL", google.url()),
        ("GOOGLE_CLIENT_ID", "client"),
        ("GOOGLE_CLIENT_SECRET", client_secret),
        ("THEO_SESSION_KEY", &session_key),
    ]);
    let api = format!("{}/api/integrations/calendar", program.root);

    let client = Client::builder().cookie_store(true).build().unwrap();
    let signed = client.get(format!("{}/dev/sign-in", program.root)).send().await.unwrap();
    assert!(signed.status().is_success(), "signed in, connected, and back at the root");
    let sync = client.post(format!("{api}/sync")).json(&json!({ "type": "full" })).send().await.unwrap();
    let sync: Value = sync.json().await.unwrap();
    assert_eq!(sync["report"]["calendarsProcessed"], 1, "{sync}");
    let search = client.get(format!("{api}/search?q=canary-of-a-search")).send().await.unwrap();
    assert!(search.headers().contains_key("x-request-id"));
    let id = search.headers()["x-request-id"].to_str().unwrap().to_owned();
    let plain = Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let cookie = plain.get(format!("{}/dev/sign-in", program.root)).send().await.unwrap();
    let cookie = cookie.headers()[header::SET_COOKIE].to_str().unwrap().to_owned();
    let ticket = cookie.split([';', '=']).nth(1).unwrap().to_owned();
    let request = plain.get(format!("{api}/sync")).header(header::COOKIE, &cookie).send().await.unwrap();
    assert!(request.status().is_success());

    let (code, log) = program.stop();

    assert_eq!(code, Some(0), "{log}");
    let lines: Vec<Value> = log.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(lines.len() > 20 && log.contains(&id), "{log}");
    // Access tokens, refresh tokens and codes of the fake begin so.
    for secret in
        [client_secret, &session_key, "ya29.", "1//", "\"4/", "code=4", "canary-of-a-search", &ticket]
    {
        let line = log.lines().find(|line| line.contains(secret));
        assert_eq!(line, None, "{secret}");
    }
}

#[tokio::test]
async fn when_it_is_told_to_stop_what_runs_is_finished_and_feeds_end() {
    let google = FakeGoogle::spawn(Config::new().allow_http_webhooks()).unwrap();
    google.add_person(PERSON, "Europe/Zurich");
    let program = Program::start(&[("THEO_LISTEN", "127.0.0.1:0"), ("THEO_GOOGLE_URL", google.url())]);
    let api = format!("{}/api/integrations/calendar", program.root);
    let client = Client::builder().cookie_store(true).build().unwrap();
    client.get(format!("{}/dev/sign-in", program.root)).send().await.unwrap();
    client.post(format!("{api}/sync")).json(&json!({ "type": "full" })).send().await.unwrap();
    let tea = json!({ "calendarId": "primary", "summary": "Tea",
        "start": { "dateTime": "2030-03-05T10:00:00Z" }, "end": { "dateTime": "2030-03-05T11:00:00Z" } });
    let asked = client.post(format!("{api}/events")).json(&tea).send().await.unwrap();
    let asked: Value = asked.json().await.unwrap();
    let mut feed = client.get(format!("{api}/changes")).send().await.unwrap();
    // Google takes its time, and the signal comes meanwhile.
    google.fault(Fault::once("events.insert", FaultKind::Delay { millis: 1_500 }));
    let yes = client.post(format!("{api}/approvals/{}", asked["id"].as_str().unwrap()));
    let running = tokio::spawn(yes.json(&json!({ "action": "approve" })).send());
    while google.requests("events.insert") == 0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }

    let stopping = tokio::task::spawn_blocking(|| program.stop());

    let answer = running.await.unwrap().unwrap();
    assert_eq!(answer.json::<Value>().await.unwrap()["status"], "executed");
    while feed.chunk().await.unwrap().is_some() {}
    let (code, log) = stopping.await.unwrap();
    assert_eq!((code, google.effects().len()), (Some(0), 1), "{log}");
}

#[test]
fn what_is_wrong_in_its_settings_is_said_in_one_line() {
    let file = tempfile();
    std::fs::write(&file, "THEO_PUBLIC_URL=nowhere\nTHEO_LISTEN=127.0.0.1:0\n").unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_server"))
        .env_clear()
        .env("THEO_CONFIG", &file)
        .env("THEO_SEALING_KEY", "secret-but-short")
        .output()
        .unwrap();
    std::fs::remove_file(&file).unwrap();

    let error = String::from_utf8(output.stderr).unwrap();
    assert_eq!((output.status.code(), output.stdout.len()), (Some(1), 0));
    assert_eq!(error.lines().count(), 1, "{error}");
    for name in ["THEO_PUBLIC_URL", "THEO_SEALING_KEY"] {
        assert!(error.contains(name), "{error}");
    }
    assert!(!error.contains("secret-but-short") && !error.contains("nowhere"), "{error}");
}

fn tempfile() -> std::path::PathBuf {
    std::env::temp_dir().join(format!("theo-server-settings-{}", std::process::id()))
}
