//! Finding events.

use std::num::NonZeroU16;

use axum::{Json, extract::State};
use serde::{Deserialize, Serialize};
use theo_calendar::{
    search::{MeaningUse, SearchField, SearchHit, SearchMode, SearchQuery},
    time::When,
};
use utoipa::{IntoParams, ToSchema};

use crate::{
    identity::Identity,
    name,
    problem::Answer,
    read::{Query, range},
    state::ServerState,
    view::{EventView, limit},
};

/// What to find.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Wanted {
    /// A question, or some words.
    #[param(example = "teeth check-up")]
    q: String,
    /// By what; by both where it is not said.
    #[serde(default)]
    #[param(inline, required = false)]
    mode: Mode,
    /// Only what may take place after it: an RFC 3339 time, or a day. Needs `endDate`.
    #[serde(default)]
    #[param(value_type = Option<String>)]
    start_date: Option<When>,
    /// Only what may take place before it. Needs `startDate`.
    #[serde(default)]
    #[param(value_type = Option<String>)]
    end_date: Option<When>,
    /// Only of this calendar, by its `id`.
    calendar_id: Option<String>,
    /// Only events whose organizer or guest has this address.
    attendee: Option<String>,
    /// How many at most; 10 where it is not given.
    #[serde(default, deserialize_with = "limit")]
    #[param(value_type = Option<u16>, minimum = 1, maximum = 100)]
    limit: Option<NonZeroU16>,
}

#[derive(Clone, Copy, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Mode {
    /// By words and by meaning.
    #[default]
    Hybrid,
    /// By words.
    Text,
    /// By meaning.
    Meaning,
}

/// What was found.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Found {
    /// Best first; of a series one.
    hits: Vec<Hit>,
    /// The model by which meaning was compared; none where it was not.
    model: Option<String>,
    /// Why it was not, though it was asked for.
    meaning_missing: Option<String>,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Hit {
    event: EventView,
    /// How good it is, beside the others.
    score: f64,
    /// Where words of the query stand in it: `title`, `place`, `people`, `description`.
    fields: Vec<&'static str>,
    /// How near its meaning is, -1 to 1.
    similarity: Option<f32>,
}

/// Finds events by words, by meaning, or by both
#[utoipa::path(get, path = "/search", tag = "events", params(Wanted), responses((status = 200, body = Found)))]
pub(crate) async fn find(
    who: Identity,
    State(state): State<ServerState>,
    Query(wanted): Query<Wanted>,
) -> Answer<Json<Found>> {
    let mut query = SearchQuery::new(wanted.q);
    query.mode = match wanted.mode {
        Mode::Hybrid => SearchMode::Hybrid,
        Mode::Text => SearchMode::Text,
        Mode::Meaning => SearchMode::Meaning,
    };
    query.range = range::both(&state.service, &who.user, wanted.start_date, wanted.end_date).await?;
    if let Some(id) = &wanted.calendar_id {
        query.calendars = Some(vec![name::calendar(&state.service, &who.user, id).await?.key]);
    }
    query.attendee = wanted.attendee;
    if let Some(limit) = wanted.limit {
        query.limit = limit.get().into();
    }
    let found = state.service.search(&who.user, &query).await?;
    let (model, meaning_missing) = match found.meaning {
        MeaningUse::NotAsked => (None, None),
        MeaningUse::Used { model, .. } => (Some(model), None),
        MeaningUse::Missing { why } => (None, Some(why)),
    };
    Ok(Json(Found { hits: found.hits.iter().map(Hit::new).collect(), model, meaning_missing }))
}

impl Hit {
    fn new(hit: &SearchHit) -> Self {
        let fields = hit.parts.text.as_ref().map(|part| part.fields.as_slice()).unwrap_or_default();
        let word = |field: &SearchField| match field {
            SearchField::Description => "description",
            SearchField::People => "people",
            SearchField::Place => "place",
            SearchField::Title => "title",
        };
        Self {
            event: EventView::new(&hit.event.key, &hit.event.event, hit.event.span),
            score: hit.score,
            fields: fields.iter().map(word).collect(),
            similarity: hit.parts.meaning.as_ref().map(|part| part.similarity),
        }
    }
}
