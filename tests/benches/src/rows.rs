//! The rows, in the order of the table.

use crate::row::Row;

mod overlap;
mod page_of_events;

/// What makes each row ready: its data is built here, outside of the time.
pub(crate) const ALL: [fn() -> Row; 2] = [page_of_events::row, overlap::row];

/// Work that has no row yet.
pub(crate) const ABSENT: [&str; 11] = [
    "occurrences of a recurring event (rrule, python-dateutil, rrule.js)",
    "conflict check with 100,000 events and 1,000 series",
    "PostgreSQL: storing 10,000 changed events (COPY and merge)",
    "full sync of 500 events, beyond Google",
    "incremental sync of one change in 100,000 events, beyond Google",
    "webhook to mirrored event",
    "approval: request, decide, execute, beyond Google",
    "memory of a full sync of 1,000,000 events",
    "semantic search over 70,000 vectors",
    "Python: 2,500 events as objects (gcsa)",
    "browser: package size, and a week checked against 5,000 events",
];
