//! Days and times: `date`, and `datetime` in its `ZoneInfo`.

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use pyo3::{
    IntoPyObjectExt, intern,
    prelude::*,
    sync::PyOnceLock,
    types::{PyDate, PyDateTime, PyDict, PyString, PyTzInfo},
};
use theo_calendar::{
    recurrence::{TimeZones, Tzdb, Zone},
    time::{EventTime, TimeRange, Timestamp, When},
};

use crate::error::{raised, wrong_argument, wrong_type};

/// When an event starts or ends: a `date` where it is of whole days, else a `datetime` in the zone that the event
/// names, in `zone` where it names none, or at the offset that Google wrote.
pub(crate) fn event_time<'py>(
    py: Python<'py>,
    time: &EventTime,
    zone: Option<&str>,
) -> PyResult<Bound<'py, PyAny>> {
    let zone =
        time.time_zone.as_deref().or(zone).and_then(|name| zone_info(py, name).transpose()).transpose()?;
    match (&time.when, zone) {
        (When::Date(date), _) => date.into_bound_py_any(py),
        (When::Instant(at), Some(zone)) => at_zone(py, at.utc(), &zone),
        (When::Instant(at), None) => at.instant().into_bound_py_any(py),
        (When::Local(wall), None) => wall.into_bound_py_any(py),
        (When::Local(wall), Some(zone)) => {
            let named = PyDict::new(py);
            named.set_item("tzinfo", zone)?;
            wall.into_bound_py_any(py)?.call_method("replace", (), Some(&named))
        }
    }
}

/// An instant, in `zone` where it is known and else in UTC.
pub(crate) fn instant<'py>(py: Python<'py>, at: DateTime<Utc>, zone: &str) -> PyResult<Bound<'py, PyAny>> {
    match zone_info(py, zone)? {
        Some(zone) => at_zone(py, at, &zone),
        None => at.into_bound_py_any(py),
    }
}

fn at_zone<'py>(py: Python<'py>, at: DateTime<Utc>, zone: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    at.into_bound_py_any(py)?.call_method1(intern!(py, "astimezone"), (zone,))
}

/// `ZoneInfo(name)`, which Python keeps; none where it knows no such zone.
fn zone_info<'py>(py: Python<'py>, name: &str) -> PyResult<Option<Bound<'py, PyAny>>> {
    static ZONE_INFO: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    Ok(ZONE_INFO.import(py, "zoneinfo", "ZoneInfo")?.call1((name,)).ok())
}

/// A stretch of time, in `zone`: a `theo_calendar.TimeRange`.
pub(crate) fn range<'py>(py: Python<'py>, range: &TimeRange, zone: &Zone) -> PyResult<Bound<'py, PyAny>> {
    static TIME_RANGE: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let class = TIME_RANGE.import(py, "theo_calendar._records", "TimeRange")?;
    class.call1((instant(py, range.start(), zone.name())?, instant(py, range.end(), zone.name())?))
}

/// The zone called `name`.
pub(crate) fn known_zone(name: &str) -> theo_calendar::Result<&'static Zone> {
    static TZDB: Tzdb = Tzdb;
    TZDB.known(name)
}

/// The zone that pickle kept by its name.
///
/// # Errors
/// `InvalidInputError` where it is unknown here.
pub(crate) fn zone_called(name: &str) -> PyResult<&'static Zone> {
    known_zone(name).map_err(raised)
}

/// The zone that argument `time_zone` names: a name, a `ZoneInfo`, or none for UTC.
///
/// # Errors
/// `InvalidInputError` for one that is unknown; `TypeError` for what is no zone.
pub(crate) fn zone_argument(value: Option<&Bound<'_, PyAny>>) -> PyResult<&'static Zone> {
    let Some(value) = value else { return zone_called("UTC") };
    if !value.is_instance_of::<PyString>() && !value.is_instance_of::<PyTzInfo>() {
        return Err(wrong_type("time_zone", "the name of a zone or a ZoneInfo", value));
    }
    let name = value.str()?;
    known_zone(name.to_str()?).map_err(|error| wrong_argument("time_zone", error))
}

/// The time between the arguments `start` and `end`, whose days are those of `zone`.
///
/// # Errors
/// `InvalidInputError` where one is no time or has no zone, or the end is not after the start; `TypeError` for what is
/// neither a date, a datetime nor text.
pub(crate) fn range_argument(
    start: &Bound<'_, PyAny>,
    end: &Bound<'_, PyAny>,
    zone: &Zone,
) -> PyResult<TimeRange> {
    let (start, end) = (instant_argument(start, "start", zone)?, instant_argument(end, "end", zone)?);
    TimeRange::new(start, end).map_err(|error| wrong_argument("end", error))
}

/// The time that `argument` is as a pair of times.
///
/// # Errors
/// Those of [`range_argument`], naming `argument`.
pub(crate) fn pair_argument(value: &Bound<'_, PyAny>, argument: &str, zone: &Zone) -> PyResult<TimeRange> {
    let pair: Result<(Bound<'_, PyAny>, Bound<'_, PyAny>), _> = value.extract();
    let (start, end) = pair.map_err(|_| wrong_type(argument, "a pair of times", value))?;
    let (start, end) = (instant_argument(&start, argument, zone)?, instant_argument(&end, argument, zone)?);
    TimeRange::new(start, end).map_err(|error| wrong_argument(argument, error))
}

/// The instant that `argument` names: a day is its midnight in `zone`.
pub(crate) fn instant_argument(
    value: &Bound<'_, PyAny>,
    argument: &str,
    zone: &Zone,
) -> PyResult<DateTime<Utc>> {
    let py = value.py();
    if let Ok(at) = value.cast::<PyDateTime>() {
        if at.call_method0(intern!(py, "utcoffset"))?.is_none() {
            return Err(wrong_argument(
                argument,
                format_args!(
                    "{} has no time zone: give it one, such as tzinfo=ZoneInfo('Europe/Berlin')",
                    at.repr()?
                ),
            ));
        }
        return at.call_method1(intern!(py, "astimezone"), (Utc.into_pyobject(py)?,))?.extract();
    }
    if let Ok(day) = value.cast::<PyDate>() {
        return Ok(zone.resolve(day.extract::<NaiveDate>()?.and_time(NaiveTime::MIN)));
    }
    let wanted = "a datetime, a date or RFC 3339 text";
    let text = value.cast::<PyString>().map_err(|_| wrong_type(argument, wanted, value))?;
    let text = text.to_str()?;
    let wrong = |error| wrong_argument(argument, format_args!("`{text}` is no RFC 3339 time: {error}"));
    Ok(Timestamp::parse(text).map_err(wrong)?.utc())
}
