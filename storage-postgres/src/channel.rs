//! Push channels.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use theo_calendar::{
    Result,
    id::{ChannelId, UserId},
    storage::{Channel, ChannelStore},
    sync::SyncResource,
};

use crate::{
    PostgresStore,
    convert::{hash, int},
    error::failed,
    sync::{account_of, calendar_of, no_state, resource},
};

#[async_trait]
impl ChannelStore for PostgresStore {
    async fn insert_channel(&self, channel: &Channel) -> Result<()> {
        let user = channel.resource.user();
        let mut writing = self.writing(user).await?;
        let query = sqlx::query(INSERT)
            .bind(channel.id.as_str())
            .bind(user.as_str())
            .bind(channel.resource.account().account.as_str().to_owned())
            .bind(calendar_of(&channel.resource))
            .bind(&channel.resource_id)
            .bind(&channel.token_hash[..])
            .bind(channel.expires_at);
        let done = query.execute(&mut *writing.transaction).await.map_err(failed("storing a channel"))?;
        if done.rows_affected() == 0 {
            return Err(no_state(&channel.resource));
        }
        writing.commit().await
    }

    async fn channel(&self, id: &ChannelId) -> Result<Option<Channel>> {
        let mut reading = self.across_users().await?;
        let query = sqlx::query_as(BY_ID).bind(id.as_str());
        let row: Option<Row> =
            query.fetch_optional(&mut *reading).await.map_err(failed("reading a channel"))?;
        reading.commit().await.map_err(failed("reading a channel"))?;
        Ok(row.map(channel))
    }

    async fn channels(&self, user: &UserId) -> Result<Vec<Channel>> {
        let mut reading = self.of_user(user).await?;
        let query = sqlx::query_as(OF_USER).bind(user.as_str());
        let rows: Vec<Row> = query.fetch_all(&mut *reading).await.map_err(failed("reading channels"))?;
        reading.commit().await.map_err(failed("reading channels"))?;
        Ok(rows.into_iter().map(channel).collect())
    }

    async fn channels_expiring(&self, before: DateTime<Utc>, limit: usize) -> Result<Vec<Channel>> {
        let mut reading = self.across_users().await?;
        let query = sqlx::query_as(EXPIRING).bind(before).bind(int(limit));
        let rows: Vec<Row> = query.fetch_all(&mut *reading).await.map_err(failed("reading channels"))?;
        reading.commit().await.map_err(failed("reading channels"))?;
        Ok(rows.into_iter().map(channel).collect())
    }

    async fn resources_to_watch(
        &self,
        now: DateTime<Utc>,
        expiring_before: DateTime<Utc>,
        limit: usize,
    ) -> Result<Vec<SyncResource>> {
        let mut reading = self.across_users().await?;
        let query = sqlx::query_as(TO_WATCH).bind(now).bind(expiring_before).bind(int(limit));
        let due: Vec<(String, String, Option<String>)> =
            query.fetch_all(&mut *reading).await.map_err(failed("looking for what to watch"))?;
        reading.commit().await.map_err(failed("looking for what to watch"))?;
        Ok(due.into_iter().map(|(user, account, calendar)| resource(user, account, calendar)).collect())
    }

    /// Without the lock on the person's row, as a notification: it does not wait for a page that is being stored.
    async fn put_off_watch(&self, resource: &SyncResource, until: DateTime<Utc>) -> Result<()> {
        let mut writing = self.of_user(resource.user()).await?;
        let query = sqlx::query(PUT_OFF)
            .bind(resource.user().as_str())
            .bind(account_of(resource))
            .bind(calendar_of(resource))
            .bind(until);
        let done = query.execute(&mut *writing).await.map_err(failed("putting off a channel"))?;
        if done.rows_affected() == 0 {
            return Err(no_state(resource));
        }
        writing.commit().await.map_err(failed("putting off a channel"))
    }

    async fn delete_channel(&self, user: &UserId, id: &ChannelId) -> Result<()> {
        let mut writing = self.of_user(user).await?;
        let query = sqlx::query(DELETE).bind(user.as_str()).bind(id.as_str());
        query.execute(&mut *writing).await.map_err(failed("forgetting a channel"))?;
        writing.commit().await.map_err(failed("forgetting a channel"))
    }
}

/// Id, user, account, calendar, resource id, token hash, expiry.
type Row = (String, String, String, Option<String>, String, Vec<u8>, DateTime<Utc>);

const INSERT: &str = "
    INSERT INTO channels (channel_id, user_id, account_id, calendar_id, resource_id, token_hash, expires_at)
    SELECT $1, user_id, account_id, calendar_id, $5, $6, $7
    FROM sync_states
    WHERE user_id = $2
      AND account_id = $3
      AND calendar_id IS NOT DISTINCT FROM $4
    ON CONFLICT (user_id, channel_id) DO UPDATE
    SET account_id = excluded.account_id,
        calendar_id = excluded.calendar_id,
        resource_id = excluded.resource_id,
        token_hash = excluded.token_hash,
        expires_at = excluded.expires_at";

/// By `channels_by_id`.
const BY_ID: &str = "
    SELECT channel_id, user_id, account_id, calendar_id, resource_id, token_hash, expires_at
    FROM channels
    WHERE channel_id = $1";

/// `channels_by_user` finds the few a person has.
const OF_USER: &str = "
    SELECT channel_id, user_id, account_id, calendar_id, resource_id, token_hash, expires_at
    FROM channels
    WHERE user_id = $1
    ORDER BY expires_at, channel_id";

/// `channels_by_expiry` is read in its order, up to the limit.
const EXPIRING: &str = "
    SELECT channel_id, user_id, account_id, calendar_id, resource_id, token_hash, expires_at
    FROM channels
    WHERE expires_at < $1
    ORDER BY expires_at, channel_id
    LIMIT $2";

/// Reads every sync state, a few times a day; `channels_by_user` finds the channels of each.
const TO_WATCH: &str = "
    SELECT state.user_id, state.account_id, state.calendar_id
    FROM sync_states AS state
    LEFT JOIN calendars AS calendar USING (user_id, account_id, calendar_id)
    WHERE state.standing <> 'paused'
      AND (state.watch_after IS NULL OR state.watch_after <= $1)
      AND (state.calendar_id IS NULL OR calendar.is_selected)
      AND NOT EXISTS (
          SELECT
          FROM channels AS channel
          WHERE channel.user_id = state.user_id
            AND channel.account_id = state.account_id
            AND channel.calendar_id IS NOT DISTINCT FROM state.calendar_id
            AND channel.expires_at >= $2
      )
    ORDER BY state.watch_after NULLS FIRST,
             state.calendar_id IS NOT NULL, state.user_id, state.account_id, state.calendar_id
    LIMIT $3";

const PUT_OFF: &str = "
    UPDATE sync_states
    SET watch_after = $4
    WHERE user_id = $1
      AND account_id = $2
      AND calendar_id IS NOT DISTINCT FROM $3";

const DELETE: &str = "
    DELETE FROM channels
    WHERE user_id = $1
      AND channel_id = $2";

fn channel((id, user, account, calendar, resource_id, token_hash, expires_at): Row) -> Channel {
    let resource: SyncResource = resource(user, account, calendar);
    Channel { id: id.into(), resource, resource_id, token_hash: hash(&token_hash), expires_at }
}
