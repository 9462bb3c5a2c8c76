//! JSON in and out: what Python has as dicts, lists, text or bytes, and the core reads and writes with serde.

use pyo3::{
    prelude::*,
    pybacked::{PyBackedBytes, PyBackedStr},
    sync::PyOnceLock,
    types::{PyByteArray, PyBytes, PyString},
};
use serde::{Serialize, de::DeserializeOwned};

use crate::{error::wrong_argument, work::guarded};

/// JSON that came from Python; may be read with the GIL released.
pub(crate) enum Json {
    Bytes(PyBackedBytes),
    Text(PyBackedStr),
}

impl Json {
    /// The JSON of `value`: itself where it is text or bytes; of dicts and lists what `json.dumps` gives, with days
    /// and times in them as Google writes them.
    ///
    /// # Errors
    /// `TypeError` for what is none of these, naming `argument`.
    pub(crate) fn of(value: &Bound<'_, PyAny>, argument: &str) -> PyResult<Self> {
        static DUMPS: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
        let py = value.py();
        if value.is_instance_of::<PyBytes>() || value.is_instance_of::<PyByteArray>() {
            return Ok(Self::Bytes(value.extract()?));
        }
        if value.is_instance_of::<PyString>() {
            return Ok(Self::Text(value.extract()?));
        }
        let dumps = DUMPS.import(py, "theo_calendar._json", "dumps")?;
        Ok(Self::Text(dumps.call1((value, argument))?.extract()?))
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        match self {
            Self::Bytes(bytes) => bytes,
            Self::Text(text) => text.as_bytes(),
        }
    }

    /// What it says.
    ///
    /// # Errors
    /// `InvalidInputError` naming `argument`.
    pub(crate) fn read<T: DeserializeOwned>(&self, argument: &str) -> PyResult<T> {
        guarded(|| serde_json::from_slice(self.as_bytes()))?.map_err(|error| wrong_argument(argument, error))
    }
}

/// What [`text`] wrote.
pub(crate) fn read<T: DeserializeOwned>(text: &str) -> PyResult<T> {
    serde_json::from_str(text).map_err(|error| wrong_argument("json", error))
}

/// `value` as JSON text.
pub(crate) fn text(value: &impl Serialize) -> PyResult<String> {
    serde_json::to_string(value)
        .map_err(|error| wrong_argument("self", format_args!("cannot be written as JSON: {error}")))
}

/// `value` as dicts and lists.
pub(crate) fn to_python<'py>(py: Python<'py>, value: &impl Serialize) -> PyResult<Bound<'py, PyAny>> {
    static LOADS: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    LOADS.import(py, "json", "loads")?.call1((text(value)?,))
}
