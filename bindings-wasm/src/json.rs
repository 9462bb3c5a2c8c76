//! Values as they go over.

use serde::{Serialize, de::DeserializeOwned};
use theo_calendar::{Error, ErrorKind};

use crate::error::Result;

/// Reads `json`, which is `what` ("the question").
pub(crate) fn read<T: DeserializeOwned>(what: &str, json: &str) -> Result<T> {
    serde_json::from_str(json).map_err(|error| wrong(format!("{what} cannot be read: {error}")))
}

pub(crate) fn write(value: &impl Serialize) -> Result<String> {
    serde_json::to_string(value).map_err(|error| wrong(format!("the answer cannot be written: {error}")))
}

fn wrong(message: String) -> crate::error::CalendarError {
    Error::new(ErrorKind::InvalidInput, message).into()
}
