//! What memory a first sync of a huge calendar takes.

use std::{env, io, process::Command};

use serde_json::Value;

use crate::{
    database::Database,
    mirror::MEMORY_ROLE,
    pages_server::{EVENTS, PagesServer},
    row::Row,
};

pub(crate) fn row() -> Row {
    let measured = sync_of_its_own().expect("the sync runs to its end");
    let megabytes = |name: &str| measured[name].as_f64().unwrap_or(f64::NAN) / f64::from(1 << 20);
    let (before, peak, after) = (megabytes("before"), megabytes("peak"), megabytes("after"));
    let (events, seconds) =
        (measured["events"].as_u64().unwrap_or(0), measured["seconds"].as_f64().unwrap_or(f64::NAN));
    Row {
        work: format!("Memory of a first sync of {EVENTS} events to PostgreSQL"),
        aim: "at most 64 MB above the start, at any moment",
        pieces: 1,
        rounds: 0,
        contenders: Vec::new(),
        notes: vec![
            format!(
                "{events} events in {seconds:.0} s, {:.0} a second, in a process of its own",
                events as f64 / seconds
            ),
            format!(
                "resident before {before:.1} MB, at most {peak:.1} MB: **{:.1} MB above the start**",
                peak - before
            ),
            format!("resident at the end {after:.1} MB"),
        ],
    }
}

fn sync_of_its_own() -> io::Result<Value> {
    let server = PagesServer::start()?;
    let database = Database::new();
    let child =
        Command::new(env::current_exe()?).args([MEMORY_ROLE, &server.url, database.url()]).output()?;
    if !child.status.success() {
        return Err(io::Error::other(String::from_utf8_lossy(&child.stderr).into_owned()));
    }
    Ok(serde_json::from_slice(&child.stdout)?)
}
