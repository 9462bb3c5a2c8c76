//! What waits for the person's yes, and their decision.

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
};
use utoipa::ToSchema;

use super::events::fields;
use crate::{
    identity::Identity,
    metrics::Decided,
    problem::{Answer, Problem},
    read::{Body, Query},
    state::ServerState,
    view::{ApprovalView, EventFields, Page, next_page},
};

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

/// What waits for the person's decision, newest first
#[utoipa::path(get, path = "/approvals", tag = "approvals", params(Page), responses((status = 200, body = Approvals)))]
pub(crate) async fn list(
    who: Identity,
    State(state): State<ServerState>,
    OriginalUri(uri): OriginalUri,
    page: Query<Page>,
) -> Answer<(HeaderMap, Json<Approvals>)> {
    let pending = state.service.pending_approvals(&who.user).await?;
    let next = page.offset() + page.limit();
    let next_offset = (next < pending.len()).then_some(next);
    let of_page = pending.iter().skip(page.offset()).take(page.limit());
    let approvals = of_page.map(ApprovalView::new).collect();
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
