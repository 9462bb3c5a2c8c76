//! The envelope of a page of events, and pages cut from a listing that was computed whole.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use serde_json::{Map, Value};

use crate::call::{Call, Query, Reply};
use crate::clock::rfc3339;
use crate::cursor::{PageToken, SyncToken, fingerprint};
use crate::error::{ApiError, ApiResult};
use crate::fault::PageFault;
use crate::person::Role;
use crate::state::State;

/// What every page of a calendar's events says about the calendar.
#[derive(Debug)]
pub(crate) struct Head {
    fields: Map<String, Value>,
    pub(crate) resource: String,
    pub(crate) epoch: u64,
}

impl Head {
    pub(crate) fn of(state: &State, call: &Call) -> ApiResult<Self> {
        let (calendar, role) = state.visible(&call.person, call.path("calendarId"))?;
        let entry = state.person(&call.person)?.entries.get(&calendar.id);
        let reminders = entry.and_then(|entry| entry.own.get("defaultReminders")).cloned();
        let mut fields = Map::new();
        fields.insert("kind".into(), "calendar#events".into());
        fields.insert("etag".into(), format!("\"p{}{}\"", calendar.epoch, calendar.seq).into());
        fields.insert("summary".into(), calendar.text("summary").into());
        fields.insert("description".into(), calendar.text("description").into());
        fields.insert("updated".into(), rfc3339(calendar.updated).into());
        fields.insert(
            "timeZone".into(),
            call.query.one("timeZone").unwrap_or(calendar.text("timeZone")).into(),
        );
        fields.insert("accessRole".into(), role.name().into());
        let reminders = reminders.filter(|_| role != Role::FreeBusyReader);
        fields.insert("defaultReminders".into(), reminders.unwrap_or_else(|| Value::Array(Vec::new())));
        Ok(Self { fields, resource: format!("events:{}", calendar.id), epoch: calendar.epoch })
    }

    /// A whole page; items are JSON already.
    pub(crate) fn page(
        &self,
        items: &[Arc<str>],
        next_page: Option<String>,
        next_sync: Option<String>,
    ) -> Reply {
        let mut fields = self.fields.clone();
        fields.extend(next_page.map(|token| ("nextPageToken".to_owned(), token.into())));
        fields.extend(next_sync.map(|token| ("nextSyncToken".to_owned(), token.into())));
        let head = serde_json::to_string(&fields).unwrap_or_default();
        let size: usize = items.iter().map(|item| item.len() + 1).sum();
        let mut body = String::with_capacity(head.len() + size + 16);
        body.push_str(head.trim_end_matches('}'));
        body.push_str(",\"items\":[");
        for (index, item) in items.iter().enumerate() {
            if index > 0 {
                body.push(',');
            }
            body.push_str(item);
        }
        body.push_str("]}");
        let etag = fields.get("etag").and_then(Value::as_str).map(str::to_owned);
        Reply::Raw { body, etag }
    }
}

/// What pages of one listing have in common, its sync token included.
pub(crate) fn listing(query: &Query) -> String {
    let mut hasher = DefaultHasher::new();
    fingerprint(query, &[]).hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}

/// The token for the page after `here`, or what a fault makes of it.
pub(crate) fn next_token(here: PageToken, reached: Option<u64>, fault: Option<PageFault>) -> Option<String> {
    match fault {
        Some(PageFault::Repeat) => Some(here.encode()),
        Some(PageFault::Empty) => Some(PageToken { page: here.page + 1, ..here }.encode()),
        _ => reached.map(|after| PageToken { after, page: here.page + 1, ..here }.encode()),
    }
}

/// Faults that refuse a page outright.
pub(crate) fn refuse(call: &Call) -> ApiResult<()> {
    match call.fault {
        Some(PageFault::ExpireSync) => Err(ApiError::full_sync_required()),
        Some(PageFault::ExpirePage) if call.query.one("pageToken").is_some() => {
            Err(ApiError::parameter("pageToken", "The page token has expired."))
        }
        _ => Ok(()),
    }
}

/// Cuts the page asked for out of `items`, which later pages find again as they were.
pub(crate) fn cut(
    state: &mut State,
    call: &Call,
    head: &Head,
    items: Vec<Arc<str>>,
    max: usize,
    sync: Option<SyncToken>,
) -> ApiResult<Reply> {
    refuse(call)?;
    let query = listing(&call.query);
    let (items, here) = match call.query.one("pageToken") {
        Some(text) => {
            let here = PageToken::parse(text, &head.resource, head.epoch, &query)?;
            let number =
                here.kept.ok_or_else(|| ApiError::parameter("pageToken", "Invalid page token value."))?;
            (state.kept(number)?, here)
        }
        None => {
            let items = Arc::new(items);
            let kept = (items.len() > max || call.fault.is_some()).then(|| state.keep(items.clone()));
            let until = sync.as_ref().map_or(0, |sync| sync.seen);
            let resource = head.resource.clone();
            (items, PageToken { resource, epoch: head.epoch, after: 0, until, page: 1, query, kept })
        }
    };
    let from = usize::try_from(here.after).unwrap_or(usize::MAX).min(items.len());
    let to = from.saturating_add(max).min(items.len());
    let until = here.until;
    let next = next_token(here, (to < items.len()).then_some(to as u64), call.fault);
    let next_sync = sync.filter(|_| next.is_none()).map(|sync| SyncToken { seen: until, ..sync }.encode());
    let shown = if call.fault == Some(PageFault::Empty) { &[][..] } else { &items[from..to] };
    Ok(head.page(shown, next, next_sync))
}
