//! Events: how a page is stored, and how they are read.

mod merge;
mod quarantine;
mod remove;

use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use theo_calendar::{
    Error, ErrorKind, Result,
    id::{CalendarKey, EventId, EventKey, UserId},
    model::Event,
    storage::{
        Change, ChangeCursor, ChangePage, CommitCounts, EventQuery, EventStore, Listing, MirroredEvent,
        QuarantinedEvent, SyncPage,
    },
    sync::SyncResource,
};

use crate::{
    PostgresStore,
    calendar::{unknown_calendar, wrong_state},
    convert::{bounds, calendar_key, count, int, span, without_nul},
    embedding::columns,
    error::{failed, unreadable},
};

#[async_trait]
impl EventStore for PostgresStore {
    async fn commit_page(&self, page: &SyncPage) -> Result<CommitCounts> {
        let calendar = &page.calendar;
        if !matches!(&page.state.resource, SyncResource::Events(of_state) if of_state == calendar) {
            return Err(wrong_state("a page of events carries the state of another resource"));
        }
        let generation = page.state.generation;
        let mut writing = self.writing(&calendar.user).await?;
        writing.check(&page.fence).await?;
        if !writing.has_calendar(calendar).await? {
            return Err(unknown_calendar(calendar));
        }
        let mut counts = writing.merge_events(calendar, &page.events, generation).await?;
        counts.deleted += writing.remove_events(calendar, &page.deletions).await?;
        counts.quarantined += writing.quarantine(calendar, &page.quarantined, generation).await?;
        if let Listing::Full { last: true, .. } = page.listing {
            counts.deleted += writing.sweep_events(calendar, generation).await?;
            writing.sweep_quarantine(calendar, generation).await?;
        }
        writing.put_state(&page.state).await?;
        writing.commit().await?;
        Ok(counts)
    }

    async fn event(&self, key: &EventKey) -> Result<MirroredEvent> {
        let mut reading = self.of_user(&key.user).await?;
        let query = sqlx::query_as(EVENT)
            .bind(key.user.as_str())
            .bind(key.account.as_str())
            .bind(key.calendar.as_str())
            .bind(key.event.as_str());
        let row: Option<Row> =
            query.fetch_optional(&mut *reading).await.map_err(failed("reading an event"))?;
        reading.commit().await.map_err(failed("reading an event"))?;
        mirrored(&key.user, row.ok_or_else(|| unknown_event(key))?)
    }

    async fn events_by_key(&self, user: &UserId, keys: &[EventKey]) -> Result<Vec<MirroredEvent>> {
        let own: Vec<&EventKey> = keys.iter().filter(|key| key.user == *user).collect();
        if own.is_empty() {
            return Ok(Vec::new());
        }
        let (accounts, calendars, events) = columns(own.into_iter());
        let mut reading = self.of_user(user).await?;
        let query =
            sqlx::query_as(EVENTS_BY_KEY).bind(user.as_str()).bind(accounts).bind(calendars).bind(events);
        let rows: Vec<Row> = query.fetch_all(&mut *reading).await.map_err(failed("reading events"))?;
        reading.commit().await.map_err(failed("reading events"))?;
        rows.into_iter().map(|row| mirrored(user, row)).collect()
    }

    async fn events(&self, user: &UserId, query: &EventQuery) -> Result<Vec<MirroredEvent>> {
        let calendars = query.calendars.as_deref().map(|wanted| calendars_of(user, wanted));
        let (accounts, calendars) = calendars.unzip();
        let text = query.text.as_deref().map(|text| without_nul(&text.to_lowercase()).into_owned());
        let (start, end) = query.range.as_ref().map(bounds).unzip();
        let statement = match (&query.range, query.include_series) {
            (Some(_), true) => WHAT_TAKES_PLACE_IN_RANGE,
            (Some(_), false) => EVENTS_IN_RANGE,
            (None, _) => EVENTS,
        };
        let mut reading = self.of_user(user).await?;
        let found = sqlx::query_as(statement)
            .bind(user.as_str())
            .bind(accounts)
            .bind(calendars)
            .bind(text)
            .bind(query.include_cancelled)
            .bind(query.limit.map(int))
            .bind(int(query.offset))
            .bind(start)
            .bind(end);
        let rows: Vec<Row> = found.fetch_all(&mut *reading).await.map_err(failed("reading events"))?;
        reading.commit().await.map_err(failed("reading events"))?;
        rows.into_iter().map(|row| mirrored(user, row)).collect()
    }

