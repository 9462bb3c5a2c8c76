//! Errors as JavaScript catches them.

use theo_calendar::Error;
use wasm_bindgen::prelude::*;

#[wasm_bindgen(raw_module = "./error.js")]
extern "C" {
    /// The class that a host catches.
    pub type CalendarError;

    #[wasm_bindgen(constructor)]
    fn new(code: &str, message: &str, retry_after: Option<f64>) -> CalendarError;
}

/// What the package's functions give.
pub type Result<T> = std::result::Result<T, CalendarError>;

impl From<Error> for CalendarError {
    fn from(error: Error) -> Self {
        let retry_after = error.retry_after().map(|wait| wait.as_secs_f64());
        Self::new(error.kind().code(), &error.to_string(), retry_after)
    }
}
