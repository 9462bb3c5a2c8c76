//! What stands in the way, before it is known what of it is the same meeting.

use std::cmp::{Ordering, Reverse};

use chrono::TimeDelta;

use super::{
    ConflictPolicy, ConflictReason, Proposal, Severity,
    duplicates::{is_near, is_same_title},
    proposal::is_busy,
    severity::Reasons,
    taken::Taken,
};
use crate::{
    id::CalendarKey,
    model::{Attendee, Event, EventStatus, EventType, ResponseStatus, Text},
    time::TimeRange,
};

/// One time an event takes that is in the way of one time that is proposed.
#[derive(Clone, Debug)]
pub(super) struct Finding<'a> {
    pub(super) calendar: Option<&'a CalendarKey>,
    pub(super) taken: Taken<'a>,
    pub(super) proposed: TimeRange,
    /// When it starts and ends, in microseconds: what is compared with much else.
    pub(super) micros: [i64; 2],
    pub(super) severity: Severity,
    pub(super) reasons: Reasons,
    pub(super) guests: u32,
}

/// Whether `event` could be a conflict at all, whatever is asked.
pub(super) fn takes_time(event: &Event) -> bool {
    is_busy(&event.status, &event.transparency, &event.event_type)
        && event.my_response() != Some(&ResponseStatus::Declined)
        && !event.takes_no_time()
}

impl<'a> Finding<'a> {
    /// Whether and how badly `taken` of an event that [takes time](takes_time) stands in the way of `proposal` at the
    /// time `proposed`.
    pub(super) fn assess(
        calendar: Option<&'a CalendarKey>,
        taken: Taken<'a>,
        proposed: TimeRange,
        proposal: &Proposal,
        policy: &ConflictPolicy,
    ) -> Option<Self> {
        let event = taken.event;
        let touch = touch(&taken, &proposed, proposal, policy)?;
        let all_day = taken.is_all_day();
        let commitment = commitment(event);
        let out_of_office = event.event_type == Some(EventType::OutOfOffice);
        let left_out = (all_day && !out_of_office && !policy.count_all_day)
            || (commitment == ConflictReason::Tentative && !policy.count_tentative)
            || (commitment == ConflictReason::NotAnswered && !policy.count_unanswered);
        if left_out || !proposal.takes_time || is_same(&taken, proposal, policy) {
            return None;
        }

        let others = |guest: &&Attendee| guest.is_self != Some(true) && guest.resource != Some(true);
        let guests = event.attendees().iter().filter(others).count();
        let micros = micros(&taken.span);
        let looks_same = all_day == proposal.all_day
            && is_near(micros, self::micros(&proposed))
            && is_same_title(event.summary.as_deref(), proposal.title.as_deref());
        let reasons = Reasons::default()
            .and(true, touch)
            .and(true, commitment)
            .and(out_of_office, ConflictReason::OutOfOffice)
            .and(event.event_type == Some(EventType::FocusTime), ConflictReason::FocusTime)
            .and(all_day || proposal.all_day, ConflictReason::AllDay)
            .and(organizes(event), ConflictReason::Organizer)
            .and(guests > 0 || event.attendees_omitted == Some(true), ConflictReason::HasGuests)
            .and(looks_same, ConflictReason::Duplicate);
        let guests = u32::try_from(guests).unwrap_or(u32::MAX);
        let severity = reasons.severity(proposal);
        Some(Self { calendar, taken, proposed, micros, severity, reasons, guests })
    }

    /// The documented order.
    pub(super) fn order(&self, other: &Self) -> Ordering {
        let key = |one: &Self| (one.proposed.start(), one.taken.span.start(), Reverse(one.severity));
        key(self).cmp(&key(other)).then_with(|| self.name().cmp(&other.name()))
    }

    /// Where it is seen.
    pub(super) fn name(&self) -> impl Ord + '_ {
        (self.calendar.map(|key| (&key.calendar, &key.account)), &self.taken.event.id)
    }
}

fn micros(span: &TimeRange) -> [i64; 2] {
    [span.start().timestamp_micros(), span.end().timestamp_micros()]
}

/// Whether they share time, or are too close.
fn touch(
    taken: &Taken<'_>,
    range: &TimeRange,
    proposal: &Proposal,
    policy: &ConflictPolicy,
) -> Option<ConflictReason> {
    let span = taken.span;
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
    let place = |location: &Option<Text>| {
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
    same_meeting || proposal.left_out(policy).any(|id| taken.is_named_by(id))
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
