//! What was found: slots with their reasons, and whose time is not known.

use serde::{Deserialize, Serialize};

use super::Who;
use crate::{
    recurrence::Zone,
    time::{TimeRange, format_range},
};

/// When people have time for each other.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Slots {
    /// Best first.
    pub slots: Vec<Slot>,
    /// Whether there are more than were asked for.
    pub has_more: bool,
    /// Whose time is not known, when and why: by person and start. There may be slots that are not given for it.
    pub unknown: Vec<UnknownTime>,
}

/// A time at which the meeting fits.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Slot {
    /// When.
    pub range: TimeRange,
    /// Whether it is known that all who must come can; always so, unless
    /// [`allow_unknown`](super::SlotQuery::allow_unknown) is set.
    pub is_known: bool,
    /// Why it stands where it does, in the order of [`SlotReason`].
    pub reasons: Vec<SlotReason>,
    /// Those who are not simply free: who must come first, then by name.
    pub notes: Vec<SlotNote>,
}

/// Why a slot stands where it does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum SlotReason {
    /// All are free.
    EveryoneFree,
    /// All who must come are free, not all who may.
    RequiredFree,
    /// Something in the time of one who must come is overlooked.
    Overlooks,
    /// Of one who must come it is not known whether they are free.
    NotKnown,
    /// It is in the working hours of all who have some.
    InsideHours,
    /// It leaves nobody who must come a gap too short for another meeting as long.
    LeavesNoFragment,
    /// It leaves somebody who must come such a gap.
    LeavesFragment,
}

/// What a slot is to one who takes part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SlotNote {
    /// Who.
    pub who: Who,
    /// Whether they must come.
    pub is_required: bool,
    /// What it is to them.
    pub standing: SlotStanding,
}

/// What a slot is to somebody: the later here, the worse.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SlotStanding {
    /// They have nothing there.
    Free,
    /// They have something there that is overlooked: a conflict that is low.
    OverlookedLow,
    /// They have something there that is overlooked: a conflict that is medium.
    OverlookedMedium,
    /// What they have there is not known.
    Unknown,
    /// They do not work then.
    OutsideHours,
    /// They have something else.
    Busy,
}

/// When somebody's time is not known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnknownTime {
    /// Whose.
    pub who: Who,
    /// When.
    pub range: TimeRange,
    /// Why not, in words for people.
    pub why: String,
}

/// `slot` in one line, in the local time of `zone`.
///
/// `Tue 2025-03-04 10:00–10:30 (Europe/Berlin): everybody is free, in working hours, leaves no short gap`
pub fn format_slot(slot: &Slot, zone: &Zone) -> String {
    let word = |reason: &SlotReason| {
        Some(match reason {
            SlotReason::EveryoneFree => "everybody is free",
            SlotReason::RequiredFree => "all who must come are free",
            // The notes say more.
            SlotReason::Overlooks | SlotReason::NotKnown => return None,
            SlotReason::InsideHours => "in working hours",
            SlotReason::LeavesNoFragment => "leaves no short gap",
            SlotReason::LeavesFragment => "leaves a short gap",
        })
    };
    let note = |note: &SlotNote| {
        let SlotNote { who, standing, .. } = note;
        let (is, has) = if *who == Who::Me { ("are", "have") } else { ("is", "has") };
        match standing {
            SlotStanding::Free => format!("{who} {is} free"),
            SlotStanding::OverlookedLow => format!("{who} {has} something minor there"),
            SlotStanding::OverlookedMedium => format!("{who} {has} something there that may give way"),
            SlotStanding::Unknown => format!("whether {who} {is} free is not known"),
            SlotStanding::OutsideHours => format!("{who} {is} not at work"),
            SlotStanding::Busy => format!("{who} {is} busy"),
        }
    };
    let (who_must, rest) = slot.reasons.split_at(slot.reasons.len().min(1));
    let first = who_must.iter().filter_map(word).map(str::to_owned);
    let words: Vec<String> = first
        .chain(slot.notes.iter().map(note))
        .chain(rest.iter().filter_map(word).map(str::to_owned))
        .collect();
    format!("{}: {}", format_range(&slot.range, false, zone), words.join(", "))
}
