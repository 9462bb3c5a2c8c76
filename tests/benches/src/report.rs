//! The table.

use std::{fmt, thread, time::SystemTime};

use chrono::{DateTime, Utc};

use crate::{
    measure::{Measured, Times},
    row::Role,
};

/// Every row measured, shown as Markdown.
#[derive(Default)]
pub(crate) struct Report(Vec<Measured>);

impl Report {
    pub(crate) fn push(&mut self, measured: Measured) {
        self.0.push(measured);
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let today = DateTime::<Utc>::from(SystemTime::now()).format("%Y-%m-%d");
        let cpus = thread::available_parallelism().map_or(1, usize::from);
        writeln!(f, "# Benchmarks\n")?;
        writeln!(f, "{today}, {cpus} CPUs, by `make bench`.\n")?;
        writeln!(
            f,
            "All of a row run in turns on the same data, ours and Rust's in one process, Python's and Node's in one each that"
        )?;
        writeln!(
            f,
            "keeps its own time; the time is the median, and the ratio is to ours: above 1 it is slower than we are. Times\ndiffer between machines, ratios less."
        )?;
        self.0.iter().try_for_each(|row| write_row(f, row))
    }
}

fn write_row(f: &mut fmt::Formatter<'_>, row: &Measured) -> fmt::Result {
    writeln!(f, "\n## {}\n\nAim: {}.\n", row.work, row.aim)?;
    if !row.times.is_empty() {
        write_table(f, row)?;
    }
    row.notes.iter().try_for_each(|note| writeln!(f, "\n- {note}"))
}

fn write_table(f: &mut fmt::Formatter<'_>, row: &Measured) -> fmt::Result {
    writeln!(f, "| {:<45} | {:>9} | {:>9} | {:>9} | {:>8} |", "", "median", "best", "3rd quart", "to ours")?;
    writeln!(f, "|{:-<47}|{:->10}:|{:->10}:|{:->10}:|{:->9}:|", "", "", "", "", "")?;
    let ours = row.times.iter().find(|times| times.role == Role::Ours).map(|times| times.median);
    row.times.iter().try_for_each(|times| write_times(f, times, ours))
}

fn write_times(f: &mut fmt::Formatter<'_>, times: &Times, ours: Option<f64>) -> fmt::Result {
    let name = match times.role {
        Role::Ours => format!("**{}**", times.name),
        Role::Rival => times.name.to_owned(),
        Role::Limit => format!("limit: {}", times.name),
    };
    let ratio = ours.map_or_else(String::new, |ours| format!("{:.2}", times.median / ours));
    let [median, best, quartile] = [times.median, times.best, times.upper_quartile].map(duration);
    writeln!(f, "| {name:<45} | {median:>9} | {best:>9} | {quartile:>9} | {ratio:>8} |")
}

/// Three digits that matter.
fn duration(seconds: f64) -> String {
    let (value, unit) = match seconds {
        s if s >= 1.0 => (s, "s"),
        s if s >= 1e-3 => (s * 1e3, "ms"),
        s if s >= 1e-6 => (s * 1e6, "µs"),
        s => (s * 1e9, "ns"),
    };
    let decimals = if value >= 100.0 {
        0
    } else if value >= 10.0 {
        1
    } else {
        2
    };
    format!("{value:.decimals$} {unit}")
}
