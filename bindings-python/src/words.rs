//! Enumerations: `StrEnum` classes, made of the words that the core knows. A word it does not know is a plain `str`.

use pyo3::{
    prelude::*,
    sync::PyOnceLock,
    types::{PyDict, PyString},
};
use theo_calendar::model;

/// An enumeration of the core that Python has as a `StrEnum`.
pub(crate) trait Words {
    /// The class.
    fn class(py: Python<'_>) -> PyResult<&Bound<'_, PyAny>>;

    /// Google's word.
    fn word(&self) -> &str;

    /// The member, or the word where there is none.
    fn to_python<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let members =
            Self::class(py)?.getattr(pyo3::intern!(py, "_value2member_map_"))?.cast_into::<PyDict>()?;
        let word = PyString::new(py, self.word());
        Ok(members.get_item(&word)?.unwrap_or_else(|| word.into_any()))
    }
}

macro_rules! words {
    ($($name:ident,)*) => {
        $(impl Words for model::$name {
            fn class(py: Python<'_>) -> PyResult<&Bound<'_, PyAny>> {
                static CLASS: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
                Ok(CLASS.get_or_try_init(py, || new_class(py, stringify!($name), Self::WORDS))?.bind(py))
            }

            fn word(&self) -> &str {
                self.as_str()
            }
        })*

        /// Adds every class to the module.
        pub(crate) fn add_to(module: &Bound<'_, PyModule>) -> PyResult<()> {
            $(module.add(stringify!($name), model::$name::class(module.py())?)?;)*
            Ok(())
        }
    };
}

words! {
    AccessRole,
    EventStatus,
    EventType,
    ResponseStatus,
    SendUpdates,
    Transparency,
    Visibility,
}

/// A `StrEnum` called `name`, with a member `NEEDS_ACTION` for the word `needsAction`.
pub(crate) fn new_class(py: Python<'_>, name: &str, words: &[&str]) -> PyResult<Py<PyAny>> {
    let members: Vec<(String, &str)> = words.iter().map(|word| (member_name(word), *word)).collect();
    let module = PyDict::new(py);
    module.set_item("module", "theo_calendar")?;
    let class = py.import("enum")?.getattr("StrEnum")?.call((name, members), Some(&module))?;
    Ok(class.unbind())
}

fn member_name(word: &str) -> String {
    let mut name = String::with_capacity(word.len() + 2);
    for letter in word.chars() {
        if letter.is_ascii_uppercase() {
            name.push('_');
        }
        name.push(letter.to_ascii_uppercase());
    }
    name
}
