//! Many who read their events from the server at once.

use std::time::{Duration, SystemTime};

use chrono::{DateTime, Days, Utc};
use reqwest::Client;
use tokio::{
    task::JoinSet,
    time::{Instant, timeout_at},
};

use crate::{database::wait, latencies::Latencies, row::Row, server_process::ServerProcess};

const READERS: usize = 200;

/// Who each has two readers.
const PEOPLE: usize = READERS / 2;

/// Events of each person's calendar.
const EVENTS: usize = 200;

const LASTING: Duration = Duration::from_secs(10);

pub(crate) fn row() -> Row {
    let server = ServerProcess::new(PEOPLE, EVENTS);
    let today = DateTime::<Utc>::from(SystemTime::now()).date_naive();
    let next_week = today + Days::new(7);
    let week = format!("{}/events?startDate={today}&endDate={next_week}", server.api);
    let read = wait(read(&server.people, &week));
    let took = Latencies::new(read.iter().filter(|read| read.is_answered).map(|read| read.took).collect());
    let failed = read.len() - took.len();
    let bytes: usize = read.iter().map(|read| read.bytes).sum();
    Row {
        work: format!("A week of a person's {EVENTS} events from the server, for {READERS} readers at once"),
        aim: "no error",
        pieces: 1,
        rounds: 0,
        contenders: Vec::new(),
        notes: vec![
            format!(
                "**{:.0} answers a second** for {} s, of {:.1} KB each: median {:.1} ms, 99th percentile {:.1} ms, **{failed} errors**",
                took.len() as f64 / LASTING.as_secs_f64(),
                LASTING.as_secs(),
                bytes as f64 / 1e3 / read.len().max(1) as f64,
                took.percentile(50),
                took.percentile(99),
            ),
            "each reader asks again when it is answered, over a connection that stays open".to_owned(),
        ],
    }
}

struct Read {
    took: Duration,
    bytes: usize,
    is_answered: bool,
}

async fn read(people: &[Client], address: &str) -> Vec<Read> {
    let until = Instant::now() + LASTING;
    let mut readers = JoinSet::new();
    for client in people.iter().cycle().take(READERS) {
        let (client, address) = (client.clone(), address.to_owned());
        readers.spawn(async move {
            let mut all = Vec::new();
            // What is under way at the end does not count.
            while let Ok(read) = timeout_at(until, once(&client, &address)).await {
                all.push(read);
            }
            all
        });
    }
    readers.join_all().await.into_iter().flatten().collect()
}

async fn once(client: &Client, address: &str) -> Read {
    let began = Instant::now();
    let answer = async {
        let answer = client.get(address).send().await?.error_for_status()?;
        answer.bytes().await
    };
    let body = answer.await;
    Read {
        took: began.elapsed(),
        bytes: body.as_ref().map_or(0, |body| body.len()),
        is_answered: body.is_ok(),
    }
}
