//! What clashes with what, and how badly.
//!
//! [`ConflictIndex`] holds the events of any number of calendars and accounts and answers what stands in the way of
//! a [`Proposal`]; [`detect_conflicts`] does the same for a plain list of events. Both follow the same table, and
//! nothing here knows HTTP, storage or a clock.
//!
//! # What is never a conflict
//! An event that is cancelled, transparent (shows as free), declined by the person, a working location, a birthday,
//! or takes no time; the event that is proposed, all of its series and its copies on other calendars (same iCalUID);
//! what the [`ConflictPolicy`] leaves out. A sort of event that this version does not know counts: unknown is not
//! free.
//!
//! All of a series has one iCalUID, so that an occurrence that is moved onto the next one of its own series is not in
//! its way either. The policy leaves out a whole series by its master's id, and one occurrence by its own.
//!
//! # Recurring events
//! A series counts at each of its occurrences, by the same table; an exception stands in for the one it names, wherever
//! it was moved to, and one that is cancelled takes it away. A [`Conflict`] names the occurrence. What was not followed
//! to its end, or cannot be read, is told in [`Conflicts`]: then there may be more.
//!
//! A series that is proposed is held to this at each of its occurrences, within a [horizon](Proposal): each conflict
//! names the one that it is in the way of. Occurrences that exceptions stand in for are left out.
//!
//! # How bad a conflict is
//! The first row that fits decides.
//!
//! | The event | Severity |
//! |---|---|
//! | leaves less than the buffer, but shares no time | Low |
//! | leaves less than the travel time between two places, but shares no time | Medium |
//! | is out of office | High |
//! | or the proposal lasts all day (unless the proposal is out of office) | Low * |
//! | is tentative, or the person answered maybe | Medium * |
//! | is not answered yet | Medium * |
//! | is focus time | Medium * |
//! | is accepted, or on the person's calendar without a guest list | High |
//!
//! \* One step up where the person organizes it and others are invited: those would have to move too.
//!
//! All-day events are never too close. An event without the person among its guests is taken for their own.
//!
//! # Order
//! By the time proposed that they are in the way of, then by start, then the worst first, then by calendar, account and
//! event id (an occurrence has its master's): the same question on the same events gives the same answer, in whatever
//! order they were added.
//!
//! # Duplicates
//! The same meeting is one conflict, at its worst, which names where else it [is seen](Conflict::duplicates):
//! - what has the same iCalUID and the same time, through whatever calendars and accounts;
//! - what is in another calendar, has the same letters and digits in its title (whatever their case, and what is between
//!   them), and starts and ends within five minutes of it, or has the same days.
//!
//! Where what is proposed looks the same by the second rule, in whatever calendar, the conflict has the reason
//! [`Duplicate`](ConflictReason::Duplicate); how bad it is stays as it is.
//!
//! # Working hours
//! Where the policy has them, a time proposed that is not all in them is told as Low, unless it is of whole days or out
//! of office.

mod answer;
mod display;
mod duplicates;
mod finding;
mod found;
mod index;
mod policy;
mod proposal;
mod severity;
pub mod slots;
mod spans;
mod taken;
mod working_hours;

use std::borrow::Borrow;

use crate::{
    model::Event,
    recurrence::{OriginalStart, TimeZones, Zone, expand, stands_in_for},
    time::TimeRange,
};

pub use answer::{Conflict, Conflicts, Duplicate, DuplicateReason};
pub use display::{ConflictLine, format_conflict};
pub use found::{FoundConflict, FoundConflicts};
pub use index::ConflictIndex;
pub use policy::ConflictPolicy;
pub use proposal::Proposal;
pub use severity::{ConflictReason, Severity};
pub use working_hours::{ClockSpan, WorkingHours, WrittenHours};

use self::{
    finding::{Finding, takes_time},
    taken::{Taken, matters},
};

