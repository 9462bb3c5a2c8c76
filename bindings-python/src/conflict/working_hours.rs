//! When a person works.

use pyo3::{
    exceptions::PyTypeError,
    prelude::*,
    types::{PyDict, PyTuple},
};
use theo_calendar::{
    Result,
    conflict::{self, ClockSpan, WrittenHours},
    recurrence::Tzdb,
};

use crate::{
    argument::texts,
    error::{raised, wrong_argument, wrong_type},
    json,
    time::zone_argument,
    value::{constructed, hash},
};

/// When a person works: of each weekday any number of stretches (`"09:00-17:30"`), none on a free day, on the clock of
/// one zone. A stretch never passes midnight: a night is `"22:00-24:00"` of one day and `"00:00-06:00"` of the next.
///
/// >>> WorkingHours("Europe/Berlin", monday=["09:00-12:00", "13:00-17:00"], friday="09:00-13:00")
/// WorkingHours('Europe/Berlin', monday=('09:00-12:00', '13:00-17:00'), friday=('09:00-13:00',))
#[pyclass(frozen, eq, from_py_object, module = "theo_calendar")]
#[derive(Clone, PartialEq)]
pub(crate) struct WorkingHours(pub(crate) conflict::WorkingHours);

#[pymethods]
impl WorkingHours {
    #[new]
    #[pyo3(signature = (time_zone, **days))]
    fn new(time_zone: &Bound<'_, PyAny>, days: Option<&Bound<'_, PyDict>>) -> PyResult<Self> {
        let time_zone = zone_argument(Some(time_zone))?.name().to_owned();
        let mut written = WrittenHours { time_zone, ..WrittenHours::default() };
        for (name, spans) in days.into_iter().flatten() {
            let name = name.to_string();
            let Some((_, day)) = WEEK.iter().find(|(day, _)| *day == name) else {
                let message = format!("{name}: there is no such argument: the days are monday to sunday");
                return Err(PyTypeError::new_err(message));
            };
            for text in texts(&spans, &name)? {
                let span: ClockSpan = text.parse().map_err(|error| wrong_argument(&name, error))?;
                day(&mut written).push(span);
            }
        }
        conflict::WorkingHours::of_written(&written, &Tzdb).map(Self).map_err(raised)
    }

    /// From Monday to Friday the same `spans`.
    ///
    /// >>> WorkingHours.on_workdays("Europe/Berlin", "09:00-17:00").days["friday"]
    /// ('09:00-17:00',)
    #[staticmethod]
    #[pyo3(signature = (time_zone, *spans))]
    fn on_workdays(time_zone: &Bound<'_, PyAny>, spans: &Bound<'_, PyTuple>) -> PyResult<Self> {
        let zone = zone_argument(Some(time_zone))?.clone();
        let spans = texts(spans, "spans")?;
        let spans = spans.iter().map(|text| text.parse::<ClockSpan>()).collect::<Result<Vec<_>>>();
        let hours = spans.and_then(|spans| conflict::WorkingHours::on_workdays(zone, spans));
        hours.map(Self).map_err(|error| wrong_argument("spans", error))
    }

    /// The name of the zone whose clocks are meant.
    #[getter]
    fn time_zone(&self) -> &str {
        self.0.zone().name()
    }

    /// The stretches of each weekday that is not free, by its name.
    #[getter]
    fn days<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let (mut written, days) = (WrittenHours::from(&self.0), PyDict::new(py));
        for (name, day) in WEEK {
            let spans = day(&mut written);
            if !spans.is_empty() {
                days.set_item(name, PyTuple::new(py, spans.iter().map(ClockSpan::to_string))?)?;
            }
        }
        Ok(days)
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        constructed("WorkingHours", Some(self.time_zone()), &self.days(py)?)
    }

    fn __hash__(&self) -> PyResult<u64> {
        Ok(hash(&json::text(&self.0)?))
    }

    fn __getnewargs_ex__<'py>(&self, py: Python<'py>) -> PyResult<((&str,), Bound<'py, PyDict>)> {
        Ok(((self.time_zone(),), self.days(py)?))
    }
}

impl WorkingHours {
    /// The hours that argument `working_hours` is.
    pub(super) fn argument(value: &Bound<'_, PyAny>) -> PyResult<Option<conflict::WorkingHours>> {
        if value.is_none() {
            return Ok(None);
        }
        let hours = value.cast::<Self>().map_err(|_| wrong_type("working_hours", "a WorkingHours", value))?;
        Ok(Some(hours.get().0.clone()))
    }
}

/// A weekday as an argument, and where its stretches are written.
type Day = (&'static str, fn(&mut WrittenHours) -> &mut Vec<ClockSpan>);

const WEEK: [Day; 7] = [
    ("monday", |hours| &mut hours.monday),
    ("tuesday", |hours| &mut hours.tuesday),
    ("wednesday", |hours| &mut hours.wednesday),
    ("thursday", |hours| &mut hours.thursday),
    ("friday", |hours| &mut hours.friday),
    ("saturday", |hours| &mut hours.saturday),
    ("sunday", |hours| &mut hours.sunday),
];
