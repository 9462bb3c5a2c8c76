//! What a grant is good for.

use theo_calendar::auth::scope::{self, ScopeStatus};
use wasm_bindgen::prelude::*;

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

/// Whether the person's settings may be read.
#[wasm_bindgen(js_name = hasSettingsAccess)]
pub fn has_settings(scopes: Vec<String>) -> bool {
    scope::has_settings(&scopes)
}

/// What to ask for next.
#[wasm_bindgen(js_name = missingScopes)]
pub fn missing(scopes: Vec<String>) -> Vec<String> {
    ScopeStatus::of(&scopes).missing
}
