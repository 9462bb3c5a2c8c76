//! The jobs that the clock makes: each, once taken, is its tick.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{path::Path, sync::Arc, time::Duration};

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use fake_google::{Fault, FaultKind};
use serde_json::json;
use theo_calendar::{
    CalendarService, Result,
    approval::{Action, ActionRequest, Approval, ApprovalState, Decision, Principal},
    client::{CalendarClient, RateLimits},
    recurrence::Tzdb,
    search::{Embedder, Embedding},
    storage::EmbeddingStore,
    sync::SyncResource,
    time::{Clock, SystemClock},
};
use theo_calendar_postgres::{Worker, WorkerOptions};
use tokio::{sync::oneshot, task::JoinHandle, time::sleep};
use workers::{Crowd, account, client, service};

const MODEL: &str = "constant";

/// A model to which all texts are the same.
struct Constant;

#[async_trait]
impl Embedder for Constant {
    fn model(&self) -> &str {
        MODEL
    }

    fn dimensions(&self) -> usize {
        2
    }

    async fn embed(&self, texts: &[String]) -> Result<Vec<Embedding>> {
        Ok(texts.iter().map(|_| vec![1.0, 0.0]).collect())
    }
}

/// Sixty days ago.
struct LongAgo;

impl Clock for LongAgo {
    fn now(&self) -> DateTime<Utc> {
        SystemClock.now() - TimeDelta::days(60)
    }
}

/// Asked by an agent, long ago.
async fn asked(then: &CalendarService) -> Approval {
    let person = account(0);
    let draft = serde_json::from_value(json!({
        "summary": "Lunch",
        "start": { "dateTime": "2026-06-01T12:00:00Z" },
        "end": { "dateTime": "2026-06-01T13:00:00Z" },
    }));
    let calendar = person.calendar(person.account.as_str());
    let action = Action::Create { calendar, draft: Box::new(draft.unwrap()) };
    let agent = Principal::Agent { user: person.user, name: "theo".to_owned() };
    then.request(&agent, ActionRequest::new(action)).await.unwrap()
}

/// The approval, once it has left `state`.
async fn ended(service: &CalendarService, approval: &Approval, state: ApprovalState) -> ApprovalState {
    for _ in 0..600 {
        let now = service.approval(&approval.user, &approval.id).await.unwrap().state;
        if now != state {
            return now;
        }
        sleep(Duration::from_millis(50)).await;
    }
    state
}

/// A worker in this process, until it is told to stop.
fn start(service: &CalendarService, crowd: &Crowd) -> (oneshot::Sender<()>, JoinHandle<Result<()>>) {
    let worker = Worker::new(service.clone(), crowd.store.clone(), WorkerOptions::new("worker"));
    let (stop, stopped) = oneshot::channel();
    (stop, tokio::spawn(async move { worker.run(async { drop(stopped.await) }).await }))
}

async fn add(crowd: &Crowd, job: &str) {
    let query = sqlx::query("SELECT theo_jobs.add_job($1, payload => '{}'::json)").bind(job.to_owned());
    query.execute(&mut crowd.superuser().await).await.unwrap();
}

