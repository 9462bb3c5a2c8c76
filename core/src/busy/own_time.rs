//! What is known of the time of the person who asks.

use super::{
    mirrored_conflicts, own,
    quarantine::{Quarantined, quarantined},
};
use crate::{
    Result,
    conflict::{
        ConflictPolicy,
        slots::{Availability, SlotQuery},
    },
    id::UserId,
    recurrence::TimeZones,
    storage::{MirroredCalendar, Storage},
    sync::{Standing, SyncResource, SyncState},
    text::one_line,
};

/// How much of a name is shown.
const NAME: usize = 80;

/// What the mirror says of the time of `user`, and what it does not.
pub(super) async fn own_time(
    store: &dyn Storage,
    zones: &dyn TimeZones,
    user: &UserId,
    query: &SlotQuery,
) -> Result<Availability> {
    let reach = query.reach();
    let policy = ConflictPolicy { exclude: query.exclude.clone(), ..ConflictPolicy::default() };
    let calendars = own(store, user).await?;
    let found = mirrored_conflicts(&calendars, store, zones, user, &reach.into(), &policy).await?;
    let mut time = Availability::from(&found);

    let states = store.sync_states(user).await?;
    let unknown = |why: String| (reach, why);
    time.unknown.extend(gaps(&states, &calendars).into_iter().map(unknown));
    for Quarantined { event, calendar, range } in quarantined(store, zones, user, &calendars, &reach).await? {
        let why = format!("an event of your calendar {} cannot be read: {}", name(calendar), event.reason);
        time.unknown.push((range.unwrap_or(reach), why));
    }
    Ok(time)
}

/// Why the mirror does not tell all of the person's time.
fn gaps(states: &[SyncState], calendars: &[MirroredCalendar]) -> Vec<String> {
    let mut gaps = Vec::new();
    let mut has_account = false;
    for state in states {
        let SyncResource::CalendarList(account) = &state.resource else { continue };
        has_account = true;
        gaps.extend(gap(state, &format!("the list of calendars of your account {}", account.account)));
    }
    if !has_account {
        gaps.push("none of your accounts is mirrored: sync one first".to_owned());
    } else if calendars.is_empty() {
        gaps.push("no calendar that you may write to is selected".to_owned());
    }
    for calendar in calendars {
        let is_its =
            |state: &&SyncState| matches!(&state.resource, SyncResource::Events(key) if *key == calendar.key);
        let called = format!("your calendar {}", name(calendar));
        match states.iter().find(is_its) {
            Some(state) => gaps.extend(gap(state, &called)),
            None => gaps.push(format!("{called} is not mirrored yet")),
        }
    }
    gaps
}

/// A listing that was once complete serves on while a new one is made, and while its sync backs off.
fn gap(state: &SyncState, called: &str) -> Option<String> {
    match &state.standing {
        Standing::Paused { failure } => Some(format!("{called} is not synced: {}", failure.message)),
        _ if state.last_full_sync_at.is_none() => Some(format!("{called} is not mirrored completely yet")),
        Standing::Ready | Standing::Backoff { .. } => None,
    }
}

fn name(calendar: &MirroredCalendar) -> String {
    let entry = &calendar.entry;
    let name = entry.summary_override.as_deref().or(entry.summary.as_deref());
    format!("“{}”", one_line(name.unwrap_or(calendar.key.calendar.as_str()), NAME))
}
