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
    sync::{calendar_of, resource},
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
        query.execute(&mut *writing.transaction).await.map_err(failed("storing a channel"))?;
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

    async fn delete_channel(&self, id: &ChannelId) -> Result<()> {
        let mut writing = self.across_users().await?;
        let query = sqlx::query(DELETE).bind(id.as_str());
        query.execute(&mut *writing).await.map_err(failed("forgetting a channel"))?;
        writing.commit().await.map_err(failed("forgetting a channel"))
    }
}

/// Id, user, account, calendar, resource id, token hash, expiry.
type Row = (String, String, String, Option<String>, String, Vec<u8>, DateTime<Utc>);

const INSERT: &str = "
    INSERT INTO channels (channel_id, user_id, account_id, calendar_id, resource_id, token_hash, expires_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7)
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

const DELETE: &str = "
    DELETE FROM channels
    WHERE channel_id = $1";

fn channel((id, user, account, calendar, resource_id, token_hash, expires_at): Row) -> Channel {
    let resource: SyncResource = resource(user, account, calendar);
    Channel { id: id.into(), resource, resource_id, token_hash: hash(&token_hash), expires_at }
}
