//! Arguments of several types, each read as one.

use std::time::Duration;

use pyo3::{
    prelude::*,
    pybacked::PyBackedStr,
    types::{PyDelta, PyString},
};

use crate::error::{wrong_argument, wrong_type};

/// One text, or any number of them.
///
/// # Errors
/// `TypeError` naming `argument`.
pub(crate) fn texts(value: &Bound<'_, PyAny>, argument: &str) -> PyResult<Vec<PyBackedStr>> {
    if value.is_instance_of::<PyString>() {
        return Ok(vec![value.extract()?]);
    }
    let items = value.try_iter().map_err(|_| wrong_type(argument, "a str or an iterable of them", value))?;
    items.enumerate().map(|(place, item)| text(&item?, &format!("{argument}[{place}]"))).collect()
}

/// A text.
///
/// # Errors
/// `TypeError` naming `argument`.
pub(crate) fn text(value: &Bound<'_, PyAny>, argument: &str) -> PyResult<PyBackedStr> {
    value.extract().map_err(|_| wrong_type(argument, "a str", value))
}

/// Yes or no.
///
/// # Errors
/// `TypeError` naming `argument`.
pub(crate) fn flag(value: &Bound<'_, PyAny>, argument: &str) -> PyResult<bool> {
    value.extract().map_err(|_| wrong_type(argument, "a bool", value))
}

/// A length of time.
///
/// # Errors
/// `TypeError` for what is no timedelta, `InvalidInputError` for a negative one; both name `argument`.
pub(crate) fn duration(value: &Bound<'_, PyAny>, argument: &str) -> PyResult<Duration> {
    let delta = value.cast::<PyDelta>().map_err(|_| wrong_type(argument, "a timedelta", value))?;
    delta.extract().map_err(|_| wrong_argument(argument, format_args!("{delta} is negative")))
}
