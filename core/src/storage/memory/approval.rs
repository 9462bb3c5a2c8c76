//! Approvals.

use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::{
    Inner, MemoryStore,
    tenant::{ApprovalRow, Tenant},
};
use crate::{
    Error, ErrorKind, Result,
    approval::{Approval, ApprovalState},
    audit::AuditEntry,
    id::{ApprovalId, CalendarKey, UserId},
    storage::{ApprovalQuery, ApprovalStore, EventRow, MirrorChange, Transition, check_one_user},
    sync::SyncResource,
};

#[async_trait]
impl ApprovalStore for MemoryStore {
    async fn insert_approval(&self, approval: &Approval, audit: &AuditEntry) -> Result<()> {
        check_one_user(&approval.user, audit, &[])?;
        let mut inner = self.write();
        let tenant = inner.tenants.entry(approval.user.clone()).or_default();
        if tenant.approvals.contains_key(&approval.id) {
            let message = format!("approval {} is there already: ask under a new id", approval.id);
            return Err(Error::new(ErrorKind::AlreadyExists, message));
        }
        let feed_position = tenant.feed.position();
        let row = ApprovalRow { approval: Arc::new(approval.clone()), feed_position };
        tenant.approvals.insert(approval.id.clone(), row);
        tenant.append_audit(audit.clone());
        Ok(())
    }

    async fn approval(&self, user: &UserId, id: &ApprovalId) -> Result<Approval> {
        let inner = self.read();
        let row = inner.tenants.get(user).and_then(|tenant| tenant.approvals.get(id));
        row.map(|row| (*row.approval).clone()).ok_or_else(|| unknown_approval(id))
    }

    async fn approvals(&self, user: &UserId, query: &ApprovalQuery) -> Result<Vec<Approval>> {
        let inner = self.read();
        let all = inner.tenants.get(user).into_iter().flat_map(|tenant| tenant.approvals.values());
        let mut found: Vec<&Approval> = all
            .map(|row| &*row.approval)
            .filter(|approval| query.states.is_empty() || query.states.contains(&approval.state))
            .collect();
        found.sort_by(|a, b| (b.requested_at, &b.id).cmp(&(a.requested_at, &a.id)));
        let limit = query.limit.unwrap_or(usize::MAX);
        Ok(found.into_iter().skip(query.offset).take(limit).cloned().collect())
    }

    async fn transition(&self, transition: &Transition) -> Result<()> {
        let Transition { expected, next, audit, mirror } = transition;
        check_one_user(&next.user, audit, mirror)?;
        let now = self.clock.now();
        let mut inner = self.write();
        let tenant = inner.tenants.get_mut(&next.user).ok_or_else(|| unknown_approval(&next.id))?;
        let row = tenant.approvals.get_mut(&next.id).ok_or_else(|| unknown_approval(&next.id))?;
        if row.approval.version != *expected {
            return Err(moved_on(&row.approval));
        }
        let decided_at = std::mem::replace(&mut row.feed_position, tenant.feed.position());
        row.approval = next.clone();
        tenant.append_audit(audit.clone());
        for change in mirror {
            tenant.mirror(change, decided_at, now);
        }
        Ok(())
    }

    async fn approvals_expired(&self, now: DateTime<Utc>, limit: usize) -> Result<Vec<Approval>> {
        use ApprovalState::{Approved, Pending};
        let inner = self.read();
        let mut expired: Vec<&Approval> = inner
            .approvals()
            .filter(|approval| matches!(approval.state, Pending | Approved) && approval.expires_at <= now)
            .collect();
        expired.sort_by(|a, b| (a.expires_at, &a.id).cmp(&(b.expires_at, &b.id)));
        Ok(expired.into_iter().take(limit).cloned().collect())
    }

    async fn approvals_in_doubt(&self, before: DateTime<Utc>, limit: usize) -> Result<Vec<Approval>> {
        use ApprovalState::{Executing, Unknown};
        let inner = self.read();
        let mut in_doubt: Vec<&Approval> = inner
            .approvals()
            .filter(|approval| matches!(approval.state, Executing | Unknown) && approval.updated_at < before)
            .collect();
        in_doubt.sort_by(|a, b| (a.updated_at, &a.id).cmp(&(b.updated_at, &b.id)));
        Ok(in_doubt.into_iter().take(limit).cloned().collect())
    }
}

impl Inner {
    fn approvals(&self) -> impl Iterator<Item = &Approval> {
        self.tenants.values().flat_map(|tenant| tenant.approvals.values()).map(|row| &*row.approval)
    }
}

impl Tenant {
    /// Applies a change, unless a sync brought something newer since `decided_at` or the calendar is gone.
    fn mirror(&mut self, change: &MirrorChange, decided_at: u64, now: DateTime<Utc>) {
        match change {
            MirrorChange::Upsert { calendar, row } if self.is_news(calendar, row, decided_at) => {
                // As if the complete listing that may be running had brought it: its sweep leaves it.
                let state = self.states.get(&SyncResource::Events(calendar.clone()));
                let generation = state.map_or(0, |state| state.generation);
                let _ = self.upsert_event(calendar, row, generation, now);
            }
            MirrorChange::Upsert { .. } => {}
            MirrorChange::Delete { calendar, event } => {
                let _ = self.remove_event(calendar, event, now);
            }
        }
    }

    fn is_news(&self, calendar: &CalendarKey, row: &EventRow, decided_at: u64) -> bool {
        let id = &row.event.id;
        if self.feed.removed_since(&calendar.event(id.clone()), decided_at) {
            return false;
        }
        let stored = self.calendar(calendar).ok().and_then(|calendar| calendar.mirror.row(id));
        let stored = stored.and_then(|stored| stored.event.updated.as_ref());
        match (stored, &row.event.updated) {
            (Some(stored), Some(new)) => stored.utc() <= new.utc(),
            _ => true,
        }
    }
}

fn unknown_approval(id: &ApprovalId) -> Error {
    Error::new(ErrorKind::NotFound, format!("there is no approval {id}"))
}

fn moved_on(stored: &Approval) -> Error {
    let message = format!(
        "approval {} changed meanwhile: it is {} now, at version {}; read it again",
        stored.id, stored.state, stored.version.0
    );
    Error::new(ErrorKind::PreconditionFailed, message)
}
