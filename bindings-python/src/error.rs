//! Errors as Python catches them: the classes of `theo_calendar.errors`.

use pyo3::{prelude::*, sync::PyOnceLock};
use theo_calendar::{Error, ErrorKind};

/// The exception that `error` is in Python.
pub(crate) fn raised(error: Error) -> PyErr {
    let wait = error.retry_after().map(|wait| wait.as_secs_f64());
    let message = error.to_string();
    of_kind(error.kind().code(), &message, error.operation(), error.reason(), wait)
}

/// What an argument cannot be; `why` goes on after its name: `start: is later than end`.
pub(crate) fn wrong_argument(argument: &str, why: impl std::fmt::Display) -> PyErr {
    raised(Error::new(ErrorKind::InvalidInput, format!("{argument}: {why}")))
}

/// What a caught panic is in Python: a fault of this package.
pub(crate) fn internal() -> PyErr {
    of_kind(
        "internal",
        "theo_calendar failed inside: please report it, with what was on standard error",
        None,
        None,
        None,
    )
}

fn of_kind(
    kind: &str,
    message: &str,
    operation: Option<&str>,
    reason: Option<&str>,
    retry_after: Option<f64>,
) -> PyErr {
    static MAKE: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    Python::attach(|py| {
        let make = MAKE.import(py, "theo_calendar.errors", "of_kind");
        make.and_then(|make| make.call1((kind, message, operation, reason, retry_after)))
            .map_or_else(|failure| failure, PyErr::from_value)
    })
}
