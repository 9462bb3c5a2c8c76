//! Whoever sends too much.

use std::time::Duration;

use reqwest::{Method, StatusCode};
use serde_json::Value;
use tokio::time::{sleep, timeout};

use crate::{
    feed::PATIENCE,
    world::{BOB, Stores, World},
};

#[tokio::test]
async fn a_flood_of_notifications_is_told_to_wait_and_nobody_else_is() {
    let world = World::told(Stores::Memory, &[("THEO_REQUESTS_PER_MINUTE", "40")]).await;
    let bob = world.person("bob", BOB).await;
    let mallory = world.stranger();
    let forged = || {
        let request = mallory.to(Method::POST, "/webhook").header("X-Goog-Resource-State", "exists");
        request.header("X-Goog-Channel-ID", "guess").header("X-Goog-Channel-Token", "guess").send()
    };

    let mut taken = 0;
    let refused = loop {
        let answer = forged().await.unwrap();
        if answer.status() != StatusCode::NO_CONTENT {
            break answer;
        }
        taken += 1;
        assert!(taken <= 80, "they were let through without end");
    };

    assert_eq!(refused.status(), StatusCode::TOO_MANY_REQUESTS);
    assert!(refused.headers()["retry-after"].to_str().unwrap().parse::<u32>().unwrap() >= 1);
    assert_eq!(refused.json::<Value>().await.unwrap()["code"], "rate_limited");
    assert_eq!(bob.ask(Method::GET, "/calendars", None).await.status(), StatusCode::OK);
}

#[tokio::test]
async fn as_many_of_googles_notifications_are_taken_as_come() {
    let world = World::told(Stores::Memory, &[("THEO_REQUESTS_PER_MINUTE", "40")]).await;
    world.ada().await;
    let opened = async {
        while world.google.channels().len() < 2 {
            sleep(Duration::from_millis(5)).await;
        }
    };
    timeout(PATIENCE, opened).await.unwrap();
    let channel = world.google.channels().remove(0);
    let google = world.stranger();
    let told = || {
        let request = google.to(Method::POST, "/webhook").header("X-Goog-Resource-State", "exists");
        let request = request
            .header("X-Goog-Channel-ID", &channel.id)
            .header("X-Goog-Channel-Token", channel.token.as_deref().unwrap());
        request.header("X-Goog-Resource-ID", &channel.resource_id).send()
    };

    for _ in 0..100 {
        let taken = told().await.unwrap();
        assert_eq!(taken.status(), StatusCode::NO_CONTENT);
    }
}

#[tokio::test]
async fn a_notification_is_not_read_beyond_its_limit() {
    let world = World::new(Stores::Memory).await;

    let large = world.stranger().to(Method::POST, "/webhook").body(vec![b'x'; 300 * 1024]);

    assert_eq!(large.send().await.unwrap().status(), StatusCode::PAYLOAD_TOO_LARGE);
}
