//! Approvals and the changes they make.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use sqlx::{Postgres, postgres::PgArguments, query::QueryAs};
use theo_calendar::{
    Error, ErrorKind, Result,
    approval::{Approval, ApprovalState},
    audit::AuditEntry,
    id::{ApprovalId, CalendarKey, EventKey, UserId},
    storage::{ApprovalQuery, ApprovalStore, EventRow, MirrorChange, Transition, check_one_user},
};

use crate::{
    PostgresStore,
    convert::{count, int, json},
    error::{failed, unreadable},
    event::parsed,
    tenant::Writing,
};

#[async_trait]
impl ApprovalStore for PostgresStore {
    async fn insert_approval(&self, approval: &Approval, audit: &AuditEntry) -> Result<()> {
        check_one_user(&approval.user, audit, &[])?;
        let mut writing = self.writing(&approval.user).await?;
        if writing.store_approval(INSERT, approval).await? == 0 {
            let message = format!("approval {} is there already: ask under a new id", approval.id);
            return Err(Error::new(ErrorKind::AlreadyExists, message));
        }
        writing.append_audit(audit).await?;
        writing.commit().await
    }

    async fn approval(&self, user: &UserId, id: &ApprovalId) -> Result<Approval> {
        let mut reading = self.of_user(user).await?;
        let query = sqlx::query_as(APPROVAL).bind(user.as_str()).bind(id.as_str());
        let row: Option<(String, i64)> =
            query.fetch_optional(&mut *reading).await.map_err(failed("reading an approval"))?;
        reading.commit().await.map_err(failed("reading an approval"))?;
        let (body, _) = row.ok_or_else(|| unknown_approval(id))?;
        approval(&body)
    }

    async fn approvals(&self, user: &UserId, query: &ApprovalQuery) -> Result<Vec<Approval>> {
        let states: Vec<&str> = query.states.iter().map(|state| state.as_str()).collect();
        let found = sqlx::query_as(APPROVALS)
            .bind(user.as_str())
            .bind(states)
            .bind(query.limit.map(int))
            .bind(int(query.offset));
        let mut reading = self.of_user(user).await?;
        let rows: Vec<(String,)> =
            found.fetch_all(&mut *reading).await.map_err(failed("reading approvals"))?;
        reading.commit().await.map_err(failed("reading approvals"))?;
        rows.into_iter().map(|(body,)| approval(&body)).collect()
    }

    async fn transition(&self, transition: &Transition) -> Result<()> {
        let Transition { expected, next, audit, mirror } = transition;
        check_one_user(&next.user, audit, mirror)?;
        let mut writing = self.writing(&next.user).await?;
        let query = sqlx::query_as(APPROVAL).bind(next.user.as_str()).bind(next.id.as_str());
        let row: Option<(String, i64)> =
            query.fetch_optional(&mut *writing.transaction).await.map_err(failed("reading an approval"))?;
        let (body, decided_at) = row.ok_or_else(|| unknown_approval(&next.id))?;
        let stored = approval(&body)?;
        if stored.version != *expected {
            return Err(moved_on(&stored));
        }
        writing.store_approval(UPDATE, next).await?;
        writing.append_audit(audit).await?;
        for change in mirror {
            writing.mirror(change, decided_at).await?;
        }
        writing.commit().await
    }

    async fn approvals_expired(&self, now: DateTime<Utc>, limit: usize) -> Result<Vec<Approval>> {
        self.across(sqlx::query_as(EXPIRED).bind(now).bind(int(limit))).await
    }

    async fn approvals_in_doubt(&self, before: DateTime<Utc>, limit: usize) -> Result<Vec<Approval>> {
        self.across(sqlx::query_as(IN_DOUBT).bind(before).bind(int(limit))).await
    }
}

/// By the primary key.
const APPROVAL: &str = "
    SELECT body, feed
    FROM approvals
    WHERE user_id = $1
      AND approval_id = $2";

/// `approvals_newest` is read in its order, up to the limit.
const APPROVALS: &str = "
    SELECT body
    FROM approvals
    WHERE user_id = $1
      AND (cardinality($2::text[]) = 0 OR state = ANY($2::text[]::approval_state[]))
    ORDER BY requested_at DESC, approval_id DESC
    LIMIT $3
    OFFSET $4";

/// `approvals_expiring` is read in its order, up to the limit.
const EXPIRED: &str = "
    SELECT body
    FROM approvals
    WHERE state IN ('pending', 'approved')
      AND expires_at <= $1
    ORDER BY expires_at, approval_id
    LIMIT $2";

/// `approvals_in_doubt` is read in its order, up to the limit.
const IN_DOUBT: &str = "
    SELECT body
    FROM approvals
    WHERE state IN ('executing', 'unknown')
      AND updated_at < $1
    ORDER BY updated_at, approval_id
    LIMIT $2";

