//! Rules that ask for more than anybody needs: what the worst of them takes.

use std::{
    env,
    hint::black_box,
    io::{self, Write},
    process::Command,
    time::{Duration, Instant},
};

use serde::Deserialize;
use theo_calendar::{
    recurrence::{Recurrence, Series, TimeZones, Tzdb},
    time::{EventTime, TimeRange},
};

use crate::{
    process::status,
    row::{Contender, FEW_ROUNDS, Row},
};

/// The word by which this program is asked to be the process whose memory is watched.
pub(crate) const MEMORY_OF_BOMBS_ROLE: &str = "--memory-of-bombs";

const NEW_YORK: &str = "America/New_York";

#[derive(Deserialize)]
struct Bomb {
    lines: Vec<String>,
}

pub(crate) fn row() -> Row {
    let bombs = bombs();
    let took = |bomb: &Bomb| (0..5).map(|_| expand(bomb)).min().unwrap_or_default();
    let worst = bombs.iter().max_by_key(|bomb| took(bomb)).expect("there are bombs");
    let shown: String = worst.lines[0].chars().take(60).collect();
    let count = bombs.len();
    let notes = vec![
        format!("the worst: `{shown}…`, {} lines", worst.lines.len()),
        format!("all of them, one after the other: {:.1} MB above the start", memory()),
    ];
    let worst = Bomb { lines: worst.lines.clone() };
    Row {
        work: format!("Read and expand the worst of {count} recurrence bombs over 9,999 years"),
        aim: "at most 10 ms and 8 MB, cut visibly",
        pieces: 1,
        rounds: FEW_ROUNDS,
        notes,
        contenders: vec![Contender::ours("theo-calendar, Series::occurrences", move || {
            black_box(expand(black_box(&worst)));
        })],
    }
}

/// Expands all of them, and prints what memory that took.
pub(crate) fn memory_of_bombs() -> io::Result<()> {
    let bombs = bombs();
    let before = status("VmRSS:")?;
    for bomb in &bombs {
        black_box(expand(bomb));
    }
    writeln!(io::stdout(), "{}", status("VmHWM:")?.saturating_sub(before))
}

/// What a process of its own says of it, in megabytes.
fn memory() -> f64 {
    let program = env::current_exe().expect("this program has a path");
    let answer = Command::new(program).arg(MEMORY_OF_BOMBS_ROLE).output().expect("it starts").stdout;
    let bytes: f64 = String::from_utf8_lossy(&answer).trim().parse().expect("it answers with a number");
    bytes / f64::from(1 << 20)
}

fn bombs() -> Vec<Bomb> {
    serde_json::from_str(include_str!("../../../recurrence/bombs.json")).expect("they are bombs")
}

/// From its lines to its last occurrence, all held at once as a host would.
fn expand(bomb: &Bomb) -> Duration {
    let started = Instant::now();
    let recurrence = Recurrence::parse(&bomb.lines).expect("it is a rule");
    let start = EventTime::local("2000-01-01T00:00:00".parse().expect("it is a time"), NEW_YORK);
    let zone = Tzdb.known(NEW_YORK).expect("it is a zone");
    let series = Series::new(&recurrence, &start, &start, zone, &Tzdb).expect("it is a series");
    let at = |text: &str| text.parse().expect("it is a time");
    let ages = TimeRange::new(at("0001-01-01T00:00:00Z"), at("9999-12-31T00:00:00Z"));
    let ages = ages.expect("it is not empty");
    black_box(series.occurrences(&ages).collect::<Vec<_>>());
    started.elapsed()
}
