//! Errors as Python catches them: the classes of `theo_calendar.errors`.

use std::error::Error as _;

use pyo3::{exceptions::PyTypeError, prelude::*, sync::PyOnceLock};
use theo_calendar::{Error, ErrorKind};

/// The exception that `error` is in Python. What a function of the host's raised is its `__cause__`.
pub(crate) fn raised(error: Error) -> PyErr {
    exception(&error)
}

/// The same, of an error that is kept.
pub(crate) fn exception(error: &Error) -> PyErr {
    let wait = error.retry_after().map(|wait| wait.as_secs_f64());
    let message = error.to_string();
    let raised = of_kind(error.kind().code(), &message, error.operation(), error.reason(), wait);
    if let Some(cause) = raised_by_host(error) {
        Python::attach(|py| raised.set_cause(py, Some(cause.clone_ref(py))));
    }
    raised
}

fn raised_by_host(error: &Error) -> Option<&PyErr> {
    let mut source = error.source();
    while let Some(error) = source {
        if let Some(raised) = error.downcast_ref() {
            return Some(raised);
        }
        source = error.source();
    }
    None
}

/// What an argument cannot be; `why` goes on after its name: `start: is later than end`.
pub(crate) fn wrong_argument(argument: &str, why: impl std::fmt::Display) -> PyErr {
    raised(Error::new(ErrorKind::InvalidInput, format!("{argument}: {why}")))
}

/// What is raised for a `value` of another type than `argument` must be.
pub(crate) fn wrong_type(argument: &str, wanted: &str, value: &Bound<'_, PyAny>) -> PyErr {
    PyTypeError::new_err(format!("{argument}: must be {wanted}, not {}", type_name(value)))
}

/// What Python calls the type of `value`, for errors.
pub(crate) fn type_name(value: &Bound<'_, PyAny>) -> String {
    value.get_type().name().map_or_else(|_| "an object".to_owned(), |name| name.to_string())
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
