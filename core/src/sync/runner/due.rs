//! The tick: whatever is due, of any user.

use std::{collections::BTreeSet, time::Duration};

use chrono::{DateTime, TimeDelta, Utc};

use super::SyncRunner;
use crate::{
    ErrorKind, Result,
    id::AccountKey,
    sync::{SyncFailure, SyncReport, SyncResource, Unobserved},
};

/// What a tick did, and when the next should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyncTick {
    /// What was due.
    pub resources: Vec<SyncResource>,
    /// What came of it; what another worker was on is left out.
    pub report: SyncReport,
    /// When to tick again: at once where more may be due.
    pub next_at: DateTime<Utc>,
}

impl SyncRunner {
    /// Syncs at most `limit` resources that are due: notified ones, ones whose back-off is over, unfinished ones, and
    /// ones not synced for [`poll_every`](super::SyncSettings::poll_every).
    ///
    /// # Errors
    /// [`ErrorKind::Storage`] when the store fails as a whole. What fails at Google is in the report.
    pub async fn sync_due(&self, limit: usize) -> Result<SyncTick> {
        let now = self.clock.now();
        let stale_before = before(now, self.settings.poll_every);
        let resources = self.store.resources_due(now, stale_before, limit).await?;
        let mut report = SyncReport::default();
        let mut stopped: BTreeSet<AccountKey> = BTreeSet::new();
        for resource in &resources {
            let account = resource.account();
            if stopped.contains(&account) {
                continue;
            }
            let goes_on = match resource {
                SyncResource::CalendarList(account) => {
                    let goes_on = self.sync_list(account, false, &Unobserved, &mut report).await?;
                    // New calendars get their states here, and are due from then on.
                    self.selected(account).await?;
                    goes_on
                }
                SyncResource::Events(key) => match self.store.calendar(key).await {
                    Ok(calendar) => {
                        self.sync_calendar(&calendar, (1, 1), false, &Unobserved, &mut report).await?
                    }
                    Err(error) if error.kind() == ErrorKind::NotFound => true,
                    Err(error) => return Err(error),
                },
            };
            if !goes_on {
                stopped.insert(account);
            }
        }
        let failed = report.failures.len();
        report.failures.retain(|failed| !is_others(&failed.failure));
        let found_new = resources.iter().any(|resource| matches!(resource, SyncResource::CalendarList(_)));
        let more = failed < resources.len() && (resources.len() >= limit || found_new);
        let next_at = if more { now } else { after(now, self.settings.tick_every) };
        Ok(SyncTick { resources, report, next_at })
    }
}

/// Whether another worker has the resource: no failure of it.
fn is_others(failure: &SyncFailure) -> bool {
    failure.is(ErrorKind::Busy) || failure.is(ErrorKind::LeaseLost)
}

fn before(now: DateTime<Utc>, duration: Duration) -> DateTime<Utc> {
    let duration = TimeDelta::from_std(duration).unwrap_or(TimeDelta::MAX);
    now.checked_sub_signed(duration).unwrap_or(DateTime::<Utc>::MIN_UTC)
}

fn after(now: DateTime<Utc>, duration: Duration) -> DateTime<Utc> {
    let duration = TimeDelta::from_std(duration).unwrap_or(TimeDelta::MAX);
    now.checked_add_signed(duration).unwrap_or(DateTime::<Utc>::MAX_UTC)
}
