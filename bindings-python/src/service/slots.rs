//! When people have time for each other.

use std::time::Duration;

use pyo3::prelude::*;
use theo_calendar::{
    conflict::slots::{self, Attendance, Overlook, SlotQuery, UnknownTime, Who, format_slot},
    recurrence::Zone,
    time::TimeRange,
};

use super::{agenda::Moment, words::Known};
use crate::{
    conflict::WorkingHours,
    time::{range_argument, zone_argument},
    value::{ToPython, values},
};

/// What is asked, as `_slots.SlotQuery` has it.
#[derive(FromPyObject)]
pub(crate) struct SlotQuestion<'py> {
    start: Bound<'py, PyAny>,
    end: Bound<'py, PyAny>,
    time_zone: Option<Bound<'py, PyAny>>,
    duration: Duration,
    participants: Vec<Participant>,
    step: Duration,
    buffer_before: Duration,
    buffer_after: Duration,
    overlook: String,
    count_all_day: bool,
    allow_unknown: bool,
    overlapping: bool,
    exclude: Vec<String>,
    limit: usize,
}

#[derive(FromPyObject)]
struct Participant {
    who: String,
    optional: bool,
    working_hours: Option<WorkingHours>,
}

impl SlotQuestion<'_> {
    /// The query, and the zone that answers are shown in.
    pub(crate) fn into_core(self) -> PyResult<(SlotQuery, &'static Zone)> {
        let zone = zone_argument(self.time_zone.as_ref())?;
        let participants = self.participants.into_iter().map(|one| slots::Participant {
            who: Who::from(one.who),
            attendance: if one.optional { Attendance::Optional } else { Attendance::Required },
            hours: one.working_hours.map(|hours| hours.0),
        });
        let query = SlotQuery {
            window: range_argument(&self.start, &self.end, zone)?,
            duration: self.duration,
            participants: participants.collect(),
            zone: zone.clone(),
            step: self.step,
            buffer_before: self.buffer_before,
            buffer_after: self.buffer_after,
            overlook: Overlook::argument(&self.overlook, "overlook")?,
            count_all_day: self.count_all_day,
            allow_unknown: self.allow_unknown,
            overlapping: self.overlapping,
            exclude: self.exclude.into_iter().map(Into::into).collect(),
            limit: self.limit,
        };
        Ok((query, zone))
    }
}

values! {
    /// When people have time for each other: a sequence of `Slot`, best first.
    sequence Slots(Found) of slots {
        /// Whether there are more than were asked for.
        has_more,
        /// Whose time is not known, when and why. There may be slots that are not given for it.
        unknown,
    }

    /// A time at which the meeting fits. As text it is a line for people.
    plain Slot(FoundSlot) {
        /// When it starts, in the zone that was asked for.
        start = |it| it.zoned.start(&it.slot.range),
        /// When it ends.
        end = |it| it.zoned.end(&it.slot.range),
        /// Whether it is known that all who must come can.
        is_known = |it| it.slot.is_known,
        /// Why it stands where it does.
        reasons = |it| it.slot.reasons,
        /// Those who are not simply free: who must come first, then by name.
        notes = |it| it.slot.notes,
    } with {
        fn __str__(&self) -> String {
            format_slot(&self.0.slot, self.0.zoned.0)
        }
    }

    /// What a slot is to one who takes part.
    json SlotNote(slots::SlotNote) {
        /// Who: the address of their calendar, or `me`.
        who,
        /// Whether they must come.
        is_required,
        /// What it is to them.
        standing,
    }

    /// When somebody's time is not known.
    plain UnknownSpan(FoundUnknown) {
        /// Whose: the address of their calendar, or `me`.
        who = |it| it.unknown.who,
        /// From when on, in the zone that was asked for.
        start = |it| it.zoned.start(&it.unknown.range),
        /// Until when.
        end = |it| it.zoned.end(&it.unknown.range),
        /// Why not, in words for people.
        why = |it| it.unknown.why,
    }
}

/// The zone in which times are shown.
#[derive(Clone, Copy, PartialEq)]
struct Zoned(&'static Zone);

impl Zoned {
    fn start(self, range: &TimeRange) -> Moment {
        Moment { at: range.start(), is_day: false, zone: self.0 }
    }

    fn end(self, range: &TimeRange) -> Moment {
        Moment { at: range.end(), is_day: false, zone: self.0 }
    }
}

#[derive(Clone, PartialEq)]
pub(crate) struct Found {
    slots: Vec<FoundSlot>,
    has_more: bool,
    unknown: Vec<FoundUnknown>,
}

#[derive(Clone, PartialEq)]
pub(crate) struct FoundSlot {
    slot: slots::Slot,
    zoned: Zoned,
}

#[derive(Clone, PartialEq)]
pub(crate) struct FoundUnknown {
    unknown: UnknownTime,
    zoned: Zoned,
}

impl Found {
    /// What was found, shown in `zone`.
    pub(crate) fn new(found: slots::Slots, zone: &'static Zone) -> Self {
        let zoned = Zoned(zone);
        Self {
            slots: found.slots.into_iter().map(|slot| FoundSlot { slot, zoned }).collect(),
            has_more: found.has_more,
            unknown: found.unknown.into_iter().map(|unknown| FoundUnknown { unknown, zoned }).collect(),
        }
    }
}

impl ToPython for Who {
    fn to_python<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        String::from(self.clone()).to_python(py)
    }
}
