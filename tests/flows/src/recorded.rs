//! A Google that gives written pages: recorded ones, or the same events in any order.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use bytes::Bytes;
use http::{Request, Response};
use serde_json::{Value, json};
use theo_calendar::http::{HttpClient, HttpError};

/// Serves one calendar list and, for every calendar on it, the same pages of events; nothing changes afterwards.
#[derive(Clone)]
pub struct RecordedGoogle {
    list: Value,
    pages: Vec<Value>,
    requests: Arc<Mutex<Vec<String>>>,
}

impl RecordedGoogle {
    /// The answer to calendarList.list, and those to events.list; their tokens are set as Google would.
    pub fn new(list: Value, pages: Vec<Value>) -> Self {
        let requests = Arc::default();
        Self { list: tokened(list, 0, 1), pages: tokened_all(pages), requests }
    }

    /// One calendar called `id`, whose events come in `pages`.
    pub fn calendar(id: &str, pages: Vec<Vec<Value>>) -> Self {
        let entry = json!({ "kind": "calendar#calendarListEntry", "id": id, "timeZone": "Europe/Zurich", "accessRole": "owner" });
        let page = |items: Vec<Value>| json!({ "kind": "calendar#events", "timeZone": "Europe/Zurich", "items": items });
        Self::new(
            json!({ "kind": "calendar#calendarList", "items": [entry] }),
            pages.into_iter().map(page).collect(),
        )
    }

    /// The requests so far.
    pub fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }
}

#[async_trait]
impl HttpClient for RecordedGoogle {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        self.requests.lock().unwrap().push(request.uri().to_string());
        let query: Vec<(String, String)> =
            url::form_urlencoded::parse(request.uri().query().unwrap_or_default().as_bytes())
                .into_owned()
                .collect();
        let parameter =
            |name: &str| query.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
        let is_list = request.uri().path().ends_with("/calendarList");
        let mut answer = match parameter("pageToken") {
            Some(page) => self.pages[page.strip_prefix("page-").unwrap().parse::<usize>().unwrap()].clone(),
            None if is_list => self.list.clone(),
            None if parameter("syncToken").is_some() => self.pages.last().unwrap().clone(),
            None => self.pages[0].clone(),
        };
        if parameter("syncToken").is_some() {
            answer["items"] = json!([]);
        }
        Ok(Response::new(answer.to_string().into()))
    }
}

fn tokened_all(pages: Vec<Value>) -> Vec<Value> {
    let count = pages.len();
    pages.into_iter().enumerate().map(|(index, page)| tokened(page, index, count)).collect()
}

/// Google gives the sync token with the last page alone.
fn tokened(mut page: Value, index: usize, count: usize) -> Value {
    let fields = page.as_object_mut().unwrap();
    fields.remove("nextPageToken");
    fields.remove("nextSyncToken");
    match index + 1 < count {
        true => page["nextPageToken"] = format!("page-{}", index + 1).into(),
        false => page["nextSyncToken"] = "sync-1".into(),
    }
    page
}
