//! One request from arrival to answer: logged, hit by faults, authenticated, checked, done.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use axum::body::to_bytes;
use axum::extract::{Request, State as Extract};
use axum::http::HeaderMap;
use axum::response::Response;
use bytes::Bytes;
use serde_json::Map;

use crate::answer::{Answer, aborted, damaged};
use crate::call::{Call, Query, Reply};
use crate::cursor::page_number;
use crate::error::{ApiError, ApiResult};
use crate::fault::{FaultKind, PageFault, Target};
use crate::ledger::LoggedRequest;
use crate::operation::{Operation, STANDARD};
use crate::server::Shared;
use crate::state::State;
use crate::watch;

/// A request taken apart.
#[derive(Debug)]
pub(crate) struct Incoming {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) query: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Incoming {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// The bearer token, from the header or the query.
    fn token(&self, query: &Query) -> Option<String> {
        let header = self.header("authorization").and_then(|value| value.strip_prefix("Bearer "));
        header.or(query.one("access_token")).or(query.one("oauth_token")).map(str::to_owned)
    }
}

/// Faults that change the work itself.
#[derive(Debug, Default)]
pub(crate) struct Twist {
    pub(crate) page: Option<PageFault>,
    pub(crate) accept_duplicate: bool,
    pub(crate) refuse_watch: bool,
}

/// Serves one operation of the Calendar API.
pub(crate) async fn api(
    operation: &'static Operation,
    shared: Arc<Shared>,
    path: HashMap<String, String>,
    request: Request,
) -> Response {
    let calendar = path.get("calendarId").cloned().unwrap_or_default();
    let url = shared.url.clone();
    run(&shared, operation.name, &calendar, request, move |state, incoming, twist| {
        let if_none_match = incoming.header("if-none-match").filter(|_| incoming.method == "GET");
        match attempt(operation, state, incoming, path, &url, twist) {
            Ok(reply) => Answer::reply(reply, if_none_match),
            Err(error) => Answer::error(&error),
        }
    })
    .await
}

fn attempt(
    operation: &'static Operation,
    state: &mut State,
    incoming: &Incoming,
    path: HashMap<String, String>,
    url: &str,
    twist: &Twist,
) -> ApiResult<Reply> {
    let query = Query::parse(&incoming.query);
    let token = incoming.token(&query).ok_or_else(ApiError::unauthenticated)?;
    let now = state.clock.now();
    let access = state.grants.holder(&token, now)?.clone();
    state.quota.admit(&access.person, now)?;
    if !operation.allowed_by(&access.scopes) {
        return Err(ApiError::insufficient_scope(operation.name));
    }
    let known = |name: &str| STANDARD.contains(&name) || operation.parameters.contains(&name);
    if let Some(name) = query.names().find(|name| !known(name)) {
        return Err(ApiError::parameter(name, format!("Unknown parameter: {name}")));
    }
    if twist.refuse_watch {
        return Err(watch::refused());
    }
    let body = match incoming.body.is_empty() {
        true => Map::new(),
        false => serde_json::from_slice(&incoming.body)
            .map_err(|_| ApiError::new(400, "parseError", "Parse Error"))?,
    };
    let mut path = path;
    if path.get("calendarId").is_some_and(|id| id == "primary") {
        path.insert("calendarId".into(), access.person.clone());
    }
    let call = Call {
        operation: operation.name,
        person: access.person,
        path,
        query,
        body,
        if_match: incoming.header("if-match").map(str::to_owned),
        url: format!("{url}{}?alt=json", incoming.path),
        fault: twist.page,
        accept_duplicate: twist.accept_duplicate,
    };
    (operation.run)(state, &call)
}

/// Answers a path that no operation has.
pub(crate) async fn unknown(Extract(shared): Extract<Arc<Shared>>, request: Request) -> Response {
    run(&shared, "unknown", "", request, |_, _, _| Answer::error(&ApiError::not_found())).await
}

/// Takes a request through the log and the faults around `work`.
pub(crate) async fn run(
    shared: &Shared,
    operation: &str,
    calendar: &str,
    request: Request,
    work: impl FnOnce(&mut State, &Incoming, &Twist) -> Answer,
) -> Response {
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, usize::MAX).await else { return aborted() };
    let incoming = Incoming {
        method: parts.method.to_string(),
        path: parts.uri.path().to_owned(),
        query: parts.uri.query().unwrap_or_default().to_owned(),
        headers: parts.headers,
        body,
    };
    let (number, faults) = arrive(shared, operation, calendar, &incoming);
    let (mut twist, mut delay, mut early, mut late) = (Twist::default(), 0, None, Vec::new());
    for fault in faults {
        match fault {
            FaultKind::Delay { millis } => delay += millis,
            FaultKind::DropBefore => return aborted(),
            FaultKind::Status { status, reason, retry_after } => {
                early = Some(Answer::error(&ApiError::injected(status, &reason, retry_after)));
            }
            FaultKind::RepeatPageToken => twist.page = Some(PageFault::Repeat),
            FaultKind::ExpirePageToken => twist.page = Some(PageFault::ExpirePage),
            FaultKind::ExpireSyncToken => twist.page = Some(PageFault::ExpireSync),
            FaultKind::EmptyPage => twist.page = Some(PageFault::Empty),
            FaultKind::AcceptDuplicate => twist.accept_duplicate = true,
            FaultKind::RefuseWatch => twist.refuse_watch = true,
            FaultKind::RevokeGrant => revoke(shared, &incoming),
            FaultKind::DropAfter | FaultKind::TruncateBody | FaultKind::TruncateGzip => late.push(fault),
        }
    }
    if delay > 0 {
        tokio::time::sleep(Duration::from_millis(delay)).await;
    }
    let answer = match early {
        Some(answer) => answer,
        None => work(&mut shared.lock(), &incoming, &twist),
    };
    let dropped = late.contains(&FaultKind::DropAfter);
    shared.lock().ledger.answered(number, Some(answer.status).filter(|_| !dropped));
    if dropped { aborted() } else { damaged(answer, &late) }
}

fn arrive(shared: &Shared, operation: &str, calendar: &str, incoming: &Incoming) -> (u64, Vec<FaultKind>) {
    let mut state = shared.lock();
    let query = Query::parse(&incoming.query);
    let token = incoming.token(&query);
    let access = token.and_then(|token| state.grants.access.get(&token));
    let person = access.map(|access| access.person.clone());
    let request = LoggedRequest {
        at: state.clock.now(),
        operation: operation.to_owned(),
        method: incoming.method.clone(),
        path: incoming.path.clone(),
        query: incoming.query.clone(),
        body: String::from_utf8_lossy(&incoming.body).into_owned(),
        person: person.clone(),
        if_match: incoming.header("if-match").map(str::to_owned),
        status: None,
    };
    let number = state.ledger.request(request);
    let calendar = match (&person, calendar) {
        (Some(person), "primary") => person.as_str(),
        _ => calendar,
    };
    let target = Target { operation, page: page_number(&query), calendar, person: person.as_deref() };
    (number, state.faults.take(&target))
}

fn revoke(shared: &Shared, incoming: &Incoming) {
    let mut state = shared.lock();
    let token = incoming.token(&Query::parse(&incoming.query));
    let person = token.and_then(|token| state.grants.access.get(&token)).map(|access| access.person.clone());
    if let Some(person) = person {
        state.grants.revoke_person(&person);
    }
}
