//! Embeddings: pgvector, compared exactly.

use std::collections::BTreeMap;

use async_trait::async_trait;
use pgvector::Vector;
use theo_calendar::{
    Error, ErrorKind, Result,
    id::{CalendarKey, EventId, EventKey, UserId},
    search::Embedding,
    storage::{EmbeddingRow, EmbeddingStore, Nearest},
};

use crate::{
    PostgresStore,
    convert::{calendar_key, hash, int},
    error::failed,
};

#[async_trait]
impl EmbeddingStore for PostgresStore {
    async fn put_embeddings(&self, rows: &[EmbeddingRow]) -> Result<()> {
        // Of those given twice the last counts; by user, since a transaction is in the name of one.
        let mut by_user: BTreeMap<&UserId, BTreeMap<(&EventKey, &str), &EmbeddingRow>> = BTreeMap::new();
        for row in rows {
            check(&row.embedding)?;
            by_user.entry(&row.key.user).or_default().insert((&row.key, &row.model), row);
        }
        for (user, rows) in by_user {
            self.put(user, rows.into_values().collect()).await?;
        }
        Ok(())
    }

    async fn content_hash(&self, key: &EventKey, model: &str) -> Result<Option<[u8; 32]>> {
        let mut reading = self.of_user(&key.user).await?;
        let query = sqlx::query_scalar(CONTENT_HASH)
            .bind(key.user.as_str())
            .bind(key.account.as_str())
            .bind(key.calendar.as_str())
            .bind(key.event.as_str())
            .bind(model);
        let found: Option<Vec<u8>> =
            query.fetch_optional(&mut *reading).await.map_err(failed("reading an embedding"))?;
        reading.commit().await.map_err(failed("reading an embedding"))?;
        Ok(found.map(|found| hash(&found)))
    }

    async fn nearest(
        &self,
        user: &UserId,
        model: &str,
        query: &Embedding,
        calendars: Option<&[CalendarKey]>,
        limit: usize,
    ) -> Result<Vec<Nearest>> {
        check(query)?;
        let calendars = calendars.map(|wanted| -> (Vec<&str>, Vec<&str>) {
            let own = wanted.iter().filter(|key| key.user == *user);
            own.map(|key| (key.account.as_str(), key.calendar.as_str())).unzip()
        });
        let (accounts, calendars) = calendars.unzip();
        let nearest = sqlx::query_as(NEAREST)
            .bind(user.as_str())
            .bind(model)
            .bind(Vector::from(query.clone()))
            .bind(accounts)
            .bind(calendars)
            .bind(int(limit));
        let mut reading = self.of_user(user).await?;
        let rows: Vec<(String, String, String, f32)> =
            nearest.fetch_all(&mut *reading).await.map_err(failed("searching by meaning"))?;
        reading.commit().await.map_err(failed("searching by meaning"))?;
        let found = rows.into_iter().map(|(account, calendar, event, similarity)| {
            let key = calendar_key(user, (account, calendar)).event(EventId::from(event));
            Nearest { key, similarity }
        });
        Ok(found.collect())
    }
}

impl PostgresStore {
    async fn put(&self, user: &UserId, rows: Vec<&EmbeddingRow>) -> Result<()> {
        let column =
            |of: fn(&EmbeddingRow) -> &str| -> Vec<&str> { rows.iter().map(|row| of(row)).collect() };
        let query = sqlx::query(PUT)
            .bind(user.as_str())
            .bind(column(|row| row.key.account.as_str()))
            .bind(column(|row| row.key.calendar.as_str()))
            .bind(column(|row| row.key.event.as_str()))
            .bind(column(|row| &row.model))
            .bind(rows.iter().map(|row| row.content_hash.to_vec()).collect::<Vec<_>>())
            .bind(rows.iter().map(|row| Vector::from(row.embedding.clone())).collect::<Vec<_>>());
        let mut writing = self.writing(user).await?;
        query.execute(&mut *writing.transaction).await.map_err(failed("storing embeddings"))?;
        writing.commit().await
    }
}

/// By the primary keys; what is not in the mirror finds no event to join.
const PUT: &str = "
    INSERT INTO embeddings (user_id, account_id, calendar_id, event_id, model, content_hash, embedding)
    SELECT $1, row.account_id, row.calendar_id, row.event_id, row.model, row.content_hash, row.embedding
    FROM UNNEST($2::text[], $3::text[], $4::text[], $5::text[], $6::bytea[], $7::vector[])
        AS row (account_id, calendar_id, event_id, model, content_hash, embedding)
    JOIN events
      ON events.user_id = $1
     AND events.account_id = row.account_id
     AND events.calendar_id = row.calendar_id
     AND events.event_id = row.event_id
    ON CONFLICT (user_id, account_id, calendar_id, event_id, model) DO UPDATE
    SET content_hash = excluded.content_hash,
        embedding = excluded.embedding";

/// By the primary key.
const CONTENT_HASH: &str = "
    SELECT content_hash
    FROM embeddings
    WHERE user_id = $1
      AND account_id = $2
      AND calendar_id = $3
      AND event_id = $4
      AND model = $5";

/// The primary key finds those of the person; each is compared. A vector of another length, or one without a
/// direction, is near to nothing.
const NEAREST: &str = "
    WITH compared AS (
        SELECT account_id, calendar_id, event_id,
               CASE WHEN vector_dims(embedding) = vector_dims($3)
                     AND vector_norm(embedding) > 0
                     AND vector_norm($3) > 0
                    THEN (1 - (embedding <=> $3))::real
               END AS similarity
        FROM embeddings
        WHERE user_id = $1
          AND model = $2
          AND ($4::text[] IS NULL OR (account_id, calendar_id) IN (SELECT * FROM UNNEST($4::text[], $5::text[])))
    )
    SELECT account_id, calendar_id, event_id, similarity
    FROM compared
    WHERE similarity IS NOT NULL
    ORDER BY similarity DESC, account_id, calendar_id, event_id
    LIMIT $6";

/// What pgvector can hold.
fn check(embedding: &Embedding) -> Result<()> {
    let numbers = embedding.iter().all(|number| number.is_finite());
    if numbers && (1..=16_000).contains(&embedding.len()) {
        return Ok(());
    }
    let message = "an embedding must have 1 to 16,000 numbers, all finite";
    Err(Error::new(ErrorKind::InvalidInput, message))
}
