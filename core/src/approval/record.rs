//! What is recorded of each step: exactly one audit entry, stored with it or not at all.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::{Approval, ApprovalState, Outcome};
use crate::{
    audit::{Actor, AuditEntry},
    storage::{MirrorChange, Transition},
};

/// The step from `before` to `next`, as a store takes it.
pub(super) fn step(before: &Approval, next: Approval, actor: Actor, mirror: Vec<MirrorChange>) -> Transition {
    let audit = entry(Some(before), &next, actor, next.updated_at);
    Transition { expected: before.version, next: Arc::new(next), audit, mirror }
}

/// What is recorded of an approval that becomes `next`.
pub(super) fn entry(
    before: Option<&Approval>,
    next: &Approval,
    actor: Actor,
    at: DateTime<Utc>,
) -> AuditEntry {
    let action = match (before.map(|before| before.state), next.state) {
        (None, _) => "requested",
        (Some(ApprovalState::Executing | ApprovalState::Unknown), ApprovalState::Executing) => {
            let done = |of: &Approval| of.execution.as_ref().map(|execution| execution.done);
            if before.and_then(done) == done(next) { "retried" } else { "continued" }
        }
        (Some(_), state) => state.as_str(),
    };
    AuditEntry {
        user: next.user.clone(),
        actor,
        action: format!("approval.{action}"),
        approval: Some(next.id.clone()),
        summary: summary(next),
        at,
    }
}

fn summary(approval: &Approval) -> String {
    let what = &approval.preview.summary;
    match &approval.outcome {
        None => what.clone(),
        Some(Outcome::Done { event, duplicates }) if duplicates.is_empty() => {
            format!("{what}: event {event}")
        }
        Some(Outcome::Done { event, duplicates }) => {
            let others: Vec<&str> = duplicates.iter().map(|id| id.as_str()).collect();
            format!("{what}: event {event}; Google took it more than once: {}", others.join(", "))
        }
        Some(Outcome::NotDone { message, .. } | Outcome::PartlyDone { message, .. }) => {
            format!("{what}: {message}")
        }
        Some(Outcome::Drifted(drift)) => format!("{what}: {drift}"),
    }
}
