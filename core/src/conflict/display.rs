//! Conflicts as people read them.

use std::fmt;

use super::{Conflict, ConflictReason, Severity};
use crate::{recurrence::Zone, text::one_line, time::format_range};

/// How much of a title is shown.
const TITLE: usize = 80;

/// `conflict` in one line, in the local time of `zone`. Hostile titles can neither break the line nor end their
/// quotes.
///
/// `High: overlaps “Standup” Mon 2025-03-03 09:00–09:30 (Europe/Berlin): you accepted, 3 guests`
pub fn format_conflict(conflict: &Conflict, zone: &Zone) -> String {
    let title = one_line(conflict.summary.as_deref().unwrap_or_default(), TITLE);
    let title = if title.is_empty() { "(no title)".to_owned() } else { format!("“{title}”") };
    let when = format_range(&conflict.span, conflict.start.is_all_day(), zone);
    let mut words: Vec<String> =
        conflict.reasons.iter().filter_map(|reason| words(*reason, conflict)).collect();
    match conflict.duplicates.len() {
        0 => {}
        1 => words.push("seen once more".to_owned()),
        times => words.push(format!("seen {times} times more")),
    }
    let how = match conflict.reasons.first() {
        Some(ConflictReason::TooClose) => "too close to",
        Some(ConflictReason::Travel) => "no time to travel between this and",
        _ => "overlaps",
    };
    format!("{}: {how} {title} {when}: {}", conflict.severity, words.join(", "))
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

fn words(reason: ConflictReason, conflict: &Conflict) -> Option<String> {
    let is = |other| conflict.reasons.contains(&other);
    Some(match reason {
        ConflictReason::Overlap | ConflictReason::TooClose | ConflictReason::Travel => return None,
        ConflictReason::Accepted if is(ConflictReason::Organizer) => return None,
        ConflictReason::Accepted if is(ConflictReason::HasGuests) => "you accepted".to_owned(),
        ConflictReason::Accepted => "on your calendar".to_owned(),
        ConflictReason::Tentative => "tentative".to_owned(),
        ConflictReason::NotAnswered => "you have not answered".to_owned(),
        ConflictReason::OutOfOffice => "out of office".to_owned(),
        ConflictReason::FocusTime => "focus time".to_owned(),
        ConflictReason::AllDay if conflict.start.is_all_day() => return None,
        ConflictReason::AllDay => "yours would last all day".to_owned(),
        ConflictReason::Organizer => "you organize it".to_owned(),
        ConflictReason::Duplicate => "looks like the same".to_owned(),
        ConflictReason::HasGuests => match conflict.guests {
            0 => "guests".to_owned(),
            1 => "1 guest".to_owned(),
            count => format!("{count} guests"),
        },
    })
}
