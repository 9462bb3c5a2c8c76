//! What waits for the person's yes, their decision, and what became of it.

use std::num::NonZeroU16;

use axum::{
    Json,
    extract::{OriginalUri, Path, State},
    http::HeaderMap,
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use theo_calendar::{
    ErrorKind,
    approval::{Action, ActionRequest, Approval, ApprovalState, Decision},
    id::ApprovalId,
    storage::ApprovalQuery,
};
use utoipa::{IntoParams, ToSchema};

use super::events::fields;
use crate::{
    identity::Identity,
    metrics::Decided,
    problem::{Answer, Problem},
    read::{Body, Query, number},
    state::ServerState,
    view::{ApprovalView, EventFields, Page, limit, next_page},
};

/// Which approvals.
#[derive(Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct ApprovalsQuery {
    /// Where they stand; `pending` where it is not said.
    #[param(value_type = Option<Which>)]
    state: Which,
    /// How many at most; 50 where it is not given.
    #[serde(deserialize_with = "limit")]
    #[param(value_type = Option<u16>, minimum = 1, maximum = 250)]
    limit: Option<NonZeroU16>,
    /// How many to pass over first.
    #[serde(deserialize_with = "number")]
    offset: Option<u32>,
}

#[derive(Clone, Copy, Default, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum Which {
    /// Those that wait for the person's decision.
    #[default]
    Pending,
    /// Those that were decided, or that nobody decided in time.
    Decided,
    /// All there are.
    All,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Approvals {
    approvals: Vec<ApprovalView>,
    /// The `offset` of the next page; none on the last one.
    next_offset: Option<usize>,
}

/// What the person says to it.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct DecisionBody {
    action: DecisionAction,
    /// What they write with it.
    notes: Option<String>,
    /// With `editAndApprove`: the fields that are to be otherwise, over those asked for.
    #[schema(value_type = Option<EventFields>)]
    changes: Option<Map<String, Value>>,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
enum DecisionAction {
    /// Yes: it is done at once. Said again, it is not done again.
    Approve,
    /// No.
    Reject,
    /// Yes, but with `changes`: a new approval takes its place, and is done at once.
    EditAndApprove,
    /// Of one that went stale: asks anew against the event as it is now.
    AskAgain,
}

/// The person's approvals, newest first
///
/// Those that wait for their decision, where `state` says nothing else.
#[utoipa::path(get, path = "/approvals", tag = "approvals", params(ApprovalsQuery),
    responses((status = 200, body = Approvals,
        headers(("Link" = String, description = "Where the next page is (`rel=\"next\"`), if there is one")))))]
pub(crate) async fn list(
    who: Identity,
    State(state): State<ServerState>,
    OriginalUri(uri): OriginalUri,
    query: Query<ApprovalsQuery>,
) -> Answer<(HeaderMap, Json<Approvals>)> {
    let page = Page { limit: query.limit, offset: query.offset };
    // One more than is shown says whether there is a next page.
    let (offset, limit) = (page.offset(), page.limit() + 1);
    let of = |states| ApprovalQuery { states, limit: Some(limit), offset };
    let found = match query.state {
        Which::Pending => {
            let pending = state.service.pending_approvals(&who.user).await?;
            pending.into_iter().skip(offset).take(limit).collect()
        }
        Which::Decided => {
            let decided = ApprovalState::ALL.into_iter().filter(|state| *state != ApprovalState::Pending);
            state.service.approvals(&who.user, &of(decided.collect())).await?
        }
        Which::All => state.service.approvals(&who.user, &of(Vec::new())).await?,
    };
    let next_offset = (found.len() == limit).then(|| offset + page.limit());
    let approvals = found.iter().take(page.limit()).map(ApprovalView::new).collect();
    Ok((next_page(&uri, next_offset), Json(Approvals { approvals, next_offset })))
}

