//! Which conflicts a change makes and which it ends.

use chrono::{DateTime, Utc};

use super::Scene;
use crate::{
    Result, busy,
    conflict::{Conflict, ConflictPolicy, Conflicts, Proposal},
    id::UserId,
    model::{Event, ResponseStatus},
    storage::Storage,
};

/// Conflicts on only one side of a change.
#[derive(Default)]
pub(crate) struct ConflictChange {
    pub(crate) caused: Vec<Conflict>,
    pub(crate) solved: Vec<Conflict>,
    /// Whether there may be more of either.
    pub(crate) is_incomplete: bool,
}

impl Scene<'_> {
    /// What the change does to the conflicts in the mirror. Of a series, its first occurrence is looked at.
    pub(crate) async fn conflicts(
        &self,
        store: &dyn Storage,
        user: &UserId,
        now: DateTime<Utc>,
    ) -> Result<ConflictChange> {
        let before = self.in_the_way_of(self.before, store, user, now).await?;
        let after = self.in_the_way_of(self.after, store, user, now).await?;
        let is_incomplete = [&before, &after].into_iter().flatten().any(|found| !found.is_complete());
        let (before, after) = (conflicts_of(before), conflicts_of(after));
        let only = |these: &[Conflict], those: &[Conflict]| {
            these.iter().filter(|this| !those.iter().any(|that| is_same(this, that))).cloned().collect()
        };
        Ok(ConflictChange { caused: only(&after, &before), solved: only(&before, &after), is_incomplete })
    }

    async fn in_the_way_of(
        &self,
        event: Option<&Event>,
        store: &dyn Storage,
        user: &UserId,
        now: DateTime<Utc>,
    ) -> Result<Option<Conflicts>> {
        // What the person declines takes none of their time.
        let event = event.filter(|event| event.my_response() != Some(&ResponseStatus::Declined));
        let Some(proposal) = event.and_then(|event| Proposal::of_event(event, self.zone(), self.zones))
        else {
            return Ok(None);
        };
        let policy = ConflictPolicy::default();
        busy::conflicts(store, self.zones, user, &proposal.not_before(now), &policy).await.map(Some)
    }
}

fn conflicts_of(found: Option<Conflicts>) -> Vec<Conflict> {
    found.map(|found| found.conflicts).unwrap_or_default()
}

fn is_same(one: &Conflict, other: &Conflict) -> bool {
    one.event_id == other.event_id
        && one.instance_id == other.instance_id
        && one.calendar_id == other.calendar_id
        && one.span == other.span
        && one.proposed == other.proposed
}
