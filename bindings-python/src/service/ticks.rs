//! What the ticks did: made classes of `_ticks`, which holds what cannot be compared or copied, the errors.

use pyo3::{
    prelude::*,
    types::{PyAnyMethods, PyTuple},
};
use theo_calendar::{
    Error,
    approval::ApprovalRun,
    search::EmbedTick,
    sync::{RenewalTick, SyncTick},
};

use crate::{error::exception, value::ToPython};

impl ToPython for Error {
    fn to_python<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        Ok(exception(self).into_value(py).into_bound(py).into_any())
    }
}

macro_rules! ticks {
    ($($tick:ident as $class:literal { $($field:ident,)* })*) => {$(
        impl ToPython for $tick {
            fn to_python<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
                let fields = PyTuple::new(py, [$(self.$field.to_python(py)?),*])?;
                py.import("theo_calendar._ticks")?.getattr($class)?.call1(fields)
            }
        }
    )*};
}

ticks! {
    SyncTick as "SyncTick" { resources, report, next_at, }
    ApprovalRun as "ApprovalTick" { changed, failed, next_run, }
    EmbedTick as "EmbedTick" { embedded, unchanged, refused, failures, next_at, }
    RenewalTick as "RenewalTick" { opened, refused, failed, next_at, }
}
