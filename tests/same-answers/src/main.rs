//! What the core answers natively, for whoever must answer the same.
//!
//! `same-answers make` writes made-up calendars with questions, one JSON object a line; `same-answers answer` reads such
//! lines and writes the answers, a line for each question; `same-answers zones` writes every zone's changes of offset.

mod answer;
mod calendar;
mod zones;

use std::io::{self, BufWriter, Write};

use clap::Parser;

#[derive(Parser)]
enum Command {
    /// Calendars with questions, one a line.
    Make {
        /// How many.
        #[arg(long, default_value_t = 500)]
        calendars: u32,
        /// Which ones: the same seed makes the same.
        #[arg(long, default_value_t = 1)]
        seed: u64,
    },
    /// The answers to the lines of standard input.
    Answer,
    /// The changes of offset of the zones named on standard input, as their name and seconds.
    Zones,
}

fn main() -> io::Result<()> {
    let mut out = BufWriter::new(io::stdout().lock());
    match Command::parse() {
        Command::Make { calendars, seed } => {
            let mut random = fastrand::Rng::with_seed(seed);
            for _ in 0..calendars {
                writeln!(out, "{}", calendar::made_up(&mut random))?;
            }
        }
        Command::Answer => {
            for line in io::stdin().lines() {
                answer::write_answers(&line?, &mut out)?;
            }
        }
        Command::Zones => {
            for name in io::stdin().lines() {
                zones::write_changes(&name?, &mut out)?;
            }
        }
    }
    out.flush()
}
