//! Pages of events, from Google's bytes to rows of PostgreSQL.

use std::{cell::Cell, rc::Rc, sync::Arc};

use chrono::{DateTime, Utc};
use sqlx::{Connection, PgPool};
use theo_calendar::{
    google::EventsResponse,
    model::{Event, Text},
    recurrence::{TimeZones, Tzdb},
};

use crate::{
    database::{Database, run, wait},
    google_page,
    mirror::Calendar,
    row::{Contender, FEW_ROUNDS, Row},
};

/// Events on a page, and pages.
const PAGE: usize = 2_500;
const PAGES: u64 = 4;

/// Every round stores the events into a calendar that has none.
pub(crate) fn new() -> Row {
    row("new", true)
}

/// Every round stores the events that the calendar has already.
pub(crate) fn unchanged() -> Row {
    row("unchanged", false)
}

fn row(which: &str, are_new: bool) -> Row {
    let database = Database::new();
    let pages: Rc<[String]> = (0..PAGES).map(|number| google_page::page(PAGE, number + 100)).collect();
    let rows: Rc<[Vec<Plain>]> = pages.iter().map(|page| plain(page)).collect();
    let pool = database.rivals();
    let mut contenders = vec![ours(&database, &pages, are_new)];
    let mut rival = |name, way: Way| {
        let (pool, rows, calendar) = (pool.clone(), Rc::clone(&rows), calendars(name, are_new));
        let store = move || wait(store_pages(&pool, way, &calendar(), &rows));
        contenders.push(match way {
            Way::Copy => Contender::limit(name, store),
            _ => Contender::rival(name, store),
        });
    };
    rival("COPY to a temporary table, and merge", Way::CopyAndMerge);
    rival("upsert of 2,500 rows by UNNEST", Way::Unnest);
    rival("upsert a row, all in one transaction", Way::RowByRow);
    if are_new {
        rival("bare COPY", Way::Copy);
    }
    Row {
        work: format!("Store {} {which} events in PostgreSQL, in pages of {PAGE}", PAGE as u64 * PAGES),
        aim: "at least 0.8 × the speed of COPY and merge, though ours begins with Google's JSON and keeps the feed",
        pieces: 1,
        rounds: FEW_ROUNDS,
        notes: Vec::new(),
        contenders,
    }
}

/// What names the calendar of each round: another one, where the events are to be new.
fn calendars(name: &'static str, are_new: bool) -> impl Fn() -> String {
    let round = Cell::new(0);
    move || {
        if are_new {
            round.set(round.get() + 1);
        }
        format!("{name} {}", round.get())
    }
}

fn ours(database: &Database, pages: &Rc<[String]>, are_new: bool) -> Contender {
    let (store, pages, name) = (database.store(), Rc::clone(pages), calendars("ours", are_new));
    let kept = wait(Calendar::new(&store, "kept"));
    Contender::ours("theo-calendar, from Google's JSON", move || {
        wait(async {
            let fresh = if are_new { Some(Calendar::new(&store, &name()).await) } else { None };
            for page in &*pages {
                fresh.as_ref().unwrap_or(&kept).bring(&store, page.as_bytes()).await;
            }
        });
    })
}

/// A row with all columns made beforehand: reading Google's JSON is not in a rival's time.
struct Plain {
    id: String,
    etag: Option<String>,
    master: Option<String>,
    cancelled: bool,
    start: Option<DateTime<Utc>>,
    end: Option<DateTime<Utc>>,
    title: Option<String>,
    place: Option<String>,
    description: Option<String>,
    body: String,
}

fn plain(page: &str) -> Vec<Plain> {
    let zone = Tzdb.zone("Europe/Zurich").expect("there is Zurich");
    let events = EventsResponse::parse(page.as_bytes()).expect("it is a page").events;
    let plain = |event: Arc<Event>| {
        let span = event.span(zone, &Tzdb);
        let lower = |text: &Option<Text>| text.as_deref().map(str::to_lowercase);
        Plain {
            id: event.id.to_string(),
            etag: event.etag.as_ref().map(ToString::to_string),
            master: event.recurring_event_id.as_ref().map(ToString::to_string),
            cancelled: event.is_cancelled(),
            start: span.map(|span| span.start()),
            end: span.map(|span| span.end()),
            title: lower(&event.summary),
            place: lower(&event.location),
            description: lower(&event.description),
            body: serde_json::to_string(&*event).expect("an event can be written"),
        }
    };
    events.into_iter().map(|event| plain(Arc::new(event))).collect()
}

/// How a rival stores a page.
#[derive(Clone, Copy)]
enum Way {
    CopyAndMerge,
    Unnest,
    RowByRow,
    Copy,
}

async fn store_pages(pool: &PgPool, way: Way, calendar: &str, pages: &[Vec<Plain>]) {
    let mut connection = pool.acquire().await.expect("the database answers");
    for page in pages {
        let mut transaction = connection.begin().await.expect("a transaction begins");
        match way {
            Way::CopyAndMerge => {
                run(&mut *transaction, TEMPORARY).await;
                copy(&mut transaction, COPY_TO_TEMPORARY, calendar, page).await;
                run(&mut *transaction, MERGE).await;
            }
            Way::Copy => copy(&mut transaction, COPY, calendar, page).await,
            Way::Unnest => unnest(&mut transaction, calendar, page).await,
            Way::RowByRow => {
                for row in page {
                    unnest(&mut transaction, calendar, std::slice::from_ref(row)).await;
                }
            }
        }
        transaction.commit().await.expect("it commits");
    }
}

