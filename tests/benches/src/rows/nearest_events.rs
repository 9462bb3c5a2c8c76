//! A person's events nearest to a question, among those of many people.

use std::{cell::Cell, rc::Rc};

use fastrand::Rng;
use pgvector::Vector;
use sqlx::PgPool;
use theo_calendar::{
    id::UserId,
    storage::{SearchFilter, SearchStore, VectorQuery},
};
use theo_calendar_postgres::PostgresStore;

use crate::{
    database::{Database, run, wait},
    row::{Contender, ROUNDS, Row},
};

const DIMENSIONS: usize = 384;
const MODEL: &str = "benches";

/// How many events people have: 70,000 in all.
const PEOPLE: [(usize, &str); 3] = [(90, "small"), (1, "middle"), (1, "large")];
const SMALL: usize = 500;
const MIDDLE: usize = 5_000;
const LARGE: usize = 20_000;

/// Questions that are asked in turn, and hits of each.
const QUESTIONS: usize = 50;
const HITS: usize = 10;

pub(crate) fn row() -> Row {
    let database = Database::new();
    let mut rng = Rng::with_seed(5);
    let topics: Vec<Vec<f32>> = (0..200).map(|_| direction(&mut rng, None)).collect();
    let pool = database.rivals();
    wait(plant(&database, &topics, &mut rng));
    let questions: Rc<[Vector]> =
        (0..QUESTIONS).map(|number| direction(&mut rng, Some(&topics[number * 3])).into()).collect();

    let store = database.store();
    let ways = [Way::Exact, Way::Hnsw, Way::HnswIterative];
    let mut notes = Vec::new();
    for (name, user, events) in
        [("500", "small 1", SMALL), ("5,000", "middle 1", MIDDLE), ("20,000", "large 1", LARGE)]
    {
        let exact: Vec<Vec<String>> =
            questions.iter().map(|question| wait(by_hand(&pool, Way::Exact, user, question))).collect();
        assert!(exact.iter().all(|hits| hits.len() == HITS.min(events)));
        let ours: Vec<Vec<String>> =
            questions.iter().map(|question| wait(by_us(&store, user, question))).collect();
        let [_, hnsw, iterative] = ways.map(|way| {
            let hits: Vec<_> =
                questions.iter().map(|question| wait(by_hand(&pool, way, user, question))).collect();
            recall(&hits, &exact)
        });
        notes.push(format!(
            "recall@{HITS} of a person with {name} events: **ours {:.3}**, HNSW as it comes {hnsw:.3}, HNSW with iterative scan {iterative:.3}",
            recall(&ours, &exact)
        ));
    }
    let ours = |user: &'static str| {
        let (store, next) = (store.clone(), turns(&questions));
        move || drop(wait(by_us(&store, user, &next())))
    };
    let rival = |way: Way| {
        let (pool, next) = (pool.clone(), turns(&questions));
        move || drop(wait(by_hand(&pool, way, "middle 1", &next())))
    };
    Row {
        work: format!(
            "Find the {HITS} events nearest to a question of a person's, among 70,000 × {DIMENSIONS} in PostgreSQL"
        ),
        aim: "recall at least 0.99 at 2 ms for people of up to 5,000 events",
        pieces: 1,
        rounds: ROUNDS,
        contenders: vec![
            Contender::ours("theo-calendar, 5,000 events of their own", ours("middle 1")),
            Contender::rival("theo-calendar, 500 events", ours("small 1")),
            Contender::rival("theo-calendar, 20,000 events", ours("large 1")),
            Contender::rival("exact by btree, 32-bit vectors, 5,000", rival(Way::Exact)),
            Contender::rival("HNSW as it comes, 5,000", rival(Way::Hnsw)),
            Contender::rival("HNSW with iterative scan, 5,000", rival(Way::HnswIterative)),
        ],
        notes,
    }
}

/// Gives the questions one after the other, for ever.
fn turns(questions: &Rc<[Vector]>) -> impl Fn() -> Vector + use<> {
    let (questions, turn) = (Rc::clone(questions), Cell::new(0));
    move || {
        turn.set((turn.get() + 1) % questions.len());
        questions[turn.get()].clone()
    }
}

/// A vector of length one, near `topic` where there is one: texts of a kind lie together.
fn direction(rng: &mut Rng, topic: Option<&Vec<f32>>) -> Vec<f32> {
    let mut vector: Vec<f32> = (0..DIMENSIONS).map(|_| rng.f32() - 0.5).collect();
    if let Some(topic) = topic {
        vector.iter_mut().zip(topic).for_each(|(number, topic)| *number = 0.06 * *number + topic);
    }
    let length = vector.iter().map(|number| number * number).sum::<f32>().sqrt();
    vector.iter_mut().for_each(|number| *number /= length);
    vector
}

