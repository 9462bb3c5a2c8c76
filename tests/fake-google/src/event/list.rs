//! `events.list`: full listings, deltas, and the tokens between them.

use std::collections::HashSet;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};

use crate::calendar::{Calendar, Shape};
use crate::call::{Call, Query, Reply};
use crate::cursor::{PageToken, SyncToken, fingerprint};
use crate::error::{ApiError, ApiResult};
use crate::event::filter::Filter;
use crate::event::instance;
use crate::event::page::{self, Head};
use crate::event::read::{View, listed};
use crate::fault::PageFault;
use crate::state::State;

/// Parameters Google refuses together with a sync token.
const REFUSED_WITH_SYNC: [&str; 8] = [
    "iCalUID",
    "orderBy",
    "privateExtendedProperty",
    "q",
    "sharedExtendedProperty",
    "timeMin",
    "timeMax",
    "updatedMin",
];

/// Parameters that need not be the same with a sync token as without.
const FREE_WITH_SYNC: [&str; 5] = ["syncToken", "showDeleted", "timeMin", "timeMax", "updatedMin"];

/// `events.list`
pub(crate) fn list(state: &mut State, call: &Call) -> ApiResult<Reply> {
    let query = &call.query;
    let (calendar, role) = state.visible(&call.person, call.path("calendarId"))?;
    let head = Head::of(state, call)?;
    let view = View::of(call, role)?;
    let max = query.limit("maxResults", 250, 2500)?;
    let order = Order::of(query)?;
    let mut filter = Filter::of(query)?;
    let made_for = fingerprint(query, &FREE_WITH_SYNC);
    let sync = sync_token(query, &head, &made_for)?;
    page::refuse(call)?;
    let mut since = 0;
    if let Some(sync) = &sync {
        let at = |seconds: Option<i64>| seconds.and_then(|seconds| DateTime::from_timestamp(seconds, 0));
        filter.window = (at(sync.window.0), at(sync.window.1));
        since = sync.seen;
    }
    let seconds = |at: Option<DateTime<Utc>>| at.map(|at| at.timestamp());
    let next_sync = (order == Order::Any && filter.can_sync()).then(|| SyncToken {
        resource: head.resource.clone(),
        epoch: head.epoch,
        seen: calendar.seq,
        query: made_for,
        window: (seconds(filter.window.0), seconds(filter.window.1)),
    });
    if filter.single || order != Order::Any {
        let fresh = query.one("pageToken").is_none();
        let items = if fresh {
            computed(calendar, &filter, &view, order, since, state.clock.now())
        } else {
            Vec::new()
        };
        return page::cut(state, call, &head, items, max, next_sync);
    }
    let here = match query.one("pageToken") {
        Some(text) => PageToken::parse(text, &head.resource, head.epoch, &page::listing(query))?,
        None => PageToken {
            resource: head.resource.clone(),
            epoch: head.epoch,
            after: since,
            until: calendar.seq,
            page: 1,
            query: page::listing(query),
            kept: None,
        },
    };
    let mut found =
        calendar.changes(here.after, here.until).filter(|(_, stored)| filter.admits(calendar, stored));
    let (mut items, mut reached) = (Vec::new(), here.after);
    for (_, stored) in found.by_ref().take(if call.fault == Some(PageFault::Empty) { 0 } else { max }) {
        items.push(listed(stored, &view));
        reached = stored.seq;
    }
    let more = found.next().is_some();
    drop(found);
    let until = here.until;
    let next_page = page::next_token(here, more.then_some(reached), call.fault);
    let next_sync =
        next_sync.filter(|_| next_page.is_none()).map(|sync| SyncToken { seen: until, ..sync }.encode());
    Ok(head.page(&items, next_page, next_sync))
}

/// The sync token of a request, with everything Google refuses beside it.
fn sync_token(query: &Query, head: &Head, made_for: &str) -> ApiResult<Option<SyncToken>> {
    let Some(text) = query.one("syncToken") else { return Ok(None) };
    if let Some(name) = REFUSED_WITH_SYNC.iter().find(|name| query.one(name).is_some()) {
        return Err(ApiError::parameter(
            name,
            format!("The parameter {name} cannot be used with a sync token."),
        ));
    }
    if query.boolean("showDeleted")? == Some(false) {
        return Err(ApiError::parameter(
            "showDeleted",
            "showDeleted=false cannot be used with a sync token.",
        ));
    }
    SyncToken::parse(text, &head.resource, head.epoch, made_for).map(Some)
}

/// `orderBy`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Order {
    Any,
    StartTime,
    Updated,
}

impl Order {
    fn of(query: &Query) -> ApiResult<Self> {
        match query.one("orderBy") {
            None => Ok(Self::Any),
            Some("updated") => Ok(Self::Updated),
            Some("startTime") if query.flag("singleEvents")? => Ok(Self::StartTime),
            Some("startTime") => Err(ApiError::parameter(
                "orderBy",
                "The requested ordering is not available for the particular query.",
            )),
            Some(other) => Err(ApiError::parameter("orderBy", format!("Invalid string value: '{other}'."))),
        }
    }
}

/// A listing that has to be worked out whole: expanded, sorted, or both.
fn computed(
    calendar: &Calendar,
    filter: &Filter,
    view: &View,
    order: Order,
    since: u64,
    now: DateTime<Utc>,
) -> Vec<Arc<str>> {
    // Endless series are shown about as far ahead as Google shows them.
    let horizon = filter.window.1.unwrap_or(now + TimeDelta::days(730));
    let mut rows: Vec<(i64, i64, Arc<str>)> = Vec::new();
    let mut expanded = HashSet::new();
    for (key, stored) in calendar.changes(since, calendar.seq) {
        if !filter.admits(calendar, stored) {
            continue;
        }
        if filter.single && stored.shape == Shape::Master {
            if expanded.insert(key) {
                let window = (filter.window.0, Some(horizon));
                let placed = instance::unchanged(calendar, stored, window, view);
                rows.extend(placed.into_iter().map(|(start, json)| (start, stored.updated, json)));
            }
        } else {
            rows.push((stored.start, stored.updated, listed(stored, view)));
        }
    }
    match order {
        Order::Any => {}
        Order::StartTime => rows.sort_by_key(|(start, _, _)| *start),
        Order::Updated => rows.sort_by_key(|(_, updated, _)| *updated),
    }
    rows.into_iter().map(|(_, _, json)| json).collect()
}