/// One approval, whatever became of it
#[utoipa::path(get, path = "/approvals/{id}", tag = "approvals", params(("id" = String, Path)),
    responses((status = 200, body = ApprovalView)))]
pub(crate) async fn read(
    who: Identity,
    State(state): State<ServerState>,
    Path(id): Path<String>,
) -> Answer<Json<ApprovalView>> {
    Ok(Json(ApprovalView::new(&found(&who, &state, &id).await?)))
}

/// The person's decision
///
/// A yes is executed at once; the answer is the approval as it then stands: `executed`; `failed` or `stale`, with the
/// reason; or `unknown` until it was read back. Where it could not be begun, such as when the person has yet to let the
/// server write (`scope_missing`), it stays approved: say `approve` again.
#[utoipa::path(post, path = "/approvals/{id}", tag = "approvals", params(("id" = String, Path)),
    request_body = DecisionBody, responses((status = 200, body = ApprovalView)))]
pub(crate) async fn decide(
    who: Identity,
    State(state): State<ServerState>,
    Path(id): Path<String>,
    body: Body,
) -> Answer<Response> {
    let DecisionBody { action, notes, changes } = body.read()?;
    if changes.is_some() != (action == DecisionAction::EditAndApprove) {
        return Err(Problem::of_field(
            "changes",
            "belong to editAndApprove, which needs them, and to nothing else",
        ));
    }
    let approval = found(&who, &state, &id).await?;
    let by = who.principal();
    let service = &state.service;
    let ended = match action {
        DecisionAction::Reject => service.decide(&by, &approval.id, Decision::Reject { notes }).await?,
        DecisionAction::AskAgain => service.request_again(&by, &approval.id).await?,
        DecisionAction::Approve => {
            if !is_approved(approval.state) {
                service.decide(&by, &approval.id, Decision::Approve { notes }).await?;
            }
            service.execute(&who.user, &approval.id).await?
        }
        DecisionAction::EditAndApprove => {
            let request = Box::new(edited(&approval, changes.unwrap_or_default())?);
            let edited =
                service.decide(&by, &approval.id, Decision::EditAndApprove { request, notes }).await?;
            service.execute(&who.user, &edited.id).await?
        }
    };
    state.metrics.approvals.get_or_create(&Decided { state: ended.state.as_str() }).inc();
    Ok(Json(ApprovalView::new(&ended)).into_response())
}

/// Whether the person said yes before, and it was or is to be executed.
fn is_approved(state: ApprovalState) -> bool {
    use ApprovalState::{Approved, Executed, Executing, Unknown};
    matches!(state, Approved | Executing | Executed | Unknown)
}

/// What was asked for, with `changes` over it.
fn edited(approval: &Approval, changes: Map<String, Value>) -> Answer<ActionRequest> {
    let mut request = approval.request.clone();
    let draft = match &mut request.action {
        Action::Create { draft, .. } => draft.as_mut(),
        Action::Update { patch, .. } => &mut patch.set,
        Action::Delete { .. } | Action::Respond { .. } => {
            return Err(Problem::of_field(
                "changes",
                "there is nothing to change in a deletion or an answer",
            ));
        }
    };
    let mut all = match serde_json::to_value(&*draft) {
        Ok(Value::Object(fields)) => fields,
        // A draft is always an object.
        _ => Map::new(),
    };
    all.extend(changes);
    *draft = fields(Body(all)).map_err(|problem| problem.within("changes"))?;
    Ok(request)
}

async fn found(who: &Identity, state: &ServerState, id: &str) -> Answer<Approval> {
    let not_found = || Problem::not_found("approval");
    // What no approval is called is not looked for: not every store takes any text.
    if id.chars().any(char::is_control) {
        return Err(not_found());
    }
    state.service.approval(&who.user, &ApprovalId::from(id)).await.map_err(|error| match error.kind() {
        ErrorKind::NotFound => not_found(),
        _ => error.into(),
    })
}
