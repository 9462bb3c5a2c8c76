//! A worker: the ticks, in a loop, as a host with a scheduler of its own calls them.

use std::{
    io::BufRead,
    process::ExitCode,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use clap::Args;
use theo_calendar::{
    Result,
    approval::{ApprovalState, Approvals},
    auth::{OAuthClient, RefreshingTokens},
    client::CalendarClient,
    http::ReqwestClient,
    id::UserId,
    recurrence::Tzdb,
    storage::{ApprovalQuery, Storage},
    sync::{SyncRunner, SyncSettings},
    time::TokioTimer,
};
use theo_calendar_postgres::{PostgresStore, testing::FreshDatabase};
use url::Url;

use crate::ShiftedClock;

/// The client that the grants of people are to.
pub(crate) const CLIENT: &str = "fake-client";

/// Small pages, so that a listing has many.
pub(crate) const EVENTS_PER_PAGE: u32 = 5;

/// What a worker is told.
#[derive(Args, Clone, Debug)]
pub struct WorkerArguments {
    /// Where the mirror is.
    #[arg(long)]
    pub database_url: Url,
    /// Where Google is.
    #[arg(long)]
    pub google: Url,
    /// Its name among the workers.
    #[arg(long)]
    pub name: String,
    /// Whom it works for.
    #[arg(long = "user")]
    pub users: Vec<String>,
    /// By how many seconds its clock is ahead.
    #[arg(long, default_value_t = 0, allow_negative_numbers = true)]
    pub ahead: i64,
    /// Syncs each user once, says what failed, and ends.
    #[arg(long)]
    pub once: bool,
}

impl WorkerArguments {
    /// The same, as a program is given them.
    pub(crate) fn as_arguments(&self) -> Vec<String> {
        let mut arguments = vec![
            format!("--database-url={}", self.database_url),
            format!("--google={}", self.google),
            format!("--name={}", self.name),
            format!("--ahead={}", self.ahead),
        ];
        arguments.extend(self.users.iter().map(|user| format!("--user={user}")));
        arguments.extend(self.once.then(|| "--once".to_owned()));
        arguments
    }
}

/// Works until standard input ends; each line of it sets the clock forward by so many seconds.
#[expect(clippy::print_stdout, reason = "what a worker is asked to say")]
pub async fn work(arguments: WorkerArguments) -> ExitCode {
    let clock = ShiftedClock::ahead(arguments.ahead);
    let is_over = obey(&clock);
    let store = loop {
        match PostgresStore::connect(arguments.database_url.as_str(), FreshDatabase::keys()).await {
            Ok(store) => break store,
            Err(_) if is_over.load(Ordering::Relaxed) => return ExitCode::FAILURE,
            // The server is just recovering.
            Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
        }
    };
    let worker = Worker::new(&arguments, Arc::new(store), clock);
    if arguments.once {
        for user in &worker.users {
            match worker.sync.incremental_sync(user).await {
                Ok(report) => {
                    for failed in report.failures {
                        println!("{user}: {}: {}", failed.failure.kind, failed.failure.message);
                    }
                }
                Err(error) => println!("{user}: {}: {error}", error.kind().code()),
            }
        }
        return ExitCode::SUCCESS;
    }
    while !is_over.load(Ordering::Relaxed) {
        worker.tick().await;
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    ExitCode::SUCCESS
}

/// Reads orders; the flag says that no more can come.
fn obey(clock: &ShiftedClock) -> Arc<AtomicBool> {
    let is_over = Arc::new(AtomicBool::new(false));
    let (clock, over) = (clock.clone(), is_over.clone());
    std::thread::spawn(move || {
        for line in std::io::stdin().lock().lines().map_while(Result::ok) {
            clock.pass(Duration::from_secs(line.parse().unwrap_or_default()));
        }
        over.store(true, Ordering::Relaxed);
    });
    is_over
}

struct Worker {
    store: Arc<dyn Storage>,
    sync: SyncRunner,
    approvals: Approvals,
    users: Vec<UserId>,
}

impl Worker {
    fn new(arguments: &WorkerArguments, store: Arc<dyn Storage>, clock: ShiftedClock) -> Self {
        let client = client(&arguments.google, store.clone(), &clock);
        let (clock, zones, name) = (Arc::new(clock), Arc::new(Tzdb), &*arguments.name);
        let sync = SyncRunner::new(store.clone(), client.clone(), clock.clone(), zones.clone(), name)
            .with_settings(settings());
        let approvals = Approvals::new(store.clone(), client, clock, zones, name);
        let users = arguments.users.iter().map(|user| UserId::from(&**user)).collect();
        Self { store, sync, approvals, users }
    }

    /// Whatever is due. What fails is tried again next time: it is said, and that is all.
    async fn tick(&self) {
        let sync = async { complain("sync", self.sync.sync_due(100).await.map(drop)) };
        let changes = async {
            complain("expire", self.approvals.expire_due(100).await.map(drop));
            complain("reconcile", self.approvals.reconcile_due(100).await.map(drop));
            for user in &self.users {
                complain("execute", self.execute_approved(user).await);
            }
        };
        futures_util::join!(sync, changes);
    }

    async fn execute_approved(&self, user: &UserId) -> Result<()> {
        let query = ApprovalQuery { states: vec![ApprovalState::Approved], ..ApprovalQuery::default() };
        for approval in self.store.approvals(user, &query).await? {
            complain("execute", self.approvals.execute(user, &approval.id).await.map(drop));
        }
        Ok(())
    }
}

/// How all workers work.
pub(crate) fn settings() -> SyncSettings {
    SyncSettings {
        events_per_page: EVENTS_PER_PAGE,
        poll_every: Duration::from_secs(2),
        ..SyncSettings::default()
    }
}

/// A client of Google whose tokens are in the store.
pub(crate) fn client(google: &Url, store: Arc<dyn Storage>, clock: &ShiftedClock) -> CalendarClient {
    let http = ReqwestClient::new().unwrap();
    let oauth = OAuthClient::google(CLIENT, None).under(google);
    let tokens = RefreshingTokens::new(http.clone(), store, clock.clone(), oauth).unwrap();
    CalendarClient::builder(http, tokens, clock.clone(), TokioTimer)
        .base_url(google.clone())
        .timeout(Duration::from_secs(20))
        .enable_rate_limiting(false)
        .build()
        .unwrap()
}

#[expect(clippy::print_stderr, reason = "what goes wrong, for whoever looks into it")]
fn complain(what: &str, done: Result<()>) {
    if let Err(error) = done {
        eprintln!("{what}: {}: {error}", error.kind().code());
    }
}