const TEMPORARY: &str = "
    CREATE TEMPORARY TABLE page (LIKE rival_events INCLUDING DEFAULTS) ON COMMIT DROP";

const COPY_TO_TEMPORARY: &str = "
    COPY page (user_id, account_id, calendar_id, event_id, etag, recurring_event_id, is_cancelled, span,
               title, place, description, generation, body)
    FROM STDIN";

const COPY: &str = "
    COPY rival_events (user_id, account_id, calendar_id, event_id, etag, recurring_event_id, is_cancelled, span,
                       title, place, description, generation, body)
    FROM STDIN";

const MERGE: &str = "
    INSERT INTO rival_events AS stored (
        user_id, account_id, calendar_id, event_id, etag, recurring_event_id, is_cancelled, span,
        title, place, description, generation, body
    )
    SELECT user_id, account_id, calendar_id, event_id, etag, recurring_event_id, is_cancelled, span,
           title, place, description, generation, body
    FROM page
    ON CONFLICT (user_id, account_id, calendar_id, event_id) DO UPDATE
    SET etag = excluded.etag,
        recurring_event_id = excluded.recurring_event_id,
        is_cancelled = excluded.is_cancelled,
        span = excluded.span,
        title = excluded.title,
        place = excluded.place,
        description = excluded.description,
        body = excluded.body
    WHERE stored.etag IS DISTINCT FROM excluded.etag";

async fn copy(to: &mut sqlx::PgConnection, statement: &str, calendar: &str, page: &[Plain]) {
    let mut text = String::new();
    for row in page {
        let span = row.start.zip(row.end).map(|(start, end)| format!("[{start:?},{end:?})"));
        let columns = [
            Some("ada"),
            Some("ada@example.com"),
            Some(calendar),
            Some(&row.id),
            row.etag.as_deref(),
            row.master.as_deref(),
            Some(if row.cancelled { "t" } else { "f" }),
            span.as_deref(),
            row.title.as_deref(),
            row.place.as_deref(),
            row.description.as_deref(),
            Some("0"),
            Some(&row.body),
        ];
        for (number, column) in columns.into_iter().enumerate() {
            if number > 0 {
                text.push('\t');
            }
            match column {
                None => text.push_str("\\N"),
                Some(value) => escape(value, &mut text),
            }
        }
        text.push('\n');
    }
    let mut copy = to.copy_in_raw(statement).await.expect("it takes rows");
    copy.send(text.as_bytes()).await.expect("it takes rows");
    copy.finish().await.expect("it takes all rows");
}

/// As PostgreSQL's documentation of COPY says for its text format.
fn escape(value: &str, text: &mut String) {
    for character in value.chars() {
        match character {
            '\\' => text.push_str("\\\\"),
            '\n' => text.push_str("\\n"),
            '\r' => text.push_str("\\r"),
            '\t' => text.push_str("\\t"),
            other => text.push(other),
        }
    }
}

const UNNEST: &str = "
    INSERT INTO rival_events AS stored (
        user_id, account_id, calendar_id, event_id, etag, recurring_event_id, is_cancelled, span,
        title, place, description, generation, body
    )
    SELECT 'ada', 'ada@example.com', $1, event_id, etag, recurring_event_id, is_cancelled,
           CASE WHEN starts_at IS NOT NULL THEN tstzrange(starts_at, ends_at) END,
           title, place, description, 0, body
    FROM UNNEST(
        $2::text[], $3::text[], $4::text[], $5::boolean[], $6::timestamptz[], $7::timestamptz[],
        $8::text[], $9::text[], $10::text[], $11::text[]
    ) AS page (
        event_id, etag, recurring_event_id, is_cancelled, starts_at, ends_at, title, place, description, body
    )
    ON CONFLICT (user_id, account_id, calendar_id, event_id) DO UPDATE
    SET etag = excluded.etag,
        recurring_event_id = excluded.recurring_event_id,
        is_cancelled = excluded.is_cancelled,
        span = excluded.span,
        title = excluded.title,
        place = excluded.place,
        description = excluded.description,
        body = excluded.body
    WHERE stored.etag IS DISTINCT FROM excluded.etag";

async fn unnest(to: &mut sqlx::PgConnection, calendar: &str, rows: &[Plain]) {
    let texts = |column: fn(&Plain) -> Option<&str>| rows.iter().map(column).collect::<Vec<_>>();
    let query = sqlx::query(UNNEST)
        .bind(calendar)
        .bind(texts(|row| Some(&row.id)))
        .bind(texts(|row| row.etag.as_deref()))
        .bind(texts(|row| row.master.as_deref()))
        .bind(rows.iter().map(|row| row.cancelled).collect::<Vec<_>>())
        .bind(rows.iter().map(|row| row.start).collect::<Vec<_>>())
        .bind(rows.iter().map(|row| row.end).collect::<Vec<_>>())
        .bind(texts(|row| row.title.as_deref()))
        .bind(texts(|row| row.place.as_deref()))
        .bind(texts(|row| row.description.as_deref()))
        .bind(texts(|row| Some(&row.body)));
    query.execute(to).await.expect("the rows are stored");
}
