//! One time at which the meeting fits, and how good it is.

use std::cmp::Reverse;

use chrono::{DateTime, NaiveDate, Utc};

use super::{Slot, SlotNote, SlotQuery, SlotReason, SlotStanding, timeline::Timeline};
use crate::time::TimeRange;

pub(super) struct Candidate {
    pub(super) range: TimeRange,
    pub(super) rank: Rank,
    /// Of each timeline.
    standings: Vec<SlotStanding>,
}

/// The order of the [module](super#which-slots-come-first), row by row: the smaller, the better.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Rank {
    not_known: u32,
    worst_overlooked: SlotStanding,
    overlooking: u32,
    optional_missing: u32,
    optional_overlooking: u32,
    day: NaiveDate,
    fragments: u32,
    start: DateTime<Utc>,
}

impl Candidate {
    /// None where somebody who must come cannot, or may not be able to.
    pub(super) fn new(range: TimeRange, timelines: &[Timeline<'_>], query: &SlotQuery) -> Option<Self> {
        let mut standings = Vec::with_capacity(timelines.len());
        let mut rank = Rank {
            not_known: 0,
            worst_overlooked: SlotStanding::Free,
            overlooking: 0,
            optional_missing: 0,
            optional_overlooking: 0,
            day: query.zone.to_local(range.start()).date(),
            fragments: 0,
            start: range.start(),
        };
        for timeline in timelines {
            use SlotStanding::{Busy, Free, OutsideHours, OverlookedLow, OverlookedMedium, Unknown};
            let standing = timeline.standing(&range);
            match (timeline.is_required(), standing) {
                (_, Free) => {}
                (true, Busy | OutsideHours) => return None,
                (true, Unknown) if !query.allow_unknown => return None,
                (true, Unknown) => rank.not_known += 1,
                (true, OverlookedLow | OverlookedMedium) => {
                    rank.worst_overlooked = rank.worst_overlooked.max(standing);
                    rank.overlooking += 1;
                }
                (false, Busy | OutsideHours | Unknown) => rank.optional_missing += 1,
                (false, OverlookedLow | OverlookedMedium) => rank.optional_overlooking += 1,
            }
            if timeline.is_required() {
                rank.fragments += timeline.fragments(&range);
            }
            standings.push(standing);
        }
        Some(Self { range, rank, standings })
    }

    pub(super) fn into_slot(self, timelines: &[Timeline<'_>]) -> Slot {
        let rank = &self.rank;
        let who_must = match () {
            () if rank.not_known > 0 => SlotReason::NotKnown,
            () if rank.overlooking > 0 => SlotReason::Overlooks,
            () if rank.optional_missing + rank.optional_overlooking > 0 => SlotReason::RequiredFree,
            () => SlotReason::EveryoneFree,
        };
        let have_hours = timelines.iter().any(Timeline::has_hours);
        let in_hours = have_hours && !self.standings.contains(&SlotStanding::OutsideHours);
        let gaps = if rank.fragments > 0 { SlotReason::LeavesFragment } else { SlotReason::LeavesNoFragment };
        let notes =
            timelines.iter().zip(&self.standings).filter(|(_, standing)| **standing != SlotStanding::Free);
        let note = |(timeline, standing): (&Timeline<'_>, &SlotStanding)| SlotNote {
            who: timeline.who().clone(),
            is_required: timeline.is_required(),
            standing: *standing,
        };
        let mut notes: Vec<SlotNote> = notes.map(note).collect();
        notes.sort_by(|one, other| {
            (Reverse(one.is_required), &one.who).cmp(&(Reverse(other.is_required), &other.who))
        });
        Slot {
            range: self.range,
            is_known: rank.not_known == 0,
            reasons: [Some(who_must), in_hours.then_some(SlotReason::InsideHours), Some(gaps)]
                .into_iter()
                .flatten()
                .collect(),
            notes,
        }
    }
}
