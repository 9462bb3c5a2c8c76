//! What was found as it lies there, before anything of it is copied.

use chrono::NaiveDate;

use super::{
    Conflict, ConflictPolicy, ConflictReason, Conflicts, Duplicate, DuplicateReason, Proposal, Severity,
    duplicates, finding::Finding, proposal::Times,
};
use crate::{
    id::{CalendarKey, EventId},
    model::Event,
    recurrence::OriginalStart,
    time::TimeRange,
};

/// [`Conflicts`] as they lie in the index that they were found in: a host that has the events already is told which,
/// and copies nothing.
#[derive(Clone, Debug)]
pub struct FoundConflicts<'a> {
    /// See [`Conflicts::conflicts`].
    pub conflicts: Vec<FoundConflict<'a>>,
    /// See [`Conflicts::outside_hours`].
    pub outside_hours: Vec<TimeRange>,
    /// See [`Conflicts::looked_at`].
    pub looked_at: TimeRange,
    /// See [`Conflicts::truncated`].
    pub truncated: bool,
    /// See [`Conflicts::unreadable`].
    pub unreadable: Vec<EventId>,
}

impl<'a> FoundConflicts<'a> {
    /// What `findings` come to.
    pub(super) fn of(
        findings: Vec<Finding<'a>>,
        unreadable: Vec<EventId>,
        times: &Times,
        proposal: &Proposal,
        policy: &ConflictPolicy,
    ) -> Self {
        // What never takes place has nothing in its way.
        let others = if times.spans().next().is_some() { unreadable } else { Vec::new() };
        let others = others.into_iter().filter(|id| proposal.left_out(policy).all(|left_out| left_out != id));
        let mut unreadable: Vec<EventId> = others.chain(proposal.unreadable()).collect();
        unreadable.sort_unstable();
        unreadable.dedup();
        Self {
            conflicts: duplicates::each_once(findings),
            outside_hours: proposal.outside_hours(times, policy),
            looked_at: times.window(policy),
            truncated: times.truncated,
            unreadable,
        }
    }
}

/// A [`Conflict`] as it lies in the index that it was found in.
#[derive(Clone, Debug)]
pub struct FoundConflict<'a> {
    /// The meeting as it is worst.
    pub(super) worst: Finding<'a>,
    /// The same meeting as it is seen elsewhere, by calendar, account and event id.
    pub(super) others: Vec<(Finding<'a>, DuplicateReason)>,
}

impl<'a> FoundConflict<'a> {
    /// The event; of an occurrence of a series, its master.
    pub fn event(&self) -> &'a Event {
        self.worst.taken.event
    }

    /// The calendar it is in, where known.
    pub fn calendar(&self) -> Option<&'a CalendarKey> {
        self.worst.calendar
    }

    /// When the series has it, where the event is the master of one.
    pub fn original_start(&self) -> Option<OriginalStart> {
        self.worst.taken.occurrence.map(|(original_start, _)| original_start)
    }

    /// Its first day and the day after its last one, where it is of whole days.
    pub fn days(&self) -> Option<[NaiveDate; 2]> {
        self.worst.taken.days()
    }

    /// The time it takes.
    pub fn span(&self) -> TimeRange {
        self.worst.taken.span
    }

    /// The time proposed that it is in the way of.
    pub fn proposed(&self) -> TimeRange {
        self.worst.proposed
    }

    /// How many others are invited; see [`Conflict::guests`].
    pub fn guests(&self) -> u32 {
        self.worst.guests
    }

    /// How bad.
    pub fn severity(&self) -> Severity {
        self.worst.severity
    }

    /// Why, in the order of [`ConflictReason`].
    pub fn reasons(&self) -> impl Iterator<Item = ConflictReason> {
        self.worst.reasons.iter()
    }

    /// The same meeting as it is seen elsewhere: the event there, its calendar where known, and why it is the same.
    pub fn duplicates(&self) -> impl Iterator<Item = (&'a Event, Option<&'a CalendarKey>, DuplicateReason)> {
        self.others.iter().map(|(other, reason)| (other.taken.event, other.calendar, *reason))
    }

    /// A copy that stands by itself. None where the event has no start, and so takes no time.
    fn to_conflict(&self) -> Option<Conflict> {
        let Finding { taken, calendar, proposed, .. } = &self.worst;
        let (start, end) = taken.times()?;
        let duplicate = |(event, calendar, reason): (&Event, Option<&CalendarKey>, _)| Duplicate {
            event_id: event.id.clone(),
            calendar_id: calendar.map(|key| key.calendar.clone()),
            account_id: calendar.map(|key| key.account.clone()),
            reason,
        };
        Some(Conflict {
            event_id: taken.event.id.clone(),
            instance_id: taken.instance_id(),
            original_start: taken.original_start(),
            calendar_id: calendar.map(|key| key.calendar.clone()),
            account_id: calendar.map(|key| key.account.clone()),
            ical_uid: taken.event.ical_uid.clone(),
            summary: taken.event.summary.clone(),
            start,
            end,
            span: taken.span,
            proposed: *proposed,
            overlap: taken.span.intersection(proposed),
            guests: self.guests(),
            severity: self.severity(),
            reasons: self.reasons().collect(),
            duplicates: self.duplicates().map(duplicate).collect(),
        })
    }
}

impl From<FoundConflicts<'_>> for Conflicts {
    fn from(found: FoundConflicts<'_>) -> Self {
        let FoundConflicts { conflicts, outside_hours, looked_at, truncated, unreadable } = found;
        let conflicts = conflicts.iter().filter_map(FoundConflict::to_conflict).collect();
        Self { conflicts, outside_hours, looked_at, truncated, unreadable }
    }
}
