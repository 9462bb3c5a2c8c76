//! What is asked about conflicts, and the answer.

use std::time::Duration;

use serde::Serialize;
use theo_calendar::{
    conflict::{ConflictPolicy, Conflicts, Proposal, format_conflict},
    model::{Event, EventDraft},
    recurrence::{TimeZones, Zone},
};
use theo_calendar_wasm_edge::{error::Result, flat::Flat, json, range, zones::HOST_ZONES};

/// A range or an event, the zone of the calendar it is for, and what counts.
pub(crate) struct Asked {
    pub(crate) proposal: Proposal,
    pub(crate) policy: ConflictPolicy,
    pub(crate) zone: &'static Zone,
    shown_in: &'static Zone,
}

#[derive(Serialize)]
struct Answer {
    found: Conflicts,
    /// Each conflict in one line.
    lines: Vec<String>,
}

/// Reads `question`, and writes what `detect` says to it.
pub(crate) fn answer(question: &[u8], detect: impl FnOnce(&Asked) -> Conflicts) -> Result<String> {
    let asked = Asked::read(&mut Flat::new(question))?;
    let found = detect(&asked);
    let lines = found.conflicts.iter().map(|conflict| format_conflict(conflict, asked.shown_in)).collect();
    json::write(&Answer { found, lines })
}

impl Asked {
    fn read(flat: &mut Flat<'_>) -> Result<Self> {
        let time_zone = flat.text();
        let zone = known_zone(time_zone)?;
        let shown_in = known_zone(flat.text().or(time_zone))?;
        let minutes = |minutes: u32| Duration::from_secs(u64::from(minutes) * 60);
        let policy = ConflictPolicy {
            buffer_before: minutes(flat.number()),
            buffer_after: minutes(flat.number()),
            travel_time: minutes(flat.number()),
            count_all_day: flat.flag() != Some(true),
            count_tentative: flat.flag() != Some(true),
            count_unanswered: flat.flag() != Some(true),
            exclude: flat.list(|flat| flat.text().unwrap_or_default().into()).unwrap_or_default(),
            working_hours: None,
        };
        let proposal = match flat.flag() {
            Some(true) => range(flat.text().unwrap_or_default(), flat.text().unwrap_or_default())?.into(),
            _ => {
                let (has_id, event) = flat.event()?;
                proposal(&event, has_id, zone)?
            }
        };
        Ok(Self { proposal, policy, zone, shown_in })
    }
}

/// `event` as it would be: held to what Google asks of a new one, and not in its own way where it is there already.
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
    let as_new = Proposal::of_draft(&draft, zone, &HOST_ZONES)?;
    let as_changed = if has_id { Proposal::of_event(event, zone, &HOST_ZONES) } else { None };
    Ok(as_changed.unwrap_or(as_new))
}

/// The zone called `name`; UTC where nobody says.
pub(crate) fn known_zone(name: Option<&str>) -> Result<&'static Zone> {
    Ok(HOST_ZONES.known(name.unwrap_or("UTC"))?)
}
