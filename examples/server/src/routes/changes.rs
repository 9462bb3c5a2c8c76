//! What changes in the mirror, as it happens.

use std::{collections::VecDeque, convert::Infallible, time::Duration};

use axum::{
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{
        Sse,
        sse::{Event as Sent, KeepAlive},
    },
};
use chrono::{DateTime, Utc};
use futures_util::{Stream, StreamExt, stream};
use serde::{Deserialize, Serialize};
use theo_calendar::{
    ErrorKind,
    id::UserId,
    storage::{Change, ChangeCursor},
};
use utoipa::{IntoParams, ToSchema};

use crate::{
    feed::{Reading, Waking},
    identity::Identity,
    name,
    problem::{Answer, Problem},
    read::{Query, number},
    state::ServerState,
    view::EventView,
};

/// Changes that are read at once.
const BATCH: usize = 100;

/// How often something is said where nothing happens, so that nobody between takes the stream for dead, and that a
/// reader who is gone is noticed.
const HEARTBEAT: Duration = Duration::from_secs(15);

#[derive(Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct ChangesQuery {
    /// Only changes after this place, for those who cannot send `Last-Event-ID`; from the beginning where neither is said.
    #[serde(deserialize_with = "number")]
    #[param(value_type = Option<u64>)]
    since: Option<u64>,
}

/// What is sent with each event of the stream.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ChangeView {
    /// The `id` of the event that changed.
    event_id: String,
    /// The event as it now is; none where it is gone.
    event: Option<EventView>,
    at: DateTime<Utc>,
}

/// What changes in the mirror, as it happens
///
/// A stream of server-sent events, each named `upsert` or `delete`, with its place in the feed as `id`: what comes after
/// that place is sent where a reader comes back with it as `Last-Event-ID`, in order, none left out. Of an event that
/// changed often, the last change alone may come. Without a place it begins with all there is.
#[utoipa::path(get, path = "/changes", tag = "events", params(ChangesQuery,
    ("Last-Event-ID" = Option<u64>, Header, description = "The place to go on after")),
    responses((status = 200, description = "`data` of each is a `ChangeView`", body = ChangeView,
        content_type = "text/event-stream")))]
pub(crate) async fn follow(
    who: Identity,
    State(state): State<ServerState>,
    headers: HeaderMap,
    query: Query<ChangesQuery>,
) -> Answer<Sse<impl Stream<Item = Result<Sent, Infallible>>>> {
    let last = match headers.get("last-event-id") {
        None => None,
        Some(value) => {
            let place = value.to_str().ok().and_then(|text| text.parse().ok());
            Some(place.ok_or_else(|| Problem::of_field("Last-Event-ID", "is no place in the feed"))?)
        }
    };
    let after = ChangeCursor(last.or(query.since).unwrap_or_default());
    let waking = state.changes.of(who.user.clone());
    let reading = state.readers.one_more(&who.user, state.limits.feeds).ok_or_else(|| {
        let detail =
            "this person reads as many feeds as one may: close one, or wait as long as Retry-After says";
        let problem = Problem::new(StatusCode::TOO_MANY_REQUESTS, ErrorKind::RateLimited.code(), detail);
        problem.after(HEARTBEAT.as_secs())
    })?;
    let feed = Feed {
        state: state.clone(),
        user: who.user,
        after,
        read: VecDeque::new(),
        waking,
        _reading: reading,
    };
    let sent = stream::unfold(feed, |mut feed| async move { Some((Ok(feed.next().await?), feed)) });
    let sent = sent.take_until(state.stop.clone().cancelled_owned());
    Ok(Sse::new(sent).keep_alive(KeepAlive::new().interval(HEARTBEAT)))
}

/// One reader of one person's feed.
struct Feed {
    state: ServerState,
    user: UserId,
    after: ChangeCursor,
    read: VecDeque<Change>,
    waking: Waking,
    _reading: Reading,
}

impl Feed {
    /// The next change, once there is one; none where the store fails: the reader comes back and goes on.
    async fn next(&mut self) -> Option<Sent> {
        loop {
            if let Some(change) = self.read.pop_front() {
                return sent(&change);
            }
            let page = self.state.service.changes_since(&self.user, self.after, BATCH).await;
            let page = page.inspect_err(|error| tracing::warn!(%error, "a change feed broke off")).ok()?;
            self.after = page.next;
            self.read = page.changes.into();
            if self.read.is_empty() && !self.waking.next().await {
                return None;
            }
        }
    }
}

fn sent(change: &Change) -> Option<Sent> {
    let view = ChangeView {
        event_id: name::of_event(&change.key),
        event: change.event.as_ref().map(|event| EventView::new(&change.key, event, None)),
        at: change.at,
    };
    let kind = if change.event.is_some() { "upsert" } else { "delete" };
    Sent::default().id(change.cursor.0.to_string()).event(kind).json_data(view).ok()
}
