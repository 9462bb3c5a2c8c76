//! What is asked about conflicts.

use std::time::Duration;

use chrono::Weekday;
use theo_calendar::{
    Error,
    conflict::{ConflictPolicy, Proposal, WorkingHours},
    model::{Event, EventDraft},
    recurrence::{TimeZones, Zone},
    time::TimeRange,
};
use theo_calendar_wasm_edge::{error::Result, flat::Flat, range, zones::HOST_ZONES};

/// A range or an event, and what counts.
pub(crate) struct Asked {
    pub(crate) proposal: Proposal,
    pub(crate) policy: ConflictPolicy,
}

impl Asked {
    pub(crate) fn read(flat: &mut Flat<'_>) -> Result<Self> {
        let time_zone = flat.text();
        let zone = known_zone(time_zone)?;
        // Conflicts are shown in it later: an unknown one is told now.
        known_zone(flat.text().or(time_zone))?;
        let minutes = |minutes: u32| Duration::from_secs(u64::from(minutes) * 60);
        let policy = ConflictPolicy {
            buffer_before: minutes(flat.number()),
            buffer_after: minutes(flat.number()),
            travel_time: minutes(flat.number()),
            count_all_day: flat.flag() != Some(true),
            count_tentative: flat.flag() != Some(true),
            count_unanswered: flat.flag() != Some(true),
            exclude: flat.list(|flat| flat.text().unwrap_or_default().into()).unwrap_or_default(),
            working_hours: named("workingHours", working_hours(flat))?,
        };
        let horizon = named("horizon", span(flat))?;
        let proposal = match span(flat)? {
            Some(range) => range.into(),
            None => {
                let (has_id, event) = flat.event()?;
                proposal(&event, has_id, zone)?
            }
        };
        let proposal = match horizon {
            Some(horizon) => proposal.within(horizon),
            None => proposal,
        };
        Ok(Self { proposal, policy })
    }
}

fn span(flat: &mut Flat<'_>) -> theo_calendar::Result<Option<TimeRange>> {
    match flat.flag() {
        Some(true) => range(flat.text().unwrap_or_default(), flat.text().unwrap_or_default()).map(Some),
        _ => Ok(None),
    }
}

/// A zone, then the stretches of each day, from Monday.
fn working_hours(flat: &mut Flat<'_>) -> theo_calendar::Result<Option<WorkingHours>> {
    let Some(time_zone) = flat.text() else { return Ok(None) };
    let zone = HOST_ZONES.known(time_zone)?.clone();
    let mut week = Vec::new();
    for number in 0..7 {
        let stretches = flat.list(|flat| flat.text().unwrap_or_default()).unwrap_or_default();
        for stretch in stretches {
            week.extend(Weekday::try_from(number).ok().zip(Some(stretch.parse()?)));
        }
    }
    WorkingHours::new(zone, week).map(Some)
}

/// What was read of an option; where it cannot be, the error names it.
fn named<T>(option: &str, read: theo_calendar::Result<T>) -> theo_calendar::Result<T> {
    read.map_err(|error| Error::new(error.kind(), format!("`{option}`: {error}")))
}

/// `event` as it would be; one with an id is there already.
fn proposal(event: &Event, has_id: bool, zone: &Zone) -> Result<Proposal> {
    let draft = EventDraft {
        status: event.status.clone(),
        summary: event.summary.clone(),
        location: event.location.clone(),
        start: event.start.clone(),
        end: event.end.clone(),
        recurrence: event.recurrence.clone(),
        transparency: event.transparency.clone(),
        event_type: event.event_type.clone(),
        ..EventDraft::default()
    };
    Ok(Proposal::of_edited(&draft, has_id.then_some(event), zone, &HOST_ZONES)?)
}

/// The zone called `name`; UTC where nobody says.
pub(crate) fn known_zone(name: Option<&str>) -> Result<&'static Zone> {
    Ok(HOST_ZONES.known(name.unwrap_or("UTC"))?)
}
