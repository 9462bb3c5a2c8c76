//! What a grant is good for.

use theo_calendar::auth::scope::{self, ScopeStatus};
use wasm_bindgen::prelude::*;

use crate::{error::Result, json};

/// The scopes of an OAuth answer.
#[wasm_bindgen(js_name = parseScopes)]
pub fn parse_scopes(scope: &str) -> Vec<String> {
    scope::parse_scopes(scope)
}

/// Whether all calendars may be mirrored.
#[wasm_bindgen(js_name = hasCalendarReadAccess)]
pub fn has_read(scopes: Vec<String>) -> bool {
    scope::has_read(&scopes)
}

/// Whether events may be changed.
#[wasm_bindgen(js_name = hasCalendarWriteAccess)]
pub fn has_write(scopes: Vec<String>) -> bool {
    scope::has_write(&scopes)
}

/// All of it, and what to ask for next.
#[wasm_bindgen(js_name = scopeStatus)]
pub fn scope_status(scopes: Vec<String>) -> Result<String> {
    json::write(&ScopeStatus::of(&scopes))
}
