//! What is asked about conflicts.

use std::time::Duration;

use theo_calendar::{
    conflict::{ConflictPolicy, Proposal},
    model::{Event, EventDraft},
    recurrence::{TimeZones, Zone},
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
            working_hours: None,
        };
        let proposal = match flat.flag() {
            Some(true) => range(flat.text().unwrap_or_default(), flat.text().unwrap_or_default())?.into(),
            _ => {
                let (has_id, event) = flat.event()?;
                proposal(&event, has_id, zone)?
            }
        };
        Ok(Self { proposal, policy })
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
