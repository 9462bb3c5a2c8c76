//! What theo-calendar costs, beside what one would pick instead and beside the limit.
//!
//! Every row is one file in `rows/`: the same work on the same data, by us and by the others, in one process and in
//! turns. Prints a table, and writes it to `RESULTS.md` when all rows ran. Words as arguments choose rows by what
//! they are about.

use std::{
    env, fs,
    io::{self, Write},
    process::ExitCode,
};

mod database;
mod google_page;
mod latencies;
mod measure;
mod mirror;
mod pages_server;
mod process;
mod report;
mod rivals;
mod row;
mod rows;
mod server_process;

use report::Report;

fn main() -> ExitCode {
    let words: Vec<String> = env::args().skip(1).collect();
    let done = match words.first().map(String::as_str) {
        // Processes of their own for the rows on memory.
        Some(pages_server::ROLE) => pages_server::run(),
        Some(mirror::MEMORY_ROLE) => mirror::memory_of_a_sync(&words[1..]),
        Some(rows::MEMORY_OF_BOMBS_ROLE) => rows::memory_of_bombs(),
        _ => run(&words),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(io::stderr(), "error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(words: &[String]) -> io::Result<()> {
    let mut report = Report::default();
    for (about, start) in rows::ALL {
        if !words.is_empty() && !words.iter().any(|word| about.contains(word.as_str())) {
            continue;
        }
        writeln!(io::stderr(), "preparing: {about}")?;
        let row = start();
        writeln!(io::stderr(), "measuring: {}", row.work)?;
        report.push(measure::measure(row));
    }
    write!(io::stdout(), "{report}")?;
    if words.is_empty() {
        fs::write(concat!(env!("CARGO_MANIFEST_DIR"), "/RESULTS.md"), report.to_string())?;
    }
    Ok(())
}
