//! Embeddings, and how far each model is with them.

use std::collections::BTreeMap;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use pgvector::Vector;
use theo_calendar::{
    Result,
    id::{EventKey, UserId},
    search::Embedding,
    storage::{
        ChangeCursor, EmbeddingPage, EmbeddingProgress, EmbeddingRow, EmbeddingStatus, EmbeddingStore,
    },
};

use crate::{
    PostgresStore,
    convert::{count, hash, int},
    error::failed,
    tenant::Writing,
};

#[async_trait]
impl EmbeddingStore for PostgresStore {
    async fn embedding_status(&self, user: &UserId, model: &str) -> Result<EmbeddingStatus> {
        let mut reading = self.of_user(user).await?;
        let query = sqlx::query_as(STATUS).bind(user.as_str()).bind(model);
        let row: Option<(i64, Option<i64>, Option<bool>, Option<i64>, Option<DateTime<Utc>>, Option<i32>)> =
            query.fetch_optional(&mut *reading).await.map_err(failed("reading how far a model is"))?;
        reading.commit().await.map_err(failed("reading how far a model is"))?;
        let Some((feed, place, caught_up, failures, retry_at, dimensions)) = row else {
            return Ok(EmbeddingStatus::default());
        };
        let failures = u32::try_from(failures.unwrap_or_default()).unwrap_or(u32::MAX);
        let place = ChangeCursor(count(place.unwrap_or_default()));
        let caught_up = caught_up.unwrap_or_default();
        Ok(EmbeddingStatus {
            progress: EmbeddingProgress { place, caught_up, failures, retry_at },
            dimensions: dimensions.and_then(|dimensions| usize::try_from(dimensions).ok()),
            feed: ChangeCursor(count(feed)),
        })
    }

    async fn embeddings_due(&self, model: &str, now: DateTime<Utc>, limit: usize) -> Result<Vec<UserId>> {
        let mut looking = self.across_users().await?;
        let query = sqlx::query_scalar(DUE).bind(model).bind(now).bind(int(limit));
        let users: Vec<String> =
            query.fetch_all(&mut *looking).await.map_err(failed("looking for what is to be embedded"))?;
        looking.commit().await.map_err(failed("looking for what is to be embedded"))?;
        Ok(users.into_iter().map(UserId::from).collect())
    }

    async fn content_hashes(
        &self,
        user: &UserId,
        model: &str,
        keys: &[EventKey],
    ) -> Result<Vec<Option<[u8; 32]>>> {
        // Another user's finds nothing: its place stays empty.
        let (accounts, calendars, events) = columns(keys.iter());
        let query = sqlx::query_scalar(CONTENT_HASHES)
            .bind(user.as_str())
            .bind(model)
            .bind(accounts)
            .bind(calendars)
            .bind(events);
        let mut reading = self.of_user(user).await?;
        let found: Vec<Option<Vec<u8>>> =
            query.fetch_all(&mut *reading).await.map_err(failed("reading content hashes"))?;
        reading.commit().await.map_err(failed("reading content hashes"))?;
        let own = keys.iter().map(|key| key.user == *user);
        Ok(found.into_iter().zip(own).map(|(found, own)| Some(hash(&found.filter(|_| own)?))).collect())
    }

    async fn commit_embeddings(&self, page: &EmbeddingPage) -> Result<()> {
        page.check(None)?;
        let mut writing = self.writing(&page.user).await?;
        writing.check(&page.fence).await?;
        let query = sqlx::query_scalar(DIMENSIONS).bind(page.user.as_str()).bind(&page.model);
        let stored: Option<i32> =
            query.fetch_optional(&mut *writing.transaction).await.map_err(failed("reading dimensions"))?;
        page.check(stored.and_then(|stored| usize::try_from(stored).ok()))?;
        let is_indexed = writing.put_progress(page).await?;
        writing.put_embeddings(page, is_indexed).await?;
        writing.remove_embeddings(page).await?;
        if !is_indexed && !page.rows.is_empty() {
            writing.index_if_many(page, self.exact_up_to).await?;
        }
        writing.commit().await
    }

