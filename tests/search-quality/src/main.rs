//! Measures search with a real model, prints the figures, and fails when they are below what they must be.
//!
//! `search-quality [--misses]`: needs `THEO_EMBEDDINGS_URL`, a server of all-MiniLM-L6-v2, and `THEO_TEST_DATABASE_URL`;
//! `make search` starts both. With `--misses` it also lists what hybrid search did not find.

use std::{
    env,
    error::Error,
    io::{self, Write},
    process::ExitCode,
    sync::Arc,
    time::{Duration, Instant},
};

use search_quality::{
    limits,
    remembered::Remembered,
    report,
    run::{Run, unfiltered},
    scenario::{self, Episode},
    world::World,
};
use sqlx::Executor;
use theo_calendar::{
    CalendarService,
    http::ReqwestClient,
    search::{Embedder, HttpEmbedder},
    storage::MemoryStore,
    time::{SystemClock, TokioTimer},
};
use theo_calendar_postgres::testing::FreshDatabase;

type Outcome<T> = Result<T, Box<dyn Error>>;

const MODEL: &str = "all-MiniLM-L6-v2";
const DIMENSIONS: usize = 384;

#[tokio::main]
async fn main() -> ExitCode {
    match measure(env::args().any(|argument| argument == "--misses")).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(io::stderr(), "error: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn measure(misses: bool) -> Outcome<()> {
    let life = scenario::life();
    let world = World::of(&life)?;
    let model = Arc::new(Remembered::new(model()?));

    let database = FreshDatabase::migrated().await;
    let service = world.mirrored(Arc::new(database.store()), model.clone()).await?;
    let start = Instant::now();
    embed(&service, &life).await?;
    let (embedding, of_events) = (start.elapsed(), model.asked());
    Run::of(&service).await?; // The model is asked for the queries, and the caches are warm from here on.
    let of_queries = model.asked();
    let run = Run::of(&service).await?;

    let exact = unfiltered(&service).await?;
    let (building, indexed) = by_index(&database, &service).await?;
    let in_memory = in_memory(&world, &model, &life).await?;

    let mut out = io::stdout().lock();
    writeln!(
        out,
        "{} events in three calendars, {} queries with labels, {MODEL}.\n",
        life.len(),
        run.answers.len()
    )?;
    write!(
        out,
        "{}\n{}",
        report::quality(&run, &life),
        report::speed(&run, embedding, of_events, of_queries)
    )?;
    write!(out, "{}", report::index(&exact, &indexed, building))?;
    let (same, searches) = (run.same_as(&in_memory), run.searches());
    writeln!(out, "In memory {same} of {searches} searches gave the same hits in the same order.")?;
    if misses {
        write!(out, "{}", report::misses(&run, &life))?;
    }
    let broken = limits::broken(&run, &in_memory, &exact, &indexed, &life);
    if broken.is_empty() {
        Ok(())
    } else {
        Err(format!("search is worse than it must be: {}", broken.join("; ")).into())
    }
}

fn model() -> Outcome<HttpEmbedder> {
    let url = env::var("THEO_EMBEDDINGS_URL")
        .map_err(|_| "THEO_EMBEDDINGS_URL names no server of embeddings: run make search")?;
    let http = ReqwestClient::new()?;
    Ok(HttpEmbedder::new(http, SystemClock, TokioTimer, &url.parse()?, MODEL, DIMENSIONS)?)
}

/// Ticks until all of it is embedded.
async fn embed(service: &CalendarService, life: &[Episode]) -> Outcome<()> {
    let mut embedded = 0;
    while embedded < life.len() {
        let tick = service.embed_due(1).await?;
        if let Some((_, error)) = tick.failures.into_iter().next() {
            return Err(error.into());
        }
        if tick.embedded == 0 {
            return Err(format!(
                "{embedded} of {} events were embedded, and a tick finds no more",
                life.len()
            )
            .into());
        }
        embedded += usize::try_from(tick.embedded)?;
    }
    Ok(())
}

/// What the approximate index finds, and how long it took to build; for so few events search would not use it.
async fn by_index(
    database: &FreshDatabase,
    service: &CalendarService,
) -> Outcome<(Duration, Vec<Vec<String>>)> {
    let start = Instant::now();
    database.superuser().await.execute(AS_IF_MANY).await?;
    database.store().index_embeddings(MODEL, DIMENSIONS).await?;
    let building = start.elapsed();
    Ok((building, unfiltered(service).await?))
}

async fn in_memory(world: &World, model: &Arc<Remembered>, life: &[Episode]) -> Outcome<Run> {
    let store = Arc::new(MemoryStore::new(Arc::new(SystemClock)));
    let model: Arc<dyn Embedder> = model.clone();
    let service = world.mirrored(store, model).await?;
    embed(&service, life).await?;
    Ok(Run::of(&service).await?)
}

/// As it is for people with more than 20,000 embedded events.
const AS_IF_MANY: &str = "
    UPDATE embedding_progress SET is_indexed = true;
    UPDATE embeddings SET is_indexed = true";
