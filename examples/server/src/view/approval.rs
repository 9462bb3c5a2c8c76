//! An approval, and what the person is shown of it.

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::{Map, Value, json};
use theo_calendar::{
    approval::{Action, Approval, ApprovalState, Drift, Outcome, Principal},
    id::EventId,
};
use utoipa::ToSchema;

use super::{Scope, event::fields, preview::PreviewView};
use crate::name;

/// A change that somebody asks for, as it was frozen then, and what became of it.
#[derive(Serialize, ToSchema)]
#[schema(as = Approval)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ApprovalView {
    id: String,
    status: ApprovalStatus,
    /// `create`, `update`, `delete` or `respond`.
    action_type: &'static str,
    account_id: String,
    /// The `id` of the calendar it changes.
    calendar_id: String,
    /// The `id` of the event it changes; none where it makes one.
    event_id: Option<String>,
    /// How much of a series it changes.
    scope: Scope,
    /// What is asked, in Google's fields: of a new event all of them, of a change those it sets. Beside them `clear`,
    /// `removeAttendees`, and of an answer `response` and `comment`, as they were asked.
    request: Map<String, Value>,
    /// Who is emailed: `all`, `externalOnly` or `none`.
    send_updates: String,
    /// Why, in words of whoever asked.
    reason: Option<String>,
    /// The event as it was when asked, in Google's fields; none where one is made.
    event_snapshot: Option<Map<String, Value>>,
    preview: PreviewView,
    requested_at: DateTime<Utc>,
    requested_by: By,
    /// From when on it may no longer be decided or executed.
    expires_at: DateTime<Utc>,
    decided_at: Option<DateTime<Utc>>,
    decided_by: Option<By>,
    /// What the person wrote with the decision.
    notes: Option<String>,
    /// The approval that this is an edited version of.
    supersedes: Option<String>,
    /// The `id` of the event it made or changed, once it is done.
    result_event_id: Option<String>,
    /// Why it was not done, or not all of it, in a sentence for the person.
    error_message: Option<String>,
    /// What somebody else changed meanwhile, where that is why it was not done.
    drift: Option<DriftView>,
    updated_at: DateTime<Utc>,
}

/// Where an approval stands.
#[derive(Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ApprovalStatus {
    /// Waits for the person.
    Pending,
    /// The person said yes; not yet executed.
    Approved,
    /// Google may have been called.
    Executing,
    /// Done, once.
    Executed,
    /// Not done, and never will be.
    Failed,
    /// Nobody knows yet whether it was done: it will be read back.
    Unknown,
    /// The person said no.
    Rejected,
    /// Nobody decided or executed it in time.
    Expired,
    /// The event changed since it was asked.
    Stale,
}

/// Who asked or decided.
#[derive(Serialize, ToSchema)]
struct By {
    user: String,
    /// The agent that acted for them, where one did.
    agent: Option<String>,
}

/// What somebody else changed between the asking and the doing.
#[derive(Serialize, ToSchema)]
#[schema(as = Drift)]
#[serde(rename_all = "camelCase")]
struct DriftView {
    /// Fields that they changed.
    theirs: Vec<String>,
    /// Those of them that this would change too.
    collisions: Vec<String>,
    is_gone: bool,
    /// Whether asking again would keep what both sides want.
    can_merge: bool,
}

impl ApprovalView {
    pub(crate) fn new(approval: &Approval) -> Self {
        let (action, calendar) = (&approval.request.action, approval.request.action.calendar());
        let (result, error, drift) = ended(approval);
        Self {
            id: approval.id.to_string(),
            status: approval.state.into(),
            action_type: action.name(),
            account_id: calendar.account.to_string(),
            calendar_id: name::of_calendar(&calendar),
            event_id: action.event().map(|event| name::of_event(&calendar.event(event.clone()))),
            scope: action.scope().into(),
            request: asked(action),
            send_updates: approval.request.send_updates.to_string(),
            reason: approval.request.reason.clone(),
            event_snapshot: approval.snapshot.as_deref().map(fields),
            preview: PreviewView::new(&approval.preview),
            requested_at: approval.requested_at,
            requested_by: (&approval.requested_by).into(),
            expires_at: approval.expires_at,
            decided_at: approval.decided_at,
            decided_by: approval.decided_by.as_ref().map(Into::into),
            notes: approval.notes.clone(),
            supersedes: approval.supersedes.as_ref().map(ToString::to_string),
            result_event_id: result.map(|event| name::of_event(&calendar.event(event.as_str()))),
            error_message: error,
            drift,
            updated_at: approval.updated_at,
        }
    }
}

/// What is asked, as it is asked for.
fn asked(action: &Action) -> Map<String, Value> {
    match action {
        Action::Create { draft, .. } => fields(&**draft),
        Action::Update { patch, .. } => {
            let mut asked = fields(&patch.set);
            asked.insert("clear".to_owned(), json!(patch.clear));
            asked.insert("removeAttendees".to_owned(), json!(patch.remove_attendees));
            asked
        }
        Action::Delete { .. } => Map::new(),
        Action::Respond { response, comment, .. } => {
            let answer = [("response", json!(response)), ("comment", json!(comment))];
            answer.map(|(name, value)| (name.to_owned(), value)).into_iter().collect()
        }
    }
}

/// The event that was made or changed, why not (all) was done, and what drifted.
fn ended(approval: &Approval) -> (Option<&EventId>, Option<String>, Option<DriftView>) {
    match &approval.outcome {
        None => (None, None, None),
        Some(Outcome::Done { event, .. }) => (Some(event), None, None),
        Some(Outcome::NotDone { message, .. }) => (None, Some(message.clone()), None),
        Some(Outcome::PartlyDone { event, message, .. }) => (Some(event), Some(message.clone()), None),
        Some(Outcome::Drifted(drift)) => (None, Some(drift.to_string()), Some(drift.into())),
    }
}

impl From<&Drift> for DriftView {
    fn from(drift: &Drift) -> Self {
        let can_merge = drift.can_merge();
        let Drift { theirs, collisions, is_gone } = drift.clone();
        Self { theirs, collisions, is_gone, can_merge }
    }
}

impl From<&Principal> for By {
    fn from(principal: &Principal) -> Self {
        let agent = match principal {
            Principal::User(_) => None,
            Principal::Agent { name, .. } => Some(name.clone()),
        };
        Self { user: principal.user().to_string(), agent }
    }
}

impl From<ApprovalState> for ApprovalStatus {
    fn from(state: ApprovalState) -> Self {
        match state {
            ApprovalState::Pending => Self::Pending,
            ApprovalState::Approved => Self::Approved,
            ApprovalState::Executing => Self::Executing,
            ApprovalState::Executed => Self::Executed,
            ApprovalState::Failed => Self::Failed,
            ApprovalState::Unknown => Self::Unknown,
            ApprovalState::Rejected => Self::Rejected,
            ApprovalState::Expired => Self::Expired,
            ApprovalState::Stale => Self::Stale,
        }
    }
}
