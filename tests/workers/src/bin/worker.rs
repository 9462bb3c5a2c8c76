//! One worker process: works until its standard input ends.

use std::time::Duration;

use clap::Parser;
use theo_calendar::Result;
use theo_calendar_postgres::{PostgresStore, Worker, WorkerOptions, testing::FreshDatabase};
use tokio::io::{AsyncReadExt, stdin};
use workers::{WorkerArguments, service};

/// Keeps mirrors of everybody's calendars, together with all other workers on the database, until its standard input
/// ends.
#[derive(Parser)]
struct Arguments {
    #[command(flatten)]
    worker: WorkerArguments,
}

#[tokio::main]
async fn main() -> Result<()> {
    let arguments = Arguments::parse().worker;
    let store = PostgresStore::connect(&arguments.database_url, FreshDatabase::keys()).await?;
    let service = service(&store, &arguments.google, arguments.limits(), &arguments.name);
    let options = WorkerOptions {
        concurrency: arguments.concurrency,
        sweep_every: Duration::from_millis(arguments.sweep_millis),
        beat_every: Duration::from_millis(arguments.beat_millis),
        ..WorkerOptions::new(arguments.name)
    };
    let input_ends = async {
        let mut rest = Vec::new();
        // Whatever it says, and also when it cannot be read.
        let _ = stdin().read_to_end(&mut rest).await;
    };
    Worker::new(service, store, options).run(input_ends).await
}