/// What among `events`, all of one calendar in `calendar_zone`, stands in the way of `proposal`.
///
/// Looks at every event once; for many questions on the same events use [`ConflictIndex`], which answers the same.
///
/// ```
/// use theo_calendar::conflict::{ConflictPolicy, Proposal, Severity, detect_conflicts, has_high_severity};
/// use theo_calendar::{model::Event, recurrence::{UtcOnly, Zone}, time::TimeRange};
///
/// let standup: Event = serde_json::from_str(r#"{"id": "standup", "summary": "Standup",
///     "recurrence": ["RRULE:FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"],
///     "start": {"dateTime": "2015-03-02T09:00:00Z"}, "end": {"dateTime": "2015-03-02T09:30:00Z"}}"#).unwrap();
/// let range = TimeRange::new("2025-03-03T09:15:00Z".parse().unwrap(), "2025-03-03T10:00:00Z".parse().unwrap())?;
///
/// let policy = ConflictPolicy::default();
/// let found = detect_conflicts(&[standup], &range.into(), &policy, &Zone::utc(), &UtcOnly);
/// assert_eq!(found.conflicts[0].severity, Severity::High);
/// assert!(has_high_severity(&found.conflicts));
/// # Ok::<(), theo_calendar::Error>(())
/// ```
pub fn detect_conflicts<E: Borrow<Event>>(
    events: &[E],
    proposal: &Proposal,
    policy: &ConflictPolicy,
    calendar_zone: &Zone,
    zones: &dyn TimeZones,
) -> Conflicts {
    let events: Vec<&Event> = events.iter().map(Borrow::borrow).collect();
    detect(&events, proposal, policy, calendar_zone, zones)
}

/// The same, compiled once for whatever the events come in.
fn detect(
    events: &[&Event],
    proposal: &Proposal,
    policy: &ConflictPolicy,
    calendar_zone: &Zone,
    zones: &dyn TimeZones,
) -> Conflicts {
    let events = || events.iter().copied();
    let mut times = proposal.times();
    if let Some(event) = &proposal.event {
        let exceptions = events().filter_map(|event| stands_in_for(event, calendar_zone, zones));
        let replaced = exceptions.filter(|(master, _)| *master == event.as_str()).map(|(_, start)| start);
        let replaced: Vec<OriginalStart> = replaced.collect();
        times.without(|start| replaced.contains(&start));
    }
    let expanded = |proposed: TimeRange| {
        let events = events().filter(|event| matters(event));
        (proposed, expand(events, &policy.window(&proposed), calendar_zone, zones))
    };
    let expansions: Vec<_> = times.spans().map(expanded).collect();
    let mut findings = Vec::new();
    for (proposed, expansion) in &expansions {
        let occurrences = expansion.occurrences.iter().filter(|one| takes_time(one.event));
        let taken = occurrences.map(|one| Taken {
            event: one.event,
            span: one.span,
            occurrence: one
                .original_start
                .filter(|_| one.event.is_master())
                .map(|start| (start, calendar_zone)),
        });
        findings.extend(taken.filter_map(|taken| Finding::assess(None, taken, *proposed, proposal, policy)));
        times.truncated |= expansion.truncated;
    }
    // All of them are in each expansion.
    let unreadable = expansions.first().into_iter().flat_map(|(_, expansion)| &expansion.unreadable);
    let window = times.window(policy);
    let unreadable = unreadable.filter(|(master, _)| {
        master.first_span(calendar_zone, zones).is_none_or(|first| first.start() < window.end())
    });
    let unreadable = unreadable.map(|(master, _)| master.id.clone()).collect();
    FoundConflicts::of(findings, unreadable, &times, proposal, policy).into()
}

/// Whether one of `conflicts` cannot be kept together with what is proposed.
pub fn has_high_severity(conflicts: &[Conflict]) -> bool {
    conflicts.iter().any(|conflict| conflict.severity == Severity::High)
}
