//! Work that takes long: other threads of Python run meanwhile.

use std::panic::{AssertUnwindSafe, catch_unwind};

use pyo3::prelude::*;

use crate::error::internal;

/// What `work` gives, with the GIL released. A panic in it is raised as an `InternalError`: Python's own for it is no
/// `Exception`, and would end the host.
pub(crate) fn detached<T: Send>(py: Python<'_>, work: impl FnOnce() -> T + Send) -> PyResult<T> {
    py.detach(|| catch_unwind(AssertUnwindSafe(work))).map_err(|_| internal())
}
