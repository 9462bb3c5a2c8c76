//! A page of events, where one bad event does not spoil the rest.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::{
    Error, ErrorKind, Result,
    id::{Etag, EventId, PageToken, SyncToken},
    model::{AccessRole, Event, RawJson, Reminder, Unknown, google_object},
    time::Timestamp,
};

/// A page of events, and what Google says of their calendar with it.
#[derive(Clone, Debug, PartialEq)]
pub struct EventsResponse {
    /// The events that could be mapped, in Google's order.
    pub events: Vec<Event>,
    /// Those that could not.
    pub quarantined: Vec<Quarantined>,
    /// The next page, where there is one. A page may be short or empty and still have a next.
    pub next_page_token: Option<PageToken>,
    /// Where the listing ended; on its last page only.
    pub next_sync_token: Option<SyncToken>,
    /// The calendar's zone.
    pub time_zone: Option<String>,
    /// The calendar's title.
    pub summary: Option<String>,
    /// The calendar's description.
    pub description: Option<String>,
    /// Reminders of events that use the default.
    pub default_reminders: Vec<Reminder>,
    /// What the person may do with the calendar.
    pub access_role: Option<AccessRole>,
    /// Last change of the calendar.
    pub updated: Option<Timestamp>,
    /// Version of the page.
    pub etag: Option<Etag>,
    /// Fields this version does not know.
    pub unknown: Unknown,
}

/// An event that cannot be mapped, kept as it came.
#[derive(Clone, Debug, PartialEq)]
pub struct Quarantined {
    /// Its place among the items of its page.
    pub index: usize,
    /// Its id, where one can be read.
    pub id: Option<EventId>,
    /// Its JSON; where Google's bytes were not UTF-8, with U+FFFD in their place.
    pub raw: RawJson,
    /// Why it cannot be mapped.
    pub reason: String,
}

google_object! {
    struct Page {
        "items" => items: Vec<Event>,
        "nextPageToken" => next_page_token: PageToken,
        "nextSyncToken" => next_sync_token: SyncToken,
        "timeZone" => time_zone: String,
        "summary" => summary: String,
        "description" => description: String,
        "defaultReminders" => default_reminders: Vec<Reminder>,
        "accessRole" => access_role: AccessRole,
        "updated" => updated: Timestamp,
        "etag" => etag: Etag,
        "kind" => kind: String,
    }
}

google_object! {
    /// The same with its items, and all else, unread.
    struct RawPage {
        "items" => items: Vec<RawJson>,
    }
}

impl EventsResponse {
    /// Reads a page.
    ///
    /// An event that cannot be mapped is [`quarantined`](Self::quarantined); the others are unharmed.
    ///
    /// # Errors
    /// [`ErrorKind::MalformedResponse`] when it is no page of Google's, or was cut short: nothing of it is used.
    pub fn parse(body: &[u8]) -> Result<Self> {
        // Nearly every page is good: it is read in one go, and looked at again only when that fails.
        if let Some(page) = good_page(body) {
            return Self::of(page, Vec::new());
        }
        let text = String::from_utf8_lossy(body);
        let was_mended = matches!(text, Cow::Owned(_));
        let mut raw: RawPage = serde_json::from_str(&text).map_err(malformed)?;
        let items = raw.items.take();
        let mut page: Page =
            serde_json::to_string(&raw).and_then(|rest| serde_json::from_str(&rest)).map_err(malformed)?;
        let mut quarantined = Vec::new();
        page.items = items.map(|items| {
            items
                .into_iter()
                .enumerate()
                .filter_map(|(index, raw)| {
                    map(index, raw, was_mended).map_err(|bad| quarantined.push(bad)).ok()
                })
                .collect()
        });
        Self::of(page, quarantined)
    }

    fn of(page: Page, quarantined: Vec<Quarantined>) -> Result<Self> {
        if page.items.is_none() && page.kind.is_none() {
            let message = "the answer is no page of events: it has neither `items` nor `kind`";
            return Err(Error::new(ErrorKind::MalformedResponse, message));
        }
        Ok(Self {
            events: page.items.unwrap_or_default(),
            quarantined,
            next_page_token: page.next_page_token,
            next_sync_token: page.next_sync_token,
            time_zone: page.time_zone,
            summary: page.summary,
            description: page.description,
            default_reminders: page.default_reminders.unwrap_or_default(),
            access_role: page.access_role,
            updated: page.updated,
            etag: page.etag,
            unknown: page.unknown,
        })
    }
}

/// The page, where nothing about it is strange.
#[cfg(not(target_family = "wasm"))]
fn good_page(body: &[u8]) -> Option<Page> {
    super::reader::read(body)
}

/// In a browser size counts before speed: one reader is enough.
#[cfg(target_family = "wasm")]
fn good_page(body: &[u8]) -> Option<Page> {
    serde_json::from_str(std::str::from_utf8(body).ok()?).ok()
}

/// The event, or why it is none. In a page whose bytes were `mended`, an item that holds U+FFFD is not trusted.
fn map(index: usize, raw: RawJson, mended: bool) -> Result<Event, Quarantined> {
    let text = raw.as_str();
    let reason = if mended && text.contains(char::REPLACEMENT_CHARACTER) {
        "is not UTF-8".to_owned()
    } else {
        match serde_json::from_str(text) {
            Ok(event) => return Ok(event),
            Err(error) => error.to_string(),
        }
    };
    Err(Quarantined { index, id: id(raw.as_str()), raw, reason })
}

/// The id of an event of which nothing else can be read.
fn id(text: &str) -> Option<EventId> {
    #[derive(Deserialize)]
    struct Identified<'a> {
        #[serde(borrow)]
        id: &'a RawValue,
    }
    let id = serde_json::from_str::<Identified<'_>>(text).ok()?.id;
    serde_json::from_str(id.get()).ok()
}

fn malformed(error: serde_json::Error) -> Error {
    let message = format!("the answer is no page of events: {error}");
    Error::new(ErrorKind::MalformedResponse, message).with_source(error)
}
