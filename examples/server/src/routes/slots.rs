//! When people have time for each other.

use std::time::Duration;

use axum::{Json, extract::State};
use serde::{Deserialize, Serialize};
use theo_calendar::{
    Error, ErrorKind,
    conflict::{
        WrittenHours,
        slots::{
            Attendance, Overlook, Participant, Slot, SlotQuery, SlotReason, SlotStanding, Slots, Who,
            format_slot,
        },
    },
    id::EventId,
    recurrence::{TimeZones, Tzdb, Zone},
    time::TimeRange,
};
use utoipa::ToSchema;

use super::conflicts::working_hours;
use crate::{
    identity::Identity,
    problem::{Answer, Problem},
    read::{Body, range},
    state::ServerState,
    view::{Hours, Span},
};

/// Who is to meet, for how long and when.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct SlotsBody {
    /// When the meeting may be: 62 days at most.
    #[schema(value_type = Span)]
    window: TimeRange,
    /// How long it lasts.
    #[schema(minimum = 1)]
    duration_minutes: u32,
    /// Who takes part; the person alone where nobody is named.
    #[serde(default)]
    #[schema(max_items = 200)]
    participants: Option<Vec<ParticipantBody>>,
    /// On whose clocks starts and days are counted, by its IANA name; the person's own where it is not said.
    time_zone: Option<String>,
    /// How far apart starts are; 15 where it is not said.
    step_minutes: Option<u16>,
    /// Time that everybody has free before it.
    #[serde(default)]
    buffer_before_minutes: u16,
    /// Time that everybody has free after it.
    #[serde(default)]
    buffer_after_minutes: u16,
    /// What in people's time may be overlooked; nothing where it is not said.
    #[serde(default)]
    #[schema(value_type = Option<OverlookBody>)]
    overlook: Overlook,
    /// Whether events that last all day are left out, unless they are out of office.
    #[serde(default)]
    ignore_all_day: bool,
    /// Whether slots are given of which it is not known that all who must come are free.
    #[serde(default)]
    allow_unknown: bool,
    /// Whether slots are given that share time with better ones.
    #[serde(default)]
    overlapping: bool,
    /// Google's ids of events of the person that are left out.
    #[serde(default)]
    exclude_event_ids: Vec<String>,
    /// How many at most; 10 where it is not said.
    #[schema(minimum = 1, maximum = 100)]
    limit: Option<u8>,
}

/// One who takes part.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ParticipantBody {
    /// `me`, or the address of their calendar.
    #[schema(value_type = String)]
    who: Who,
    /// Whether they may stay away.
    #[serde(default)]
    optional: bool,
    /// When they work; at any time where it is not said.
    #[schema(value_type = Option<Hours>)]
    working_hours: Option<WrittenHours>,
}

/// What may be overlooked.
#[derive(Serialize, ToSchema)]
#[schema(as = Overlook)]
#[serde(rename_all = "snake_case")]
#[allow(dead_code, reason = "it says in the document what is read as the SDK's own type")]
enum OverlookBody {
    Nothing,
    /// What is low, such as an event that lasts all day.
    Low,
    /// What is medium or less, such as what is tentative.
    Medium,
}

/// When they have time.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SlotsView {
    /// Best first.
    slots: Vec<SlotView>,
    has_more: bool,
    /// Whose time is not known: there may be slots that are not given for it.
    unknown: Vec<UnknownView>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = Slot)]
#[serde(rename_all = "camelCase")]
struct SlotView {
    #[serde(flatten)]
    span: Span,
    /// Whether it is known that all who must come can.
    is_known: bool,
    /// Why it stands where it does, for programs.
    #[schema(value_type = Vec<String>)]
    reasons: Vec<SlotReason>,
    /// Those who are not simply free.
    notes: Vec<NoteView>,
    /// All of it in one line.
    display: String,
}

#[derive(Serialize, ToSchema)]
#[schema(as = SlotNote)]
#[serde(rename_all = "camelCase")]
struct NoteView {
    who: String,
    is_required: bool,
    /// `overlooked_low`, `overlooked_medium`, `unknown`, `outside_hours` or `busy`.
    #[schema(value_type = String)]
    standing: SlotStanding,
}

