//! Which conflicts a change makes and which it ends.

use chrono::{DateTime, Utc};

use super::Scene;
use crate::{
    Result, busy,
    conflict::{Conflict, ConflictPolicy, Conflicts, Proposal},
    id::UserId,
    model::ResponseStatus,
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

impl ConflictChange {
    /// What stands in the way only before a change, and only after it.
    pub(crate) fn between(before: Option<Conflicts>, after: Option<Conflicts>) -> Self {
        let is_incomplete = [&before, &after].into_iter().flatten().any(|found| !found.is_complete());
        let (before, after) = (conflicts_of(before), conflicts_of(after));
        let only = |these: &[Conflict], those: &[Conflict]| {
            these.iter().filter(|this| !those.iter().any(|that| is_same(this, that))).cloned().collect()
        };
        Self { caused: only(&after, &before), solved: only(&before, &after), is_incomplete }
    }
}

impl Scene<'_> {
    /// The person's time that the event takes before the change, and after it.
    pub(crate) fn proposals(&self, now: DateTime<Utc>) -> [Option<Proposal>; 2] {
        [self.before, self.after].map(|event| {
            // What the person declines takes none of their time.
            let event = event.filter(|event| event.my_response() != Some(&ResponseStatus::Declined))?;
            Some(Proposal::of_event(event, self.zone(), self.zones)?.not_before(now))
        })
    }

    /// What the change does to the conflicts in the mirror.
    pub(crate) async fn conflicts(
        &self,
        store: &dyn Storage,
        user: &UserId,
        now: DateTime<Utc>,
    ) -> Result<ConflictChange> {
        let policy = ConflictPolicy::default();
        let found = async |proposal: Option<Proposal>| match proposal {
            Some(proposal) => busy::conflicts(store, self.zones, user, &proposal, &policy).await.map(Some),
            None => Ok(None),
        };
        let [before, after] = self.proposals(now);
        Ok(ConflictChange::between(found(before).await?, found(after).await?))
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
