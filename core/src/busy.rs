//! What the mirror says of a person's time: fetched from storage, asked through `conflict`, which knows no storage.

mod free_busy;
mod own_time;
mod quarantine;

use std::collections::BTreeMap;

pub(crate) use free_busy::accounts;

use crate::{
    Result,
    client::CalendarClient,
    conflict::{
        ConflictIndex, ConflictPolicy, Conflicts, Proposal,
        slots::{SlotQuery, Slots, Who, find_slots},
    },
    id::UserId,
    model::AccessRole,
    recurrence::TimeZones,
    storage::{EventQuery, MirroredCalendar, Storage},
};

/// What stands in the way of `proposal` in the selected calendars that `user` may write to, of all accounts.
pub(crate) async fn conflicts(
    store: &dyn Storage,
    zones: &dyn TimeZones,
    user: &UserId,
    proposal: &Proposal,
    policy: &ConflictPolicy,
) -> Result<Conflicts> {
    let calendars = own(store, user).await?;
    conflicts_in(&calendars, store, zones, user, proposal, policy).await
}

/// When `user` and others have time for each other: their own by the mirror, others' by what Google says.
pub(crate) async fn slots(
    store: &dyn Storage,
    client: &CalendarClient,
    zones: &dyn TimeZones,
    user: &UserId,
    query: &SlotQuery,
) -> Result<Slots> {
    query.check()?;
    let mut known = BTreeMap::new();
    if query.participants.iter().any(|one| one.who == Who::Me) {
        known.insert(Who::Me, own_time::own_time(store, zones, user, query).await?);
    }
    let others = query.participants.iter().filter_map(|one| match &one.who {
        Who::Me => None,
        Who::Calendar(calendar) => Some(calendar.clone()),
    });
    let others = free_busy::times_of(others.collect(), store, client, user, &query.reach()).await?;
    known.extend(others.into_iter().map(|(calendar, time)| (Who::Calendar(calendar), time)));
    find_slots(query, &known)
}

/// What stands in the way of `proposal` in `calendars`, whatever they are, and which of their events cannot be read.
pub(crate) async fn conflicts_in(
    calendars: &[MirroredCalendar],
    store: &dyn Storage,
    zones: &dyn TimeZones,
    user: &UserId,
    proposal: &Proposal,
    policy: &ConflictPolicy,
) -> Result<Conflicts> {
    let mut found = mirrored_conflicts(calendars, store, zones, user, proposal, policy).await?;
    for one in quarantine::quarantined(store, zones, user, calendars, &found.looked_at).await? {
        match one.event.event {
            Some(id) if proposal.left_out(policy).any(|left_out| *left_out == id) => {}
            Some(id) => found.unreadable.push(id),
            None => found.truncated = true,
        }
    }
    found.unreadable.sort_unstable();
    found.unreadable.dedup();
    Ok(found)
}

/// The same, of the events that can be read.
async fn mirrored_conflicts(
    calendars: &[MirroredCalendar],
    store: &dyn Storage,
    zones: &dyn TimeZones,
    user: &UserId,
    proposal: &Proposal,
    policy: &ConflictPolicy,
) -> Result<Conflicts> {
    let query = EventQuery {
        calendars: Some(calendars.iter().map(|calendar| calendar.key.clone()).collect()),
        range: Some(proposal.window(policy)),
        include_series: true,
        ..EventQuery::default()
    };
    let found = store.events(user, &query).await?;
    let mut index = ConflictIndex::new();
    for calendar in calendars {
        let zone = zones.zone_or_utc(calendar.entry.time_zone.as_deref());
        let events = found.iter().filter(|mirrored| mirrored.key.calendar_key() == calendar.key);
        index.extend(&calendar.key, events.map(|mirrored| mirrored.event.clone()), zone, zones);
    }
    Ok(index.detect(proposal, policy))
}

/// The calendars whose events take the person's time. What they may only read is somebody else's (a colleague's
/// calendar, holidays): Google marks its owner as `self` there, not the person.
async fn own(store: &dyn Storage, user: &UserId) -> Result<Vec<MirroredCalendar>> {
    let is_own = |calendar: &MirroredCalendar| {
        let read_only =
            matches!(calendar.entry.access_role, Some(AccessRole::Reader | AccessRole::FreeBusyReader));
        calendar.settings.is_selected && !read_only
    };
    let calendars = store.calendars(user).await?;
    Ok(calendars.into_iter().filter(is_own).collect())
}
