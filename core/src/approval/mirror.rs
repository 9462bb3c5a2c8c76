//! What an executed approval changes in the mirror.

use std::sync::Arc;

use super::Approval;
use crate::{
    id::EventId,
    model::{Event, EventStatus},
    recurrence::{TimeZones, Zone},
    storage::{EventRow, MirrorChange},
};

/// The mirror of `target` is to show `event`, as Google has it; none where it is gone.
pub(super) fn change(
    approval: &Approval,
    target: EventId,
    event: Option<Box<Event>>,
    zone: &Zone,
    zones: &dyn TimeZones,
) -> MirrorChange {
    let calendar = approval.request.action.calendar();
    let live = event.map(|event| *event).filter(|event| !event.is_cancelled());
    match live.or_else(|| cancelled_occurrence(approval)) {
        Some(event) => {
            let span = event.span(zone, zones);
            MirrorChange::Upsert { calendar, row: EventRow { event: Arc::new(event), span } }
        }
        None => MirrorChange::Delete { calendar, event: target },
    }
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
