//! Errors as JavaScript catches them.

use theo_calendar::Error;
use wasm_bindgen::prelude::*;

#[wasm_bindgen(raw_module = "./error.js")]
extern "C" {
    /// The class that a host catches.
    pub type CalendarError;

    #[wasm_bindgen(constructor)]
    fn new(code: &str, message: &str) -> CalendarError;
}

pub(crate) type Result<T> = std::result::Result<T, CalendarError>;

impl From<Error> for CalendarError {
    fn from(error: Error) -> Self {
        Self::new(error.kind().code(), &error.to_string())
    }
}
