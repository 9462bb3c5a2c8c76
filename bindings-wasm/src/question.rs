//! What is asked about conflicts, and the answer.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use theo_calendar::{
    Error, ErrorKind,
    conflict::{ConflictPolicy, Conflicts, Proposal, format_conflict},
    model::EventOutline,
    recurrence::{TimeZones, Zone},
    time::TimeRange,
};

use crate::{error::Result, json, zones::HOST_ZONES};

/// A range or an event, the zone of the calendar it is for, and what counts.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Question {
    range: Option<TimeRange>,
    event: Option<EventOutline>,
    #[serde(default)]
    options: Options,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
struct Options {
    time_zone: Option<String>,
    display_time_zone: Option<String>,
    exclude_event_id: Vec<String>,
    buffer_before_minutes: u32,
    buffer_after_minutes: u32,
    travel_minutes: u32,
    ignore_all_day: bool,
    ignore_tentative: bool,
    ignore_unanswered: bool,
}

/// The same, understood.
pub(crate) struct Asked {
    pub(crate) proposal: Proposal,
    pub(crate) policy: ConflictPolicy,
    pub(crate) zone: &'static Zone,
    shown_in: &'static Zone,
}

#[derive(Serialize)]
struct Answer {
    #[serde(flatten)]
    found: Conflicts,
    /// Each conflict in one line.
    lines: Vec<String>,
}

/// Reads `question`, and writes what `detect` says to it.
pub(crate) fn answer(question: &str, detect: impl FnOnce(&Asked) -> Conflicts) -> Result<String> {
    let asked = json::read::<Question>("the question", question)?.understood()?;
    let found = detect(&asked);
    let lines = found.conflicts.iter().map(|conflict| format_conflict(conflict, asked.shown_in)).collect();
    json::write(&Answer { found, lines })
}

impl Question {
    fn understood(self) -> Result<Asked> {
        let zone = known_zone(self.options.time_zone.as_deref())?;
        let shown_in = match &self.options.display_time_zone {
            Some(name) => HOST_ZONES.known(name)?,
            None => zone,
        };
        let proposal = match (self.range, self.event) {
            (Some(range), _) => range.into(),
            (None, Some(event)) => Proposal::of_outline(event, zone, &HOST_ZONES)?,
            (None, None) => {
                let message = "nothing is proposed: it has neither start nor end";
                return Err(Error::new(ErrorKind::InvalidInput, message).into());
            }
        };
        Ok(Asked { proposal, policy: self.options.policy(), zone, shown_in })
    }
}

impl Options {
    fn policy(&self) -> ConflictPolicy {
        let minutes = |minutes: u32| Duration::from_secs(u64::from(minutes) * 60);
        ConflictPolicy {
            buffer_before: minutes(self.buffer_before_minutes),
            buffer_after: minutes(self.buffer_after_minutes),
            travel_time: minutes(self.travel_minutes),
            count_all_day: !self.ignore_all_day,
            count_tentative: !self.ignore_tentative,
            count_unanswered: !self.ignore_unanswered,
            exclude: self.exclude_event_id.iter().map(|id| id.as_str().into()).collect(),
        }
    }
}

/// The zone called `name`; UTC where nobody says.
pub(crate) fn known_zone(name: Option<&str>) -> Result<&'static Zone> {
    Ok(HOST_ZONES.known(name.unwrap_or("UTC"))?)
}
