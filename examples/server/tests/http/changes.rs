//! The feed of changes: resumed, told, ended.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tokio::time::timeout;

use super::STORE;
use crate::{
    feed::{Feed, PATIENCE},
    world::{ADA, SECRET, World},
};

#[tokio::test]
async fn a_reader_goes_on_where_it_was_and_is_told_of_what_comes() {
    let world = World::new(STORE).await;
    let ada = world.ada().await;

    let mut whole = Feed::open(&ada, None).await;
    let (first, second) = (whole.next().await.unwrap(), whole.next().await.unwrap());
    let mut resumed = Feed::open(&ada, Some(&first.id)).await;
    assert_eq!(resumed.next().await.unwrap().id, second.id);
    assert_eq!((first.kind.as_str(), second.kind.as_str()), ("upsert", "upsert"));

    let day =
        json!({ "summary": "Told", "start": { "date": "2030-03-07" }, "end": { "date": "2030-03-08" } });
    let made = world.google.create_event(ADA, day);
    let sync = || ada.done(Method::POST, "/sync", Some(json!({})));
    sync().await;
    let told = resumed.until("Told").await;
    world.google.delete_event(ADA, made["id"].as_str().unwrap());
    sync().await;
    let gone = resumed.next().await.unwrap();

    assert_eq!((gone.kind.as_str(), &gone.data["eventId"]), ("delete", &told.data["eventId"]));
    assert!(told.id.parse::<u64>().unwrap() < gone.id.parse::<u64>().unwrap());
}

#[tokio::test]
async fn what_changes_at_google_reaches_an_open_feed() {
    let world = World::new(STORE).await;
    let ada = world.ada().await;
    let mut feed = Feed::open(&ada, None).await;
    feed.until(SECRET).await;

    let day =
        json!({ "summary": "Told", "start": { "date": "2030-03-07" }, "end": { "date": "2030-03-08" } });
    world.google.create_event(ADA, day);

    feed.until("Told").await;
}

#[tokio::test]
async fn a_person_reads_ten_feeds_at_once_and_no_more() {
    let world = World::new(STORE).await;
    let (ada, bob) = (world.visitor("ada").await, world.visitor("bob").await);
    let mut feeds = Vec::new();
    for _ in 0..10 {
        feeds.push(Feed::open(&ada, None).await);
    }

    let refused = ada.ask(Method::GET, "/changes", None).await;
    assert_eq!(refused.status(), StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(refused.headers()["retry-after"], "15");
    assert_eq!(refused.json::<Value>().await.unwrap()["code"], "rate_limited");
    Feed::open(&bob, None).await;

    drop(feeds.pop());
    let again = async { while !ada.ask(Method::GET, "/changes", None).await.status().is_success() {} };
    timeout(PATIENCE, again).await.unwrap();
}

#[tokio::test]
async fn a_feed_ends_when_the_server_stops() {
    let world = World::new(STORE).await;
    let ada = world.ada().await;
    let mut feed = Feed::open(&ada, None).await;
    feed.until(SECRET).await;

    timeout(PATIENCE, world.server.stop()).await.unwrap().unwrap();

    while feed.next().await.is_some() {}
    ada.to(Method::GET, "/calendars").send().await.unwrap_err();
}
