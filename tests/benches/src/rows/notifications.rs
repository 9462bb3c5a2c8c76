//! Google's notifications at the server: how long it takes to say that one came, and until what changed is mirrored.

use std::{sync::Arc, thread, time::Duration};

use reqwest::{Client, header::HeaderMap};
use serde_json::json;
use theo_calendar::{
    CalendarService,
    id::AccountKey,
    sync::{SyncQueue, SyncResource},
};
use theo_calendar_postgres::{PostgresStore, Worker, WorkerOptions};
use tokio::{
    runtime::Builder,
    task::JoinSet,
    time::{Instant, sleep, sleep_until},
};

use crate::{
    database::{Database, wait},
    latencies::Latencies,
    mirror::{ADA, service, sync},
    row::{Contender, FEW_ROUNDS, Row},
    server_process::{ServerProcess, account},
};

const PEOPLE: usize = 100;

/// Events of each person's calendar.
const EVENTS: usize = 50;

const A_SECOND: u32 = 500;

const SECONDS: u32 = 60;

/// A flood of them.
pub(crate) fn flood() -> Row {
    let mut server = ServerProcess::new(PEOPLE, EVENTS);
    // What comes is sent from here alone.
    server.google.lose_notifications(true);
    let notifications = server.notifications();
    assert_eq!(notifications.len(), PEOPLE);
    let synced = server.google.requests("events.list");
    let address = format!("{}/webhook", server.api);
    let answers = wait(send(&address, &notifications, || {
        for number in 0..PEOPLE {
            let day = json!({ "summary": "Meanwhile", "start": { "date": "2030-03-07" }, "end": { "date": "2030-03-08" } });
            server.google.create_event(&account(number), day);
        }
    }));
    server.rest();
    let synced = server.google.requests("events.list") - synced;
    let mirrored = server.mirrored("Meanwhile");
    let (taken, refused): (Vec<_>, Vec<_>) = answers.into_iter().partition(|answer| answer.is_taken);
    let acks = Latencies::new(taken.iter().map(|answer| answer.took).collect());
    Row {
        work: format!(
            "{A_SECOND} notifications a second for {SECONDS} s to the server, of {PEOPLE} people's calendars, over HTTP"
        ),
        aim: "acknowledged within 50 ms (99th percentile), none lost",
        pieces: 1,
        rounds: 0,
        contenders: Vec::new(),
        notes: vec![
            format!(
                "acknowledged, from when each was due to be sent: median {:.2} ms, **99th percentile {:.2} ms**, longest {:.1} ms",
                acks.percentile(50),
                acks.percentile(99),
                acks.percentile(100),
            ),
            format!(
                "{} sent, {} acknowledged, **{} lost**; of {PEOPLE} changes made meanwhile {mirrored} mirrored",
                acks.len() + refused.len(),
                acks.len(),
                refused.len()
            ),
            format!("Google was asked {synced} times what changed, since a burst of 2 s is followed once"),
        ],
    }
}

struct Answered {
    took: Duration,
    is_taken: bool,
}

/// Sends each when it is due, whether or not those before it were answered; does `meanwhile` when half of them were sent.
async fn send(address: &str, notifications: &[HeaderMap], meanwhile: impl Fn()) -> Vec<Answered> {
    let client = Client::builder().no_proxy().build().expect("a client can be made");
    let gap = Duration::from_secs(1) / A_SECOND;
    let all = A_SECOND * SECONDS;
    let begin = Instant::now() + gap;
    let mut sent = JoinSet::new();
    for (number, headers) in (0..all).zip(notifications.iter().cycle()) {
        if number == all / 2 {
            meanwhile();
        }
        let due = begin + gap * number;
        sleep_until(due).await;
        let request = client.post(address).headers(headers.clone()).timeout(Duration::from_secs(10));
        sent.spawn(async move {
            let answer = request.send().await;
            let is_taken = answer.is_ok_and(|answer| answer.status().as_u16() == 204);
            Answered { took: due.elapsed(), is_taken }
        });
    }
    sent.join_all().await
}

/// One change, until its row is there.
pub(crate) fn one() -> Row {
    Row {
        work: "From a change at Google to its row in PostgreSQL, by a notification".to_owned(),
        aim: "at most a second beyond the 2 s for which a burst is waited",
        pieces: 1,
        rounds: FEW_ROUNDS,
        contenders: vec![
            Contender::ours("the server, which waits 2 s for a burst", by_server()),
            Contender::ours("a worker that waits for no burst", by_worker()),
        ],
        notes: vec![
            "a job whose time is to come is found when the queue is next looked at: each second".to_owned(),
        ],
    }
}

/// The fake notifies, the server follows.
fn by_server() -> impl FnMut() + 'static {
    let mut server = ServerProcess::new(1, EVENTS);
    let mut round = 0;
    move || {
        round += 1;
        let title = format!("Change {round}");
        let day =
            json!({ "summary": title, "start": { "date": "2030-03-07" }, "end": { "date": "2030-03-08" } });
        server.google.create_event(&account(0), day);
        while server.mirrored(&title) == 0 {
            wait(async { sleep(Duration::from_millis(1)).await });
        }
    }
}

/// What a believed notification does in a process, and a worker of another, with nothing between.
fn by_worker() -> impl FnMut() + 'static {
    let google = fake_google::FakeGoogle::spawn(fake_google::Config::new()).expect("the fake starts");
    google.add_person(ADA, "Europe/Zurich");
    let token = google.token(ADA, &["calendar"]);
    let database = Database::new();
    let store = database.store();
    sync(&service(Arc::new(store.clone()), google.url(), &token), "ada");
    wait(store.migrate_queue()).expect("the queue is made");
    let (url, root) = (database.url().to_owned(), google.url().to_owned());
    // It works until the program ends.
    thread::spawn(move || work(&url, &root, &token));
    let resource = SyncResource::Events(AccountKey::new("ada", ADA).calendar(ADA));
    let mut eye = wait(database.superuser());
    let mut round = 0;
    move || {
        round += 1;
        let title = format!("Change {round}");
        let day =
            json!({ "summary": title, "start": { "date": "2030-03-07" }, "end": { "date": "2030-03-08" } });
        google.create_event(ADA, day);
        wait(async {
            store.notify(&resource, Duration::ZERO).await.expect("the store takes it");
            let query = "SELECT count(*) FROM events WHERE body::jsonb ->> 'summary' = $1";
            while sqlx::query_scalar::<_, i64>(query)
                .bind(&title)
                .fetch_one(&mut eye)
                .await
                .expect("it answers")
                == 0
            {
                sleep(Duration::from_millis(1)).await;
            }
        });
    }
}

fn work(database: &str, google: &str, token: &str) {
    let runtime = Builder::new_current_thread().enable_all().build().expect("this machine has a poll");
    runtime.block_on(async {
        let keys = theo_calendar_postgres::testing::FreshDatabase::keys();
        let store = PostgresStore::connect(database, keys).await.expect("the database answers");
        let service: CalendarService = service(Arc::new(store.clone()), google, token);
        let worker = Worker::new(service, store, WorkerOptions::new("benches"));
        worker.run(std::future::pending()).await.expect("the worker begins");
    });
}
