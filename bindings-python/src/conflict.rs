//! What stands in the way of what is proposed.

mod found;
mod index;
mod policy;
mod question;
mod working_hours;

use pyo3::prelude::*;
use theo_calendar::{
    conflict::{self, Severity},
    recurrence::Tzdb,
};

pub(crate) use self::{
    found::{Conflict, Conflicts, ConflictsIn},
    index::ConflictIndex,
    policy::ConflictPolicy,
    question::Question,
    working_hours::WorkingHours,
};
use crate::{
    error::wrong_type,
    event_list::EventList,
    time::zone_argument,
    work::{detached, guarded},
};

/// What among `events`, all of one calendar, stands in the way of the time from `start` to `end`, or of `draft`: by
/// the time proposed, then by start, the worst first.
///
/// `events` are Google's JSON as text or bytes, an `EventsPage`, one event, or any iterable of dicts and `Event`s. Days
/// are those of `time_zone`: where it is not given of the page's, else UTC. `start` and `end` are aware datetimes, dates
/// or RFC 3339 text. `draft` is an event in Google's form, a dict or an `Event`, whose times may be `datetime`s and
/// `date`s; one with an `id` is not in its own way. One that recurs is asked about at each occurrence in `horizon`, a
/// pair of times: where that is not given, in the 90 days from its first one.
///
/// Looks at every event; for many questions use `ConflictIndex`, which answers the same.
///
/// Raises `InvalidInputError` where events or draft cannot be read, a zone is unknown, or an end is not after its start.
///
/// >>> standup = {
/// ...     "id": "standup", "summary": "Standup", "recurrence": ["RRULE:FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"],
/// ...     "start": {"dateTime": "2015-03-02T09:00:00", "timeZone": "Europe/Berlin"},
/// ...     "end": {"dateTime": "2015-03-02T09:30:00", "timeZone": "Europe/Berlin"},
/// ... }
/// >>> found = detect_conflicts([standup], "2025-03-03T08:15:00Z", "2025-03-03T09:00:00Z", time_zone="Europe/Berlin")
/// >>> print(found[0])
/// High: overlaps “Standup” Mon 2025-03-03 09:00–09:30 (Europe/Berlin): on your calendar
/// >>> found.is_free, found.worst
/// (False, <Severity.HIGH: 'high'>)
#[pyfunction]
#[pyo3(signature = (events, start=None, end=None, *, draft=None, horizon=None, time_zone=None, policy=None))]
#[expect(clippy::too_many_arguments, reason = "in Python each has a name and a default")]
pub(crate) fn detect_conflicts(
    py: Python<'_>,
    events: &Bound<'_, PyAny>,
    start: Option<&Bound<'_, PyAny>>,
    end: Option<&Bound<'_, PyAny>>,
    draft: Option<&Bound<'_, PyAny>>,
    horizon: Option<&Bound<'_, PyAny>>,
    time_zone: Option<&Bound<'_, PyAny>>,
    policy: Option<&Bound<'_, PyAny>>,
) -> PyResult<Conflicts> {
    let list = EventList::of(events)?;
    let zone = list.zone(time_zone)?;
    let Question { proposal, policy } = Question::of(start, end, draft, horizon, zone, policy)?;
    let found = detached(py, || conflict::detect_conflicts(&list.events, &proposal, &policy, zone, &Tzdb))?;
    Ok(Conflicts { quarantined: list.quarantined, ..Conflicts::new(found, zone) })
}

/// Whether one of `conflicts` cannot be kept together with what is proposed.
///
/// Raises `TypeError` where these are no conflicts.
///
/// >>> has_high_severity_conflicts([])
/// False
#[pyfunction]
pub(crate) fn has_high_severity_conflicts(conflicts: &Bound<'_, PyAny>) -> PyResult<bool> {
    if let Ok(conflicts) = conflicts.cast::<Conflicts>() {
        return Ok(conflict::has_high_severity(&conflicts.get().found.conflicts));
    }
    let wanted = "an iterable of Conflict objects";
    let items = conflicts.try_iter().map_err(|_| wrong_type("conflicts", wanted, conflicts))?;
    let mut is_high = false;
    for (place, item) in items.enumerate() {
        let item = item?;
        let one = item.cast::<Conflict>();
        let one = one.map_err(|_| wrong_type(&format!("conflicts[{place}]"), "a Conflict", &item))?;
        is_high |= one.get().conflict.severity == Severity::High;
    }
    Ok(is_high)
}

/// `conflict` in one line, in the local time of `time_zone`: where it is not given, of the one that was asked in. Hostile
/// titles can neither break the line nor end their quotes.
///
/// Raises `InvalidInputError` where the zone is unknown.
///
/// >>> lunch = {
/// ...     "id": "lunch", "summary": "Lunch",
/// ...     "start": {"dateTime": "2025-03-28T12:00:00+01:00"}, "end": {"dateTime": "2025-03-28T13:00:00+01:00"},
/// ... }
/// >>> found = detect_conflicts([lunch], "2025-03-28T11:30:00Z", "2025-03-28T12:00:00Z")
/// >>> format_conflict(found[0], time_zone="Asia/Tokyo")
/// 'High: overlaps “Lunch” Fri 2025-03-28 20:00–21:00 (Asia/Tokyo): on your calendar'
#[pyfunction]
#[pyo3(signature = (conflict, *, time_zone=None))]
pub(crate) fn format_conflict(
    conflict: &Bound<'_, PyAny>,
    time_zone: Option<&Bound<'_, PyAny>>,
) -> PyResult<String> {
    let one = conflict.cast::<Conflict>().map_err(|_| wrong_type("conflict", "a Conflict", conflict))?.get();
    let zone = time_zone.map(|zone| zone_argument(Some(zone))).transpose()?.unwrap_or(one.zone);
    guarded(|| conflict::format_conflict(&one.conflict, zone))
}
