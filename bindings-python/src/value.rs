//! Values of the core as frozen classes of Python: their fields are its fields, and nothing else is in them.

use std::{
    collections::BTreeSet,
    hash::{DefaultHasher, Hash, Hasher},
    sync::Arc,
};

use chrono::{DateTime, NaiveDate, Utc};
use pyo3::{
    IntoPyObjectExt,
    prelude::*,
    types::{PyBytes, PyDict, PyRange, PyTuple},
};
use theo_calendar::{
    id::{AccountId, ApprovalId, CalendarId, ChannelId, EventId, UserId},
    model,
};

use crate::event::Event;

/// What Python is given for a value of the core.
pub(crate) trait ToPython {
    fn to_python<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>>;
}

/// Declares frozen classes over types of the core, each with its fields as getters.
///
/// After `sequence`, they are sequences of one of the core's fields, with the others as attributes.
/// A field is the core's of the same name, or what stands after its `= |value|`. Those after `json` also have
/// `to_dict()`, a hash and pickling, by the JSON of the core's type. Methods may follow in `with { … }`.
macro_rules! values {
    () => {};
    (
        $(#[$doc:meta])*
        json $name:ident($core:ty) { $($fields:tt)* } with { $($methods:tt)* }
        $($rest:tt)*
    ) => {
        $crate::value::values! { @class $(#[$doc])* $name($core) { $($fields)* } [
            /// The same as dicts and lists.
            fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
                $crate::json::to_python(py, &self.0)
            }

            fn __hash__(&self) -> PyResult<u64> {
                Ok($crate::value::hash(&$crate::json::text(&self.0)?))
            }

            fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<(Bound<'py, PyAny>, (String,))> {
                Ok((py.get_type::<Self>().getattr("_restore")?, ($crate::json::text(&self.0)?,)))
            }

            #[staticmethod]
            fn _restore(json: &str) -> PyResult<Self> {
                $crate::json::read(json).map(Self)
            }

            $($methods)*
        ] }
        $crate::value::values! { $($rest)* }
    };
    (
        $(#[$doc:meta])*
        json $name:ident($core:ty) { $($fields:tt)* }
        $($rest:tt)*
    ) => {
        $crate::value::values! { $(#[$doc])* json $name($core) { $($fields)* } with {} $($rest)* }
    };
    (
        $(#[$doc:meta])*
        plain $name:ident($core:ty) { $($fields:tt)* } with { $($methods:tt)* }
        $($rest:tt)*
    ) => {
        $crate::value::values! { @class $(#[$doc])* $name($core) { $($fields)* } [$($methods)*] }
        $crate::value::values! { $($rest)* }
    };
    (
        $(#[$doc:meta])*
        plain $name:ident($core:ty) { $($fields:tt)* }
        $($rest:tt)*
    ) => {
        $crate::value::values! { @class $(#[$doc])* $name($core) { $($fields)* } [] }
        $crate::value::values! { $($rest)* }
    };
    (
        $(#[$doc:meta])*
        sequence $name:ident($core:ty) of $items:ident { $($fields:tt)* }
        $($rest:tt)*
    ) => {
        $crate::value::values! { @class $(#[$doc])* $name($core) { $($fields)* } [
            fn __len__(&self) -> usize {
                self.0.$items.len()
            }

            fn __getitem__<'py>(&self, index: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
                $crate::value::picked(&self.0.$items, index)
            }

            fn __iter__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, pyo3::types::PyIterator>> {
                $crate::value::ToPython::to_python(&self.0.$items, py)?.try_iter()
            }
        ] }
        $crate::value::values! { $($rest)* }
    };
    (@class $(#[$doc:meta])* $name:ident($core:ty) {
        $($(#[$field_doc:meta])* $field:ident $(= |$value:ident| $get:expr)?,)*
    } [$($methods:tt)*]) => {
        $(#[$doc])*
        #[pyo3::pyclass(frozen, eq, from_py_object, module = "theo_calendar")]
        #[derive(Clone, PartialEq)]
        pub(crate) struct $name(pub(crate) $core);

        #[pyo3::pymethods]
        impl $name {
            $(
                $(#[$field_doc])*
                #[getter]
                fn $field<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
                    $crate::value::values!(@field self, py, $field $(, $value, $get)?)
                }
            )*

            fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
                $crate::value::shown(stringify!($name), [$((stringify!($field), self.$field(py)?),)*])
            }

            $($methods)*
        }

        impl $crate::value::ToPython for $core {
            fn to_python<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
                pyo3::IntoPyObjectExt::into_bound_py_any($name(self.clone()), py)
            }
        }
    };
    (@field $self:ident, $py:ident, $field:ident) => {
        $crate::value::ToPython::to_python(&$self.0.$field, $py)
    };
    (@field $self:ident, $py:ident, $field:ident, $value:ident, $get:expr) => {{
        let $value = &$self.0;
        $crate::value::ToPython::to_python(&$get, $py)
    }};
}

pub(crate) use values;

/// What `items[index]` is, be it a number or a slice.
pub(crate) fn picked<'py, T: ToPython>(
    items: &[T],
    index: &Bound<'py, PyAny>,
) -> PyResult<Bound<'py, PyAny>> {
    picked_by(items.len(), index, |place| items[place].to_python(index.py()))
}

/// The same of what has `length` items, each made when it is asked for.
pub(crate) fn picked_by<'py>(
    length: usize,
    index: &Bound<'py, PyAny>,
    item: impl Fn(usize) -> PyResult<Bound<'py, PyAny>>,
) -> PyResult<Bound<'py, PyAny>> {
    let py = index.py();
    let length = isize::try_from(length).unwrap_or(isize::MAX);
    // A range knows negative numbers, steps, and what to say of an index that is none.
    let places = PyRange::new(py, 0, length)?.get_item(index)?;
    if let Ok(place) = places.extract() {
        return item(place);
    }
    let picked: PyResult<Vec<_>> = places.try_iter()?.map(|place| item(place?.extract()?)).collect();
    Ok(PyTuple::new(py, picked?)?.into_any())
}

/// `Name(field=…, other=…)`.
pub(crate) fn shown<const FIELDS: usize>(
    name: &str,
    fields: [(&str, Bound<'_, PyAny>); FIELDS],
) -> PyResult<String> {
    let fields: PyResult<Vec<String>> =
        fields.iter().map(|(field, value)| Ok(format!("{field}={}", value.repr()?))).collect();
    Ok(format!("{name}({})", fields?.join(", ")))
}

/// The `repr` of what is made by calling `class` with these.
pub(crate) fn constructed(class: &str, first: Option<&str>, named: &Bound<'_, PyDict>) -> PyResult<String> {
    let py = named.py();
    let mut arguments: Vec<String> = first
        .map(|first| Ok(first.to_python(py)?.repr()?.to_string()))
        .into_iter()
        .collect::<PyResult<_>>()?;
    for (name, value) in named {
        arguments.push(format!("{name}={}", value.repr()?));
    }
    Ok(format!("{class}({})", arguments.join(", ")))
}

/// What pickle keeps: a function, and what it is called with.
pub(crate) type Restored<'py, A> = (Bound<'py, PyAny>, A);

/// The hash of what makes an object what it is.
pub(crate) fn hash(value: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

macro_rules! as_python_has_them {
    ($($type:ty,)*) => {$(
        impl ToPython for $type {
            fn to_python<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
                self.into_bound_py_any(py)
            }
        }
    )*};
}

as_python_has_them! { (), bool, u8, u32, u64, usize, f32, f64, String, DateTime<Utc>, NaiveDate, }

macro_rules! as_text {
    ($($type:ty,)*) => {$(
        impl ToPython for $type {
            fn to_python<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
                self.as_str().into_bound_py_any(py)
            }
        }
    )*};
}

as_text! { UserId, AccountId, CalendarId, EventId, ApprovalId, ChannelId, model::Text, }

impl ToPython for str {
    fn to_python<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.into_bound_py_any(py)
    }
}

impl ToPython for [u8; 32] {
    fn to_python<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        Ok(PyBytes::new(py, self).into_any())
    }
}

impl<T: ToPython + ?Sized> ToPython for &T {
    fn to_python<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        (**self).to_python(py)
    }
}

impl<T: ToPython + ?Sized> ToPython for Box<T> {
    fn to_python<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        (**self).to_python(py)
    }
}

impl<T: ToPython> ToPython for Option<T> {
    fn to_python<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.as_ref().map_or_else(|| Ok(py.None().into_bound(py)), |value| value.to_python(py))
    }
}

/// A tuple: what is frozen holds nothing that is not.
impl<T: ToPython> ToPython for Vec<T> {
    fn to_python<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let items: PyResult<Vec<_>> = self.iter().map(|item| item.to_python(py)).collect();
        Ok(PyTuple::new(py, items?)?.into_any())
    }
}

impl<T: ToPython> ToPython for BTreeSet<T> {
    fn to_python<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.iter().collect::<Vec<_>>().to_python(py)
    }
}

impl<A: ToPython, B: ToPython> ToPython for (A, B) {
    fn to_python<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        Ok(PyTuple::new(py, [self.0.to_python(py)?, self.1.to_python(py)?])?.into_any())
    }
}

impl ToPython for Arc<model::Event> {
    fn to_python<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        Event { event: self.clone(), zone: None, key: None }.into_bound_py_any(py)
    }
}

impl ToPython for model::Event {
    fn to_python<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        Event::from(self.clone()).into_bound_py_any(py)
    }
}
