//! Search: by an approximate index as by comparing, and over events from before there was any.

use std::{sync::Arc, time::Duration};

use sqlx::PgConnection;
use theo_calendar::{
    Result,
    id::CalendarKey,
    model::{Event, Person},
    search::{Embedding, words},
    storage::{
        ChangeCursor, EmbeddingPage, EmbeddingProgress, EmbeddingRow, EmbeddingStore, EventRow, EventStore,
        Fence, LeaseStore, Listing, SearchFilter, SearchStore, SyncPage, VectorQuery, WordQuery,
    },
    sync::{QueryFingerprint, SyncResource, SyncState},
    time::{EventTime, TimeRange},
};
use theo_calendar_postgres::{PostgresStore, testing::FreshDatabase};

use crate::feed::calendar_of;

const DIMENSIONS: usize = 16;

#[tokio::test]
async fn the_index_finds_what_comparing_finds() -> Result<()> {
    let comparing = FreshDatabase::migrated().await.store();
    let indexing = comparing.clone().exact_up_to(100);
    // Of bob there are few: he is compared, and does not stand in the index.
    for (user, events) in [("ada", 400), ("eve", 300), ("bob", 50)] {
        let (calendar, fence) = calendar_of(&comparing, user).await?;
        bring(&comparing, &calendar, &fence, (0..events).map(|n| event(&format!("e{n:03}")))).await?;
        embed(&comparing, &calendar, "compared", 0..events).await?;
        embed(&indexing, &calendar, "in an index", 0..events / 2).await?;
        embed(&indexing, &calendar, "in an index", events / 2..events).await?;
    }
    indexing.index_embeddings("in an index", DIMENSIONS).await?;
    indexing.index_embeddings("in an index", DIMENSIONS).await?;

    for user in ["ada", "eve", "bob"] {
        for n in 0..10 {
            let near = async |store: &PostgresStore, model: &str| {
                let query = VectorQuery {
                    model: model.into(),
                    vector: vector(1_000 + n),
                    filter: SearchFilter::default(),
                    limit: 20,
                };
                store.nearest(&user.into(), &query).await
            };
            let compared = near(&comparing, "compared").await?;
            assert_eq!(compared.len(), 20);
            assert_eq!(near(&indexing, "in an index").await?, compared, "{user}, query {n}");
        }
    }
    Ok(())
}

#[tokio::test]
async fn an_event_that_goes_leaves_the_index() -> Result<()> {
    let store = FreshDatabase::migrated().await.store().exact_up_to(10);
    let (calendar, fence) = calendar_of(&store, "ada").await?;
    bring(&store, &calendar, &fence, (0..40).map(|n| event(&format!("e{n:03}")))).await?;
    embed(&store, &calendar, "it's \\ a model", 0..40).await?;
    store.index_embeddings("it's \\ a model", DIMENSIONS).await?;
    let query = VectorQuery {
        model: "it's \\ a model".into(),
        vector: vector(7),
        filter: SearchFilter { calendars: Some(vec![calendar.clone()]), ..SearchFilter::default() },
        limit: 40,
    };
    let before = store.nearest(&calendar.user, &query).await?;
    assert_eq!((before.len(), before[0].key.event.as_str()), (40, "e007"));

    let deletions = vec!["e007".into()];
    store.commit_page(&SyncPage { deletions, ..page(&calendar, &fence) }).await?;

    let after = store.nearest(&calendar.user, &query).await?;
    assert_eq!(after, before[1..]);
    Ok(())
}

