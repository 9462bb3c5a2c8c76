//! What a grant is good for.

use pyo3::{prelude::*, sync::PyOnceLock, types::PyTuple};
use theo_calendar::auth::scope::{self, ScopeStatus};

use crate::argument::{text, texts};

/// The scopes of an OAuth answer's `scope`: separated by spaces or commas.
///
/// >>> parse_scopes("openid https://www.googleapis.com/auth/calendar.events")
/// ['openid', 'https://www.googleapis.com/auth/calendar.events']
#[pyfunction]
pub(crate) fn parse_scopes(scope: &Bound<'_, PyAny>) -> PyResult<Vec<String>> {
    Ok(scope::parse_scopes(&text(scope, "scope")?))
}

/// What a grant of `scopes` is good for, and what to ask the person for next. `scopes` is a list of them, or an OAuth
/// answer's `scope` as it is.
///
/// >>> status = scope_status("https://www.googleapis.com/auth/calendar.readonly")
/// >>> status.has_read, status.has_write
/// (True, False)
/// >>> status.missing[0]
/// 'https://www.googleapis.com/auth/calendar.events'
#[pyfunction]
pub(crate) fn scope_status<'py>(scopes: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    static CLASS: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let py = scopes.py();
    let scopes: Vec<String> =
        texts(scopes, "scopes")?.iter().flat_map(|scope| scope::parse_scopes(scope)).collect();
    let ScopeStatus { has_read, has_write, has_settings, missing } = ScopeStatus::of(&scopes);
    let class = CLASS.import(py, "theo_calendar._records", "ScopeStatus")?;
    class.call1((has_read, has_write, has_settings, PyTuple::new(py, missing)?))
}