/// Issue 3: what stands in the table of times is done, whichever worker takes it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn jobs_of_the_clock_expire_reconcile_embed_and_renew() {
    let crowd = Crowd::new(1, 3, Path::new("")).await;
    let user = account(0).user;
    let now = service(&crowd.store, crowd.google.url(), RateLimits::google(), "host");
    now.incremental_sync(&user).await.unwrap();
    let store = Arc::new(crowd.store.clone());
    let google: CalendarClient = client(&crowd.store, crowd.google.url(), RateLimits::google());
    let then = CalendarService::new(store, google, Arc::new(LongAgo), Arc::new(Tzdb), "long ago");

    let unanswered = asked(&then).await;
    let in_doubt = asked(&then).await;
    let person = Principal::User(user.clone());
    then.decide(&person, &in_doubt.id, Decision::Approve { notes: None }).await.unwrap();
    crowd.google.fault(Fault::always("events.get", FaultKind::DropBefore));
    crowd.google.fault(Fault::always("events.insert", FaultKind::DropAfter));
    let doubted = then.execute(&user, &in_doubt.id).await.unwrap();
    assert_eq!(doubted.state, ApprovalState::Unknown);
    crowd.google.clear_faults();

    let working = now.with_embedder(Arc::new(Constant)).with_webhooks("https://127.0.0.1:1/hook").unwrap();
    let (stop, running) = start(&working, &crowd);

    add(&crowd, "expire_due").await;
    assert_eq!(ended(&working, &unanswered, ApprovalState::Pending).await, ApprovalState::Expired);
    add(&crowd, "reconcile_due").await;
    assert_eq!(ended(&working, &in_doubt, ApprovalState::Unknown).await, ApprovalState::Executed);
    add(&crowd, "embed_due").await;
    add(&crowd, "renew_due").await;
    let mut seen = (false, 0);
    for _ in 0..600 {
        let embedded = crowd.store.embedding_status(&user, MODEL).await.unwrap().is_complete();
        seen = (embedded, crowd.google.channels().len());
        if seen.0 && seen.1 == 2 {
            break;
        }
        sleep(Duration::from_millis(50)).await;
    }
    assert!(seen.0 && seen.1 == 2, "everything embedded, open channels: {seen:?}");
    stop.send(()).unwrap();
    running.await.unwrap().unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_new_on_a_calendar_list_is_watched_at_once() {
    let mut crowd = Crowd::new(1, 3, Path::new("")).await;
    let service = service(&crowd.store, crowd.google.url(), RateLimits::google(), "host");
    let (stop, running) = start(&service.with_webhooks("https://127.0.0.1:1/hook").unwrap(), &crowd);

    crowd.mirror().await;
    crowd.until_idle().await;

    assert_eq!(crowd.google.channels().len(), 2, "the list and its calendar");
    stop.send(()).unwrap();
    running.await.unwrap().unwrap();
}

/// The queue keeps it for good otherwise: nobody tries it again, and nobody removes it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_job_that_was_replaced_while_it_ran_and_then_failed_is_removed() {
    let crowd = Crowd::new(1, 3, Path::new("")).await;
    let list = |number| SyncResource::CalendarList(account(number));
    let mut eye = crowd.superuser().await;
    crowd.notify(list, Duration::ZERO).await;
    sqlx::raw_sql(TAKEN).execute(&mut eye).await.unwrap();
    crowd.notify(list, Duration::ZERO).await;
    sqlx::raw_sql(GIVEN_BACK).execute(&mut eye).await.unwrap();
    let jobs: (i64, i64) = sqlx::query_as(JOBS).fetch_one(&mut eye).await.unwrap();
    assert_eq!(jobs, (2, 1), "jobs, and those never to be tried again");

    let (stop, running) =
        start(&service(&crowd.store, crowd.google.url(), RateLimits::google(), "host"), &crowd);
    add(&crowd, "tidy_queue").await;

    let mut left = jobs;
    for _ in 0..600 {
        left = sqlx::query_as(JOBS).fetch_one(&mut eye).await.unwrap();
        if left == (0, 0) {
            break;
        }
        sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(left, (0, 0));
    stop.send(()).unwrap();
    running.await.unwrap().unwrap();
}

const TAKEN: &str =
    "UPDATE theo_jobs._private_jobs SET locked_by = 'another', locked_at = now(), attempts = 1";

const GIVEN_BACK: &str = "
    SELECT theo_jobs._private_return_jobs('another', array_agg(id))
    FROM theo_jobs._private_jobs
    WHERE locked_by = 'another'";

const JOBS: &str = "
    SELECT count(*), count(*) FILTER (WHERE attempts >= max_attempts)
    FROM theo_jobs._private_jobs";
