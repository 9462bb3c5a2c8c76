//! The tick: which resources get a new channel, and when to look again.

use chrono::{DateTime, TimeDelta, Utc};
use url::Url;

use super::{Registration, Webhooks};
use crate::{Error, ErrorKind, Result, storage::Channel, sync::SyncResource};

/// How long before its end a channel is renewed: four runs, so that one may fail.
const LEAD: TimeDelta = TimeDelta::hours(24);

/// How long a run that left nothing to do lets pass until the next.
const EVERY: TimeDelta = TimeDelta::hours(6);

/// What a run of renewals did, and when the next should be.
#[derive(Debug)]
pub struct RenewalTick {
    /// The channels it opened.
    pub opened: Vec<Channel>,
    /// Resources that Google refuses push for: they are polled.
    pub refused: Vec<SyncResource>,
    /// Resources that got no channel, and why; tried again at a later run, and polled meanwhile.
    pub failed: Vec<(SyncResource, Error)>,
    /// When to run again: at once where more may be due.
    pub next_at: DateTime<Utc>,
}

impl Webhooks {
    /// A tick: of any user, at most `limit` calendar lists and selected calendars that have no channel, or one that ends
    /// within 24 hours, get a new one. What had none is due to be synced then. Channels that ended are forgotten, at most
    /// as many.
    ///
    /// # Errors
    /// [`ErrorKind::Storage`] when the store fails as a whole; what goes wrong with one resource is in
    /// [`RenewalTick::failed`].
    pub async fn renew_due(&self, limit: usize) -> Result<RenewalTick> {
        let now = self.clock.now();
        let (opened, refused, failed) = (Vec::new(), Vec::new(), Vec::new());
        let mut tick = RenewalTick { opened, refused, failed, next_at: now + EVERY };
        for ended in self.store.channels_expiring(now, limit).await? {
            self.store.delete_channel(ended.resource.user(), &ended.id).await?;
        }
        let Some(address) = &self.address else { return Ok(tick) };
        let due = self.store.resources_to_watch(now, now + LEAD, limit).await?;
        let more = due.len() >= limit;
        for resource in due {
            match self.renew(&resource, address, now + LEAD).await {
                Ok(Some(Registration::Opened(channel))) => tick.opened.push(channel),
                Ok(Some(Registration::Refused)) => tick.refused.push(resource),
                Ok(None) => {}
                // Another worker is on it.
                Err(error) if error.kind() == ErrorKind::Busy => {}
                Err(error) => tick.failed.push((resource, error)),
            }
        }
        if more && !(tick.opened.is_empty() && tick.refused.is_empty()) {
            tick.next_at = now;
        }
        Ok(tick)
    }

    /// None where another worker was faster.
    async fn renew(
        &self,
        resource: &SyncResource,
        address: &Url,
        expiring_before: DateTime<Utc>,
    ) -> Result<Option<Registration>> {
        let lease = self.hold(resource).await?;
        let renewed = self.renew_held(resource, address, expiring_before).await;
        self.let_go(&lease).await;
        renewed
    }

    async fn renew_held(
        &self,
        resource: &SyncResource,
        address: &Url,
        expiring_before: DateTime<Utc>,
    ) -> Result<Option<Registration>> {
        let old = self.of(resource).await?;
        if old.iter().any(|channel| channel.expires_at >= expiring_before) {
            return Ok(None);
        }
        let nobody_told = old.is_empty();
        let registration = self.replace(resource, address, old).await?;
        if nobody_told && matches!(registration, Registration::Opened(_)) {
            // What changed until now is brought at once, not when it is polled.
            self.notify(resource).await?;
        }
        Ok(Some(registration))
    }
}
