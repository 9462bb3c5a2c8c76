//! Storing events: what is new, what differs, and nothing else.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use theo_calendar::{
    Result,
    id::{CalendarKey, Etag, EventId},
    model::Event,
    storage::{CommitCounts, EventRow},
};

use crate::{
    convert::{batches, bounds, int, json, without_nul},
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
            counts += self.merge_batch(calendar, &batch, int(generation)).await?;
        }
        Ok(counts)
    }

    /// In two steps: what is stored is asked first, so that only what differs is written as JSON and sent. Nobody
    /// comes between: the person's row is held.
    async fn merge_batch(
        &mut self,
        calendar: &CalendarKey,
        rows: &[&EventRow],
        generation: i64,
    ) -> Result<CommitCounts> {
        let stored = self.stored_events(calendar, rows).await?;
        let mut counts = CommitCounts::default();
        let (mut differing, mut moved) = (Columns::default(), Spans::default());
        for row in rows {
            match stored.get(row.event.id.as_str()) {
                None => counts.added += 1,
                Some(stored) if stored.is_same(&row.event)? => {
                    counts.unchanged += 1;
                    if stored.generation != generation || stored.span != row.span.as_ref().map(bounds) {
                        moved.push(row, &Indexed::of(&row.event, row.span.as_ref()));
                    }
                    continue;
                }
                Some(_) => counts.updated += 1,
            }
            differing.push(row)?;
        }
        self.store_events(calendar, &differing, generation).await?;
        self.move_events(calendar, &moved, generation).await?;
        Ok(counts)
    }

    /// What the mirror holds of these events, by id; they leave the quarantine.
    async fn stored_events(
        &mut self,
        calendar: &CalendarKey,
        rows: &[&EventRow],
    ) -> Result<HashMap<String, Stored>> {
        let ids: Vec<&str> = rows.iter().map(|row| row.event.id.as_str()).collect();
        let without_etag = rows.iter().filter(|row| row.event.etag.is_none());
        let without_etag: Vec<&str> = without_etag.map(|row| row.event.id.as_str()).collect();
        let query = sqlx::query_as(STORED)
            .bind(self.user.as_str())
            .bind(calendar.account.as_str())
            .bind(calendar.calendar.as_str())
            .bind(ids)
            .bind(without_etag);
        let found: Vec<StoredRow> =
            query.fetch_all(&mut *self.transaction).await.map_err(failed("reading stored events"))?;
        let named = found.into_iter().map(|(id, etag, start, end, generation, body)| {
            (id, Stored { etag, span: start.zip(end), generation, body })
        });
        Ok(named.collect())
    }

    async fn store_events(
        &mut self,
        calendar: &CalendarKey,
        columns: &Columns,
        generation: i64,
    ) -> Result<()> {
        if columns.ids.is_empty() {
            return Ok(());
        }
        let query = sqlx::query(STORE)
            .bind(self.user.as_str())
            .bind(calendar.account.as_str())
            .bind(calendar.calendar.as_str())
            .bind(self.feed())
            .bind(generation)
            .bind(&columns.ids)
            .bind(&columns.etags)
            .bind(&columns.masters)
            .bind(&columns.cancelled)
            .bind(&columns.spans.starts)
            .bind(&columns.spans.ends)
            .bind(&columns.titles)
            .bind(&columns.places)
            .bind(&columns.descriptions)
            .bind(&columns.bodies)
            .bind(&columns.words)
            .bind(&columns.people)
            .bind(&columns.spans.reach_from)
            .bind(&columns.spans.reach_until);
        query.execute(&mut *self.transaction).await.map_err(failed("storing events"))?;
        self.took_places(int(columns.ids.len()));
        Ok(())
    }

    async fn move_events(&mut self, calendar: &CalendarKey, spans: &Spans, generation: i64) -> Result<()> {
        if spans.ids.is_empty() {
            return Ok(());
        }
        let query = sqlx::query(MOVE)
            .bind(self.user.as_str())
            .bind(calendar.account.as_str())
            .bind(calendar.calendar.as_str())
            .bind(generation)
            .bind(&spans.ids)
            .bind(&spans.starts)
            .bind(&spans.ends)
            .bind(&spans.reach_from)
            .bind(&spans.reach_until);
        query.execute(&mut *self.transaction).await.map_err(failed("moving events"))?;
        Ok(())
    }
}

/// What the mirror holds of an event; its JSON only where an etag is missing.
struct Stored {
    etag: Option<String>,
    span: Option<(DateTime<Utc>, DateTime<Utc>)>,
    generation: i64,
    body: Option<String>,
}

impl Stored {
    /// By etag, or whole where one has none.
    fn is_same(&self, event: &Event) -> Result<bool> {
        match (&self.etag, &event.etag) {
            (Some(stored), Some(brought)) => Ok(stored == brought.as_str()),
            _ => Ok(self.body.as_deref() == Some(json(event)?.as_str())),
        }
    }
}

/// Event, etag, start, end, generation, body.
type StoredRow = (String, Option<String>, Option<DateTime<Utc>>, Option<DateTime<Utc>>, i64, Option<String>);

