//! Answers as they go over.

use serde::Serialize;
use theo_calendar::{Error, ErrorKind};

use crate::error::Result;

/// `value` as JSON.
pub fn write(value: &impl Serialize) -> Result<String> {
    serde_json::to_string(value).map_err(|error| {
        Error::new(ErrorKind::InvalidInput, format!("the answer cannot be written: {error}")).into()
    })
}
