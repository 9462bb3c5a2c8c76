//! Sync states.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use sqlx::{Postgres, Transaction};
use theo_calendar::{
    Error, ErrorKind, Result,
    id::{AccountKey, UserId},
    storage::{Fence, SyncStore},
    sync::{Standing, SyncPhase, SyncResource, SyncState},
};

use crate::{
    PostgresStore,
    calendar::unknown_calendar,
    convert::{count, int, json},
    error::{failed, unreadable},
    tenant::Writing,
};

#[async_trait]
impl SyncStore for PostgresStore {
    async fn sync_state(&self, resource: &SyncResource) -> Result<Option<SyncState>> {
        let mut reading = self.of_user(resource.user()).await?;
        let query = sqlx::query_as(STATE)
            .bind(resource.user().as_str())
            .bind(account_of(resource))
            .bind(calendar_of(resource));
        let row = query.fetch_optional(&mut *reading).await.map_err(failed("reading a sync state"))?;
        reading.commit().await.map_err(failed("reading a sync state"))?;
        row.map(state).transpose()
    }

    async fn sync_states(&self, user: &UserId) -> Result<Vec<SyncState>> {
        let mut reading = self.of_user(user).await?;
        let query = sqlx::query_as(STATES).bind(user.as_str());
        let rows = query.fetch_all(&mut *reading).await.map_err(failed("reading sync states"))?;
        reading.commit().await.map_err(failed("reading sync states"))?;
        rows.into_iter().map(state).collect()
    }

    async fn create_sync_state(&self, state: &SyncState) -> Result<()> {
        let mut writing = self.writing(state.resource.user()).await?;
        if let SyncResource::Events(calendar) = &state.resource
            && !writing.has_calendar(calendar).await?
        {
            return Err(unknown_calendar(calendar));
        }
        writing.store_state(CREATE, state).await?;
        writing.commit().await
    }

    async fn save_sync_state(&self, state: &SyncState, fence: &Fence) -> Result<()> {
        let mut writing = self.writing(state.resource.user()).await?;
        writing.check(fence).await?;
        if writing.store_state(SAVE, state).await? == 0 {
            return Err(no_state(&state.resource));
        }
        writing.commit().await
    }

    /// Without the lock on the person's row: a notification does not wait for a page that is being stored.
    async fn mark_dirty(&self, resource: &SyncResource) -> Result<u64> {
        let mut writing = self.of_user(resource.user()).await?;
        let dirty = mark(&mut writing, resource).await?;
        writing.commit().await.map_err(failed("marking a resource"))?;
        Ok(dirty)
    }

    async fn resources_due(
        &self,
        now: DateTime<Utc>,
        stale_before: DateTime<Utc>,
        limit: usize,
    ) -> Result<Vec<SyncResource>> {
        let mut reading = self.across_users().await?;
        let query = sqlx::query_as(DUE).bind(now).bind(stale_before).bind(int(limit));
        let due: Vec<(String, String, Option<String>)> =
            query.fetch_all(&mut *reading).await.map_err(failed("looking for what is due"))?;
        reading.commit().await.map_err(failed("looking for what is due"))?;
        Ok(due.into_iter().map(|(user, account, calendar)| resource(user, account, calendar)).collect())
    }
}

/// Raises the dirty count of a resource and returns it.
pub(crate) async fn mark(
    writing: &mut Transaction<'static, Postgres>,
    resource: &SyncResource,
) -> Result<u64> {
    let query = sqlx::query_scalar(MARK_DIRTY)
        .bind(resource.user().as_str())
        .bind(account_of(resource))
        .bind(calendar_of(resource));
    let dirty: Option<i64> =
        query.fetch_optional(&mut **writing).await.map_err(failed("marking a resource"))?;
    dirty.map(count).ok_or_else(|| no_state(resource))
}

/// The unique index finds the account's few; a list's calendar is null, so that `=` would not do.
const STATE: &str = "
    SELECT body, dirty
    FROM sync_states
    WHERE user_id = $1
      AND account_id = $2
      AND calendar_id IS NOT DISTINCT FROM $3";

/// By the unique index.
const STATES: &str = "
    SELECT body, dirty
    FROM sync_states
    WHERE user_id = $1
    ORDER BY calendar_id IS NOT NULL, account_id, calendar_id";

const CREATE: &str = "
    INSERT INTO sync_states (
        user_id, account_id, calendar_id, phase, standing, retry_at, generation, clean, last_sync_at, body, dirty
    )
    VALUES ($1, $2, $3, $4::sync_phase, $5::sync_standing, $6, $7, $8, $9, $10, $11)
    ON CONFLICT (user_id, account_id, calendar_id) DO NOTHING";

