//! The core's work: where it takes long, other threads of Python run meanwhile.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    thread,
};

use pyo3::prelude::*;

use crate::error::internal;

/// What `work` gives, with the GIL released; a panic as [`guarded`] has it.
pub(crate) fn detached<T: Send>(py: Python<'_>, work: impl FnOnce() -> T + Send) -> PyResult<T> {
    py.detach(|| caught(work)).map_err(|_| internal())
}

/// What `work` gives. A panic in it is raised as an `InternalError`: Python's own for it is no `Exception`, and would end
/// the host.
pub(crate) fn guarded<T>(work: impl FnOnce() -> T) -> PyResult<T> {
    caught(work).map_err(|_| internal())
}

fn caught<T>(work: impl FnOnce() -> T) -> thread::Result<T> {
    catch_unwind(AssertUnwindSafe(work))
}
