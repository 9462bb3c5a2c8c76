//! A conflict: which event, over what time, how badly and why.

use std::cmp::{Ordering, Reverse};

use chrono::{NaiveDate, TimeDelta};
use serde::{Deserialize, Serialize};

use super::{ConflictPolicy, Proposal, proposal::is_busy, taken::Taken};
use crate::{
    id::{AccountId, CalendarId, CalendarKey, EventId},
    model::{Attendee, Event, EventStatus, EventType, ResponseStatus},
    time::{EventTime, TimeRange, When},
};

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
}

/// An event in the way.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Conflict {
    /// Its Google id; of an occurrence of a series, its master's.
    pub event_id: EventId,
    /// The Google id of the occurrence, where the event is the master of a series.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instance_id: Option<EventId>,
    /// When its series has it, for an occurrence and for an exception that stands in for one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub original_start: Option<EventTime>,
    /// Its calendar's Google id, where known.
    pub calendar_id: Option<CalendarId>,
    /// The account it is seen through, where known.
    pub account_id: Option<AccountId>,
    /// RFC 5545 UID, the same for every copy of it.
    pub ical_uid: Option<String>,
    /// Its title; hostile text.
    pub summary: Option<String>,
    /// When it starts, as Google has it; of an occurrence, when that starts.
    pub start: EventTime,
    /// When it ends, likewise; where Google has no end, its start.
    pub end: EventTime,
    /// The time it takes.
    pub span: TimeRange,
    /// The time they share; none where they are only too close.
    pub overlap: Option<TimeRange>,
    /// How many others are invited, rooms and things not counted; as far as Google names them.
    pub guests: u32,
    /// How bad.
    pub severity: Severity,
    /// Why, in the order of [`ConflictReason`].
    pub reasons: Vec<ConflictReason>,
}

/// Whether `event` could be a conflict at all, whatever is asked.
pub(super) fn takes_time(event: &Event) -> bool {
    is_busy(&event.status, &event.transparency, &event.event_type)
        && event.my_response() != Some(&ResponseStatus::Declined)
        && !event.takes_no_time()
}

/// Whether and how badly `taken` of an event that [takes time](takes_time) stands in the way of `proposal`.
pub(super) fn assess(
    calendar: Option<&CalendarKey>,
    taken: &Taken<'_>,
    proposal: &Proposal,
    policy: &ConflictPolicy,
) -> Option<Conflict> {
    let Taken { event, span, .. } = *taken;
    let touch = touch(taken, proposal, policy)?;
    let all_day = taken.is_all_day();
    let commitment = commitment(event);
    let out_of_office = event.event_type == Some(EventType::OutOfOffice);
    let left_out = (all_day && !out_of_office && !policy.count_all_day)
        || (commitment == ConflictReason::Tentative && !policy.count_tentative)
        || (commitment == ConflictReason::NotAnswered && !policy.count_unanswered);
    if left_out || !proposal.takes_time || is_same(taken, proposal, policy) {
        return None;
    }

    let others = |guest: &&Attendee| guest.is_self != Some(true) && guest.resource != Some(true);
    let guests = event.attendees().iter().filter(others).count();
    let has_guests = guests > 0 || event.attendees_omitted == Some(true);
    let mut reasons = vec![touch, commitment];
    let also = [
        (out_of_office, ConflictReason::OutOfOffice),
        (event.event_type == Some(EventType::FocusTime), ConflictReason::FocusTime),
        (all_day || proposal.all_day, ConflictReason::AllDay),
        (organizes(event), ConflictReason::Organizer),
        (has_guests, ConflictReason::HasGuests),
    ];
    reasons.extend(also.into_iter().filter_map(|(holds, reason)| holds.then_some(reason)));
    let (start, end) = taken.times()?;
    Some(Conflict {
        event_id: event.id.clone(),
        instance_id: taken.instance_id(),
        original_start: taken.original_start(),
        calendar_id: calendar.map(|key| key.calendar.clone()),
        account_id: calendar.map(|key| key.account.clone()),
        ical_uid: event.ical_uid.clone(),
        summary: event.summary.clone(),
        start,
        end,
        span,
        overlap: span.intersection(&proposal.range),
        guests: u32::try_from(guests).unwrap_or(u32::MAX),
        severity: severity(&reasons, proposal),
        reasons,
    })
}

/// Conflicts in the documented order, each meeting once, at its worst.
pub(super) fn in_order(mut conflicts: Vec<Conflict>) -> Vec<Conflict> {
    conflicts.sort_unstable_by(|one, other| {
        let worst_first = || other.severity.cmp(&one.severity).then_with(|| order(one, other));
        identity(one).cmp(&identity(other)).then_with(worst_first)
    });
    conflicts.dedup_by(|later, first| identity(later) == identity(first));
    conflicts.sort_unstable_by(order);
    conflicts
}

