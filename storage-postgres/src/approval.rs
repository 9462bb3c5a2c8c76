//! Approvals and the changes they make.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use sqlx::{
    Postgres, Row,
    postgres::PgArguments,
    query::{Query, QueryAs},
};
use theo_calendar::{
    Error, ErrorKind, Result,
    approval::{Approval, ApprovalState, ApprovalVersion},
    audit::AuditEntry,
    id::{ApprovalId, CalendarKey, EventId, UserId},
    model::Event,
    storage::{ApprovalQuery, ApprovalStore, MirrorChange, Transition, check_one_user},
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
        let query = approval_as(INSERT, approval, writing.feed())?;
        let done = query.execute(&mut *writing.transaction).await.map_err(failed("storing an approval"))?;
        if done.rows_affected() == 0 {
            let message = format!("approval {} is there already: ask under a new id", approval.id);
            return Err(Error::new(ErrorKind::AlreadyExists, message));
        }
        writing.append_audit(audit).await?;
        writing.commit().await
    }

    async fn approval(&self, user: &UserId, id: &ApprovalId) -> Result<Approval> {
        let mut reading = self.of_user(user).await?;
        let query = sqlx::query_as(APPROVAL).bind(user.as_str()).bind(id.as_str());
        let row: Option<(String,)> =
            query.fetch_optional(&mut *reading).await.map_err(failed("reading an approval"))?;
        reading.commit().await.map_err(failed("reading an approval"))?;
        let (body,) = row.ok_or_else(|| unknown_approval(id))?;
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
        let Some(decided_at) = writing.step(next, *expected).await? else {
            return Err(writing.moved_on(&next.id).await?);
        };
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
    SELECT body
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

/// By the primary key, twice: of the row as it was, only where the change feed was is told.
const UPDATE: &str = "
    UPDATE approvals
    SET version = $3,
        state = $4::approval_state,
        requested_at = $5,
        expires_at = $6,
        updated_at = $7,
        feed = $8,
        body = $9
    FROM approvals AS before
    WHERE approvals.user_id = $1
      AND approvals.approval_id = $2
      AND before.user_id = $1
      AND before.approval_id = $2
      AND before.version = $10
    RETURNING before.feed";

impl PostgresStore {
    async fn across(&self, query: QueryAs<'_, Postgres, (String,), PgArguments>) -> Result<Vec<Approval>> {
        let mut reading = self.across_users().await?;
        let rows = query.fetch_all(&mut *reading).await.map_err(failed("looking for approvals"))?;
        reading.commit().await.map_err(failed("looking for approvals"))?;
        rows.into_iter().map(|(body,)| approval(&body)).collect()
    }
}

impl Writing {
    /// Stores the approval as `next` over its version `expected`; gives where the change feed was when that was stored,
    /// and none where it is not there. One statement: the person's row is held, so nobody comes between.
    async fn step(&mut self, next: &Approval, expected: ApprovalVersion) -> Result<Option<i64>> {
        let query = approval_as(UPDATE, next, self.feed())?.bind(int(expected.0));
        let row =
            query.fetch_optional(&mut *self.transaction).await.map_err(failed("storing an approval"))?;
        row.map(|row| row.try_get(0)).transpose().map_err(failed("storing an approval"))
    }

    /// Why no step of approval `id` could be stored.
    async fn moved_on(&mut self, id: &ApprovalId) -> Result<Error> {
        let query = sqlx::query_as(APPROVAL).bind(self.user.as_str()).bind(id.as_str());
        let row: Option<(String,)> =
            query.fetch_optional(&mut *self.transaction).await.map_err(failed("reading an approval"))?;
        Ok(match row {
            Some((body,)) => moved_on(&approval(&body)?),
            None => unknown_approval(id),
        })
    }

    /// Applies a change, unless a sync brought something newer since `decided_at` or the calendar is gone.
    async fn mirror(&mut self, change: &MirrorChange, decided_at: i64) -> Result<()> {
        match change {
            MirrorChange::Upsert { calendar, row } => {
                let standing = self.standing(calendar, &row.event.id, decided_at).await?;
                if let Some(standing) = standing
                    && standing.is_older_than(&row.event)?
                {
                    // As if the complete listing that may be running had brought it: its sweep leaves it.
                    let generation = standing.generation.map_or(0, count);
                    self.merge_events(calendar, std::slice::from_ref(row), generation).await?;
                }
            }
            MirrorChange::Delete { calendar, event } => {
                self.remove_events(calendar, std::slice::from_ref(event)).await?;
            }
        }
        Ok(())
    }

    async fn standing(
        &mut self,
        calendar: &CalendarKey,
        event: &EventId,
        decided_at: i64,
    ) -> Result<Option<Standing>> {
        let query = sqlx::query_as(STANDING)
            .bind(self.user.as_str())
            .bind(calendar.account.as_str())
            .bind(calendar.calendar.as_str())
            .bind(event.as_str())
            .bind(decided_at);
        let row: Option<(Option<String>, bool, Option<i64>)> =
            query.fetch_optional(&mut *self.transaction).await.map_err(failed("reading an event"))?;
        Ok(row.map(|(stored, was_removed, generation)| Standing { stored, was_removed, generation }))
    }
}

/// What the mirror of a calendar says of an event.
struct Standing {
    /// Its JSON.
    stored: Option<String>,
    /// Whether it left the mirror since the approval's last step.
    was_removed: bool,
    /// Of the listing that is under way, or was the last.
    generation: Option<i64>,
}

impl Standing {
    fn is_older_than(&self, event: &Event) -> Result<bool> {
        let stored = self.stored.as_deref().map(parsed).transpose()?;
        let stored = stored.as_ref().and_then(|stored| stored.updated.as_ref());
        Ok(!self.was_removed
            && match (stored, &event.updated) {
                (Some(stored), Some(new)) => stored.utc() <= new.utc(),
                _ => true,
            })
    }
}

/// By the primary keys, and the unique index of sync states; no row where the calendar is gone.
const STANDING: &str = "
    SELECT event.body,
           EXISTS (
               SELECT
               FROM changes
               WHERE user_id = $1
                 AND account_id = $2
                 AND calendar_id = $3
                 AND event_id = $4
                 AND is_gone
                 AND place > $5
           ),
           state.generation
    FROM calendars AS calendar
    LEFT JOIN events AS event
           ON event.user_id = $1
          AND event.account_id = $2
          AND event.calendar_id = $3
          AND event.event_id = $4
    LEFT JOIN sync_states AS state
           ON state.user_id = $1
          AND state.account_id = $2
          AND state.calendar_id = $3
    WHERE calendar.user_id = $1
      AND calendar.account_id = $2
      AND calendar.calendar_id = $3";

/// `statement` with the columns of `approval`, stored where the change feed is at `feed`.
fn approval_as<'q>(
    statement: &'static str,
    approval: &'q Approval,
    feed: i64,
) -> Result<Query<'q, Postgres, PgArguments>> {
    Ok(sqlx::query(statement)
        .bind(approval.user.as_str())
        .bind(approval.id.as_str())
        .bind(int(approval.version.0))
        .bind(approval.state.as_str())
        .bind(approval.requested_at)
        .bind(approval.expires_at)
        .bind(approval.updated_at)
        .bind(feed)
        .bind(json(approval)?))
}

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
