//! Storing events: what is new, what differs, and nothing else.

use chrono::{DateTime, Utc};
use theo_calendar::{
    Result,
    id::{CalendarKey, Etag, EventId},
    storage::{CommitCounts, EventRow},
};

use crate::{
    convert::{batches, bounds, count, int, json, without_nul},
    error::failed,
    search::Indexed,
    tenant::Writing,
};

impl Writing {
    /// Stores events, with their places in the change feed where they differ.
    pub(crate) async fn merge_events(
        &mut self,
        calendar: &CalendarKey,
        rows: &[EventRow],
        generation: u64,
    ) -> Result<CommitCounts> {
        let mut counts = CommitCounts::default();
        for batch in batches(rows, |row| &row.event.id) {
            counts += self.merge_batch(calendar, &Columns::of(&batch)?, generation).await?;
        }
        Ok(counts)
    }

    async fn merge_batch(
        &mut self,
        calendar: &CalendarKey,
        columns: &Columns,
        generation: u64,
    ) -> Result<CommitCounts> {
        let query = sqlx::query_as(MERGE)
            .bind(self.user.as_str())
            .bind(calendar.account.as_str())
            .bind(calendar.calendar.as_str())
            .bind(self.feed())
            .bind(int(generation))
            .bind(&columns.ids)
            .bind(&columns.etags)
            .bind(&columns.masters)
            .bind(&columns.cancelled)
            .bind(&columns.starts)
            .bind(&columns.ends)
            .bind(&columns.titles)
            .bind(&columns.places)
            .bind(&columns.descriptions)
            .bind(&columns.bodies)
            .bind(&columns.words)
            .bind(&columns.people)
            .bind(&columns.from)
            .bind(&columns.until);
        let (added, updated, unchanged): (i64, i64, i64) =
            query.fetch_one(&mut *self.transaction).await.map_err(failed("storing events"))?;
        self.took_places(added + updated);
        Ok(CommitCounts {
            added: count(added),
            updated: count(updated),
            unchanged: count(unchanged),
            ..CommitCounts::default()
        })
    }
}

/// Rows turned on their side: one array a column, so that a page of any size is one statement of nineteen values.
///
/// Not COPY into a temporary table: making one writes to the system catalogs with every page.
#[derive(Default)]
struct Columns {
    ids: Vec<String>,
    etags: Vec<Option<String>>,
    masters: Vec<Option<String>>,
    cancelled: Vec<bool>,
    starts: Vec<Option<DateTime<Utc>>>,
    ends: Vec<Option<DateTime<Utc>>>,
    titles: Vec<Option<String>>,
    places: Vec<Option<String>>,
    descriptions: Vec<Option<String>>,
    bodies: Vec<String>,
    words: Vec<String>,
    people: Vec<String>,
    from: Vec<Option<DateTime<Utc>>>,
    until: Vec<Option<DateTime<Utc>>>,
}

impl Columns {
    fn of(rows: &[&EventRow]) -> Result<Self> {
        let mut columns = Self::default();
        for row in rows {
            let event = &*row.event;
            let (start, end) = row.span.as_ref().map(bounds).unzip();
            columns.ids.push(event.id.to_string());
            columns.etags.push(event.etag.as_ref().map(Etag::to_string));
            columns.masters.push(event.recurring_event_id.as_ref().map(EventId::to_string));
            columns.cancelled.push(event.is_cancelled());
            columns.starts.push(start);
            columns.ends.push(end);
            columns.titles.push(event.summary.as_deref().map(searched));
            columns.places.push(event.location.as_deref().map(searched));
            columns.descriptions.push(event.description.as_deref().map(searched));
            columns.bodies.push(json(event)?);
            let indexed = Indexed::of(event, row.span.as_ref());
            columns.words.push(indexed.words);
            columns.people.push(indexed.people);
            columns.from.push(indexed.from);
            columns.until.push(indexed.until);
        }
        Ok(columns)
    }
}

/// Lower case by Unicode's rules here, not by the locale the database happens to have.
fn searched(text: &str) -> String {
    without_nul(&text.to_lowercase()).into_owned()
}

/// By the primary keys. All parts see the rows as they were before: `before` is what the merge finds.
///
/// A row that is the same, by etag or whole where one has none, gets no place in the feed. It is written only where
/// its span moved, or to count as brought by this listing.
const MERGE: &str = "
    WITH page AS (
        SELECT *, CASE WHEN starts_at IS NOT NULL THEN tstzrange(starts_at, ends_at) END AS span
        FROM UNNEST(
            $6::text[], $7::text[], $8::text[], $9::boolean[], $10::timestamptz[], $11::timestamptz[],
            $12::text[], $13::text[], $14::text[], $15::text[],
            $16::text[], $17::text[], $18::timestamptz[], $19::timestamptz[]
        ) WITH ORDINALITY AS page (
            event_id, etag, recurring_event_id, is_cancelled, starts_at, ends_at,
            title, place, description, body, words, people, reach_from, reach_until, position
        )
    ),
    before AS (
        SELECT page.event_id,
               page.position,
               stored.event_id IS NULL AS is_new,
               CASE WHEN stored.event_id IS NULL THEN false
                    WHEN stored.etag IS NOT NULL AND page.etag IS NOT NULL THEN stored.etag = page.etag
                    ELSE stored.body = page.body
               END AS is_same
        FROM page
        LEFT JOIN events AS stored
               ON stored.user_id = $1
              AND stored.account_id = $2
              AND stored.calendar_id = $3
              AND stored.event_id = page.event_id
    ),
    merged AS (
        INSERT INTO events AS stored (
            user_id, account_id, calendar_id, event_id, etag, recurring_event_id, is_cancelled, span,
            title, place, description, generation, body, words, people, reach_from, reach_until
        )
        SELECT $1, $2, $3, event_id, etag, recurring_event_id, is_cancelled, span,
               title, place, description, $5, body, words::tsvector, string_to_array(people, E'\\n'), reach_from, reach_until
        FROM page
        ON CONFLICT (user_id, account_id, calendar_id, event_id) DO UPDATE
        SET etag = excluded.etag,
            recurring_event_id = excluded.recurring_event_id,
            is_cancelled = excluded.is_cancelled,
            span = excluded.span,
            title = excluded.title,
            place = excluded.place,
            description = excluded.description,
            generation = excluded.generation,
            body = excluded.body,
            words = excluded.words,
            people = excluded.people,
            reach_from = excluded.reach_from,
            reach_until = excluded.reach_until
        WHERE stored.generation <> excluded.generation
           OR stored.span IS DISTINCT FROM excluded.span
           OR stored.etag IS DISTINCT FROM excluded.etag
           OR stored.etag IS NULL AND stored.body <> excluded.body
    ),
    released AS (
        DELETE FROM quarantine
        USING page
        WHERE quarantine.user_id = $1
          AND quarantine.account_id = $2
          AND quarantine.calendar_id = $3
          AND quarantine.name = page.event_id
    ),
    fed AS (
        INSERT INTO changes (user_id, place, account_id, calendar_id, event_id, is_gone, at)
        SELECT $1, $4 + row_number() OVER (ORDER BY position), $2, $3, event_id, false, statement_timestamp()
        FROM before
        WHERE NOT is_same
        ON CONFLICT (user_id, account_id, calendar_id, event_id) DO UPDATE
        SET place = excluded.place,
            is_gone = false,
            at = excluded.at
    )
    SELECT count(*) FILTER (WHERE is_new),
           count(*) FILTER (WHERE NOT is_new AND NOT is_same),
           count(*) FILTER (WHERE is_same)
    FROM before";
