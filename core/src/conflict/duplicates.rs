//! The same meeting, seen more than once.

use std::mem;

use super::{DuplicateReason, finding::Finding, found::FoundConflict};

/// How far two times may be from each other and still be near, in microseconds.
const NEAR: u64 = 5 * 60 * 1_000_000;

/// How far days of the same date may be from each other, in the zones of two calendars.
const DAYS_APART: i64 = 26 * 3_600 * 1_000_000;

/// Conflicts in the documented order, each meeting once, at its worst.
///
/// One after the other in that order, a finding is of the first meeting whose worst so far it is the same as.
pub(super) fn each_once(mut findings: Vec<Finding<'_>>) -> Vec<FoundConflict<'_>> {
    findings.sort_unstable_by(Finding::order);
    let mut meetings: Vec<FoundConflict<'_>> = Vec::with_capacity(findings.len());
    for finding in findings {
        // What is worst of a meeting changes twice at most, each time to a near one.
        let apart = if finding.taken.is_all_day() { DAYS_APART } else { (NEAR * 3).cast_signed() };
        let is_long_ago = |meeting: &FoundConflict<'_>| {
            let (one, other) = (&meeting.worst, &finding);
            one.micros[0] + apart < other.micros[0] || one.proposed.start() != other.proposed.start()
        };
        let recent = meetings.iter().rposition(is_long_ago).map_or(0, |last| last + 1);
        let mut same = meetings.iter_mut().skip(recent);
        match same.find_map(|meeting| Some((meeting.shows(&finding)?, meeting))) {
            Some((reason, meeting)) => meeting.add(finding, reason),
            None => meetings.push(FoundConflict { worst: finding, others: Vec::new() }),
        }
    }
    let is_in_order =
        |one: &FoundConflict<'_>, other: &FoundConflict<'_>| one.worst.order(&other.worst).is_le();
    if !meetings.is_sorted_by(is_in_order) {
        meetings.sort_unstable_by(|one, other| one.worst.order(&other.worst));
    }
    for meeting in &mut meetings {
        meeting.others.sort_unstable_by(|(one, _), (other, _)| one.name().cmp(&other.name()));
    }
    meetings
}

impl<'a> FoundConflict<'a> {
    /// Why `finding` is the same meeting, if it is.
    fn shows(&self, finding: &Finding<'a>) -> Option<DuplicateReason> {
        let (one, other) = (&self.worst.taken, &finding.taken);
        // Days are compared as days: calendars are in zones of their own.
        let (same_time, near_time) = match (one.is_all_day(), other.is_all_day()) {
            (false, false) => (one.span == other.span, is_near(self.worst.micros, finding.micros)),
            (true, true) => {
                let same_days = one.days() == other.days();
                (same_days, same_days)
            }
            _ => (false, false),
        };
        // Every occurrence of a series has the same UID.
        if same_time && is_same_event(&self.worst, finding) {
            return Some(DuplicateReason::SameEvent);
        }
        let looks_same = near_time
            && self.findings().all(|known| is_elsewhere(known, finding))
            && is_same_title(one.event.summary.as_deref(), other.event.summary.as_deref());
        looks_same.then_some(DuplicateReason::LooksSame)
    }

    fn findings(&self) -> impl Iterator<Item = &Finding<'a>> {
        std::iter::once(&self.worst).chain(self.others.iter().map(|(finding, _)| finding))
    }

    fn add(&mut self, mut finding: Finding<'a>, reason: DuplicateReason) {
        if finding.severity > self.worst.severity {
            mem::swap(&mut finding, &mut self.worst);
        }
        self.others.push((finding, reason));
    }
}

/// Whether both are one event: by its UID, or where it has none by its id in its calendar.
fn is_same_event(one: &Finding<'_>, other: &Finding<'_>) -> bool {
    match (&one.taken.event.ical_uid, &other.taken.event.ical_uid) {
        (Some(uid), Some(other)) => uid == other,
        (None, None) => !is_elsewhere(one, other) && one.taken.event.id == other.taken.event.id,
        _ => false,
    }
}

/// Whether they are in two calendars, which is not whether they are seen through two accounts.
fn is_elsewhere(one: &Finding<'_>, other: &Finding<'_>) -> bool {
    one.calendar.map(|key| &key.calendar) != other.calendar.map(|key| &key.calendar)
}

/// Whether both start and end within five minutes of each other; in microseconds.
pub(super) fn is_near([start, end]: [i64; 2], other: [i64; 2]) -> bool {
    start.abs_diff(other[0]) <= NEAR && end.abs_diff(other[1]) <= NEAR
}

/// Whether both have the same letters and digits in the same order, whatever their case, and what is between them.
pub(super) fn is_same_title(one: Option<&str>, other: Option<&str>) -> bool {
    let letters =
        |title| str::chars(title).flat_map(char::to_lowercase).filter(|letter| letter.is_alphanumeric());
    let (Some(one), Some(other)) = (one, other) else { return false };
    letters(one).next().is_some() && letters(one).eq(letters(other))
}
