//! What an executed approval changes in the mirror.

use std::sync::Arc;

use super::{Approval, Step};
use crate::{
    id::EventId,
    model::{Event, EventStatus},
    recurrence::{TimeZones, Zone},
    storage::{EventRow, MirrorChange},
};

/// The mirror of `target` is to show `event`, as Google has it; none where it is gone.
pub(super) fn changes(
    approval: &Approval,
    target: EventId,
    event: Option<Box<Event>>,
    zone: &Zone,
    zones: &dyn TimeZones,
) -> Vec<MirrorChange> {
    let calendar = approval.request.action.calendar();
    let live = event.map(|event| *event).filter(|event| !event.is_cancelled());
    let step = approval.current_step();
    let change = match live.or_else(|| cancelled_occurrence(approval)) {
        Some(event) => {
            let span = event.span(zone, zones);
            let row = EventRow { event: Arc::new(event), span };
            MirrorChange::Upsert { calendar: calendar.clone(), row }
        }
        // An occurrence that is not there is the series' own business: the next sync knows.
        None if matches!(step, Some(Step::Carry { .. } | Step::Answer { .. })) => return Vec::new(),
        None => MirrorChange::Delete { calendar: calendar.clone(), event: target },
    };
    // Google drops these with the part of the series they were in.
    let cut_off: &[EventId] = match (&change, step) {
        (MirrorChange::Upsert { .. }, Some(Step::Trim { cut_off, .. })) => cut_off,
        _ => &[],
    };
    let gone =
        cut_off.iter().map(|event| MirrorChange::Delete { calendar: calendar.clone(), event: event.clone() });
    let gone: Vec<MirrorChange> = gone.collect();
    std::iter::once(change).chain(gone).collect()
}

/// A cancelled occurrence stays in the mirror as an exception, or its series would bring it back.
fn cancelled_occurrence(approval: &Approval) -> Option<Event> {
    let shown = approval.snapshot.as_deref().filter(|shown| shown.is_exception())?;
    Some(Event {
        status: Some(EventStatus::Cancelled),
        recurring_event_id: shown.recurring_event_id.clone(),
        original_start_time: shown.original_start_time.clone(),
        ..Event::new(shown.id.clone())
    })
}
