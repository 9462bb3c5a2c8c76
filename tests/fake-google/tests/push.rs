//! Channels and their notifications, received by a real listener.
#![allow(clippy::unwrap_used)]

#[path = "support/google.rs"]
mod google;

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use chrono::TimeDelta;
use fake_google::{Config, Fault, FaultKind};
use google::{ADA, Google, timed};
use serde_json::{Value, json};

/// Receives notifications and gives their headers; the first `failures` are answered 503.
fn receiver(mut failures: usize) -> (String, Receiver<HashMap<String, String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}/hook", listener.local_addr().unwrap());
    let (send, receive) = channel();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let lines = BufReader::new(stream.try_clone().unwrap()).lines().map_while(Result::ok);
            let headers: HashMap<String, String> = lines
                .take_while(|line| !line.is_empty())
                .filter_map(|line| line.split_once(": ").map(|(k, v)| (k.to_lowercase(), v.to_owned())))
                .collect();
            let status = if failures > 0 { "503 Service Unavailable" } else { "204 No Content" };
            failures = failures.saturating_sub(1);
            write!(stream, "HTTP/1.1 {status}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n").unwrap();
            if send.send(headers).is_err() {
                return;
            }
        }
    });
    (address, receive)
}

fn next(receive: &Receiver<HashMap<String, String>>) -> HashMap<String, String> {
    receive.recv_timeout(Duration::from_secs(10)).expect("a notification")
}

async fn watch(google: &Google, address: &str) -> google::Answer {
    let body = json!({ "id": "channel-1", "type": "web_hook", "address": address, "token": "secret" });
    google.post("/calendars/primary/events/watch", &[], body).await
}

#[tokio::test]
async fn a_channel_says_sync_first_and_exists_on_every_change() {
    let google = Google::with_config(Config::new().allow_http_webhooks(), 0).await;
    let (address, receive) = receiver(0);
    let channel = watch(&google, &address).await.ok();
    let sync = next(&receive);
    assert_eq!(sync["x-goog-resource-state"], "sync");
    assert_eq!(sync["x-goog-message-number"], "1");
    assert_eq!(sync["x-goog-channel-id"], "channel-1");
    assert_eq!(sync["x-goog-channel-token"], "secret");
    assert_eq!(sync["x-goog-resource-id"], channel["resourceId"]);
    assert_eq!(sync["content-length"], "0");
    let expires = chrono::DateTime::parse_from_rfc2822(&sync["x-goog-channel-expiration"]).unwrap();
    let promised: i64 = channel["expiration"].as_str().unwrap().parse().unwrap();
    assert_eq!(expires.timestamp(), promised / 1000);
    let mut last = 1;
    for number in 0..5 {
        google.fake.create_event(ADA, timed(&format!("event{number}"), number));
        let message = next(&receive);
        assert_eq!(message["x-goog-resource-state"], "exists");
        let number = message["x-goog-message-number"].parse::<u64>().unwrap();
        assert!(number > last);
        last = number;
    }
    assert!(last > 6, "numbers rise, but not by one");
}

#[tokio::test]
async fn a_stopped_expired_or_lost_channel_is_silent() {
    let google = Google::with_config(Config::new().allow_http_webhooks(), 0).await;
    let (address, receive) = receiver(0);
    let channel = watch(&google, &address).await.ok();
    next(&receive);
    google.fake.lose_notifications(true);
    google.fake.create_event(ADA, timed("lost0", 0));
    google.fake.lose_notifications(false);
    assert_eq!(google.fake.notifications_sent(), 1);
    let wrong = json!({ "id": "channel-1", "resourceId": "other" });
    google.post("/channels/stop", &[], wrong).await.refused(404, "notFound");
    let stop = json!({ "id": "channel-1", "resourceId": channel["resourceId"] });
    google.post("/channels/stop", &[], stop).await.ok();
    assert!(google.fake.channels().is_empty());
    watch(&google, &address).await.ok();
    google.fake.advance(TimeDelta::days(8));
    google.fake.create_event(ADA, timed("late0", 1));
    assert_eq!(google.fake.notifications_sent(), 2, "two sync messages and nothing else");
}

#[tokio::test]
async fn a_receiver_that_fails_is_tried_again() {
    let google = Google::with_config(Config::new().allow_http_webhooks(), 0).await;
    let (address, receive) = receiver(1);
    watch(&google, &address).await.ok();
    assert_eq!(next(&receive)["x-goog-message-number"], next(&receive)["x-goog-message-number"]);
}

#[tokio::test]
async fn watching_is_refused_where_google_refuses_it() {
    let google = Google::with_events(0).await;
    watch(&google, "http://example.com/hook").await.refused(400, "push.webhookUrlNotHttps");
    google.fake.fault(Fault::once("events.watch", FaultKind::RefuseWatch));
    watch(&google, "https://127.0.0.1:1/hook").await.refused(400, "pushNotSupportedForRequestedResource");
    google.fake.refuse_watch(ADA, true);
    watch(&google, "https://127.0.0.1:1/hook").await.refused(400, "pushNotSupportedForRequestedResource");
    google.fake.refuse_watch(ADA, false);
    watch(&google, "https://127.0.0.1:1/hook").await.ok();
    watch(&google, "https://127.0.0.1:1/hook").await.refused(400, "channelIdNotUnique");
    let long: Value = json!({ "id": "x".repeat(65), "type": "web_hook", "address": "https://127.0.0.1:1/" });
    google.post("/calendars/primary/events/watch", &[], long).await.refused(400, "channelIdInvalid");
}
