//! FAULTS 7 and 21: worker processes that stand still, and whose clocks are wrong.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "tests")]

use std::{path::Path, process::Stdio, sync::mpsc, time::Duration};

use chaos::{Mishap, Moment, Point, Upstream, Wire, WorkerArguments, WorkerProcess};
use flows::{ADA, Person, Stores};
use serde_json::json;
use url::Url;

/// More than a lease lasts.
const LONG: Duration = Duration::from_secs(10 * 60);

/// Twelve events known to the mirror, eight of which changed since: two pages of a worker's.
async fn behind() -> Person {
    let ada = Person::new().kept_in(Stores::Postgres).await.page_of(5).granted().await;
    let ids: Vec<String> = (0..12).map(|n| ada.event(ADA, &format!("Event {n}"), n)).collect();
    ada.sync().await;
    for id in &ids[..8] {
        ada.google.patch_event(ADA, id, json!({ "summary": "Changed" }));
    }
    ada
}

/// A worker that syncs once, by way of `google`.
fn worker(ada: &Person, google: Url, name: &str, ahead: i64) -> WorkerProcess {
    let arguments = WorkerArguments {
        database_url: ada.database().unwrap().parse().unwrap(),
        google,
        name: name.to_owned(),
        users: vec!["ada".to_owned()],
        ahead,
        once: true,
    };
    WorkerProcess::start(Path::new(env!("CARGO_BIN_EXE_chaos")), &arguments, Stdio::inherit())
}

/// A worker that stands still when Google has answered its request `number`.
async fn frozen(ada: &Person, number: usize) -> WorkerProcess {
    let google: Url = ada.google.url().parse().unwrap();
    let wire = Wire::to(Upstream::HttpAt(format!("127.0.0.1:{}", google.port().unwrap()))).await;
    let (tell, told) = mpsc::channel();
    let act = Box::new(move || WorkerProcess::freeze(told.recv().unwrap()));
    wire.expect(Mishap { point: Point::Request, number, moment: Moment::After, cut: false, act });
    let worker = worker(ada, wire.lead(&google), "first", 0);
    tell.send(worker.id()).unwrap();
    println!("stands still after {}", wire.happened().await);
    worker
}

async fn said(mut worker: WorkerProcess) -> String {
    tokio::task::block_in_place(|| worker.ended())
}

/// Its requests: a new access token, the list, and the calendar's two pages.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_process_that_stood_still_past_its_lease_is_refused_its_commit() {
    for number in [2, 3] {
        let ada = behind().await;
        let first = frozen(&ada, number).await;

        ada.pass(LONG).await;
        ada.event(ADA, "In between", 30);
        let report = ada.sync_by(&ada.worker("second")).await;
        assert!(report.is_complete(), "{report:?}");
        ada.assert_mirrors_google(&[ADA]).await;
        let state = ada.state(ADA).await;
        first.thaw();
        let said = said(first).await;

        print!("{said}");
        assert!(said.starts_with("ada: lease_lost: "), "{said:?}");
        assert_eq!(ada.state(ADA).await, state);
        ada.assert_mirrors_google(&[ADA]).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn processes_whose_clocks_are_ten_minutes_apart_agree_on_who_holds_a_lease() {
    for ahead in [600, -600] {
        let ada = behind().await;
        let first = frozen(&ada, 2).await;

        let other = said(worker(&ada, ada.google.url().parse().unwrap(), "second", ahead)).await;
        first.thaw();
        let first = said(first).await;

        assert!(other.starts_with("ada: busy: "), "a clock {ahead} s wrong: {other:?}");
        assert_eq!(first, "", "the holder ends its work");
        ada.assert_mirrors_google(&[ADA]).await;
    }
}