    async fn event_counts(&self, user: &UserId) -> Result<Vec<(CalendarKey, u64)>> {
        let mut reading = self.of_user(user).await?;
        let query = sqlx::query_as(COUNTS).bind(user.as_str());
        let rows: Vec<(String, String, i64)> =
            query.fetch_all(&mut *reading).await.map_err(failed("counting events"))?;
        reading.commit().await.map_err(failed("counting events"))?;
        let counted = rows.into_iter();
        Ok(counted.map(|(account, id, events)| (calendar_key(user, (account, id)), count(events))).collect())
    }

    async fn changes_since(&self, user: &UserId, cursor: ChangeCursor, limit: usize) -> Result<ChangePage> {
        let mut reading = self.of_user(user).await?;
        let query = sqlx::query_as(CHANGES).bind(user.as_str()).bind(int(cursor.0)).bind(int(limit));
        let rows: Vec<ChangeRow> =
            query.fetch_all(&mut *reading).await.map_err(failed("reading the change feed"))?;
        reading.commit().await.map_err(failed("reading the change feed"))?;
        let changes: Vec<Change> = rows.into_iter().map(|row| change(user, row)).collect::<Result<_>>()?;
        let next = changes.last().map_or(cursor, |change| change.cursor);
        Ok(ChangePage { changes, next })
    }

    async fn quarantined(&self, user: &UserId) -> Result<Vec<QuarantinedEvent>> {
        quarantine::of_user(self, user).await
    }
}

/// Account, calendar, start, end, body.
type Row = (String, String, Option<DateTime<Utc>>, Option<DateTime<Utc>>, String);

/// By the primary key.
const EVENT: &str = "
    SELECT account_id, calendar_id, lower(span), upper(span), body
    FROM events
    WHERE user_id = $1
      AND account_id = $2
      AND calendar_id = $3
      AND event_id = $4";

/// By the primary key.
const EVENTS_BY_KEY: &str = "
    SELECT events.account_id, events.calendar_id, lower(events.span), upper(events.span), events.body
    FROM UNNEST($2::text[], $3::text[], $4::text[]) WITH ORDINALITY
        AS asked (account_id, calendar_id, event_id, position)
    JOIN events
      ON events.user_id = $1
     AND events.account_id = asked.account_id
     AND events.calendar_id = asked.calendar_id
     AND events.event_id = asked.event_id
    ORDER BY asked.position";

macro_rules! wanted {
    () => {
        "
      AND ($2::text[] IS NULL OR (account_id, calendar_id) IN (SELECT * FROM UNNEST($2::text[], $3::text[])))
      AND ($4::text IS NULL OR strpos(title, $4) > 0 OR strpos(place, $4) > 0 OR strpos(description, $4) > 0)
      AND ($5 OR NOT is_cancelled)"
    };
}

macro_rules! in_order {
    () => {
        "
    ORDER BY starts_at NULLS LAST, event_id, account_id, calendar_id
    LIMIT $6
    OFFSET $7"
    };
}

/// `events_by_span` is looked up once for each length: as far back before the range as one of that length reaches.
/// `OFFSET 0` keeps the look-up whole: joined otherwise, all of the person's rows would be read.
macro_rules! in_range {
    () => {
        concat!(
            "
    FROM generate_series(1, 37) AS length (bits)
    CROSS JOIN LATERAL (
        SELECT *
        FROM events
        WHERE user_id = $1
          AND length_bits = length.bits
          AND starts_at < $9::timestamptz
          AND starts_at > CASE WHEN length.bits < 37 THEN $8::timestamptz - make_interval(secs => 2 ^ length.bits)
                               ELSE '-infinity'
                          END
        OFFSET 0
    ) AS events
    WHERE user_id = $1
      AND span && tstzrange($8::timestamptz, $9::timestamptz)",
            wanted!()
        )
    };
}

const EVENTS_IN_RANGE: &str = concat!(
    "
    SELECT account_id, calendar_id, lower(span), upper(span), body",
    in_range!(),
    in_order!()
);