/// By the primary keys, an event each: what it costs does not grow with the calendar.
const STORED: &str = "
    WITH released AS (
        DELETE FROM quarantine
        WHERE user_id = $1
          AND account_id = $2
          AND calendar_id = $3
          AND name = ANY($4::text[])
    )
    SELECT event_id, etag, lower(span), upper(span), generation,
           CASE WHEN etag IS NULL OR event_id = ANY($5::text[]) THEN body END
    FROM events
    WHERE user_id = $1
      AND account_id = $2
      AND calendar_id = $3
      AND event_id = ANY($4::text[])";

/// Rows turned on their side: one array a column, so that a page of any size is one statement of nineteen values.
///
/// Not COPY into a temporary table, which writes to the system catalogs with every page, and was the slower of the two
/// when both were measured: `make bench` has them side by side.
#[derive(Default)]
struct Columns {
    ids: Vec<String>,
    etags: Vec<Option<String>>,
    masters: Vec<Option<String>>,
    cancelled: Vec<bool>,
    spans: Spans,
    titles: Vec<Option<String>>,
    places: Vec<Option<String>>,
    descriptions: Vec<Option<String>>,
    bodies: Vec<String>,
    words: Vec<String>,
    people: Vec<String>,
}

impl Columns {
    fn push(&mut self, row: &EventRow) -> Result<()> {
        let event = &*row.event;
        let indexed = Indexed::of(event, row.span.as_ref());
        self.bodies.push(json(event)?);
        self.ids.push(event.id.to_string());
        self.etags.push(event.etag.as_ref().map(Etag::to_string));
        self.masters.push(event.recurring_event_id.as_ref().map(EventId::to_string));
        self.cancelled.push(event.is_cancelled());
        self.spans.push(row, &indexed);
        self.titles.push(event.summary.as_deref().map(searched));
        self.places.push(event.location.as_deref().map(searched));
        self.descriptions.push(event.description.as_deref().map(searched));
        self.words.push(indexed.words);
        self.people.push(indexed.people);
        Ok(())
    }
}

/// When events take place, likewise.
#[derive(Default)]
struct Spans {
    ids: Vec<String>,
    starts: Vec<Option<DateTime<Utc>>>,
    ends: Vec<Option<DateTime<Utc>>>,
    reach_from: Vec<Option<DateTime<Utc>>>,
    reach_until: Vec<Option<DateTime<Utc>>>,
}

impl Spans {
    fn push(&mut self, row: &EventRow, indexed: &Indexed) {
        let (start, end) = row.span.as_ref().map(bounds).unzip();
        self.ids.push(row.event.id.to_string());
        self.starts.push(start);
        self.ends.push(end);
        self.reach_from.push(indexed.from);
        self.reach_until.push(indexed.until);
    }
}

/// Lower case by Unicode's rules here, not by the locale the database happens to have.
fn searched(text: &str) -> String {
    without_nul(&text.to_lowercase()).into_owned()
}

/// By the primary keys.
const STORE: &str = "
    WITH fed AS (
        INSERT INTO changes (user_id, place, account_id, calendar_id, event_id, is_gone, at)
        SELECT $1, $4 + position, $2, $3, event_id, false, statement_timestamp()
        FROM UNNEST($6::text[]) WITH ORDINALITY AS fed (event_id, position)
        ON CONFLICT (user_id, account_id, calendar_id, event_id) DO UPDATE
        SET place = excluded.place,
            is_gone = false,
            at = excluded.at
    )
    INSERT INTO events (
        user_id, account_id, calendar_id, event_id, etag, recurring_event_id, is_cancelled, span,
        title, place, description, generation, body, words, people, reach_from, reach_until
    )
    SELECT $1, $2, $3, event_id, etag, recurring_event_id, is_cancelled,
           CASE WHEN starts_at IS NOT NULL THEN tstzrange(starts_at, ends_at) END,
           title, place, description, $5, body, words::tsvector, string_to_array(people, E'\\n'),
           reach_from, reach_until
    FROM UNNEST(
        $6::text[], $7::text[], $8::text[], $9::boolean[], $10::timestamptz[], $11::timestamptz[],
        $12::text[], $13::text[], $14::text[], $15::text[],
        $16::text[], $17::text[], $18::timestamptz[], $19::timestamptz[]
    ) AS page (
        event_id, etag, recurring_event_id, is_cancelled, starts_at, ends_at,
        title, place, description, body, words, people, reach_from, reach_until
    )
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
        reach_until = excluded.reach_until";

/// By the primary key. For events that are as they were, but in another zone, or brought by another complete listing.
const MOVE: &str = "
    UPDATE events
    SET generation = $4,
        span = CASE WHEN page.starts_at IS NOT NULL THEN tstzrange(page.starts_at, page.ends_at) END,
        reach_from = page.reach_from,
        reach_until = page.reach_until
    FROM UNNEST($5::text[], $6::timestamptz[], $7::timestamptz[], $8::timestamptz[], $9::timestamptz[])
        AS page (event_id, starts_at, ends_at, reach_from, reach_until)
    WHERE events.user_id = $1
      AND events.account_id = $2
      AND events.calendar_id = $3
      AND events.event_id = page.event_id";
