//! `make workers`: how fast 1, 2 and 4 worker processes are together, and whether they keep what they promise.

use std::{
    io::{self, Write},
    path::PathBuf,
    time::Duration,
};

use clap::Parser;
use workers::Crowd;

/// Mirrors everybody's calendars, changes each, notifies of each, and counts what Google was asked.
#[derive(Parser)]
struct Arguments {
    /// How many people, each with one calendar.
    #[arg(long, default_value_t = 1000)]
    people: usize,
    /// How many events each has.
    #[arg(long, default_value_t = 200)]
    events: usize,
    /// How many worker processes: one run for each number.
    #[arg(long, value_delimiter = ',', default_values_t = [1, 2, 4])]
    workers: Vec<usize>,
    /// Calls of each person in any minute.
    #[arg(long, default_value_t = theo_calendar::client::REQUESTS_PER_USER_PER_MINUTE)]
    per_person: u32,
    /// Calls of all of them in any minute.
    #[arg(long, default_value_t = theo_calendar::client::REQUESTS_PER_PROJECT_PER_MINUTE)]
    per_project: u32,
}

#[tokio::main]
async fn main() -> io::Result<()> {
    let arguments = Arguments::parse();
    let mut kept = true;
    for &count in &arguments.workers {
        kept &= run(&arguments, count).await?;
    }
    if kept { Ok(()) } else { Err(io::Error::other("a promise was broken")) }
}

/// One run; whether every promise was kept.
async fn run(arguments: &Arguments, count: usize) -> io::Result<bool> {
    let mut out = io::stdout();
    let Arguments { people, events, per_person, per_project, .. } = *arguments;
    let mut crowd = Crowd::new(people, events, &worker_program()?).await;
    let workers: Vec<_> = (1..=count)
        .map(|number| {
            let arguments = crowd.arguments(&format!("worker {number}"));
            crowd.worker(&workers::WorkerArguments { per_person, per_project, ..arguments })
        })
        .collect();

    let mirrored = crowd.mirror().await;
    let mirrored_events = crowd.events().await;
    let first = crowd.busiest();
    writeln!(
        out,
        "{count} workers mirrored {people} calendars, {mirrored_events} events in {:.1} s: {:.0} calendars/s, {:.0} events/s",
        mirrored.as_secs_f64(),
        per_second(people, mirrored),
        mirrored_events as f64 / mirrored.as_secs_f64(),
    )?;
    // The first minute's calls count in the second's windows too.
    let before = crowd.google.request_log();
    crowd.google.reset_books();
    crowd.change();
    let followed = crowd.follow(Duration::ZERO).await;
    let listings = crowd.listings();
    let both: Vec<_> = before.into_iter().chain(crowd.google.request_log()).collect();
    let busiest = workers::Busiest::of(&both);
    let ended_well = workers.into_iter().map(workers::WorkerProcess::stop).fold(true, |all, one| all & one);
    writeln!(
        out,
        "{count} workers followed one notification of each calendar in {:.1} s: {:.0} calendars/s; listings by number of calls: {listings:?}",
        followed.as_secs_f64(),
        per_second(people, followed),
    )?;
    writeln!(
        out,
        "{count} workers, busiest minute at Google: {} of {per_project} for the project, {} of {per_person} for a person (first mirror {}); workers ended well: {ended_well}",
        busiest.project, busiest.person, first.project,
    )?;
    let exact = listings.len() == 1 && listings.get(&1) == Some(&people);
    let quota = busiest.project <= per_project as usize && busiest.person <= per_person as usize;
    Ok(exact && quota && ended_well)
}

fn per_second(count: usize, took: Duration) -> f64 {
    count as f64 / took.as_secs_f64()
}

/// The program `worker`, which is built beside this one.
fn worker_program() -> io::Result<PathBuf> {
    Ok(std::env::current_exe()?.with_file_name("worker"))
}
