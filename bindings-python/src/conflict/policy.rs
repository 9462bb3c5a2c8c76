//! What counts as a conflict for whom.

use pyo3::{
    exceptions::PyTypeError,
    prelude::*,
    types::{PyDict, PyTuple},
};
use theo_calendar::conflict;

use super::WorkingHours;
use crate::{
    argument::{duration, flag, texts},
    value::{constructed, hash},
};

/// What counts as a conflict. The default counts everything that takes time and asks for no distance.
///
/// >>> from datetime import timedelta
/// >>> ConflictPolicy(buffer_before=timedelta(minutes=15), count_tentative=False)
/// ConflictPolicy(buffer_before=datetime.timedelta(seconds=900), count_tentative=False)
#[pyclass(frozen, eq, from_py_object, module = "theo_calendar")]
#[derive(Clone, Default, PartialEq)]
pub(crate) struct ConflictPolicy(pub(crate) conflict::ConflictPolicy);

#[pymethods]
impl ConflictPolicy {
    #[new]
    #[pyo3(signature = (**options))]
    fn new(options: Option<&Bound<'_, PyDict>>) -> PyResult<Self> {
        let mut policy = conflict::ConflictPolicy::default();
        for (name, value) in options.into_iter().flatten() {
            let name = name.to_string();
            match name.as_str() {
                "buffer_before" => policy.buffer_before = duration(&value, &name)?,
                "buffer_after" => policy.buffer_after = duration(&value, &name)?,
                "travel_time" => policy.travel_time = duration(&value, &name)?,
                "count_all_day" => policy.count_all_day = flag(&value, &name)?,
                "count_tentative" => policy.count_tentative = flag(&value, &name)?,
                "count_unanswered" => policy.count_unanswered = flag(&value, &name)?,
                "working_hours" => policy.working_hours = WorkingHours::argument(&value)?,
                "exclude" => {
                    policy.exclude = texts(&value, &name)?.iter().map(|id| (&**id).into()).collect();
                }
                _ => return Err(PyTypeError::new_err(format!("{name}: there is no such argument"))),
            }
        }
        Ok(Self(policy))
    }

    /// Time to keep free before what is proposed.
    #[getter]
    fn buffer_before(&self) -> std::time::Duration {
        self.0.buffer_before
    }

    /// Time to keep free after what is proposed.
    #[getter]
    fn buffer_after(&self) -> std::time::Duration {
        self.0.buffer_after
    }

    /// Time to get from one place to another: kept free on either side where both have a place and the places differ.
    #[getter]
    fn travel_time(&self) -> std::time::Duration {
        self.0.travel_time
    }

    /// Whether events that last all day count. Out of office counts in any case.
    #[getter]
    fn count_all_day(&self) -> bool {
        self.0.count_all_day
    }

    /// Whether tentative events, and those the person answered maybe, count.
    #[getter]
    fn count_tentative(&self) -> bool {
        self.0.count_tentative
    }

    /// Whether invitations the person has not answered count.
    #[getter]
    fn count_unanswered(&self) -> bool {
        self.0.count_unanswered
    }

    /// When the person works, where it matters: a time proposed that is not all in there is told.
    #[getter]
    fn working_hours(&self) -> Option<WorkingHours> {
        self.0.working_hours.clone().map(WorkingHours)
    }

    /// Ids of events that are left out, with their instances.
    #[getter]
    fn exclude<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, self.0.exclude.iter().map(|id| id.as_str()))
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        constructed("ConflictPolicy", None, &self.arguments(py)?)
    }

    fn __hash__(&self) -> u64 {
        let policy = &self.0;
        hash(&(policy.buffer_before, policy.buffer_after, policy.travel_time, &policy.exclude))
    }

    fn __getnewargs_ex__<'py>(&self, py: Python<'py>) -> PyResult<((), Bound<'py, PyDict>)> {
        Ok(((), self.arguments(py)?))
    }
}

impl ConflictPolicy {
    /// What makes it, save what is the default.
    fn arguments<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let (arguments, policy, default) = (PyDict::new(py), &self.0, Self::default().0);
        for (name, length, usual) in [
            ("buffer_before", policy.buffer_before, default.buffer_before),
            ("buffer_after", policy.buffer_after, default.buffer_after),
            ("travel_time", policy.travel_time, default.travel_time),
        ] {
            if length != usual {
                arguments.set_item(name, length)?;
            }
        }
        for (name, counts, usual) in [
            ("count_all_day", policy.count_all_day, default.count_all_day),
            ("count_tentative", policy.count_tentative, default.count_tentative),
            ("count_unanswered", policy.count_unanswered, default.count_unanswered),
        ] {
            if counts != usual {
                arguments.set_item(name, counts)?;
            }
        }
        if let Some(hours) = self.working_hours() {
            arguments.set_item("working_hours", hours)?;
        }
        if policy.exclude != default.exclude {
            arguments.set_item("exclude", self.exclude(py)?)?;
        }
        Ok(arguments)
    }
}
