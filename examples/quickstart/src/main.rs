//! The main job from end to end: sync, conflict, approval, execution, sync back, over real HTTP.
//!
//! `cargo run -p quickstart -- --help` lists the options.

mod arguments;
mod clock;
mod google;
mod job;
mod mirror;
mod report;
mod terminal;

use std::{
    error::Error,
    io::{self, Write},
    process::ExitCode,
};

use clap::Parser;

use crate::{arguments::Arguments, terminal::Terminal};

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match run(&arguments).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Where even standard error is gone, the exit code says it.
            let _ = writeln!(io::stderr(), "error: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: &Arguments) -> Result<(), Box<dyn Error>> {
    let terminal = Terminal::new(arguments.json);
    let report = tokio::select! {
        report = job::run(arguments, &terminal) => report?,
        // The job is dropped in an orderly way: a Google of its own puts its calendars away.
        interrupted = tokio::signal::ctrl_c() => {
            interrupted?;
            return Err("interrupted before the job was done".into());
        }
    };
    if arguments.json {
        let mut stdout = io::stdout();
        serde_json::to_writer_pretty(&mut stdout, &report)?;
        writeln!(stdout)?;
    }
    Ok(())
}
