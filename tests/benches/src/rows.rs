//! The rows, in the order of the table.

use crate::row::Row;

mod overlap;
mod page_of_events;

/// What makes each row ready: its data is built here, outside of the time.
pub(crate) const ALL: [fn() -> Row; 2] = [page_of_events::row, overlap::row];