const INSERT: &str = "
    INSERT INTO approvals
        (user_id, approval_id, version, state, requested_at, expires_at, updated_at, feed, body)
    VALUES ($1, $2, $3, $4::approval_state, $5, $6, $7, $8, $9)
    ON CONFLICT (user_id, approval_id) DO NOTHING";

/// The person's row is held, and the version was compared under it.
const UPDATE: &str = "
    UPDATE approvals
    SET version = $3,
        state = $4::approval_state,
        requested_at = $5,
        expires_at = $6,
        updated_at = $7,
        feed = $8,
        body = $9
    WHERE user_id = $1
      AND approval_id = $2";

impl PostgresStore {
    async fn across(&self, query: QueryAs<'_, Postgres, (String,), PgArguments>) -> Result<Vec<Approval>> {
        let mut reading = self.across_users().await?;
        let rows = query.fetch_all(&mut *reading).await.map_err(failed("looking for approvals"))?;
        reading.commit().await.map_err(failed("looking for approvals"))?;
        rows.into_iter().map(|(body,)| approval(&body)).collect()
    }
}

impl Writing {
    async fn store_approval(&mut self, statement: &'static str, approval: &Approval) -> Result<u64> {
        let query = sqlx::query(statement)
            .bind(self.user.as_str())
            .bind(approval.id.as_str())
            .bind(int(approval.version.0))
            .bind(approval.state.as_str())
            .bind(approval.requested_at)
            .bind(approval.expires_at)
            .bind(approval.updated_at)
            .bind(self.feed())
            .bind(json(approval)?);
        let done = query.execute(&mut *self.transaction).await.map_err(failed("storing an approval"))?;
        Ok(done.rows_affected())
    }

    /// Applies a change, unless a sync brought something newer since `decided_at` or the calendar is gone.
    async fn mirror(&mut self, change: &MirrorChange, decided_at: i64) -> Result<()> {
        match change {
            MirrorChange::Upsert { calendar, row } => {
                if self.has_calendar(calendar).await? && self.is_news(calendar, row, decided_at).await? {
                    // As if the complete listing that may be running had brought it: its sweep leaves it.
                    let generation = self.generation(calendar).await?;
                    self.merge_events(calendar, std::slice::from_ref(row), generation).await?;
                }
            }
            MirrorChange::Delete { calendar, event } => {
                self.remove_events(calendar, std::slice::from_ref(event)).await?;
            }
        }
        Ok(())
    }

    async fn is_news(&mut self, calendar: &CalendarKey, row: &EventRow, decided_at: i64) -> Result<bool> {
        let key: EventKey = calendar.event(row.event.id.clone());
        let query = sqlx::query_as(STANDING)
            .bind(self.user.as_str())
            .bind(key.account.as_str())
            .bind(key.calendar.as_str())
            .bind(key.event.as_str())
            .bind(decided_at);
        let (body, was_removed): (Option<String>, bool) =
            query.fetch_one(&mut *self.transaction).await.map_err(failed("reading an event"))?;
        let stored = body.as_deref().map(parsed).transpose()?;
        let stored = stored.as_ref().and_then(|stored| stored.updated.as_ref());
        Ok(!was_removed
            && match (stored, &row.event.updated) {
                (Some(stored), Some(new)) => stored.utc() <= new.utc(),
                _ => true,
            })
    }

    async fn generation(&mut self, calendar: &CalendarKey) -> Result<u64> {
        let query = sqlx::query_scalar(GENERATION)
            .bind(self.user.as_str())
            .bind(calendar.account.as_str())
            .bind(calendar.calendar.as_str());
        let generation: Option<i64> =
            query.fetch_optional(&mut *self.transaction).await.map_err(failed("reading a sync state"))?;
        Ok(generation.map_or(0, count))
    }
}

/// By the primary keys.
const STANDING: &str = "
    SELECT (
               SELECT body
               FROM events
               WHERE user_id = $1
                 AND account_id = $2
                 AND calendar_id = $3
                 AND event_id = $4
           ),
           EXISTS (
               SELECT
               FROM changes
               WHERE user_id = $1
                 AND account_id = $2
                 AND calendar_id = $3
                 AND event_id = $4
                 AND is_gone
                 AND place > $5
           )";

const GENERATION: &str = "
    SELECT generation
    FROM sync_states
    WHERE user_id = $1
      AND account_id = $2
      AND calendar_id = $3";

fn approval(body: &str) -> Result<Approval> {
    serde_json::from_str(body).map_err(unreadable("approval"))
}

fn unknown_approval(id: &ApprovalId) -> Error {
    Error::new(ErrorKind::NotFound, format!("there is no approval {id}"))
}

fn moved_on(stored: &Approval) -> Error {
    let state: ApprovalState = stored.state;
    let message = format!(
        "approval {} changed meanwhile: it is {state} now, at version {}; read it again",
        stored.id, stored.version.0
    );
    Error::new(ErrorKind::PreconditionFailed, message)
}
