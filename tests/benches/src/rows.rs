//! The rows, in the order of the table.

use crate::row::Row;

mod approval;
mod bombs;
mod browser;
mod conflicts;
mod full_sync;
mod incremental_sync;
mod million_events;
mod nearest_events;
mod notifications;
mod occurrences;
mod overlap;
mod page_of_events;
mod python;
mod readers;
mod stored_events;

pub(crate) use bombs::{MEMORY_OF_BOMBS_ROLE, memory_of_bombs};

/// What a row is about, and what makes it ready: its data is built there, outside of the time.
pub(crate) const ALL: [(&str, fn() -> Row); 23] = [
    ("page", page_of_events::row),
    ("recurrence window", occurrences::week),
    ("recurrence bulk", occurrences::bulk),
    ("recurrence bombs", bombs::row),
    ("overlap", overlap::row),
    ("conflict check", conflicts::check),
    ("conflict first", conflicts::first),
    ("postgres new", stored_events::new),
    ("postgres unchanged", stored_events::unchanged),
    ("full sync", full_sync::row),
    ("incremental sync", incremental_sync::row),
    ("approval", approval::row),
    ("search", nearest_events::row),
    ("memory", million_events::row),
    ("browser size", browser::size),
    ("browser hour", browser::hour),
    ("browser week", browser::week),
    ("load notifications", notifications::flood),
    ("load notified row", notifications::one),
    ("load readers", readers::row),
    ("python page", python::page),
    ("python month", python::month),
    ("python conflicts", python::conflicts),
];