/// The table of the module, row by row.
fn severity(reasons: &[ConflictReason], proposal: &Proposal) -> Severity {
    use ConflictReason::{
        AllDay, FocusTime, HasGuests, NotAnswered, Organizer, OutOfOffice, Tentative, TooClose, Travel,
    };
    let is = |reason| reasons.contains(&reason);
    let base = match () {
        () if is(TooClose) => return Severity::Low,
        () if is(Travel) => return Severity::Medium,
        () if is(OutOfOffice) => return Severity::High,
        () if is(AllDay) && !proposal.out_of_office => Severity::Low,
        () if is(Tentative) || is(NotAnswered) || is(FocusTime) => Severity::Medium,
        () => Severity::High,
    };
    match base {
        Severity::Low if is(Organizer) && is(HasGuests) => Severity::Medium,
        Severity::Medium if is(Organizer) && is(HasGuests) => Severity::High,
        base => base,
    }
}

/// Whether they share time, or are too close.
fn touch(taken: &Taken<'_>, proposal: &Proposal, policy: &ConflictPolicy) -> Option<ConflictReason> {
    let (span, range) = (taken.span, &proposal.range);
    if span.overlaps(range) {
        return Some(ConflictReason::Overlap);
    }
    if proposal.all_day || taken.is_all_day() {
        return None;
    }
    let (gap, buffer) = if span.end() <= range.start() {
        (range.start() - span.end(), policy.buffer_before)
    } else {
        (span.start() - range.end(), policy.buffer_after)
    };
    let less_than = |wanted| TimeDelta::from_std(wanted).map_or(true, |wanted| gap < wanted);
    if less_than(policy.travel_time) && is_elsewhere(taken.event, proposal) {
        return Some(ConflictReason::Travel);
    }
    less_than(buffer).then_some(ConflictReason::TooClose)
}

fn is_elsewhere(event: &Event, proposal: &Proposal) -> bool {
    let place = |location: &Option<String>| {
        let place = location.as_deref().unwrap_or_default().trim().to_lowercase();
        let is_real = !place.is_empty() && !place.starts_with("http://") && !place.starts_with("https://");
        is_real.then_some(place)
    };
    match (place(&event.location), place(&proposal.location)) {
        (Some(here), Some(there)) => here != there,
        _ => false,
    }
}

/// Whether it is what is proposed, or left out by name.
fn is_same(taken: &Taken<'_>, proposal: &Proposal, policy: &ConflictPolicy) -> bool {
    let ical_uid = &taken.event.ical_uid;
    let same_meeting = ical_uid.is_some() && *ical_uid == proposal.ical_uid;
    let mut named = proposal.event.iter().chain(&proposal.series).chain(&policy.exclude);
    same_meeting || named.any(|id| taken.is_named_by(id))
}

/// What the person said to it.
fn commitment(event: &Event) -> ConflictReason {
    let answer = event.my_response().unwrap_or(&ResponseStatus::Accepted);
    match answer {
        _ if event.status == Some(EventStatus::Tentative) => ConflictReason::Tentative,
        ResponseStatus::Tentative => ConflictReason::Tentative,
        ResponseStatus::Accepted | ResponseStatus::Declined => ConflictReason::Accepted,
        ResponseStatus::NeedsAction | ResponseStatus::Other(_) if organizes(event) => {
            ConflictReason::Accepted
        }
        ResponseStatus::NeedsAction | ResponseStatus::Other(_) => ConflictReason::NotAnswered,
    }
}

fn organizes(event: &Event) -> bool {
    event.organizer.as_ref().is_some_and(|organizer| organizer.is_self == Some(true))
}

fn order(one: &Conflict, other: &Conflict) -> Ordering {
    let key = |conflict: &Conflict| (conflict.span.start(), Reverse(conflict.severity));
    let by_name = || {
        one.calendar_id
            .cmp(&other.calendar_id)
            .then_with(|| one.account_id.cmp(&other.account_id))
            .then_with(|| one.event_id.cmp(&other.event_id))
    };
    key(one).cmp(&key(other)).then_with(by_name)
}

/// What makes two conflicts the same meeting: its UID, or else its id in its calendar; and its time, since every
/// occurrence of a series has the same UID. Days are compared as days: calendars may be in different zones.
fn identity(conflict: &Conflict) -> (Option<&CalendarId>, &str, Result<[NaiveDate; 2], TimeRange>) {
    let time = match (&conflict.start.when, &conflict.end.when) {
        (When::Date(first), When::Date(last)) => Ok([*first, *last]),
        _ => Err(conflict.span),
    };
    match &conflict.ical_uid {
        Some(uid) => (None, uid.as_str(), time),
        None => (conflict.calendar_id.as_ref(), conflict.event_id.as_str(), time),
    }
}
