//! Enumerations: `StrEnum` classes, made of the words that the core knows. A word it does not know is a plain `str`.

use pyo3::{
    prelude::*,
    sync::PyOnceLock,
    types::{PyDict, PyString},
};
use theo_calendar::{
    conflict::{ConflictReason, DuplicateReason, Severity},
    model::{AccessRole, EventStatus, EventType, ResponseStatus, SendUpdates, Transparency, Visibility},
    sync::Disbelief,
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
        open { $($(#[doc = $open_doc:literal])+ $open:ident,)* }
        closed { $($(#[doc = $closed_doc:literal])+ $closed:ident,)* }
        ranked { $($(#[doc = $ranked_doc:literal])+ $ranked:ident,)* }
    ) => {
        $(words! { @class $open, as_str, |py, name| {
            new_class(py, name, &[$($open_doc),+], $open::WORDS)
        } })*
        $(words! { @class $closed, code, |py, name| {
            new_class(py, name, &[$($closed_doc),+], &codes($closed::ALL, |one| one.code()))
        } })*
        $(words! { @class $ranked, code, |py, name| {
            let base = py.import("theo_calendar._words")?.getattr("Ranked")?;
            derived(&base, name, &[$($ranked_doc),+], &codes($ranked::ALL, |one| one.code()))
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
        /// What the person may do with a calendar, from the least to the most: see when they are busy, read, read all but
        /// what is private and change events, read and change events, share it.
        AccessRole,
        /// Whether an event takes place.
        EventStatus,
        /// What sort of an event it is: `default` is a meeting, or anything else that people enter themselves.
        EventType,
        /// What a guest answered.
        ResponseStatus,
        /// Who is emailed about a change: `all` guests, those who use another calendar than Google's, or `none`.
        SendUpdates,
        /// Whether an event takes time: what is `opaque` does, what is `transparent` does not.
        Transparency,
        /// Who may read what an event is: as the calendar has it, everybody who reads the calendar, or its guests alone.
        Visibility,
    }
    closed {
        /// Why a conflict is one, and why it is as bad as it is.
        ConflictReason,
        /// Why two events are taken for one meeting: they are the same event, or are called the same at the same time.
        DuplicateReason,
        /// Why a notification was ignored: for a log, not for whoever sent it.
        Disbelief,
    }
    ranked {
        /// How bad a conflict is, in this order.
        ///
        /// >>> max(Severity.LOW, Severity.HIGH, Severity.MEDIUM)
        /// <Severity.HIGH: 'high'>
        Severity,
    }
}

fn codes<T: Copy>(all: &[T], code: impl Fn(T) -> &'static str) -> Vec<&'static str> {
    all.iter().copied().map(code).collect()
}

/// A `StrEnum` called `name`, with a member `NEEDS_ACTION` for the word `needsAction`. `doc` is its docstring, by lines.
pub(crate) fn new_class(py: Python<'_>, name: &str, doc: &[&str], words: &[&str]) -> PyResult<Py<PyAny>> {
    derived(&py.import("enum")?.getattr("StrEnum")?, name, doc, words)
}

/// The same, derived from `base`.
fn derived(base: &Bound<'_, PyAny>, name: &str, doc: &[&str], words: &[&str]) -> PyResult<Py<PyAny>> {
    let members: Vec<(String, &str)> = words.iter().map(|word| (member_name(word), *word)).collect();
    let module = PyDict::new(base.py());
    module.set_item("module", "theo_calendar")?;
    let class = base.call((name, members), Some(&module))?;
    let lines: Vec<&str> = doc.iter().map(|line| line.trim()).collect();
    class.setattr("__doc__", lines.join("\n"))?;
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
