//! The time of one who takes part, laid out to be asked about many slots.

use chrono::{DateTime, TimeDelta, Utc};

use super::{Attendance, Availability, Participant, SlotQuery, SlotStanding, TakenTime, UnknownTime, Who};
use crate::{
    conflict::{Severity, spans::Spans},
    time::TimeRange,
};

/// The time of one who takes part. What takes time has grown by the buffers, so that it is compared with the meeting
/// alone.
pub(super) struct Timeline<'q> {
    participant: &'q Participant,
    busy: Spans,
    /// What is overlooked.
    low: Spans,
    medium: Spans,
    outside_hours: Spans,
    unknown: Spans,
    /// What keeps a meeting away: busy, or outside hours.
    closed: Spans,
    /// As they were told.
    reasons: Vec<(TimeRange, String)>,
}

impl<'q> Timeline<'q> {
    pub(super) fn new(participant: &'q Participant, known: Option<&Availability>, query: &SlotQuery) -> Self {
        let nothing_known;
        let known = match known {
            Some(known) => known,
            None => {
                nothing_known = Availability::unknown(query.reach(), "nothing is known of their time");
                &nothing_known
            }
        };
        let (before, after) = query.buffers();
        // Time that is taken keeps a meeting as far away as the meeting's buffer on that side reaches.
        let grown = |range: &TimeRange| {
            let start = range.start().checked_sub_signed(after).unwrap_or(range.start());
            let end = range.end().checked_add_signed(before).unwrap_or(range.end());
            TimeRange::new(start, end).unwrap_or(*range)
        };
        // Of what lasts all day, only being out of office is High.
        let counts =
            |taken: &&TakenTime| query.count_all_day || !taken.is_all_day || taken.severity == Severity::High;
        let taken = |is_it: &dyn Fn(Severity) -> bool| -> Spans {
            let of_it = known.taken.iter().filter(counts).filter(|taken| is_it(taken.severity));
            of_it.map(|taken| if taken.is_all_day { taken.range } else { grown(&taken.range) }).collect()
        };
        let overlook = query.overlook;
        let busy = taken(&|severity| !overlook.lets_pass(severity));
        let outside_hours = participant.hours.as_ref().map(|hours| {
            let hours: Spans = hours.within(&query.window).into_iter().collect();
            hours.gaps(&query.window)
        });
        let outside_hours = outside_hours.unwrap_or_default();
        Self {
            participant,
            low: taken(&|severity| severity == Severity::Low && overlook.lets_pass(severity)),
            medium: taken(&|severity| severity == Severity::Medium && overlook.lets_pass(severity)),
            unknown: known.unknown.iter().map(|(range, _)| grown(range)).collect(),
            closed: busy.iter().chain(outside_hours.iter()).copied().collect(),
            busy,
            outside_hours,
            reasons: known.unknown.clone(),
        }
    }

    pub(super) fn who(&self) -> &'q Who {
        &self.participant.who
    }

    pub(super) fn is_required(&self) -> bool {
        self.participant.attendance == Attendance::Required
    }

    pub(super) fn has_hours(&self) -> bool {
        self.participant.hours.is_some()
    }

    /// What a meeting at that time would be to them; of several things the one that counts most.
    pub(super) fn standing(&self, slot: &TimeRange) -> SlotStanding {
        match () {
            () if self.busy.overlaps(slot) => SlotStanding::Busy,
            () if self.outside_hours.overlaps(slot) => SlotStanding::OutsideHours,
            () if self.unknown.overlaps(slot) => SlotStanding::Unknown,
            () if self.medium.overlaps(slot) => SlotStanding::OverlookedMedium,
            () if self.low.overlaps(slot) => SlotStanding::OverlookedLow,
            () => SlotStanding::Free,
        }
    }

    /// On how many sides the meeting leaves them a gap that is too short for another as long. What the window cuts off
    /// is none.
    pub(super) fn fragments(&self, slot: &TimeRange) -> u32 {
        let length = slot.duration();
        let is_short = |gap: TimeDelta| gap > TimeDelta::zero() && gap < length;
        let before = |end: DateTime<Utc>| slot.start() - end;
        let after = |start: DateTime<Utc>| start - slot.end();
        u32::from(self.closed.end_before(slot.start()).map(before).is_some_and(is_short))
            + u32::from(self.closed.start_after(slot.end()).map(after).is_some_and(is_short))
    }

    /// When it is not known what takes their time, by start.
    pub(super) fn unknown_times(&self) -> impl Iterator<Item = UnknownTime> {
        let mut reasons: Vec<&(TimeRange, String)> = self.reasons.iter().collect();
        reasons.sort_unstable();
        reasons.dedup();
        reasons.into_iter().map(|(range, why)| UnknownTime {
            who: self.who().clone(),
            range: *range,
            why: why.clone(),
        })
    }
}
