//! Filling in what events from before migration 6 are found by: the rules are the program's, not SQL's.

use chrono::{DateTime, Utc};
use sqlx::{Connection, PgConnection};
use theo_calendar::Result;

use super::indexed::Indexed;
use crate::{convert::span, error::failed, event::parsed};

/// Rows at once.
const BATCH: i64 = 1_000;

/// Fills what is empty, of everybody, in one transaction; does nothing where it was done.
///
/// That it was done shows in the column: from then on it may not be null. What a program from before writes meanwhile
/// is found by no word until it changes.
pub(crate) async fn fill(connection: &mut PgConnection) -> Result<()> {
    let failed = || failed("filling in what events are found by");
    let done: bool = sqlx::query_scalar(IS_DONE).fetch_one(&mut *connection).await.map_err(failed())?;
    if done {
        return Ok(());
    }
    let mut transaction = connection.begin().await.map_err(failed())?;
    sqlx::raw_sql(BEGIN).execute(&mut *transaction).await.map_err(failed())?;
    loop {
        let rows: Vec<Row> =
            sqlx::query_as(EMPTY).bind(BATCH).fetch_all(&mut *transaction).await.map_err(failed())?;
        if rows.is_empty() {
            break;
        }
        let mut columns = Columns::default();
        for (place, start, end, body) in rows {
            let indexed = Indexed::of(&*parsed(&body)?, span(start, end).as_ref());
            columns.places.push(place);
            columns.words.push(indexed.words);
            columns.people.push(indexed.people);
            columns.from.push(indexed.from);
            columns.until.push(indexed.until);
        }
        let query = sqlx::query(FILL)
            .bind(columns.places)
            .bind(columns.words)
            .bind(columns.people)
            .bind(columns.from)
            .bind(columns.until);
        query.execute(&mut *transaction).await.map_err(failed())?;
    }
    sqlx::raw_sql(END).execute(&mut *transaction).await.map_err(failed())?;
    transaction.commit().await.map_err(failed())
}

/// Where a row is, start, end, body.
type Row = (String, Option<DateTime<Utc>>, Option<DateTime<Utc>>, String);

#[derive(Default)]
struct Columns {
    places: Vec<String>,
    words: Vec<String>,
    people: Vec<String>,
    from: Vec<Option<DateTime<Utc>>>,
    until: Vec<Option<DateTime<Utc>>>,
}

const IS_DONE: &str = "
    SELECT attnotnull
    FROM pg_attribute
    WHERE attrelid = 'events'::regclass
      AND attname = 'words'";

/// The owner sees everybody's rows only while row-level security is not forced; nobody else sees the table meanwhile.
const BEGIN: &str = "
    ALTER TABLE events NO FORCE ROW LEVEL SECURITY";

/// By where they are: the lock that changing the table took keeps them there. A row that was filled moves, with words.
const EMPTY: &str = "
    SELECT ctid::text, lower(span), upper(span), body
    FROM events
    WHERE words IS NULL
    LIMIT $1";

const FILL: &str = "
    UPDATE events
    SET words = filled.words::tsvector,
        people = string_to_array(filled.people, E'\\n'),
        reach_from = filled.reach_from,
        reach_until = filled.reach_until
    FROM UNNEST($1::text[], $2::text[], $3::text[], $4::timestamptz[], $5::timestamptz[])
        AS filled (place, words, people, reach_from, reach_until)
    WHERE events.ctid = filled.place::tid";

const END: &str = "
    ALTER TABLE events
        ALTER COLUMN words SET DEFAULT '',
        ALTER COLUMN words SET NOT NULL;
    ALTER TABLE events FORCE ROW LEVEL SECURITY";