#[derive(Serialize, ToSchema)]
#[schema(as = UnknownTime)]
#[serde(rename_all = "camelCase")]
struct UnknownView {
    who: String,
    #[serde(flatten)]
    span: Span,
    /// Why not, in words.
    why: String,
}

/// When people have time for each other, best first
///
/// The person's own time is what the mirror has; Google is asked when others are busy. Changes nothing.
#[utoipa::path(post, path = "/slots", tag = "time", request_body = SlotsBody, responses((status = 200, body = SlotsView)))]
pub(crate) async fn find(
    who: Identity,
    State(state): State<ServerState>,
    body: Body,
) -> Answer<Json<SlotsView>> {
    let body: SlotsBody = body.read()?;
    let zone = match &body.time_zone {
        Some(name) => Tzdb.known(name).map_err(|error| Problem::from(error).in_field("timeZone"))?,
        None => range::zone(&state.service, &who.user).await?,
    };
    let query = body.query(zone)?;
    let found = state.service.find_slots(&who.user, &query).await.map_err(in_body)?;
    Ok(Json(SlotsView::new(&found, zone)))
}

/// What the SDK refuses of a question is in its body.
fn in_body(error: Error) -> Problem {
    let is_wrong = error.kind() == ErrorKind::InvalidInput;
    let problem = Problem::from(error);
    if is_wrong { problem.in_field("body") } else { problem }
}

impl SlotsBody {
    fn query(self, zone: &Zone) -> Answer<SlotQuery> {
        let minutes = |minutes: u32| Duration::from_secs(u64::from(minutes) * 60);
        let mut query = SlotQuery::new(self.window, minutes(self.duration_minutes));
        if let Some(participants) = self.participants {
            query.participants =
                participants.into_iter().map(ParticipantBody::read).collect::<Answer<_>>()?;
        }
        if let Some(step) = self.step_minutes {
            query.step = minutes(step.into());
        }
        query.zone = zone.clone();
        query.buffer_before = minutes(self.buffer_before_minutes.into());
        query.buffer_after = minutes(self.buffer_after_minutes.into());
        query.overlook = self.overlook;
        query.count_all_day = !self.ignore_all_day;
        query.allow_unknown = self.allow_unknown;
        query.overlapping = self.overlapping;
        query.exclude = self.exclude_event_ids.into_iter().map(EventId::from).collect();
        match self.limit {
            Some(limit @ 1..=100) => query.limit = limit.into(),
            Some(_) => return Err(Problem::of_field("limit", "must be from 1 to 100")),
            None => {}
        }
        Ok(query)
    }
}

impl ParticipantBody {
    fn read(self) -> Answer<Participant> {
        let field = "participants.workingHours";
        let hours = self.working_hours.map(|hours| working_hours(&hours, field)).transpose()?;
        let attendance = if self.optional { Attendance::Optional } else { Attendance::Required };
        Ok(Participant { who: self.who, attendance, hours })
    }
}

impl SlotsView {
    fn new(found: &Slots, zone: &Zone) -> Self {
        let unknown = found.unknown.iter().map(|one| UnknownView {
            who: one.who.to_string(),
            span: one.range.into(),
            why: one.why.clone(),
        });
        Self {
            slots: found.slots.iter().map(|slot| SlotView::new(slot, zone)).collect(),
            has_more: found.has_more,
            unknown: unknown.collect(),
        }
    }
}

impl SlotView {
    fn new(slot: &Slot, zone: &Zone) -> Self {
        let notes = slot.notes.iter().map(|note| NoteView {
            who: note.who.to_string(),
            is_required: note.is_required,
            standing: note.standing,
        });
        Self {
            span: slot.range.into(),
            is_known: slot.is_known,
            reasons: slot.reasons.clone(),
            notes: notes.collect(),
            display: format_slot(slot, zone),
        }
    }
}