#[tokio::test]
async fn events_from_before_there_was_search_are_found_after_migrating() -> Result<()> {
    let database = FreshDatabase::migrated().await;
    let store = database.store();
    let (calendar, fence) = calendar_of(&store, "ada").await?;
    let start: chrono::DateTime<chrono::Utc> = "2025-03-28T10:00:00Z".parse().expect("a time");
    let lunch = Event {
        summary: Some("Lunch \0 with Bob".into()),
        organizer: Some(Person { email: Some("Bob@example.com".into()), ..Person::default() }),
        start: Some(EventTime::at(start)),
        recurrence: Some(vec!["RRULE:FREQ=WEEKLY;UNTIL=20250404T100000Z".into()]),
        ..Event::new("lunch")
    };
    bring(&store, &calendar, &fence, (0..1_200).map(|n| event(&format!("e{n:04}"))).chain([lunch])).await?;
    let found = async |attendee: Option<&str>, days: i64| -> Result<usize> {
        let start = start + chrono::TimeDelta::days(days);
        let range = Some(TimeRange::new(start, start + chrono::TimeDelta::hours(1))?);
        let filter = SearchFilter { range, attendee: attendee.map(Into::into), calendars: None };
        let query = WordQuery { words: words("lunch").collect(), filter, limit: 10 };
        Ok(store.matching(&calendar.user, &query).await?.len())
    };
    let all = async || -> Result<[usize; 4]> {
        let bob = Some("bob@example.com");
        Ok([
            found(None, 0).await?,
            found(bob, 7).await?,
            found(Some("eve@example.com"), 0).await?,
            found(None, 8).await?,
        ])
    };
    assert_eq!(all().await?, [1, 1, 0, 0]);
    let mut superuser = database.superuser().await;
    let as_before = "ALTER TABLE events ALTER COLUMN words DROP NOT NULL, ALTER COLUMN words DROP DEFAULT;
        UPDATE events SET words = NULL, people = '{}', reach_from = NULL, reach_until = NULL";
    sqlx::raw_sql(as_before).execute(&mut superuser).await.expect("a superuser may");
    assert_eq!(all().await?, [0, 0, 0, 0]);

    store.migrate().await?;

    assert_eq!(all().await?, [1, 1, 0, 0]);
    assert_eq!(empty_and_forced(&mut superuser).await, (0, true));
    Ok(())
}

/// Events without words, and whether row-level security binds the owner.
async fn empty_and_forced(superuser: &mut PgConnection) -> (i64, bool) {
    let query = "SELECT (SELECT count(*) FROM events WHERE words IS NULL), relforcerowsecurity
        FROM pg_class WHERE oid = 'events'::regclass";
    sqlx::query_as(query).fetch_one(superuser).await.expect("it can be asked")
}

async fn bring(
    store: &PostgresStore,
    calendar: &CalendarKey,
    fence: &Fence,
    events: impl Iterator<Item = Event>,
) -> Result<()> {
    let events = events.map(|event| EventRow { event: Arc::new(event), span: None }).collect();
    store.commit_page(&SyncPage { events, ..page(calendar, fence) }).await?;
    Ok(())
}

async fn embed(
    store: &PostgresStore,
    calendar: &CalendarKey,
    model: &str,
    numbers: std::ops::Range<u32>,
) -> Result<()> {
    let name = format!("embed {} {model}", calendar.user);
    let lease = store.acquire(&name, "test", Duration::from_secs(3600)).await?;
    let row = |n| EmbeddingRow {
        key: calendar.event(format!("e{n:03}")),
        content_hash: [1; 32],
        embedding: Some(vector(n)),
    };
    let page = EmbeddingPage {
        user: calendar.user.clone(),
        model: model.into(),
        dimensions: DIMENSIONS,
        rows: numbers.map(row).collect(),
        removed: Vec::new(),
        progress: EmbeddingProgress { place: ChangeCursor(1), caught_up: true, failures: 0, retry_at: None },
        fence: lease.expect("nobody holds it").fence,
    };
    store.commit_embeddings(&page).await
}

/// A direction that looks like chance and is the same each time.
fn vector(number: u32) -> Embedding {
    let mut state = u64::from(number) + 1;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        f32::from(u16::try_from(state >> 48).unwrap_or_default()) / f32::from(u16::MAX) - 0.5
    };
    (0..DIMENSIONS + 4).map(|_| next()).skip(4).collect()
}

fn event(id: &str) -> Event {
    Event { summary: Some(format!("Meeting {id}").into()), ..Event::new(id) }
}

fn page(calendar: &CalendarKey, fence: &Fence) -> SyncPage {
    let resource = SyncResource::Events(calendar.clone());
    SyncPage {
        calendar: calendar.clone(),
        events: Vec::new(),
        deletions: Vec::new(),
        quarantined: Vec::new(),
        listing: Listing::Delta,
        state: SyncState::new(resource, QueryFingerprint("q".into())),
        fence: fence.clone(),
    }
}
