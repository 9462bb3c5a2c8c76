//! A Google that makes its pages up as they are asked for: a calendar of any size, in no memory.

use std::{
    collections::HashMap,
    env,
    io::{self, BufRead, BufReader, Write},
    process::{Child, Command, Stdio},
};

use axum::{Router, extract::Query, http::header::CONTENT_TYPE, response::IntoResponse, routing::get};
use tokio::net::TcpListener;

use crate::{database::wait, google_page, mirror::ADA};

/// The word by which this program is asked to be the server.
pub(crate) const ROLE: &str = "--pages-server";

/// Events on a page, the most that Google sends.
const PAGE: usize = 2_500;

/// Events in all.
pub(crate) const EVENTS: usize = 1_000_000;

/// A running server; it ends with this value.
pub(crate) struct PagesServer {
    process: Child,
    pub(crate) url: String,
}

impl PagesServer {
    /// Starts one, as a process of its own: its memory is not ours.
    pub(crate) fn start() -> io::Result<Self> {
        let mut process = Command::new(env::current_exe()?).arg(ROLE).stdout(Stdio::piped()).spawn()?;
        let mut url = String::new();
        let output = process.stdout.take().ok_or_else(|| io::Error::other("the server has no output"))?;
        BufReader::new(output).read_line(&mut url)?;
        Ok(Self { process, url: url.trim().to_owned() })
    }
}

impl Drop for PagesServer {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Serves until it is killed.
pub(crate) fn run() -> io::Result<()> {
    wait(async {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        writeln!(io::stdout(), "http://{}", listener.local_addr()?)?;
        let router = Router::new()
            .route("/calendar/v3/users/me/calendarList", get(calendar_list))
            .route("/calendar/v3/calendars/{calendar}/events", get(events));
        axum::serve(listener, router).await
    })
}

async fn calendar_list() -> impl IntoResponse {
    let list = format!(
        r#"{{"kind":"calendar#calendarList","nextSyncToken":"list","items":[{{"kind":"calendar#calendarListEntry","id":"{ADA}","summary":"Ada","timeZone":"Europe/Zurich","accessRole":"owner","primary":true,"selected":true}}]}}"#
    );
    ([(CONTENT_TYPE, "application/json")], list)
}

async fn events(Query(query): Query<HashMap<String, String>>) -> impl IntoResponse {
    let number: usize = query.get("pageToken").and_then(|token| token.parse().ok()).unwrap_or(0);
    let next = number + 1;
    let then = if next * PAGE < EVENTS {
        format!(r#""nextPageToken": "{next}""#)
    } else {
        r#""nextSyncToken": "events""#.to_owned()
    };
    ([(CONTENT_TYPE, "application/json")], google_page::page_before(&then, PAGE, number as u64 + 1))
}
