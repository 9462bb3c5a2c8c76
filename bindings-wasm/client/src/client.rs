//! Google Calendar for one account.

use std::{pin::Pin, time::Duration};

use bytes::Bytes;
use js_sys::Promise;
use serde::{Serialize, de::DeserializeOwned};
use theo_calendar::{
    Error, ErrorKind,
    client::{self, AccountClient},
    google::{
        CalendarListResponse, Call, DeleteEvent, EventBody, EventsResponse, FreeBusy, Idempotency,
        InsertEvent, Operation, PatchEvent,
    },
    id::{AccountKey, CalendarId, PageToken, SyncToken},
    model::{CalendarListEntry, Event, RawJson},
};
use theo_calendar_wasm_edge::{error::Result, flat::Flat, json, range};
use url::Url;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::future_to_promise;

use crate::{
    host::{Fetch, HostClock, HostTimer, HostTokens, Tokens},
    preview,
    query::{self, wrong},
};

/// The calendars of one account at Google. Events and answers are JSON; promises are of text.
#[wasm_bindgen]
pub struct CalendarClient {
    google: client::CalendarClient,
    account: AccountKey,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Calendars {
    calendars: Vec<CalendarListEntry>,
    next_page_token: Option<PageToken>,
    next_sync_token: Option<SyncToken>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Events {
    events: Vec<Event>,
    quarantined: Vec<Unreadable>,
    time_zone: Option<String>,
    next_page_token: Option<PageToken>,
    next_sync_token: Option<SyncToken>,
}

#[derive(Serialize)]
struct Unreadable {
    id: Option<String>,
    reason: String,
    raw: RawJson,
}

#[wasm_bindgen]
impl CalendarClient {
    /// For `account`, with access tokens from `tokens`.
    #[wasm_bindgen(constructor)]
    pub fn new(account: &str, tokens: Tokens, options: &[u8]) -> Result<Self> {
        // Otherwise every page would wait equally long before it tries again.
        fastrand::seed(js_sys::Math::random().to_bits());
        let mut builder =
            client::CalendarClient::builder(Fetch, HostTokens::new(tokens), HostClock, HostTimer);
        let mut flat = Flat::new(options);
        if let Some(root) = flat.text() {
            let root = root.parse().map_err(|error| wrong(format!("`baseUrl` is no URL: {error}")))?;
            builder = builder.base_url(root);
        }
        if let Some(seconds) = flat.number().checked_sub(1) {
            builder = builder.timeout(Duration::from_secs(seconds.into()));
        }
        if let Some(most) = flat.number().checked_sub(1) {
            builder = builder.max_retries(most);
        }
        Ok(Self { google: builder.build()?, account: AccountKey::new("", account) })
    }

    /// A page of the account's calendars.
    #[wasm_bindgen(js_name = listCalendars)]
    pub fn list_calendars(&self, asked: Vec<u8>) -> Promise {
        let calls = self.calls();
        promise(async move {
            let (query, page) = query::calendars(&asked);
            let page = calls.calendar_list_page(&query, page.as_ref()).await?;
            let CalendarListResponse { items, next_page_token, next_sync_token, .. } = page;
            json::write(&Calendars { calendars: items.unwrap_or_default(), next_page_token, next_sync_token })
        })
    }

    /// A page of the events of `calendar`.
    #[wasm_bindgen(js_name = listEvents)]
    pub fn list_events(&self, calendar: String, asked: Vec<u8>) -> Promise {
        let calls = self.calls();
        promise(async move {
            let (query, page) = query::events(&asked)?;
            let page = calls.events_page(&calendar.into(), &query, page.as_ref()).await?;
            let EventsResponse { events, quarantined, time_zone, next_page_token, next_sync_token, .. } =
                page;
            let quarantined = quarantined.into_iter().map(|one| Unreadable {
                id: one.id.map(|id| id.to_string()),
                reason: one.reason,
                raw: one.raw,
            });
            let quarantined = quarantined.collect();
            json::write(&Events { events, quarantined, time_zone, next_page_token, next_sync_token })
        })
    }

    /// One event.
    #[wasm_bindgen(js_name = getEvent)]
    pub fn get_event(&self, calendar: String, event: String) -> Promise {
        let calls = self.calls();
        promise(async move { json::write(&calls.event(&calendar.into(), &event.into()).await?) })
    }

    /// Makes an event of `draft`, with the id `id` where there is one; `mails` says who is emailed.
    #[wasm_bindgen(js_name = insertEvent)]
    pub fn insert_event(
        &self,
        calendar: String,
        draft: String,
        id: Option<String>,
        mails: String,
    ) -> Promise {
        let calls = self.calls();
        promise(async move {
            let insert = InsertEvent {
                id: id.map(Into::into),
                send_updates: mails.as_str().into(),
                ..InsertEvent::new(calendar, read("the event", &draft)?)
            };
            json::write(&calls.insert_event(&insert).await?.value)
        })
    }

    /// Changes `event`, unless it was changed since.
    #[wasm_bindgen(js_name = patchEvent)]
    pub fn patch_event(&self, calendar: String, event: String, patch: String, mails: String) -> Promise {
        let calls = self.calls();
        promise(async move {
            let event: Event = read("the event", &event)?;
            let body = EventBody::patch(&read("the change", &patch)?, &event)?;
            let patch = PatchEvent {
                if_match: event.etag,
                send_updates: mails.as_str().into(),
                ..PatchEvent::new(calendar, event.id, body)
            };
            json::write(&calls.patch_event(&patch).await?.value)
        })
    }

    /// Deletes an event; with its `etag`, unless it was changed since.
    #[wasm_bindgen(js_name = deleteEvent)]
    pub fn delete_event(
        &self,
        calendar: String,
        event: String,
        etag: Option<String>,
        mails: String,
    ) -> Promise {
        let calls = self.calls();
        promise(async move {
            let delete = DeleteEvent {
                if_match: etag.map(Into::into),
                send_updates: mails.as_str().into(),
                ..DeleteEvent::new(calendar, event)
            };
            calls.delete_event(&delete).await?;
            Ok("null".to_owned())
        })
    }

    /// When each of `calendars` is busy between `start` and `end`.
    #[wasm_bindgen(js_name = freeBusy)]
    pub fn free_busy(&self, calendars: Vec<String>, start: String, end: String) -> Promise {
        let calls = self.calls();
        promise(async move {
            let calendars = calendars.into_iter().map(CalendarId::from);
            let asked = AsWritten(FreeBusy::new(range(&start, &end)?, calendars));
            json::write(&calls.call(&asked).await?.value)
        })
    }

    /// What the person would be shown of a request, `asked` with `body` in the words of `js/preview.js`. Nothing is changed.
    pub fn preview(&self, asked: Vec<u8>, body: String) -> Promise {
        let calls = self.calls();
        promise(async move {
            let request = preview::request(calls.account(), &asked, &body)?;
            json::write(&preview::of(&calls, &request, &HostClock).await?)
        })
    }
}

impl CalendarClient {
    fn calls(&self) -> AccountClient {
        self.google.for_account(&self.account)
    }
}

/// One for all sorts of work: each sort would bring a copy of what a promise needs.
fn promise(work: impl Future<Output = Result<String>> + 'static) -> Promise {
    fn of(work: Pin<Box<dyn Future<Output = Result<String>>>>) -> Promise {
        future_to_promise(async move { Ok(work.await?.into()) })
    }
    of(Box::pin(work))
}

/// A call whose answer goes over as Google wrote it: nothing here has to know what it holds.
struct AsWritten<C>(C);

impl<C: Call> Call for AsWritten<C> {
    type Answer = RawJson;

    fn operation(&self) -> Operation {
        self.0.operation()
    }

    fn idempotency(&self) -> Idempotency {
        self.0.idempotency()
    }

    fn request(&self, root: &Url) -> theo_calendar::Result<http::Request<Bytes>> {
        self.0.request(root)
    }

    fn read(&self, body: &[u8]) -> theo_calendar::Result<RawJson> {
        serde_json::from_str(&String::from_utf8_lossy(body)).map_err(|error| {
            Error::new(ErrorKind::MalformedResponse, format!("the answer is no JSON: {error}"))
        })
    }
}

/// Reads `json`, which is `what` ("the event").
pub(crate) fn read<T: DeserializeOwned>(what: &str, json: &str) -> theo_calendar::Result<T> {
    serde_json::from_str(json).map_err(|error| wrong(format!("{what} cannot be read: {error}")))
}
