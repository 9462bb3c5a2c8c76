//! Two servers on one database and one Google: what one does, the other does not do again, and shows.

use std::time::Duration;

use fake_google::{Fault, FaultKind};
use reqwest::Method;
use serde_json::{Value, json};
use server::host::Server;
use sqlx::query_scalar;
use tokio::time::{sleep, timeout};

use crate::{
    feed::{Feed, PATIENCE},
    world::{ADA, Browser, SECRET, Stores, World},
};

/// Ada's browser at each of two servers.
async fn replicas() -> (World, Server, Browser, Browser) {
    let world = World::new(Stores::Postgres).await;
    let second = world.replica().await;
    let ada = world.ada().await;
    let there = ada.on(&second);
    (world, second, ada, there)
}

/// Waits until both resources of Ada's were notified of, and all there was to do for it is done.
async fn quiet(world: &World) {
    let mut eye = world.database.as_ref().unwrap().superuser().await;
    loop {
        let followed: i64 = query_scalar(FOLLOWED).fetch_one(&mut eye).await.unwrap();
        let jobs: i64 = query_scalar(JOBS).fetch_one(&mut eye).await.unwrap();
        if (followed, jobs) == (2, 0) {
            return;
        }
        sleep(Duration::from_millis(20)).await;
    }
}

const FOLLOWED: &str = "SELECT count(*) FROM sync_states WHERE dirty > 0 AND dirty = clean";

const JOBS: &str = "SELECT count(*) FROM theo_jobs._private_jobs";

/// What takes leases and jobs under one name is one worker, so that two of them would take each other's.
#[tokio::test]
async fn two_servers_on_one_database_are_two_workers() {
    let world = World::new(Stores::Postgres).await;
    let second = world.replica().await;
    let store = world.database.as_ref().unwrap().store();
    let both = async {
        while store.workers(Duration::from_secs(60)).await.unwrap().len() < 2 {
            sleep(Duration::from_millis(5)).await;
        }
    };

    timeout(PATIENCE, both).await.expect("both give a sign of life");
    for server in [world.server, second] {
        server.stop().await.unwrap();
    }
    assert_eq!(store.workers(Duration::from_secs(60)).await.unwrap(), []);
}

#[tokio::test]
async fn who_signed_in_at_one_is_signed_in_at_the_other() {
    let (_world, _second, ada, there) = replicas().await;

    let calendars = there.get("/calendars").await;

    assert_eq!(calendars["calendars"][0]["googleCalendarId"], ADA);
    assert_eq!(calendars, ada.get("/calendars").await);
}

#[tokio::test]
async fn a_change_at_google_is_listed_by_one_and_told_by_both() {
    let (world, _second, ada, there) = replicas().await;
    let mut feeds = [Feed::open(&ada, None).await, Feed::open(&there, None).await];
    for feed in &mut feeds {
        feed.until(SECRET).await;
    }
    quiet(&world).await;
    world.google.reset_books();

    for number in 1..=3 {
        let title = format!("Change {number}");
        let day =
            json!({ "summary": title, "start": { "date": "2030-03-07" }, "end": { "date": "2030-03-08" } });
        world.google.create_event(ADA, day);
        for feed in &mut feeds {
            feed.until(&title).await;
        }
        quiet(&world).await;

        assert_eq!(world.google.requests("events.list"), number);
    }
}

#[tokio::test]
async fn two_that_sync_at_once_wait_for_each_other() {
    let (world, _second, ada, there) = replicas().await;
    quiet(&world).await;
    world.google.fault(Fault::once("events.list", FaultKind::Delay { millis: 300 }));
    let sync = async |at: &Browser| at.done(Method::POST, "/sync", Some(json!({}))).await;

    for done in <[Value; 2]>::from(tokio::join!(sync(&ada), sync(&there))) {
        assert_eq!(done["report"]["failures"], json!([]), "{done}");
    }
}

#[tokio::test]
async fn an_approval_that_is_decided_at_both_at_once_is_executed_once() {
    let (world, _second, ada, there) = replicas().await;
    let tea = json!({ "calendarId": "primary", "summary": "Tea",
        "start": { "dateTime": "2030-03-05T15:00:00Z" }, "end": { "dateTime": "2030-03-05T16:00:00Z" } });
    let asked = ada.done(Method::POST, "/events", Some(tea)).await;
    let path = format!("/approvals/{}", asked["id"].as_str().unwrap());
    world.google.fault(Fault::once("events.insert", FaultKind::Delay { millis: 300 }));
    let yes = async |at: &Browser| {
        let answer = at.ask(Method::POST, &path, Some(json!({ "action": "approve" }))).await;
        (answer.status().as_u16(), answer.json::<Value>().await.unwrap())
    };

    let answers: [_; 2] = tokio::join!(yes(&ada), yes(&there)).into();

    // The other comes too late: it is told so, or what became of it.
    assert!(answers.iter().all(|(status, _)| matches!(status, 200 | 409 | 412)), "{answers:?}");
    assert!(answers.iter().any(|(_, answer)| answer["status"] == "executed"), "{answers:?}");
    assert_eq!(there.get(&path).await["status"], "executed");
    assert_eq!((world.google.requests("events.insert"), world.google.effects().len()), (1, 1));
}
