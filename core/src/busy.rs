//! What the mirror says of a person's time: fetched from storage, asked through `conflict`, which knows no storage.

use crate::{
    Result,
    conflict::{Conflict, ConflictIndex, ConflictPolicy, Proposal},
    id::{CalendarKey, UserId},
    storage::{EventQuery, Storage},
};

/// What stands in the way of `proposal` in the selected calendars of `user`, of all accounts.
pub(crate) async fn conflicts(
    store: &dyn Storage,
    user: &UserId,
    proposal: &Proposal,
    policy: &ConflictPolicy,
) -> Result<Vec<Conflict>> {
    let query = EventQuery {
        calendars: Some(selected(store, user).await?),
        range: Some(policy.window(proposal.range())),
        ..EventQuery::default()
    };
    let mut index = ConflictIndex::new();
    for mirrored in store.events(user, &query).await? {
        index.insert(mirrored.key, mirrored.event, mirrored.span);
    }
    Ok(index.detect(proposal, policy))
}

async fn selected(store: &dyn Storage, user: &UserId) -> Result<Vec<CalendarKey>> {
    let calendars = store.calendars(user).await?;
    Ok(calendars
        .into_iter()
        .filter(|calendar| calendar.settings.is_selected)
        .map(|calendar| calendar.key)
        .collect())
}
