//! Writes random recurrence rules and what we make of them to standard output, a JSON object a line, for
//! `against_dateutil.py` to check.

use std::io::{self, BufWriter, Write};

use chrono::{DateTime, NaiveDateTime, TimeDelta};
use clap::Parser;
use serde_json::json;
use theo_calendar::{
    recurrence::{OriginalStart, Recurrence, Series, UtcOnly, Zone},
    time::{EventTime, TimeRange},
};

mod case;

use case::Case;

/// Occurrences of one case that are compared, at most.
const MOST: usize = 40;

#[derive(Parser)]
struct Arguments {
    /// Rules to make.
    #[arg(long, default_value_t = 10_000)]
    count: u64,
    /// The same seed makes the same rules.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments = Arguments::parse();
    let mut rng = fastrand::Rng::with_seed(arguments.seed);
    let mut out = BufWriter::new(io::stdout().lock());
    for _ in 0..arguments.count {
        writeln!(out, "{}", answered(&Case::random(&mut rng))?)?;
    }
    Ok(())
}

/// The case with what we find in its window.
fn answered(case: &Case) -> Result<serde_json::Value, Box<dyn std::error::Error>> {
    let recurrence = Recurrence::parse(&[format!("RRULE:{}", case.rule)])?;
    let time = |second: i64| Ok::<_, Box<dyn std::error::Error>>(EventTime::local(wall(second)?, "UTC"));
    let (start, end) = (time(case.start)?, time(case.start + 1)?);
    let series = Series::new(&recurrence, &start, &end, &Zone::utc(), &UtcOnly)?;
    let mut to = case.to;
    let mut occurrences = series.occurrences(&TimeRange::new(
        wall(case.from)?.and_utc(),
        wall(case.from)?.and_utc() + TimeDelta::seconds(to - case.from),
    )?);
    let mut found = Vec::new();
    for one in occurrences.by_ref() {
        let OriginalStart::Instant(start) = one.original_start else { continue };
        if found.len() == MOST {
            to = start.timestamp();
            break;
        }
        found.push(start.timestamp());
    }
    Ok(json!({
        "rule": case.rule,
        "start": case.start,
        "from": case.from,
        "to": to,
        "found": found,
        "truncated": occurrences.is_truncated(),
    }))
}

fn wall(second: i64) -> Result<NaiveDateTime, &'static str> {
    Ok(DateTime::from_timestamp(second, 0).ok_or("a time out of range")?.naive_utc())
}
