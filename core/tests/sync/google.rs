//! A Google in memory behind the HTTP seam: calendars, pages, tokens, and faults that a test asks for.
//!
//! Small on purpose; the faithful one, over a real socket, is the crate `fake-google`.

use std::{
    collections::{BTreeMap, hash_map::DefaultHasher},
    hash::{Hash, Hasher},
    sync::{Arc, Mutex, MutexGuard},
};

use async_trait::async_trait;
use bytes::Bytes;
use serde_json::{Value, json};
use theo_calendar::http::{HttpClient, HttpError};

/// Clones share everything.
#[derive(Clone, Default)]
pub(crate) struct Google(Arc<Mutex<World>>);

#[derive(Default)]
pub(crate) struct World {
    calendars: BTreeMap<String, Calendar>,
    /// Events on a page.
    pub(crate) page_size: usize,
    /// Every request's path and query, in order.
    pub(crate) requests: Vec<(String, BTreeMap<String, String>)>,
    /// What happens to the request of this number, from 0.
    pub(crate) faults: BTreeMap<usize, Fault>,
    /// What happens to every request of a path that ends so.
    pub(crate) broken: Option<(String, Fault)>,
    /// In what order a listing brings its events.
    pub(crate) shuffle: u64,
    /// Called at each request, before it is answered.
    pub(crate) on_request: Option<Box<dyn Fn(usize) + Send>>,
}

#[derive(Clone, Debug)]
pub(crate) enum Fault {
    /// This status with this reason.
    Status(u16, &'static str),
    /// No answer ever comes.
    Hang,
    /// The page names itself as the next.
    RepeatPage,
}

#[derive(Default)]
struct Calendar {
    /// The log of changes: a sync token is a place in it.
    log: Vec<Value>,
    removed: bool,
}

impl Google {
    pub(crate) fn new() -> Self {
        let google = Self::default();
        google.world().page_size = 2;
        google
    }

    pub(crate) fn world(&self) -> MutexGuard<'_, World> {
        self.0.lock().unwrap()
    }

    pub(crate) fn calendar(&self, id: &str) -> &Self {
        self.world().calendars.entry(id.into()).or_default().removed = false;
        self
    }

    pub(crate) fn remove_calendar(&self, id: &str) {
        self.world().calendars.get_mut(id).unwrap().removed = true;
    }

    /// Puts `event` as it now is; its etag is made of its place in the log.
    pub(crate) fn put(&self, calendar: &str, mut event: Value) -> &Self {
        let mut world = self.world();
        let log = &mut world.calendars.get_mut(calendar).unwrap().log;
        event["etag"] = json!(format!("\"{}\"", log.len()));
        log.push(event);
        drop(world);
        self
    }

    pub(crate) fn one_off(&self, calendar: &str, id: &str) -> &Self {
        self.put(calendar, one_off(id, "2025-03-28T10:00:00Z"))
    }

    pub(crate) fn cancel(&self, calendar: &str, id: &str) -> &Self {
        self.put(calendar, json!({ "id": id, "status": "cancelled" }))
    }

    pub(crate) fn request_count(&self) -> usize {
        self.world().requests.len()
    }
}

/// An hour from `start`.
pub(crate) fn one_off(id: &str, start: &str) -> Value {
    let start: chrono::DateTime<chrono::Utc> = start.parse().unwrap();
    let end = start + chrono::TimeDelta::hours(1);
    json!({
        "id": id, "status": "confirmed", "summary": format!("Event {id}"),
        "start": { "dateTime": start.to_rfc3339() }, "end": { "dateTime": end.to_rfc3339() },
    })
}

#[async_trait]
impl HttpClient for Google {
    async fn send(&self, request: http::Request<Bytes>) -> Result<http::Response<Bytes>, HttpError> {
        let (path, query) = parts(&request);
        let fault = {
            let mut world = self.world();
            let number = world.requests.len();
            world.requests.push((path.clone(), query.clone()));
            if let Some(hook) = world.on_request.take() {
                drop(world);
                hook(number);
                world = self.world();
                world.on_request = Some(hook);
            }
            let broken =
                world.broken.as_ref().filter(|(end, _)| path.ends_with(end)).map(|(_, fault)| fault.clone());
            world.faults.remove(&number).or(broken)
        };
        let world = self.world();
        match fault {
            Some(Fault::Status(status, reason)) => {
                let error = json!({ "error": { "code": status, "message": reason, "errors": [{ "reason": reason }] } });
                return Ok(response(status, error));
            }
            Some(Fault::Hang) => {
                drop(world);
                return std::future::pending().await;
            }
            Some(Fault::RepeatPage) => {
                let page = query.get("pageToken").cloned().unwrap_or_else(|| "0 2 for ever".into());
                return Ok(response(200, json!({ "kind": "page", "items": [], "nextPageToken": page })));
            }
            None => {}
        }
        let answer =
            match path.rsplit_once("/events").map(|(start, _)| start.rsplit('/').next().unwrap_or("")) {
                None => world.calendar_list(&query),
                Some(id) => world.events(id, &query),
            };
        Ok(response(200, answer))
    }
}

impl World {
    /// One page always; a token says nothing, since the list is short.
    fn calendar_list(&self, query: &BTreeMap<String, String>) -> Value {
        let is_delta = query.contains_key("syncToken");
        let items = self.calendars.iter().filter(|(_, calendar)| is_delta || !calendar.removed);
        let items: Vec<Value> = items
            .map(|(id, calendar)| {
                let mut entry = json!({ "id": id, "etag": "\"c\"", "summary": id, "timeZone": "UTC" });
                if calendar.removed {
                    entry["deleted"] = json!(true);
                }
                entry
            })
            .collect();
        json!({ "kind": "calendar#calendarList", "items": items, "nextSyncToken": "list" })
    }

    fn events(&self, id: &str, query: &BTreeMap<String, String>) -> Value {
        let log = &self.calendars[id].log;
        let since: usize = query.get("syncToken").map_or(0, |token| token.parse().unwrap());
        // A page token names the place, and the end of the log when the listing began.
        let page: Option<Vec<usize>> = query
            .get("pageToken")
            .map(|page| page.split(' ').map(|number| number.parse().unwrap()).collect());
        let (from, until) = page.map_or((0, log.len()), |page| (page[0], page[1]));
        let mut latest: BTreeMap<&str, &Value> = BTreeMap::new();
        for event in &log[since..until] {
            latest.insert(event["id"].as_str().unwrap_or("?"), event);
        }
        let mut items: Vec<&Value> = latest.into_values().collect();
        items.sort_by_key(|event| {
            let mut hasher = DefaultHasher::new();
            (self.shuffle, event["id"].as_str()).hash(&mut hasher);
            hasher.finish()
        });
        let to = (from + self.page_size).min(items.len());
        let mut answer = json!({ "kind": "calendar#events", "timeZone": "UTC", "items": items[from..to] });
        if to < items.len() {
            answer["nextPageToken"] = json!(format!("{to} {until}"));
        } else {
            answer["nextSyncToken"] = json!(until.to_string());
        }
        answer
    }
}

fn parts(request: &http::Request<Bytes>) -> (String, BTreeMap<String, String>) {
    let uri = request.uri();
    let query = url::form_urlencoded::parse(uri.query().unwrap_or("").as_bytes());
    (uri.path().replace("%40", "@"), query.into_owned().collect())
}

fn response(status: u16, body: Value) -> http::Response<Bytes> {
    let mut response = http::Response::new(Bytes::from(body.to_string()));
    *response.status_mut() = http::StatusCode::from_u16(status).unwrap();
    response
}
