//! Times that are asked about.

use theo_calendar::{
    Error, ErrorKind, Result,
    time::{TimeRange, Timestamp},
};

/// The time between two instants, as RFC 3339.
///
/// # Errors
/// [`ErrorKind::InvalidInput`] where either is none, or the first is not before the second.
pub fn range(start: &str, end: &str) -> Result<TimeRange> {
    let instant = |text: &str| {
        Timestamp::parse(text).map(|time| time.utc()).map_err(|error| {
            Error::new(ErrorKind::InvalidInput, format!("`{text}` is not an RFC 3339 time: {error}"))
        })
    };
    TimeRange::new(instant(start)?, instant(end)?)
}