/// `events_of_series` finds the masters, `events_by_master` what stands in for their occurrences; of those, what takes
/// place in the range is there already. `OFFSET 0` as above.
const WHAT_TAKES_PLACE_IN_RANGE: &str = concat!(
    "
    WITH series AS MATERIALIZED (
        SELECT account_id, calendar_id, event_id, body
        FROM events
        WHERE user_id = $1
          AND span IS NULL
          AND reach_from < $9::timestamptz
          AND (reach_until IS NULL OR reach_until > $8::timestamptz)",
    wanted!(),
    "
    ),
    found AS (
        SELECT account_id, calendar_id, event_id, starts_at, span, body",
    in_range!(),
    "
        UNION ALL
        SELECT account_id, calendar_id, event_id, NULL, NULL, body
        FROM series
        UNION ALL
        SELECT account_id, calendar_id, exception.event_id, starts_at, span, exception.body
        FROM series
        CROSS JOIN LATERAL (
            SELECT event_id, starts_at, span, body,
                   coalesce(span && tstzrange($8::timestamptz, $9::timestamptz), false)
                   AND ($4::text IS NULL OR strpos(title, $4) > 0 OR strpos(place, $4) > 0
                        OR strpos(description, $4) > 0)
                   AND ($5 OR NOT is_cancelled) AS is_there
            FROM events
            WHERE user_id = $1
              AND account_id = series.account_id
              AND calendar_id = series.calendar_id
              AND recurring_event_id = series.event_id
            OFFSET 0
        ) AS exception
        WHERE is_there IS NOT TRUE
    )
    SELECT account_id, calendar_id, lower(span), upper(span), body
    FROM found",
    in_order!()
);

/// The primary key finds those of the person; the bounds are handed in all the same, and are null.
const EVENTS: &str = concat!(
    "
    SELECT account_id, calendar_id, lower(span), upper(span), body
    FROM events
    WHERE user_id = $1
      AND $8::timestamptz IS NULL
      AND $9::timestamptz IS NULL",
    wanted!(),
    in_order!()
);

/// By the primary keys of both.
const COUNTS: &str = "
    SELECT calendar.account_id, calendar.calendar_id, count(event.event_id) FILTER (WHERE NOT event.is_cancelled)
    FROM calendars AS calendar
    LEFT JOIN events AS event USING (user_id, account_id, calendar_id)
    WHERE calendar.user_id = $1
    GROUP BY calendar.account_id, calendar.calendar_id
    ORDER BY calendar.account_id, calendar.calendar_id";

/// Place, account, calendar, event, time, body.
type ChangeRow = (i64, String, String, String, DateTime<Utc>, Option<String>);

/// `changes_by_place` is read in its order, up to the limit.
const CHANGES: &str = "
    SELECT change.place, change.account_id, change.calendar_id, change.event_id, change.at, event.body
    FROM changes AS change
    LEFT JOIN events AS event USING (user_id, account_id, calendar_id, event_id)
    WHERE change.user_id = $1
      AND change.place > $2
    ORDER BY change.place
    LIMIT $3";

/// Accounts and calendars, side by side; those of others are left out.
pub(crate) fn calendars_of(user: &UserId, wanted: &[CalendarKey]) -> (Vec<String>, Vec<String>) {
    let own = wanted.iter().filter(|key| key.user == *user);
    own.map(|key| (key.account.to_string(), key.calendar.to_string())).unzip()
}

fn mirrored(user: &UserId, (account, calendar, start, end, body): Row) -> Result<MirroredEvent> {
    let event = parsed(&body)?;
    let key = calendar_key(user, (account, calendar)).event(event.id.clone());
    Ok(MirroredEvent { key, event, span: span(start, end) })
}

fn change(user: &UserId, (place, account, calendar, event, at, body): ChangeRow) -> Result<Change> {
    let key = calendar_key(user, (account, calendar)).event(EventId::from(event));
    let event = body.as_deref().map(parsed).transpose()?;
    Ok(Change { cursor: ChangeCursor(count(place)), key, event, at })
}

pub(crate) fn parsed(body: &str) -> Result<Arc<Event>> {
    serde_json::from_str(body).map(Arc::new).map_err(unreadable("event"))
}

fn unknown_event(key: &EventKey) -> Error {
    let message = format!(
        "event \"{}\" is not in the mirror of calendar \"{}\": it was deleted, or not synced yet",
        key.event, key.calendar
    );
    Error::new(ErrorKind::NotFound, message)
}
