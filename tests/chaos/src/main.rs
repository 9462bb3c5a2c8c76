//! `chaos --rounds N [--seed S]`: kills workers and PostgreSQL, N times, and checks after each that all invariants hold.

use std::process::ExitCode;

use chaos::{Options, WorkerArguments};
use clap::{Parser, Subcommand};

/// Kills workers and PostgreSQL at random moments of real work, and checks after each that nothing was lost, done twice
/// or seen by another.
#[derive(Debug, Parser)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    options: Options,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// A worker, to be killed: what this program starts.
    Worker(WorkerArguments),
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match arguments.command {
        Some(Command::Worker(arguments)) => chaos::work(arguments).await,
        None => chaos::run(arguments.options).await,
    }
}
