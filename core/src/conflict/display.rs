//! Conflicts as people read them.

use std::fmt;

use super::{Conflict, ConflictReason, Severity};
use crate::{
    recurrence::Zone,
    text::one_line,
    time::{TimeRange, format_range},
};

/// How much of a title is shown.
const TITLE: usize = 80;

/// What one line says of a [`Conflict`]: for a host that keeps conflicts in a form of its own.
#[derive(Clone, Copy, Debug)]
pub struct ConflictLine<'a> {
    /// How bad.
    pub severity: Severity,
    /// Why, in the order of [`ConflictReason`].
    pub reasons: &'a [ConflictReason],
    /// Its title; hostile text.
    pub summary: Option<&'a str>,
    /// The time it takes.
    pub span: TimeRange,
    /// Whether it is of whole days.
    pub all_day: bool,
    /// How many others are invited.
    pub guests: u32,
    /// How often the same meeting is seen elsewhere.
    pub duplicates: usize,
}

/// `conflict` in one line, in the local time of `zone`. Hostile titles can neither break the line nor end their
/// quotes.
///
/// `High: overlaps “Standup” Mon 2025-03-03 09:00–09:30 (Europe/Berlin): you accepted, 3 guests`
pub fn format_conflict(conflict: &Conflict, zone: &Zone) -> String {
    let line = ConflictLine {
        severity: conflict.severity,
        reasons: &conflict.reasons,
        summary: conflict.summary.as_deref(),
        span: conflict.span,
        all_day: conflict.start.is_all_day(),
        guests: conflict.guests,
        duplicates: conflict.duplicates.len(),
    };
    line.shown_in(zone)
}

impl ConflictLine<'_> {
    /// The line, in the local time of `zone`, as [`format_conflict`] writes it.
    pub fn shown_in(&self, zone: &Zone) -> String {
        let title = one_line(self.summary.unwrap_or_default(), TITLE);
        let title = if title.is_empty() { "(no title)".to_owned() } else { format!("“{title}”") };
        let when = format_range(&self.span, self.all_day, zone);
        let mut words: Vec<String> = self.reasons.iter().filter_map(|reason| self.words(*reason)).collect();
        match self.duplicates {
            0 => {}
            1 => words.push("seen once more".to_owned()),
            times => words.push(format!("seen {times} times more")),
        }
        let how = match self.reasons.first() {
            Some(ConflictReason::TooClose) => "too close to",
            Some(ConflictReason::Travel) => "no time to travel between this and",
            _ => "overlaps",
        };
        format!("{}: {how} {title} {when}: {}", self.severity, words.join(", "))
    }

    fn words(&self, reason: ConflictReason) -> Option<String> {
        let is = |other| self.reasons.contains(&other);
        Some(match reason {
            ConflictReason::Overlap | ConflictReason::TooClose | ConflictReason::Travel => return None,
            ConflictReason::Accepted if is(ConflictReason::Organizer) => return None,
            ConflictReason::Accepted if is(ConflictReason::HasGuests) => "you accepted".to_owned(),
            ConflictReason::Accepted => "on your calendar".to_owned(),
            ConflictReason::Tentative => "tentative".to_owned(),
            ConflictReason::NotAnswered => "you have not answered".to_owned(),
            ConflictReason::OutOfOffice => "out of office".to_owned(),
            ConflictReason::FocusTime => "focus time".to_owned(),
            ConflictReason::AllDay if self.all_day => return None,
            ConflictReason::AllDay => "yours would last all day".to_owned(),
            ConflictReason::Organizer => "you organize it".to_owned(),
            ConflictReason::Duplicate => "looks like the same".to_owned(),
            ConflictReason::HasGuests => match self.guests {
                0 => "guests".to_owned(),
                1 => "1 guest".to_owned(),
                count => format!("{count} guests"),
            },
        })
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Low => "Low",
            Self::Medium => "Medium",
            Self::High => "High",
        })
    }
}