    async fn drop_embeddings(&self, model: &str) -> Result<u64> {
        let mut looking = self.across_users().await?;
        let query = sqlx::query_scalar(USERS_OF_MODEL).bind(model);
        let users: Vec<String> =
            query.fetch_all(&mut *looking).await.map_err(failed("looking for embeddings"))?;
        looking.commit().await.map_err(failed("looking for embeddings"))?;
        let mut dropped = 0;
        for user in users.into_iter().map(UserId::from) {
            let mut writing = self.writing(&user).await?;
            for statement in [DROP_EMBEDDINGS, DROP_PROGRESS] {
                let query = sqlx::query(statement).bind(user.as_str()).bind(model);
                let done = query.execute(&mut *writing.transaction).await;
                let done = done.map_err(failed("dropping embeddings"))?;
                dropped += if statement == DROP_EMBEDDINGS { done.rows_affected() } else { 0 };
            }
            writing.commit().await?;
        }
        Ok(dropped)
    }
}

/// By the primary keys.
const STATUS: &str = "
    SELECT tenant.feed, known.place, known.caught_up, known.failures, known.retry_at, known.dimensions
    FROM tenants AS tenant
    LEFT JOIN embedding_progress AS known ON known.user_id = tenant.user_id AND known.model = $2
    WHERE tenant.user_id = $1";

/// Looks at one row of each person: as often as a tick comes.
const DUE: &str = "
    SELECT tenant.user_id
    FROM tenants AS tenant
    LEFT JOIN embedding_progress AS known ON known.user_id = tenant.user_id AND known.model = $1
    WHERE tenant.feed > coalesce(known.place, 0)
      AND (known.retry_at IS NULL OR known.retry_at <= $2)
    ORDER BY known.stored_at NULLS FIRST, tenant.user_id
    LIMIT $3";

/// By the primary key.
const CONTENT_HASHES: &str = "
    SELECT known.content_hash
    FROM UNNEST($3::text[], $4::text[], $5::text[]) WITH ORDINALITY
        AS asked (account_id, calendar_id, event_id, position)
    LEFT JOIN embeddings AS known
           ON known.user_id = $1
          AND known.account_id = asked.account_id
          AND known.calendar_id = asked.calendar_id
          AND known.event_id = asked.event_id
          AND known.model = $2
    ORDER BY asked.position";

const DIMENSIONS: &str = "
    SELECT dimensions
    FROM embedding_progress
    WHERE user_id = $1
      AND model = $2";

const USERS_OF_MODEL: &str = "
    SELECT user_id
    FROM embedding_progress
    WHERE model = $1
    ORDER BY user_id";

const DROP_EMBEDDINGS: &str = "
    DELETE FROM embeddings
    WHERE user_id = $1
      AND model = $2";

const DROP_PROGRESS: &str = "
    DELETE FROM embedding_progress
    WHERE user_id = $1
      AND model = $2";

impl Writing {
    /// Gives whether the user's embeddings by this model are in an approximate index.
    async fn put_progress(&mut self, page: &EmbeddingPage) -> Result<bool> {
        let EmbeddingProgress { place, caught_up, failures, retry_at } = page.progress;
        let query = sqlx::query_scalar(PUT_PROGRESS)
            .bind(self.user.as_str())
            .bind(&page.model)
            .bind(i32::try_from(page.dimensions).unwrap_or(i32::MAX))
            .bind(int(place.0))
            .bind(caught_up)
            .bind(i64::from(failures))
            .bind(retry_at);
        query.fetch_one(&mut *self.transaction).await.map_err(failed("keeping how far a model is"))
    }

    async fn put_embeddings(&mut self, page: &EmbeddingPage, is_indexed: bool) -> Result<()> {
        // Of those given twice the last counts.
        let rows: BTreeMap<&EventKey, &EmbeddingRow> = page.rows.iter().map(|row| (&row.key, row)).collect();
        if rows.is_empty() {
            return Ok(());
        }
        let (accounts, calendars, events) = columns(rows.keys().copied());
        let hashes: Vec<&[u8]> = rows.values().map(|row| &row.content_hash[..]).collect();
        let vectors: Vec<Option<Vector>> =
            rows.values().map(|row| row.embedding.as_ref().map(unit)).collect();
        let query = sqlx::query(PUT)
            .bind(self.user.as_str())
            .bind(&page.model)
            .bind(is_indexed)
            .bind(accounts)
            .bind(calendars)
            .bind(events)
            .bind(hashes)
            .bind(vectors);
        query.execute(&mut *self.transaction).await.map_err(failed("storing embeddings"))?;
        Ok(())
    }

    async fn remove_embeddings(&mut self, page: &EmbeddingPage) -> Result<()> {
        if page.removed.is_empty() {
            return Ok(());
        }
        let (accounts, calendars, events) = columns(page.removed.iter());
        let query = sqlx::query(REMOVE)
            .bind(self.user.as_str())
            .bind(&page.model)
            .bind(accounts)
            .bind(calendars)
            .bind(events);
        query.execute(&mut *self.transaction).await.map_err(failed("removing embeddings"))?;
        Ok(())
    }

