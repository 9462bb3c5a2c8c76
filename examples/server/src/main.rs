//! The REST server as a program. `cargo run -p server -- --help` says how it is told what.

use std::{
    error::Error,
    io::{self, IsTerminal, Write},
    path::PathBuf,
    process::ExitCode,
};

use clap::{Parser, ValueEnum};
use server::host::{Server, Settings};
use tokio::signal::unix::{SignalKind, signal};
use tracing_subscriber::EnvFilter;

/// A local mirror of people's Google calendars over HTTP, and an agent's way to change them with their yes.
///
/// Without any variable it starts a Google of its own and keeps the mirror in memory. README.md lists the variables.
#[derive(Parser)]
struct Arguments {
    /// A file of NAME=value lines, for the variables that the environment does not say.
    #[arg(long, value_name = "FILE", env = "THEO_CONFIG")]
    config: Option<PathBuf>,
    /// What is logged, on standard error: a level, or levels by module.
    #[arg(
        long,
        value_name = "FILTER",
        env = "THEO_LOG",
        default_value = "info,sqlx=warn,graphile_worker=warn"
    )]
    log: EnvFilter,
    /// How it is logged.
    #[arg(long, value_name = "FORMAT", env = "THEO_LOG_FORMAT", default_value = "text")]
    log_format: LogFormat,
}

#[derive(Clone, Copy, ValueEnum)]
enum LogFormat {
    /// For people.
    Text,
    /// For programs: an object a line.
    Json,
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match run(arguments).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Where even standard error is gone, the exit code says it.
            let _ = writeln!(io::stderr(), "error: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: Arguments) -> Result<(), Box<dyn Error + Send + Sync>> {
    let settings = Settings::read(arguments.config.as_deref())?;
    let log = tracing_subscriber::fmt().with_env_filter(arguments.log).with_writer(io::stderr);
    let log = log.with_ansi(io::stderr().is_terminal());
    match arguments.log_format {
        LogFormat::Text => log.init(),
        LogFormat::Json => log.json().init(),
    }
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    let server = Server::start(settings).await?;
    writeln!(io::stdout(), "listening on {}", server.url())?;
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
    tracing::info!("stopping: what runs is finished first");
    server.stop().await
}
