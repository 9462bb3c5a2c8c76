//! The stopwatch.

use std::time::Duration;

use crate::row::{Contender, Role, Row};

/// A sample is repeated until it takes at least this long, so that the clock's own cost is lost in it.
const SAMPLE: Duration = Duration::from_millis(2);

/// A contender that has used this much sits out further rounds, once it was timed [`FEWEST`] times.
const PATIENCE: Duration = Duration::from_secs(5);

/// Samples of a contender that takes long.
const FEWEST: usize = 5;

/// A row with its times.
pub(crate) struct Measured {
    pub(crate) work: String,
    pub(crate) aim: &'static str,
    pub(crate) times: Vec<Times>,
    pub(crate) notes: Vec<String>,
}

/// What one piece of work cost a contender, in seconds.
pub(crate) struct Times {
    pub(crate) name: &'static str,
    pub(crate) role: Role,
    pub(crate) best: f64,
    pub(crate) median: f64,
    /// Three quarters of the samples took at most this.
    pub(crate) upper_quartile: f64,
}

/// Times the contenders of `row` in turns: whatever else the machine does falls on all of them.
pub(crate) fn measure(row: Row) -> Measured {
    let mut contenders = row.contenders;
    let repeats: Vec<u32> = contenders.iter_mut().map(repeats).collect();
    let mut samples = vec![Vec::with_capacity(row.rounds); contenders.len()];
    let mut used = vec![Duration::ZERO; contenders.len()];
    // In each round every contender is timed once, and another one goes first.
    for round in 0..row.rounds {
        for turn in 0..contenders.len() {
            let at = (round + turn) % contenders.len();
            if used[at] > PATIENCE && samples[at].len() >= FEWEST {
                continue;
            }
            let took = (contenders[at].sample)(repeats[at]);
            used[at] += took;
            let pieces = contenders[at].pieces.unwrap_or(row.pieces);
            samples[at].push(took.as_secs_f64() / f64::from(repeats[at]) / f64::from(pieces));
        }
    }
    let times =
        contenders.iter().zip(samples).map(|(contender, samples)| times(contender, samples)).collect();
    Measured { work: row.work, aim: row.aim, times, notes: row.notes }
}

/// How often a contender runs in a sample. The first run, which meets cold caches, does not count.
fn repeats(contender: &mut Contender) -> u32 {
    let first = (contender.sample)(1);
    if first > 10 * SAMPLE {
        return 1;
    }
    let once = (contender.sample)(1).max(Duration::from_nanos(1));
    (SAMPLE.as_nanos() / once.as_nanos()).clamp(1, 1_000_000) as u32
}

fn times(contender: &Contender, mut samples: Vec<f64>) -> Times {
    samples.sort_by(f64::total_cmp);
    Times {
        name: contender.name,
        role: contender.role,
        best: samples[0],
        median: samples[samples.len() / 2],
        upper_quartile: samples[samples.len() * 3 / 4],
    }
}
