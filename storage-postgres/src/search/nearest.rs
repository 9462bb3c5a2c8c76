//! The events nearest to a vector: by comparing with each, or by an approximate index where there are many.

use pgvector::Vector;
use sqlx::{AssertSqlSafe, Postgres, Transaction};
use theo_calendar::{
    Result,
    id::{EventId, UserId},
    storage::{Nearest, VectorQuery},
};

use super::{Filter, index};
use crate::{
    PostgresStore,
    convert::{calendar_key, int},
    embedding::unit,
    error::failed,
};

/// How many neighbours an index keeps in sight: more of them find more of the nearest, and take longer.
const IN_SIGHT: &str = "200";

/// How many rows an index looks at before it gives up filling the limit with those of the person.
const LOOKED_AT: &str = "200000";

/// Account, calendar, event, similarity.
type Row = (String, String, String, f32);

pub(super) async fn nearest(
    store: &PostgresStore,
    user: &UserId,
    query: &VectorQuery,
) -> Result<Vec<Nearest>> {
    let dimensions = query.vector.len();
    let is_direction = query.vector.iter().all(|number| number.is_finite())
        && query.vector.iter().any(|number| *number != 0.0);
    if !is_direction || query.limit == 0 {
        return Ok(Vec::new());
    }
    let mut reading = store.of_user(user).await?;
    let known = sqlx::query_as(KNOWN).bind(user.as_str()).bind(&query.model);
    let known: Option<(i32, bool)> =
        known.fetch_optional(&mut *reading).await.map_err(failed("searching by meaning"))?;
    let rows = match known {
        Some((stored, is_indexed)) if usize::try_from(stored) == Ok(dimensions) => {
            let by_index = is_indexed && dimensions <= index::MOST_DIMENSIONS;
            compared(&mut reading, user, query, by_index).await?
        }
        _ => Vec::new(),
    };
    reading.commit().await.map_err(failed("searching by meaning"))?;
    let found = rows.into_iter().map(|(account, calendar, event, similarity)| {
        let key = calendar_key(user, (account, calendar)).event(EventId::from(event));
        Nearest { key, similarity }
    });
    Ok(found.collect())
}

async fn compared(
    reading: &mut Transaction<'static, Postgres>,
    user: &UserId,
    query: &VectorQuery,
    by_index: bool,
) -> Result<Vec<Row>> {
    let filter = Filter::of(user, &query.filter);
    let needs_events = filter.start.is_some() || filter.attendee.is_some();
    let statement = match (needs_events, by_index) {
        (true, _) => sqlx::query_as(NEAREST_OF_SOME_EVENTS),
        (false, false) => sqlx::query_as(NEAREST),
        (false, true) => {
            let settings = sqlx::query(SETTINGS).bind(IN_SIGHT).bind(LOOKED_AT);
            settings.execute(&mut **reading).await.map_err(failed("searching by meaning"))?;
            sqlx::query_as(AssertSqlSafe(nearest_by_index(&query.model, query.vector.len())))
        }
    };
    let vector: Vector = unit(&query.vector);
    let mut statement = statement
        .bind(user.as_str())
        .bind(&query.model)
        .bind(vector)
        .bind(filter.accounts)
        .bind(filter.calendars)
        .bind(int(query.limit));
    if needs_events {
        statement = statement.bind(filter.start).bind(filter.end).bind(filter.attendee);
    }
    statement.fetch_all(&mut **reading).await.map_err(failed("searching by meaning"))
}

/// By the primary key.
const KNOWN: &str = "
    SELECT dimensions, is_indexed
    FROM embedding_progress
    WHERE user_id = $1
      AND model = $2";

