//! The person's calendars.

use axum::{
    Json,
    extract::{Path, State},
};
use serde::{Deserialize, Serialize};
use theo_calendar::storage::CalendarSettings;
use utoipa::ToSchema;

use crate::{
    identity::Identity,
    name,
    problem::{Answer, Problem},
    read::Body,
    state::ServerState,
    view::CalendarView,
};

#[derive(Serialize, ToSchema)]
pub(crate) struct Calendars {
    /// Primary ones first, then by title.
    calendars: Vec<CalendarView>,
}

/// What the person chooses for a calendar here; Google's own page does not follow.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(min_properties = 1)]
pub(crate) struct CalendarChoice {
    /// Whether its events are synced and count in conflicts.
    is_selected: Option<bool>,
    /// Whether lists leave it out.
    is_hidden: Option<bool>,
}

/// The person's calendars, of all their accounts
#[utoipa::path(get, path = "/calendars", tag = "calendars", responses((status = 200, body = Calendars)))]
pub(crate) async fn list(who: Identity, State(state): State<ServerState>) -> Answer<Json<Calendars>> {
    let calendars = state.service.calendars(&who.user).await?;
    Ok(Json(Calendars { calendars: calendars.iter().map(CalendarView::new).collect() }))
}

/// Chooses whether a calendar is synced, and whether lists show it
#[utoipa::path(patch, path = "/calendars/{id}", tag = "calendars", params(("id" = String, Path,
    description = "The `id` of a calendar; or Google's own, where one account alone has it")),
    request_body = CalendarChoice, responses((status = 200, body = CalendarView)))]
pub(crate) async fn choose(
    who: Identity,
    State(state): State<ServerState>,
    Path(id): Path<String>,
    body: Body,
) -> Answer<Json<CalendarView>> {
    let choice: CalendarChoice = body.read()?;
    if choice.is_selected.is_none() && choice.is_hidden.is_none() {
        return Err(Problem::of_field("body", "names neither isSelected nor isHidden: name what to change"));
    }
    let mut calendar = name::calendar(&state.service, &who.user, &id).await?;
    let before = calendar.settings;
    calendar.settings = CalendarSettings {
        is_selected: choice.is_selected.unwrap_or(before.is_selected),
        is_hidden: choice.is_hidden.unwrap_or(before.is_hidden),
    };
    state.service.set_calendar_settings(&calendar.key, calendar.settings).await?;
    Ok(Json(CalendarView::new(&calendar)))
}
