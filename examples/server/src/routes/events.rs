//! Events: read from the mirror, changed by approvals alone.

mod ask;
mod listing;

use axum::{
    Json,
    extract::{OriginalUri, Path, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use theo_calendar::approval::{Action, Approval};

pub(super) use self::ask::{fields, taken};
use self::{
    ask::{Asking, CreateBody, DeleteQuery, UpdateBody},
    listing::{EventsQuery, EventsView},
};
use crate::{
    etag,
    identity::Identity,
    name,
    openapi::PREFIX,
    problem::{Answer, Problem},
    read::{Body, Query},
    state::ServerState,
    view::{ApprovalView, EventView, next_page},
};

/// The person's events
///
/// Between `startDate` and `endDate`: what takes place, a series as each of its occurrences, by when it starts. Where one
/// of the two is missing: what the mirror has, a series once.
#[utoipa::path(get, path = "/events", tag = "events", params(EventsQuery), responses((status = 200, body = EventsView,
    headers(("Link" = String, description = "Where the next page is (`rel=\"next\"`), if there is one")))))]
pub(crate) async fn list(
    who: Identity,
    State(state): State<ServerState>,
    OriginalUri(uri): OriginalUri,
    query: Query<EventsQuery>,
) -> Answer<Response> {
    let events = listing::page(&state.service, &who.user, &query.0).await?;
    Ok((next_page(&uri, events.next_offset()), Json(events)).into_response())
}

/// One event, or one occurrence of a series
#[utoipa::path(get, path = "/events/{id}", tag = "events", params(("id" = String, Path,
    description = "The `id` of an event")), responses((status = 200, body = EventView)))]
pub(crate) async fn read(
    who: Identity,
    State(state): State<ServerState>,
    Path(id): Path<String>,
) -> Answer<Json<EventView>> {
    shown(&who, &state, &id).await.map(Json)
}

/// Asks for a new event
///
/// Makes nothing but an approval, which waits for the person's yes.
#[utoipa::path(post, path = "/events", tag = "events", request_body = CreateBody,
    responses((status = 202, body = ApprovalView, headers(("Location" = String, description = "The approval")))))]
pub(crate) async fn create(
    who: Identity,
    State(state): State<ServerState>,
    mut body: Body,
) -> Answer<Response> {
    let asking = Asking::take(&mut body)?;
    let Some(calendar) = taken::<String>(&mut body, "calendarId")? else {
        return Err(Problem::of_field("calendarId", "is missing: name the calendar the event is to be in"));
    };
    let calendar = name::calendar(&state.service, &who.user, &calendar).await?;
    let draft = Box::new(fields(body)?);
    let action = Action::Create { calendar: calendar.key, draft };
    let request = asking.request(action);
    asked(state.service.request(&asking.principal(&who), request).await?)
}

/// Asks for a change of an event, or answers an invitation
///
/// Makes nothing but an approval, which waits for the person's yes. With `response` it is an answer, and nothing else.
#[utoipa::path(patch, path = "/events/{id}", tag = "events", params(("id" = String, Path,
    description = "The `id` of an event, or of one occurrence of a series"), ("If-Match" = Option<String>, Header,
    description = "Asks only where the event still is what this ETag was of")), request_body = UpdateBody,
    responses((status = 202, body = ApprovalView, headers(("Location" = String, description = "The approval")))))]
pub(crate) async fn update(
    who: Identity,
    State(state): State<ServerState>,
    Path(id): Path<String>,
    headers: HeaderMap,
    mut body: Body,
) -> Answer<Response> {
    let event = name::event(&who.user, &id)?;
    let asking = Asking::take(&mut body)?;
    let action = ask::change(body, event)?;
    etag::check(&headers, &shown(&who, &state, &id).await?)?;
    let request = asking.request(action);
    asked(state.service.request(&asking.principal(&who), request).await?)
}

/// Asks for an event to be deleted
///
/// Makes nothing but an approval, which waits for the person's yes.
#[utoipa::path(delete, path = "/events/{id}", tag = "events", params(("id" = String, Path,
    description = "The `id` of an event, or of one occurrence of a series"), ("If-Match" = Option<String>, Header,
    description = "Asks only where the event still is what this ETag was of"), DeleteQuery),
    responses((status = 202, body = ApprovalView, headers(("Location" = String, description = "The approval")))))]
pub(crate) async fn delete(
    who: Identity,
    State(state): State<ServerState>,
    Path(id): Path<String>,
    headers: HeaderMap,
    query: Query<DeleteQuery>,
) -> Answer<Response> {
    let event = name::event(&who.user, &id)?;
    let asking = Asking::from(query.0);
    etag::check(&headers, &shown(&who, &state, &id).await?)?;
    let request = asking.request(Action::Delete { event, scope: asking.scope() });
    asked(state.service.request(&asking.principal(&who), request).await?)
}

async fn shown(who: &Identity, state: &ServerState, id: &str) -> Answer<EventView> {
    let found = state.service.event(&name::event(&who.user, id)?).await;
    let found = found.map_err(|error| match error.kind() {
        theo_calendar::ErrorKind::NotFound => Problem::not_found("event"),
        _ => error.into(),
    })?;
    Ok(EventView::new(&found.key, &found.event, found.span))
}

fn asked(approval: Approval) -> Answer<Response> {
    let location = format!("{PREFIX}/approvals/{}", approval.id);
    let body = Json(ApprovalView::new(&approval));
    Ok((StatusCode::ACCEPTED, [(axum::http::header::LOCATION, location)], body).into_response())
}
