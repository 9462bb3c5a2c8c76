//! How bad a conflict is, and why.

use serde::{Deserialize, Serialize};

use super::Proposal;

/// How bad a conflict is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Worth knowing.
    Low,
    /// Worth asking.
    Medium,
    /// Both cannot be kept.
    High,
}

/// Why something is a conflict, or how bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ConflictReason {
    /// They share time.
    Overlap,
    /// It leaves less than the buffer asked for.
    TooClose,
    /// It is elsewhere, and there is no time to get from one to the other.
    Travel,
    /// The person accepted it, or it is their own.
    Accepted,
    /// The person answered maybe, or the event is tentative.
    Tentative,
    /// The person has not answered.
    NotAnswered,
    /// It is out of office.
    OutOfOffice,
    /// It is focus time.
    FocusTime,
    /// It, or what is proposed, lasts all day.
    AllDay,
    /// The person organizes it.
    Organizer,
    /// Others are invited.
    HasGuests,
    /// It looks like what is proposed: near-same title and time.
    Duplicate,
}

impl Severity {
    /// All there are, rising.
    pub const ALL: [Self; 3] = [Self::Low, Self::Medium, Self::High];
}

impl ConflictReason {
    /// All that this version knows, in their order.
    pub const ALL: [Self; 12] = [
        Self::Overlap,
        Self::TooClose,
        Self::Travel,
        Self::Accepted,
        Self::Tentative,
        Self::NotAnswered,
        Self::OutOfOffice,
        Self::FocusTime,
        Self::AllDay,
        Self::Organizer,
        Self::HasGuests,
        Self::Duplicate,
    ];
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
        ConflictReason::ALL.into_iter().filter(move |reason| self.has(*reason))
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
