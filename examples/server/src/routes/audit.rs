//! What was done, by whom.

use axum::{Json, extract::State};
use chrono::{DateTime, Utc};
use data_encoding::HEXLOWER;
use serde::{Deserialize, Serialize};
use theo_calendar::{
    approval::Principal,
    audit::{Actor, AuditRecord},
};
use utoipa::{IntoParams, ToSchema};

use crate::{
    identity::Identity,
    problem::Answer,
    read::{Query, number},
    state::ServerState,
    view::{Page, limit},
};

#[derive(Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct AuditQuery {
    /// Only records after this number.
    #[serde(deserialize_with = "number")]
    #[param(value_type = Option<u32>)]
    after: Option<u32>,
    /// How many at most; 50 where it is not given.
    #[serde(deserialize_with = "limit")]
    #[param(value_type = Option<u16>, minimum = 1, maximum = 250)]
    limit: Option<std::num::NonZeroU16>,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Audit {
    /// Oldest first.
    records: Vec<RecordView>,
    /// What to give as `after` for the next page; none on the last one.
    next_after: Option<u64>,
}

/// What was done, in its place in the person's chain.
#[derive(Serialize, ToSchema)]
#[schema(as = AuditRecord)]
#[serde(rename_all = "camelCase")]
struct RecordView {
    number: u64,
    /// What: `approval.requested`, `account.connected`, …
    action: String,
    /// `user`, `agent` or `service`.
    actor: &'static str,
    /// The agent's name, where it was one.
    agent: Option<String>,
    approval_id: Option<String>,
    summary: String,
    at: DateTime<Utc>,
    /// SHA-256 of the record before, in hexadecimal.
    previous: String,
    /// SHA-256 over the number, the hash before and what was done.
    hash: String,
}

/// What was done, by whom, oldest first
#[utoipa::path(get, path = "/audit", tag = "approvals", params(AuditQuery), responses((status = 200, body = Audit)))]
pub(crate) async fn list(
    who: Identity,
    State(state): State<ServerState>,
    query: Query<AuditQuery>,
) -> Answer<Json<Audit>> {
    let page = Page { limit: query.limit, offset: None };
    let after = query.after.unwrap_or_default().into();
    let mut records = state.service.audit(&who.user, after, page.limit() + 1).await?;
    let has_more = records.len() > page.limit();
    records.truncate(page.limit());
    let next_after = records.last().filter(|_| has_more).map(|record| record.number);
    Ok(Json(Audit { records: records.iter().map(RecordView::new).collect(), next_after }))
}

impl RecordView {
    fn new(record: &AuditRecord) -> Self {
        let (actor, agent) = match &record.entry.actor {
            Actor::Service => ("service", None),
            Actor::Principal(Principal::User(_)) => ("user", None),
            Actor::Principal(Principal::Agent { name, .. }) => ("agent", Some(name.clone())),
        };
        Self {
            number: record.number,
            action: record.entry.action.clone(),
            actor,
            agent,
            approval_id: record.entry.approval.as_ref().map(ToString::to_string),
            summary: record.entry.summary.clone(),
            at: record.entry.at,
            previous: HEXLOWER.encode(&record.previous),
            hash: HEXLOWER.encode(&record.hash),
        }
    }
}