    /// Hands the user's embeddings over to the approximate index once there are more than `exact_up_to`; they stay.
    async fn index_if_many(&mut self, page: &EmbeddingPage, exact_up_to: usize) -> Result<()> {
        let query = sqlx::query_scalar(COUNT).bind(self.user.as_str()).bind(&page.model);
        let stored: i64 =
            query.fetch_one(&mut *self.transaction).await.map_err(failed("counting embeddings"))?;
        if stored <= int(exact_up_to) {
            return Ok(());
        }
        for statement in [INDEX_PROGRESS, INDEX_EMBEDDINGS] {
            let query = sqlx::query(statement).bind(self.user.as_str()).bind(&page.model);
            query.execute(&mut *self.transaction).await.map_err(failed("indexing embeddings"))?;
        }
        Ok(())
    }
}

const PUT_PROGRESS: &str = "
    INSERT INTO embedding_progress
        (user_id, model, dimensions, place, caught_up, failures, retry_at, stored_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, statement_timestamp())
    ON CONFLICT (user_id, model) DO UPDATE
    SET place = excluded.place,
        caught_up = excluded.caught_up,
        failures = excluded.failures,
        retry_at = excluded.retry_at,
        stored_at = excluded.stored_at
    RETURNING is_indexed";

/// By the primary keys; what is not in the mirror finds no event to join.
const PUT: &str = "
    INSERT INTO embeddings
        (user_id, account_id, calendar_id, event_id, model, is_indexed, content_hash, embedding)
    SELECT $1, row.account_id, row.calendar_id, row.event_id, $2, $3, row.content_hash, row.embedding::halfvec
    FROM UNNEST($4::text[], $5::text[], $6::text[], $7::bytea[], $8::vector[])
        AS row (account_id, calendar_id, event_id, content_hash, embedding)
    JOIN events
      ON events.user_id = $1
     AND events.account_id = row.account_id
     AND events.calendar_id = row.calendar_id
     AND events.event_id = row.event_id
    ON CONFLICT (user_id, account_id, calendar_id, event_id, model) DO UPDATE
    SET content_hash = excluded.content_hash,
        is_indexed = excluded.is_indexed,
        embedding = excluded.embedding";

const REMOVE: &str = "
    DELETE FROM embeddings
    USING UNNEST($3::text[], $4::text[], $5::text[]) AS gone (account_id, calendar_id, event_id)
    WHERE embeddings.user_id = $1
      AND embeddings.model = $2
      AND embeddings.account_id = gone.account_id
      AND embeddings.calendar_id = gone.calendar_id
      AND embeddings.event_id = gone.event_id";

/// The primary key finds those of the person.
const COUNT: &str = "
    SELECT count(*)
    FROM embeddings
    WHERE user_id = $1
      AND model = $2";

const INDEX_PROGRESS: &str = "
    UPDATE embedding_progress
    SET is_indexed = true
    WHERE user_id = $1
      AND model = $2";

const INDEX_EMBEDDINGS: &str = "
    UPDATE embeddings
    SET is_indexed = true
    WHERE user_id = $1
      AND model = $2
      AND NOT is_indexed";

/// The columns of keys, but for the user, side by side.
pub(crate) fn columns<'a>(
    keys: impl Iterator<Item = &'a EventKey>,
) -> (Vec<&'a str>, Vec<&'a str>, Vec<&'a str>) {
    let names = |key: &'a EventKey| ((key.account.as_str(), key.calendar.as_str()), key.event.as_str());
    let (calendars, events): (Vec<_>, Vec<_>) = keys.map(names).unzip();
    let (accounts, calendars) = calendars.into_iter().unzip();
    (accounts, calendars, events)
}

/// The vector of length one in the same direction: of two such, the inner product is the cosine similarity.
pub(crate) fn unit(embedding: &Embedding) -> Vector {
    let length = embedding.iter().map(|number| f64::from(*number).powi(2)).sum::<f64>().sqrt();
    #[allow(clippy::cast_possible_truncation, reason = "back to the precision it had")]
    let scaled = |number: &f32| (f64::from(*number) / length) as f32;
    if length > 0.0 {
        Vector::from(embedding.iter().map(scaled).collect::<Vec<f32>>())
    } else {
        embedding.clone().into()
    }
}