macro_rules! nearest_of {
    ($rows:literal, $also:literal) => {
        concat!(
            "
    SELECT account_id, calendar_id, event_id, (-distance)::real
    FROM (
        SELECT account_id, calendar_id, event_id, embedding <#> (SELECT $3::halfvec) AS distance
        FROM ",
            $rows,
            "
        WHERE user_id = $1
          AND model = $2
          AND embedding IS NOT NULL
          AND ($4::text[] IS NULL OR (account_id, calendar_id) IN (SELECT * FROM UNNEST($4::text[], $5::text[])))",
            $also,
            "
        ORDER BY distance, account_id, calendar_id, event_id
        LIMIT $6
    ) AS nearest
    ORDER BY distance, account_id, calendar_id, event_id"
        )
    };
}

/// The primary key finds those of the person; each is compared, once. The vector is a sub-query so that it is read once.
const NEAREST: &str = nearest_of!("embeddings", "");

/// The primary keys of both find those of the person.
const NEAREST_OF_SOME_EVENTS: &str = nearest_of!(
    "embeddings JOIN events USING (user_id, account_id, calendar_id, event_id)",
    "
          AND ($8::timestamptz IS NULL OR reach_from < $8)
          AND ($7::timestamptz IS NULL OR reach_until IS NULL OR reach_until > $7)
          AND ($9::text IS NULL OR $9 = ANY(people))"
);

/// For this transaction: look on until the limit is filled, in whatever order, and do not sort where the index can give
/// the order.
const SETTINGS: &str = "
    SELECT set_config('hnsw.iterative_scan', 'relaxed_order', true),
           set_config('hnsw.ef_search', $1, true),
           set_config('hnsw.max_scan_tuples', $2, true),
           set_config('enable_sort', 'off', true)";

fn nearest_by_index(model: &str, dimensions: usize) -> String {
    NEAREST_BY_INDEX
        .replace("{model}", &index::literal(model))
        .replace("{dimensions}", &dimensions.to_string())
}

/// The index of `index_embeddings`, whose condition must stand here word for word, finds near ones of many people's;
/// those of the others are passed over, and the rest is put in order.
const NEAREST_BY_INDEX: &str = "
    WITH near AS MATERIALIZED (
        SELECT account_id, calendar_id, event_id, embedding::halfvec({dimensions}) <#> $3::halfvec AS distance
        FROM embeddings
        WHERE user_id = $1
          AND model = $2
          AND model = {model}
          AND is_indexed
          AND embedding IS NOT NULL
          AND ($4::text[] IS NULL OR (account_id, calendar_id) IN (SELECT * FROM UNNEST($4::text[], $5::text[])))
        ORDER BY embedding::halfvec({dimensions}) <#> $3::halfvec
        LIMIT $6
    )
    SELECT account_id, calendar_id, event_id, (-distance)::real
    FROM near
    ORDER BY distance, account_id, calendar_id, event_id";

#[cfg(all(test, feature = "testing"))]
mod tests {
    use super::*;
    use crate::testing::FreshDatabase;

    #[tokio::test]
    async fn the_statement_uses_the_index_under_row_level_security() {
        let store = FreshDatabase::migrated().await.store();
        store.index_embeddings("m", 3).await.expect("the owner may");
        let mut reading = store.of_user(&"ada".into()).await.expect("a transaction");
        let settings = sqlx::query(SETTINGS).bind(IN_SIGHT).bind(LOOKED_AT);
        settings.execute(&mut *reading).await.expect("they can be set");

        let explain = format!("EXPLAIN {}", nearest_by_index("m", 3));
        let plan: Vec<String> = sqlx::query_scalar(AssertSqlSafe(explain))
            .bind("ada")
            .bind("m")
            .bind(Vector::from(vec![1.0, 0.0, 0.0]))
            .bind(None::<Vec<String>>)
            .bind(None::<Vec<String>>)
            .bind(10_i64)
            .fetch_all(&mut *reading)
            .await
            .expect("it can be explained");

        let plan = plan.join("\n");
        assert!(plan.contains("Index Scan using embeddings_near_"), "{plan}");
    }
}
