//! What the person sees before they decide.

mod changes;
mod conflicts;
mod emails;
mod touched;
mod words;

use serde::{Deserialize, Serialize};

pub(super) use conflicts::ConflictChange;
pub(super) use touched::Touched;

use super::ActionRequest;
use crate::{
    conflict::Conflict,
    id::AccountId,
    model::Event,
    recurrence::{TimeZones, Zone},
    storage::MirroredCalendar,
    text::one_line,
};

/// What a change would do, in words and in parts.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Preview {
    /// One sentence: `Move "Standup" from Monday 9:00 to Monday 10:00`.
    pub summary: String,
    /// The calendar's title.
    pub calendar: String,
    /// The zone its times are shown in.
    pub time_zone: String,
    /// Field by field.
    pub changes: Vec<FieldChange>,
    /// When what it touches takes place, in local time with the weekday: of a series the first few occurrences, those
    /// moved by themselves where they are now, without those cancelled. One line for a one-off.
    pub occurrences: Vec<String>,
    /// How many occurrences it touches; at least so many where they are [truncated](Self::occurrences_truncated).
    #[serde(default)]
    pub occurrence_count: u64,
    /// Whether there are more than were counted.
    #[serde(default)]
    pub occurrences_truncated: bool,
    /// Who gets an email.
    pub emails: Emails,
    /// Conflicts that are there only after it.
    pub conflicts_caused: Vec<Conflict>,
    /// Conflicts that are there only before it.
    pub conflicts_solved: Vec<Conflict>,
    /// Whether there may be more conflicts than these: some recurring event has too many occurrences to follow or
    /// cannot be read, or the changed series goes on after the ninety days that were looked at.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub conflicts_incomplete: bool,
}

/// One field, before and after, as a person reads it: times in local time with the weekday.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldChange {
    /// Google's name of the field.
    pub field: String,
    /// Before; none where it had no value.
    pub before: Option<String>,
    /// After; none where it is cleared.
    pub after: Option<String>,
}

/// Who gets an email about a change.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Emails {
    /// Guests of the person's own domain.
    pub inside: Vec<String>,
    /// Other guests.
    pub outside: Vec<String>,
}

/// What a preview is made of: the event on both sides of the change, and where it is shown.
pub(super) struct Scene<'a> {
    pub(super) request: &'a ActionRequest,
    pub(super) calendar: &'a MirroredCalendar,
    /// The event as it is; none where one is made.
    pub(super) before: Option<&'a Event>,
    /// The event as it would be; none where it is deleted.
    pub(super) after: Option<&'a Event>,
    /// Whether both are what a series is from one occurrence on.
    pub(super) follows: bool,
    pub(super) zones: &'a dyn TimeZones,
}

impl Scene<'_> {
    /// What the person is shown.
    pub(super) fn preview(&self, conflicts: ConflictChange, touched: Touched) -> Preview {
        let entry = &self.calendar.entry;
        let title = entry.summary_override.as_ref().or(entry.summary.as_ref());
        Preview {
            summary: Self::with_resets(self.summary(), &touched),
            calendar: title.map_or_else(|| entry.id.to_string(), |title| one_line(title, words::TITLE)),
            time_zone: self.zone().name().to_owned(),
            changes: self.changes(),
            occurrences: touched.lines,
            occurrence_count: touched.count,
            occurrences_truncated: touched.is_truncated,
            emails: self.emails(),
            conflicts_caused: conflicts.caused,
            conflicts_solved: conflicts.solved,
            conflicts_incomplete: conflicts.is_incomplete,
        }
    }

    /// The zone of the calendar: the one all-day events are read in, and all times are shown in.
    pub(super) fn zone(&self) -> &Zone {
        self.zones.zone_or_utc(self.calendar.entry.time_zone.as_deref())
    }

    fn account(&self) -> &AccountId {
        &self.calendar.key.account
    }
}
