//! Search: by words and by nearness, both within one person's rows.

mod fill;
mod index;
mod indexed;
mod nearest;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use theo_calendar::{
    Result,
    id::{EventId, UserId},
    storage::{Nearest, SearchFilter, SearchStore, VectorQuery, WordMatch, WordQuery},
};

use crate::{
    PostgresStore,
    convert::{bounds, calendar_key, int},
    error::failed,
    event::calendars_of,
};

pub(crate) use fill::fill;
pub(crate) use indexed::Indexed;

#[async_trait]
impl SearchStore for PostgresStore {
    async fn matching(&self, user: &UserId, query: &WordQuery) -> Result<Vec<WordMatch>> {
        if query.words.is_empty() {
            return Ok(Vec::new());
        }
        let words: Vec<String> = query.words.iter().map(|word| indexed::quoted(word)).collect();
        let filter = Filter::of(user, &query.filter);
        let statement = sqlx::query_as(MATCHING)
            .bind(user.as_str())
            .bind(filter.accounts)
            .bind(filter.calendars)
            .bind(filter.start)
            .bind(filter.end)
            .bind(filter.attendee)
            .bind(words.join(" | "))
            .bind(&words)
            .bind(int(query.limit));
        let mut reading = self.of_user(user).await?;
        let rows: Vec<(String, String, String, String, f32, f32)> =
            statement.fetch_all(&mut *reading).await.map_err(failed("searching by words"))?;
        reading.commit().await.map_err(failed("searching by words"))?;
        let found = rows.into_iter().map(|(account, calendar, event, series, score, share)| {
            let key = calendar_key(user, (account, calendar)).event(EventId::from(event));
            WordMatch { key, series: EventId::from(series), score, share }
        });
        Ok(found.collect())
    }

    async fn nearest(&self, user: &UserId, query: &VectorQuery) -> Result<Vec<Nearest>> {
        nearest::nearest(self, user, query).await
    }
}

/// A filter as columns hold it.
struct Filter {
    accounts: Option<Vec<String>>,
    calendars: Option<Vec<String>>,
    start: Option<DateTime<Utc>>,
    end: Option<DateTime<Utc>>,
    attendee: Option<String>,
}

impl Filter {
    fn of(user: &UserId, filter: &SearchFilter) -> Self {
        let (accounts, calendars) =
            filter.calendars.as_deref().map(|wanted| calendars_of(user, wanted)).unzip();
        let (start, end) = filter.range.as_ref().map(bounds).unzip();
        let attendee = filter.attendee.as_deref().map(indexed::address);
        Self { accounts, calendars, start, end, attendee }
    }
}

/// The primary key finds those of the person: no index could find words, since under row-level security only leakproof
/// operators find rows, and the match of a text search is not. What an event is found by is therefore in its row.
///
/// The words are counted among the rows that have one of them, which are few where it matters. `ts_rank` of one word
/// that stands there once is its weight through π²/6. What is asked is a sub-query so that it is read once, not with
/// each row; `OFFSET 0` keeps what is computed once from being computed again where it is used.
const MATCHING: &str = "
    WITH searched AS NOT MATERIALIZED (
        SELECT account_id, calendar_id, event_id, recurring_event_id, words
        FROM events
        WHERE user_id = $1
          AND NOT is_cancelled
          AND ($2::text[] IS NULL OR (account_id, calendar_id) IN (SELECT * FROM UNNEST($2::text[], $3::text[])))
          AND ($5::timestamptz IS NULL OR reach_from < $5)
          AND ($4::timestamptz IS NULL OR reach_until IS NULL OR reach_until > $4)
          AND ($6::text IS NULL OR $6 = ANY(people))
    ),
    found AS MATERIALIZED (
        SELECT *
        FROM searched
        WHERE words @@ (SELECT $7::tsquery)
    ),
    asked AS MATERIALIZED (
        SELECT word, ln(1 + ((SELECT count(*) FROM searched) - events + 0.5) / (events + 0.5)) AS rarity
        FROM (
            SELECT word, (SELECT count(*) FROM found WHERE found.words @@ word) AS events
            FROM (SELECT word::tsquery FROM UNNEST($8::text[]) AS asked (word) OFFSET 0) AS asked
            OFFSET 0
        ) AS counted
    ),
    scored AS (
        SELECT account_id, calendar_id, event_id, recurring_event_id,
               (SELECT sum(ts_rank(found.words, word) * pi() * pi() / 6 * rarity)::real FROM asked) AS score,
               (SELECT (sum(rarity) FILTER (WHERE found.words @@ word) / sum(rarity))::real FROM asked) AS share
        FROM found
        OFFSET 0
    ),
    best AS (
        SELECT DISTINCT ON (account_id, calendar_id, coalesce(recurring_event_id, event_id))
               account_id, calendar_id, event_id, coalesce(recurring_event_id, event_id) AS series, score,
               share
        FROM scored
        ORDER BY account_id, calendar_id, coalesce(recurring_event_id, event_id),
                 score DESC, recurring_event_id NULLS FIRST, event_id
    )
    SELECT account_id, calendar_id, event_id, series, score, share
    FROM best
    ORDER BY score DESC, account_id, calendar_id, event_id
    LIMIT $9";
