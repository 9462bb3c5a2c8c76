//! The tick: whatever is due, of any user.

use std::{collections::BTreeSet, time::Duration};

use chrono::{DateTime, TimeDelta, Utc};

use super::{SyncRunner, resource::Aim};
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
            if !self.sync_where_due(resource, stale_before, &mut report).await? {
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

    /// Syncs one resource, where it is due: what a job does for a notification.
    ///
    /// Twice is the same as once: of two that are called for one notification, the second asks Google nothing. Where
    /// another worker is on the resource, the report says so ([`ErrorKind::Busy`]): it is to be called again.
    ///
    /// # Errors
    /// [`ErrorKind::Storage`] when the store fails as a whole. What fails at Google is in the report.
    pub async fn sync_resource(&self, resource: &SyncResource) -> Result<SyncReport> {
        let mut report = SyncReport::default();
        let stale_before = before(self.clock.now(), self.settings.poll_every);
        self.sync_where_due(resource, stale_before, &mut report).await?;
        Ok(report)
    }

    /// False where nothing more of the account can be read.
    async fn sync_where_due(
        &self,
        resource: &SyncResource,
        stale_before: DateTime<Utc>,
        report: &mut SyncReport,
    ) -> Result<bool> {
        let aim = Aim::Due { stale_before };
        match resource {
            // Disconnected since it was found due.
            SyncResource::CalendarList(_) if self.store.sync_state(resource).await?.is_none() => Ok(true),
            SyncResource::CalendarList(account) => {
                let goes_on = self.sync_list(account, aim, &Unobserved, report).await?;
                // New calendars get their states here, and are due from then on.
                self.selected(account).await?;
                Ok(goes_on)
            }
            SyncResource::Events(key) => match self.store.calendar(key).await {
                Ok(calendar) if !calendar.settings.is_selected => Ok(true),
                Ok(calendar) => self.sync_calendar(&calendar, (1, 1), aim, &Unobserved, report).await,
                Err(error) if error.kind() == ErrorKind::NotFound => Ok(true),
                Err(error) => Err(error),
            },
        }
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
