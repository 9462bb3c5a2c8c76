//! What the mirror says of a person's time: fetched from storage, asked through `conflict`, which knows no storage.

use crate::{
    Result,
    conflict::{Conflict, ConflictIndex, ConflictPolicy, Proposal},
    id::{CalendarKey, UserId},
    model::AccessRole,
    storage::{EventQuery, MirroredCalendar, Storage},
};

/// What stands in the way of `proposal` in the selected calendars that `user` may write to, of all accounts.
pub(crate) async fn conflicts(
    store: &dyn Storage,
    user: &UserId,
    proposal: &Proposal,
    policy: &ConflictPolicy,
) -> Result<Vec<Conflict>> {
    let query = EventQuery {
        calendars: Some(own(store, user).await?),
        range: Some(policy.window(proposal.range())),
        ..EventQuery::default()
    };
    let mut index = ConflictIndex::new();
    for mirrored in store.events(user, &query).await? {
        index.insert(mirrored.key, mirrored.event, mirrored.span);
    }
    Ok(index.detect(proposal, policy))
}

/// The calendars whose events take the person's time. What they may only read is somebody else's (a colleague's
/// calendar, holidays): Google marks its owner as `self` there, not the person.
async fn own(store: &dyn Storage, user: &UserId) -> Result<Vec<CalendarKey>> {
    let is_own = |calendar: &MirroredCalendar| {
        let read_only =
            matches!(calendar.entry.access_role, Some(AccessRole::Reader | AccessRole::FreeBusyReader));
        calendar.settings.is_selected && !read_only
    };
    let calendars = store.calendars(user).await?;
    Ok(calendars.into_iter().filter(is_own).map(|calendar| calendar.key).collect())
}
