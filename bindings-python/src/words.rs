//! Enumerations: `StrEnum` classes, made of the words that the core knows. A word it does not know is a plain `str`.

use pyo3::{
    prelude::*,
    sync::PyOnceLock,
    types::{PyDict, PyString},
};
use theo_calendar::{
    conflict::{ConflictReason, DuplicateReason, Severity},
    model::{AccessRole, EventStatus, EventType, ResponseStatus, SendUpdates, Transparency, Visibility},
};

/// An enumeration of the core that Python has as a `StrEnum`.
pub(crate) trait Words {
    /// The class.
    fn class(py: Python<'_>) -> PyResult<&Bound<'_, PyAny>>;

    /// The word for it.
    fn word(&self) -> &str;

    /// The member, or the word where there is none.
    fn to_python<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let members =
            Self::class(py)?.getattr(pyo3::intern!(py, "_value2member_map_"))?.cast_into::<PyDict>()?;
        let word = PyString::new(py, self.word());
        Ok(members.get_item(&word)?.unwrap_or_else(|| word.into_any()))
    }
}

/// Google's open enumerations, our closed ones, and those of ours whose members have an order.
macro_rules! words {
    (
        open { $($open:ident,)* }
        closed { $($closed:ident,)* }
        ranked { $($ranked:ident,)* }
    ) => {
        $(words! { @class $open, as_str, |py, name| new_class(py, name, $open::WORDS) })*
        $(words! { @class $closed, code, |py, name| new_class(py, name, &codes($closed::ALL, |one| one.code())) })*
        $(words! { @class $ranked, code, |py, name| {
            let base = py.import("theo_calendar._words")?.getattr("Ranked")?;
            derived(&base, name, &codes($ranked::ALL, |one| one.code()))
        } })*

        /// Adds every class to the module.
        pub(crate) fn add_to(module: &Bound<'_, PyModule>) -> PyResult<()> {
            let py = module.py();
            $(module.add(stringify!($open), $open::class(py)?)?;)*
            $(module.add(stringify!($closed), $closed::class(py)?)?;)*
            $(module.add(stringify!($ranked), $ranked::class(py)?)?;)*
            Ok(())
        }
    };
    (@class $name:ident, $word:ident, |$py:ident, $class_name:ident| $make:expr) => {
        impl Words for $name {
            fn class($py: Python<'_>) -> PyResult<&Bound<'_, PyAny>> {
                static CLASS: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
                let $class_name = stringify!($name);
                Ok(CLASS.get_or_try_init($py, || $make)?.bind($py))
            }

            fn word(&self) -> &str {
                self.$word()
            }
        }
    };
}

words! {
    open {
        AccessRole,
        EventStatus,
        EventType,
        ResponseStatus,
        SendUpdates,
        Transparency,
        Visibility,
    }
    closed {
        ConflictReason,
        DuplicateReason,
    }
    ranked {
        Severity,
    }
}

fn codes<T: Copy>(all: &[T], code: impl Fn(T) -> &'static str) -> Vec<&'static str> {
    all.iter().copied().map(code).collect()
}

/// A `StrEnum` called `name`, with a member `NEEDS_ACTION` for the word `needsAction`.
pub(crate) fn new_class(py: Python<'_>, name: &str, words: &[&str]) -> PyResult<Py<PyAny>> {
    derived(&py.import("enum")?.getattr("StrEnum")?, name, words)
}

/// The same, derived from `base`.
fn derived(base: &Bound<'_, PyAny>, name: &str, words: &[&str]) -> PyResult<Py<PyAny>> {
    let members: Vec<(String, &str)> = words.iter().map(|word| (member_name(word), *word)).collect();
    let module = PyDict::new(base.py());
    module.set_item("module", "theo_calendar")?;
    Ok(base.call((name, members), Some(&module))?.unbind())
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
