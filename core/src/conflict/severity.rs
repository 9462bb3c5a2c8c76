//! How bad a conflict is, and why.

use serde::{Deserialize, Serialize};

use super::Proposal;
use crate::codes::codes;

codes! {
    /// How bad a conflict is.
    #[derive(PartialOrd, Ord, Serialize, Deserialize)]
    #[serde(rename_all = "snake_case")]
    Severity {
        /// Worth knowing.
        Low = "low",
        /// Worth asking.
        Medium = "medium",
        /// Both cannot be kept.
        High = "high",
    }

    /// Why something is a conflict, or how bad it is.
    #[derive(PartialOrd, Ord, Serialize, Deserialize)]
    #[serde(rename_all = "snake_case")]
    #[non_exhaustive]
    ConflictReason {
        /// They share time.
        Overlap = "overlap",
        /// It leaves less than the buffer asked for.
        TooClose = "too_close",
        /// It is elsewhere, and there is no time to get from one to the other.
        Travel = "travel",
        /// The person accepted it, or it is their own.
        Accepted = "accepted",
        /// The person answered maybe, or the event is tentative.
        Tentative = "tentative",
        /// The person has not answered.
        NotAnswered = "not_answered",
        /// It is out of office.
        OutOfOffice = "out_of_office",
        /// It is focus time.
        FocusTime = "focus_time",
        /// It, or what is proposed, lasts all day.
        AllDay = "all_day",
        /// The person organizes it.
        Organizer = "organizer",
        /// Others are invited.
        HasGuests = "has_guests",
        /// It looks like what is proposed: near-same title and time.
        Duplicate = "duplicate",
    }
}

/// Reasons, each once, in the order of [`ConflictReason`].
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Reasons(u16);

impl Reasons {
    /// With `reason`, where it `holds`.
    pub(super) fn and(self, holds: bool, reason: ConflictReason) -> Self {
        Self(self.0 | u16::from(holds) << reason as u16)
    }

    pub(super) fn iter(self) -> impl Iterator<Item = ConflictReason> {
        ConflictReason::ALL.iter().copied().filter(move |reason| self.has(*reason))
    }

    /// The table of the module, row by row.
    pub(super) fn severity(self, proposal: &Proposal) -> Severity {
        use ConflictReason::{
            AllDay, FocusTime, HasGuests, NotAnswered, Organizer, OutOfOffice, Tentative, TooClose, Travel,
        };
        let base = match () {
            () if self.has(TooClose) => return Severity::Low,
            () if self.has(Travel) => return Severity::Medium,
            () if self.has(OutOfOffice) => return Severity::High,
            () if self.has(AllDay) && !proposal.out_of_office => Severity::Low,
            () if self.has(Tentative) || self.has(NotAnswered) || self.has(FocusTime) => Severity::Medium,
            () => Severity::High,
        };
        match base {
            Severity::Low if self.has(Organizer) && self.has(HasGuests) => Severity::Medium,
            Severity::Medium if self.has(Organizer) && self.has(HasGuests) => Severity::High,
            base => base,
        }
    }

    fn has(self, reason: ConflictReason) -> bool {
        self.0 & (1 << reason as u16) != 0
    }
}
