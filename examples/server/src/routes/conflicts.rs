//! What would stand in the way.

use std::time::Duration;

use axum::{Json, extract::State};
use serde::{Deserialize, Serialize};
use theo_calendar::{
    conflict::{ConflictPolicy, WorkingHours, WrittenHours},
    id::EventId,
    recurrence::{TimeZones, Tzdb},
};
use utoipa::ToSchema;

use super::events::{fields, taken};
use crate::{
    identity::Identity,
    name,
    problem::{Answer, Problem},
    read::{Body, range},
    state::ServerState,
    view::{ConflictView, EventFields, Hours, Span},
};

/// An event to be, and what counts as a conflict with it.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[allow(dead_code, reason = "it says in the document what is read bit by bit")]
pub(crate) struct ProposalBody {
    /// The `id` of the calendar it is to be in; or Google's own, or `primary`, where one account alone has it. The first
    /// where it is not said.
    calendar_id: Option<String>,
    #[serde(flatten)]
    policy: Policy,
    #[serde(flatten)]
    fields: EventFields,
}

/// What counts as a conflict.
#[derive(Default, Deserialize, ToSchema)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct Policy {
    /// Google's ids of events that are left out, with their instances.
    exclude_event_ids: Vec<String>,
    /// Time to keep free before it.
    buffer_before_minutes: u16,
    /// Time to keep free after it.
    buffer_after_minutes: u16,
    /// Time to get from one place to another.
    travel_minutes: u16,
    /// Whether events that last all day are left out, unless they are out of office.
    ignore_all_day: bool,
    /// Whether tentative events, and those answered maybe, are left out.
    ignore_tentative: bool,
    /// Whether invitations that are not answered are left out.
    ignore_unanswered: bool,
    /// When the person works: what is proposed outside is told.
    #[schema(value_type = Option<Hours>)]
    working_hours: Option<WrittenHours>,
}

const NAMES: [&str; 8] = [
    "excludeEventIds",
    "bufferBeforeMinutes",
    "bufferAfterMinutes",
    "travelMinutes",
    "ignoreAllDay",
    "ignoreTentative",
    "ignoreUnanswered",
    "workingHours",
];

/// What stands in the way, and how much was looked at to find it. What is unknown is not free.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Conflicts {
    /// By start, the worst first.
    conflicts: Vec<ConflictView>,
    /// Times proposed that are not all in the working hours.
    outside_hours: Vec<Span>,
    looked_at: Span,
    /// Whether all there is was looked at: there may be more conflicts where it was not.
    complete: bool,
    /// Google's ids of series and events that cannot be read.
    unreadable: Vec<String>,
}

/// What would stand in the way of an event
///
/// Looks at all selected calendars of the person, save those that they may only read. Changes nothing.
#[utoipa::path(post, path = "/conflicts", tag = "time", request_body = ProposalBody,
    responses((status = 200, body = Conflicts)))]
pub(crate) async fn find(
    who: Identity,
    State(state): State<ServerState>,
    mut body: Body,
) -> Answer<Json<Conflicts>> {
    let policy: Policy = body.take(&NAMES).read()?;
    let calendar = match taken::<String>(&mut body, "calendarId")? {
        Some(id) => Some(name::calendar(&state.service, &who.user, &id).await?),
        None => state.service.calendars(&who.user).await?.into_iter().next(),
    };
    let draft = fields(body)?;
    let Some(calendar) = calendar else {
        return Err(Problem::not_found("calendar: connect an account first"));
    };
    let proposal = state.service.propose(&calendar.key, &draft).await?;
    let found = state.service.detect_conflicts(&who.user, &proposal, &policy.read()?).await?;
    let zone = range::zone(&state.service, &who.user).await?;
    Ok(Json(Conflicts {
        complete: found.is_complete(),
        conflicts: found.conflicts.iter().map(|conflict| ConflictView::new(conflict, zone)).collect(),
        outside_hours: found.outside_hours.into_iter().map(Into::into).collect(),
        looked_at: found.looked_at.into(),
        unreadable: found.unreadable.iter().map(ToString::to_string).collect(),
    }))
}

impl Policy {
    fn read(self) -> Answer<ConflictPolicy> {
        let minutes = |minutes: u16| Duration::from_secs(u64::from(minutes) * 60);
        let hours = self.working_hours.map(|hours| working_hours(&hours, "workingHours")).transpose()?;
        Ok(ConflictPolicy {
            buffer_before: minutes(self.buffer_before_minutes),
            buffer_after: minutes(self.buffer_after_minutes),
            travel_time: minutes(self.travel_minutes),
            count_all_day: !self.ignore_all_day,
            count_tentative: !self.ignore_tentative,
            count_unanswered: !self.ignore_unanswered,
            working_hours: hours,
            exclude: self.exclude_event_ids.into_iter().map(EventId::from).collect(),
        })
    }
}

/// What is written in `field`.
pub(super) fn working_hours(written: &WrittenHours, field: &str) -> Answer<WorkingHours> {
    let known = Tzdb.known(&written.time_zone).map(|_| ());
    known.map_err(|error| Problem::from(error).in_field(&format!("{field}.time_zone")))?;
    WorkingHours::of_written(written, &Tzdb).map_err(|error| Problem::from(error).in_field(field))
}
