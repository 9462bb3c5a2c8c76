//! An agent without a model: it looks for a clash in the visitor's next days, and asks to move one of the two.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use theo_calendar::{
    CalendarService, Result,
    agenda::{AgendaItem, AgendaQuery},
    approval::{Action, ActionRequest, Principal, RecurrenceScope},
    conflict::{
        ClockSpan, Conflict, ConflictPolicy, Proposal, Severity, WorkingHours,
        slots::{Participant, SlotQuery},
    },
    id::UserId,
    model::{EventDraft, EventPatch, SendUpdates},
    recurrence::{TimeZones, Tzdb, Zone},
    storage::MirroredCalendar,
    time::{Clock, EventTime, SystemClock, TimeRange},
};

const NAME: &str = "theo";

/// How far it looks ahead.
const AHEAD: TimeDelta = TimeDelta::days(14);

/// Asks to move the first meeting of the visitor's own that clashes with another; nothing where something waits already.
pub(super) async fn ask(service: &CalendarService, user: &UserId) -> Result<()> {
    if !service.pending_approvals(user).await?.is_empty() {
        return Ok(());
    }
    let calendars = service.calendars(user).await?;
    let Some(calendar) = calendars.first() else { return Ok(()) };
    let zone = Tzdb.zone_or_utc(calendar.entry.time_zone.as_deref());
    let now = SystemClock.now();
    let mut query = AgendaQuery::new(TimeRange::new(now, now + AHEAD)?);
    query.calendars = Some(vec![calendar.key.clone()]);
    let agenda = service.agenda(user, &query).await?;
    for item in agenda.days.iter().flat_map(|day| &day.items) {
        if !is_movable(item, now) {
            continue;
        }
        let policy = ConflictPolicy::excluding(item.key.event.clone());
        let found = service.detect_conflicts(user, &Proposal::from(item.span), &policy).await?;
        let worst = found.conflicts.iter().find(|conflict| conflict.severity == Severity::High);
        let Some(worst) = worst else { continue };
        let Some(free) = free_time(service, user, item, zone).await? else { continue };
        let request = moved(calendar, item, worst, free);
        service.request(&Principal::Agent { user: user.clone(), name: NAME.to_owned() }, request).await?;
        return Ok(());
    }
    Ok(())
}

/// A meeting of the visitor's own that is still to come.
fn is_movable(item: &AgendaItem, now: DateTime<Utc>) -> bool {
    let is_own = item.event.organizer.as_ref().is_some_and(|organizer| organizer.is_self == Some(true));
    is_own && !item.all_day && item.span.start() > now && !item.event.attendees().is_empty()
}

/// When the visitor has time for it, in the working hours of the three days from its own on.
async fn free_time(
    service: &CalendarService,
    user: &UserId,
    item: &AgendaItem,
    zone: &Zone,
) -> Result<Option<TimeRange>> {
    let start = item.span.start();
    let length = item.span.duration().to_std().unwrap_or(Duration::from_secs(3600));
    let mut query = SlotQuery::new(TimeRange::new(start, start + TimeDelta::days(3))?, length);
    let hours = WorkingHours::on_workdays(zone.clone(), [ClockSpan::new((9, 0), (18, 0))?])?;
    query.participants = vec![Participant { hours: Some(hours), ..Participant::me() }];
    query.zone = zone.clone();
    query.count_all_day = false;
    query.exclude = vec![item.key.event.clone()];
    query.limit = 1;
    Ok(service.find_slots(user, &query).await?.slots.first().map(|slot| slot.range))
}

fn moved(calendar: &MirroredCalendar, item: &AgendaItem, worst: &Conflict, free: TimeRange) -> ActionRequest {
    let time = |at: DateTime<Utc>| {
        let time = EventTime::at(at);
        match &calendar.entry.time_zone {
            Some(zone) => time.in_zone(zone.clone()),
            None => time,
        }
    };
    let set =
        EventDraft { start: Some(time(free.start())), end: Some(time(free.end())), ..EventDraft::default() };
    let event = calendar.key.event(item.id.clone());
    let is_one_off = !item.event.is_master() && !item.event.is_exception();
    let scope = if is_one_off { RecurrenceScope::All } else { RecurrenceScope::This };
    let patch = Box::new(EventPatch { set, ..EventPatch::default() });
    let action = Action::Update { event, patch, scope };
    let mut request = ActionRequest::new(action).send_updates(SendUpdates::All);
    let other = worst.summary.as_deref().unwrap_or("another event");
    request.reason = Some(format!("It clashes with “{other}”. You are free at the new time."));
    request
}
