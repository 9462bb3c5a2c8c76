//! What is in the way, and how it reads.

use theo_calendar::{
    conflict::{ConflictLine, ConflictReason, FoundConflict, FoundConflicts, Severity},
    model::Event,
    recurrence::OriginalStart,
};
use theo_calendar_wasm_edge::{error::Result, flat::Flat, range};
use wasm_bindgen::prelude::*;

use crate::{answer::Answer, question::known_zone};

/// What names `event` in answers: where it lies, which it keeps for as long as an index has it.
pub(crate) fn name(event: &Event) -> u32 {
    std::ptr::from_ref(event).addr() as u32
}

/// All of it, in the order in which `js/conflicts.js` reads it.
pub(crate) fn write(found: &FoundConflicts<'_>) -> Vec<f64> {
    let mut answer = Answer::default();
    answer.list(&found.conflicts, write_conflict);
    answer.span(found.looked_at);
    answer.flag(found.truncated);
    answer.list(&found.unreadable, |answer, id| answer.text(id.as_str()));
    answer.list(&found.outside_hours, |answer, span| answer.span(*span));
    answer.into_numbers()
}

fn write_conflict(answer: &mut Answer, conflict: &FoundConflict<'_>) {
    let (span, proposed) = (conflict.span(), conflict.proposed());
    answer.number(name(conflict.event()));
    answer.original_start(conflict.original_start());
    if let (Some(OriginalStart::Date(_)), Some(days)) = (conflict.original_start(), conflict.days()) {
        answer.day(days[1]);
    }
    answer.span(span);
    answer.span(proposed);
    let overlap = span.intersection(&proposed);
    answer.flag(overlap.is_some());
    if let Some(overlap) = overlap {
        answer.span(overlap);
    }
    answer.number(conflict.guests());
    answer.number(conflict.severity() as u32);
    answer.number(conflict.reasons().fold(0, |bits, reason| bits | 1 << reason as u32));
    let duplicates: Vec<_> = conflict.duplicates().collect();
    answer.list(duplicates, |answer, (event, _, reason)| {
        answer.number(name(event));
        answer.number(reason as u32);
    });
}

/// The conflict that `shown` tells of, in one line.
#[wasm_bindgen(js_name = formatConflict)]
pub fn format_conflict(shown: &[u8]) -> Result<String> {
    let mut flat = Flat::new(shown);
    let zone = known_zone(flat.text())?;
    let summary = flat.text();
    let span = range(flat.text().unwrap_or_default(), flat.text().unwrap_or_default())?;
    let all_day = flat.flag() == Some(true);
    let (guests, duplicates) = (flat.number(), flat.number() as usize);
    let severity = Severity::ALL.get(flat.number() as usize).copied().unwrap_or(Severity::High);
    let bits = flat.number();
    let reasons = ConflictReason::ALL.iter().copied().filter(|reason| bits & 1 << *reason as u32 != 0);
    let reasons: Vec<ConflictReason> = reasons.collect();
    let line = ConflictLine { severity, reasons: &reasons, summary, span, all_day, guests, duplicates };
    Ok(line.shown_in(zone))
}