/// What notifications raised meanwhile stays.
const PUT: &str = "
    INSERT INTO sync_states (
        user_id, account_id, calendar_id, phase, standing, retry_at, generation, clean, last_sync_at, body, dirty
    )
    VALUES ($1, $2, $3, $4::sync_phase, $5::sync_standing, $6, $7, $8, $9, $10, $11)
    ON CONFLICT (user_id, account_id, calendar_id) DO UPDATE
    SET phase = excluded.phase,
        standing = excluded.standing,
        retry_at = excluded.retry_at,
        generation = excluded.generation,
        clean = excluded.clean,
        last_sync_at = excluded.last_sync_at,
        body = excluded.body";

/// Takes what `PUT` takes; `$11`, the dirty count, is left as it is stored.
const SAVE: &str = "
    UPDATE sync_states
    SET phase = $4::sync_phase,
        standing = $5::sync_standing,
        retry_at = $6,
        generation = $7,
        clean = $8,
        last_sync_at = $9,
        body = $10
    WHERE user_id = $1
      AND account_id = $2
      AND calendar_id IS NOT DISTINCT FROM $3
      AND $11::bigint IS NOT NULL";

const MARK_DIRTY: &str = "
    UPDATE sync_states
    SET dirty = dirty + 1
    WHERE user_id = $1
      AND account_id = $2
      AND calendar_id IS NOT DISTINCT FROM $3
    RETURNING dirty";

/// `sync_states_due` is read in its order, up to the limit.
const DUE: &str = "
    SELECT state.user_id, state.account_id, state.calendar_id
    FROM sync_states AS state
    LEFT JOIN calendars AS calendar USING (user_id, account_id, calendar_id)
    WHERE state.standing <> 'paused'
      AND (state.standing <> 'backoff' OR state.retry_at <= $1)
      AND (
          state.standing = 'backoff'
          OR state.phase <> 'incremental'
          OR state.dirty <> state.clean
          OR state.last_sync_at IS NULL
          OR state.last_sync_at < $2
      )
      AND (state.calendar_id IS NULL OR calendar.is_selected)
    ORDER BY state.dirty = state.clean, state.last_sync_at NULLS FIRST,
             state.calendar_id IS NOT NULL, state.user_id, state.account_id, state.calendar_id
    LIMIT $3";

impl Writing {
    /// Stores a state over the one there may be, keeping its dirty count.
    pub(crate) async fn put_state(&mut self, state: &SyncState) -> Result<()> {
        self.store_state(PUT, state).await.map(drop)
    }

    async fn store_state(&mut self, statement: &'static str, state: &SyncState) -> Result<u64> {
        let (standing, retry_at) = standing_of(state);
        let query = sqlx::query(statement)
            .bind(self.user.as_str())
            .bind(account_of(&state.resource))
            .bind(calendar_of(&state.resource))
            .bind(phase_of(state))
            .bind(standing)
            .bind(retry_at)
            .bind(int(state.generation))
            .bind(int(state.clean))
            .bind(state.last_sync_at)
            .bind(json(state)?)
            .bind(int(state.dirty));
        let done = query.execute(&mut *self.transaction).await.map_err(failed("storing a sync state"))?;
        Ok(done.rows_affected())
    }
}

fn phase_of(state: &SyncState) -> &'static str {
    match state.phase {
        SyncPhase::Empty => "empty",
        SyncPhase::FullPaging { .. } => "full_paging",
        SyncPhase::Incremental { .. } => "incremental",
        SyncPhase::DeltaPaging { .. } => "delta_paging",
    }
}

fn standing_of(state: &SyncState) -> (&'static str, Option<DateTime<Utc>>) {
    match &state.standing {
        Standing::Ready => ("ready", None),
        Standing::Backoff { until, .. } => ("backoff", Some(*until)),
        Standing::Paused { .. } => ("paused", None),
    }
}

pub(crate) fn account_of(resource: &SyncResource) -> &str {
    match resource {
        SyncResource::CalendarList(account) => account.account.as_str(),
        SyncResource::Events(calendar) => calendar.account.as_str(),
    }
}

/// None for a calendar list.
pub(crate) fn calendar_of(resource: &SyncResource) -> Option<&str> {
    match resource {
        SyncResource::CalendarList(_) => None,
        SyncResource::Events(calendar) => Some(calendar.calendar.as_str()),
    }
}

pub(crate) fn resource(user: String, account: String, calendar: Option<String>) -> SyncResource {
    let account = AccountKey::new(user, account);
    match calendar {
        None => SyncResource::CalendarList(account),
        Some(calendar) => SyncResource::Events(account.calendar(calendar)),
    }
}

fn state((body, dirty): (String, i64)) -> Result<SyncState> {
    let state: SyncState = serde_json::from_str(&body).map_err(unreadable("sync state"))?;
    Ok(SyncState { dirty: count(dirty), ..state })
}

pub(crate) fn no_state(resource: &SyncResource) -> Error {
    let what = match resource {
        SyncResource::CalendarList(account) => {
            format!("the calendar list of account \"{}\"", account.account)
        }
        SyncResource::Events(calendar) => format!("calendar \"{}\"", calendar.calendar),
    };
    Error::new(ErrorKind::NotFound, format!("{what} has no sync state: it was never synced, or was removed"))
}