async fn plant(database: &Database, topics: &[Vec<f32>], rng: &mut Rng) {
    let mut superuser = database.superuser().await;
    run(&mut superuser, RIVALS).await;
    for (people, kind) in PEOPLE {
        let events = match kind {
            "small" => SMALL,
            "middle" => MIDDLE,
            _ => LARGE,
        };
        for person in 1..=people {
            let user = format!("{kind} {person}");
            for statement in PERSON {
                let query = sqlx::query(statement).bind(&user).bind(MODEL).bind(DIMENSIONS as i32);
                query.execute(&mut superuser).await.expect("the person is planted");
            }
            let vectors: Vec<Vector> =
                (0..events).map(|_| direction(rng, rng.clone().choice(topics)).into()).collect();
            for (page, vectors) in vectors.chunks(SMALL).enumerate() {
                let ids: Vec<String> =
                    (0..vectors.len()).map(|number| format!("event{page}x{number}")).collect();
                for statement in [EVENTS, EMBEDDINGS, RIVAL_VECTORS] {
                    let query = sqlx::query(statement).bind(&user).bind(MODEL).bind(&ids).bind(vectors);
                    query.execute(&mut superuser).await.expect("the events are planted");
                }
            }
        }
    }
    run(&mut superuser, INDEXES).await;
}

const RIVALS: &str = "
    CREATE TABLE rival_exact (user_id text, event_id text, embedding vector(384));
    CREATE TABLE rival_hnsw (user_id text, event_id text, embedding vector(384));
    GRANT ALL ON rival_exact, rival_hnsw TO PUBLIC";

const INDEXES: &str = "
    CREATE INDEX ON rival_exact (user_id);
    INSERT INTO rival_hnsw SELECT * FROM rival_exact;
    SET maintenance_work_mem = '512MB';
    CREATE INDEX ON rival_hnsw USING hnsw (embedding vector_cosine_ops);
    ANALYZE";

const PERSON: [&str; 3] = [
    "INSERT INTO tenants (user_id) VALUES ($1 || left($2, 0) || left($3::int::text, 0))",
    "INSERT INTO calendars (user_id, account_id, calendar_id, is_primary, generation, entry)
     SELECT $1, 'a', 'c', true, 0, '{}' WHERE $2 <> '' AND $3::int > 0",
    "INSERT INTO embedding_progress (user_id, model, dimensions, place, caught_up, failures, stored_at)
     VALUES ($1, $2, $3, 0, true, 0, now())",
];

const EVENTS: &str = "
    INSERT INTO events (user_id, account_id, calendar_id, event_id, is_cancelled, generation, body)
    SELECT $1, 'a', 'c', id, false, 0, '{}'
    FROM UNNEST($3::text[]) AS id
    WHERE $2 <> '' AND array_length($4::vector[], 1) > 0";

const EMBEDDINGS: &str = "
    INSERT INTO embeddings (user_id, account_id, calendar_id, event_id, model, is_indexed, content_hash, embedding)
    SELECT $1, 'a', 'c', id, $2, false, sha256(id::bytea), vector::halfvec
    FROM UNNEST($3::text[], $4::vector[]) AS row (id, vector)";

const RIVAL_VECTORS: &str = "
    INSERT INTO rival_exact (user_id, event_id, embedding)
    SELECT $1, id, vector
    FROM UNNEST($3::text[], $4::vector[]) AS row (id, vector)
    WHERE $2 <> ''";

async fn by_us(store: &PostgresStore, user: &str, question: &Vector) -> Vec<String> {
    let query = VectorQuery {
        model: MODEL.to_owned(),
        vector: question.to_vec(),
        filter: SearchFilter::default(),
        limit: HITS,
    };
    let found = store.nearest(&UserId::from(user), &query).await.expect("the store searches");
    found.into_iter().map(|hit| hit.key.event.to_string()).collect()
}

/// How a rival finds them.
#[derive(Clone, Copy)]
enum Way {
    /// The rows of the person by a btree, each compared.
    Exact,
    /// The nearest of all people, those of the person kept.
    Hnsw,
    /// The same, looking on until there are enough.
    HnswIterative,
}

async fn by_hand(pool: &PgPool, way: Way, user: &str, question: &Vector) -> Vec<String> {
    let mut transaction = pool.begin().await.expect("a transaction begins");
    let (statement, setting) = match way {
        Way::Exact => (NEAREST_EXACT, "off"),
        Way::Hnsw => (NEAREST_HNSW, "off"),
        Way::HnswIterative => (NEAREST_HNSW, "strict_order"),
    };
    let settings = sqlx::query("SELECT set_config('hnsw.iterative_scan', $1, true)").bind(setting);
    settings.execute(&mut *transaction).await.expect("pgvector has it");
    let query = sqlx::query_scalar(statement).bind(user).bind(question).bind(HITS as i64);
    let found = query.fetch_all(&mut *transaction).await.expect("the database searches");
    transaction.commit().await.expect("it commits");
    found
}

const NEAREST_EXACT: &str = "
    SELECT event_id
    FROM rival_exact
    WHERE user_id = $1
    ORDER BY embedding <=> $2
    LIMIT $3";

const NEAREST_HNSW: &str = "
    SELECT event_id
    FROM rival_hnsw
    WHERE user_id = $1
    ORDER BY embedding <=> $2
    LIMIT $3";

/// The part of the exact hits that was found.
fn recall(found: &[Vec<String>], exact: &[Vec<String>]) -> f64 {
    let hits =
        found.iter().zip(exact).map(|(found, exact)| exact.iter().filter(|hit| found.contains(hit)).count());
    hits.sum::<usize>() as f64 / exact.iter().map(Vec::len).sum::<usize>() as f64
}
