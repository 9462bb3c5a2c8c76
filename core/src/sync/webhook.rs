//! Push channels: opened, renewed before they end, closed.

use std::{fmt, sync::Arc, time::Duration};

use chrono::{DateTime, TimeDelta, Utc};
use data_encoding::BASE64URL_NOPAD;
use sha2::{Digest, Sha256};
use url::Url;
use uuid::Uuid;

use super::SyncResource;
use crate::{
    Error, ErrorKind, Result,
    client::CalendarClient,
    google::{self, NewChannel, StopChannel, WatchCalendarList, WatchEvents},
    storage::{Channel, Lease, Storage},
    time::Clock,
};

/// How long before its end a channel is renewed: four runs, so that one may fail.
const LEAD: TimeDelta = TimeDelta::hours(24);

/// How long a run that left nothing to do lets pass until the next.
const EVERY: TimeDelta = TimeDelta::hours(6);

/// How long a resource is left alone once a channel was tried.
const RETRY: TimeDelta = TimeDelta::hours(1);

/// How long a calendar is left alone where Google refuses push.
const REFUSED: TimeDelta = TimeDelta::days(7);

/// How long a channel lives where Google does not say: its documented default.
const LIFETIME: TimeDelta = TimeDelta::days(7);

/// How long a lease lasts: longer than opening one channel and closing a few, retries included.
const LEASE: Duration = Duration::from_secs(10 * 60);

/// What came of asking Google for notifications.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Registration {
    /// A channel is open.
    Opened(Channel),
    /// Google refuses push for this resource: it is polled, and asked for again after a week.
    Refused,
}

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

/// Lets Google notify of changes, at an address of the host's.
///
/// - Each channel has a random id and a random 256-bit token, of which only the SHA-256 is stored.
/// - A new channel is stored before the old ones are closed, so that there is one at any moment.
/// - A channel that could not be stored is closed. Where that fails too, and where a process dies before it stores one,
///   nobody knows it: its notifications are ignored, and it ends by itself within a week. Before each try the resource is
///   put off for an hour, so that a process that dies there again and again leaves few behind.
/// - Without an address nothing is opened, and calendars are polled.
#[derive(Clone)]
pub struct Webhooks {
    store: Arc<dyn Storage>,
    client: CalendarClient,
    clock: Arc<dyn Clock>,
    holder: String,
    address: Option<Url>,
}

impl Webhooks {
    /// Over the seams of a host, without an address. `holder` names this process among others over the store.
    pub fn new(
        store: Arc<dyn Storage>,
        client: CalendarClient,
        clock: Arc<dyn Clock>,
        holder: impl Into<String>,
    ) -> Self {
        Self { store, client, clock, holder: holder.into(), address: None }
    }

    /// The same, with the address that Google notifies: https, or this very machine for a fake Google.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidInput`] for any other.
    pub fn with_address(mut self, address: &str) -> Result<Self> {
        let url = Url::parse(address).ok().filter(google::is_trusted);
        self.address = Some(url.ok_or_else(|| {
            let message = format!("notifications cannot go to {address:?}: Google sends them to https only");
            Error::new(ErrorKind::InvalidInput, message)
        })?);
        Ok(self)
    }

    /// Opens a channel on `resource`, in place of those there are.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidInput`] without an address; [`ErrorKind::NotFound`] when the resource has no sync state;
    /// [`ErrorKind::Busy`] when another worker is on it; Google's; [`ErrorKind::Storage`].
    pub async fn register(&self, resource: &SyncResource) -> Result<Registration> {
        let address = self.address.as_ref().ok_or_else(|| {
            let message = "there is no address for notifications: name it once, by `with_webhooks`";
            Error::new(ErrorKind::InvalidInput, message)
        })?;
        let lease = self.hold(resource).await?;
        let registered = match self.of(resource).await {
            Ok(old) => self.replace(resource, address, old).await,
            Err(error) => Err(error),
        };
        self.let_go(&lease).await;
        registered
    }

    /// A tick: of any user, at most `limit` calendar lists and selected calendars that have no channel, or one that ends
    /// within 24 hours, get a new one. Channels that ended are forgotten, at most as many.
    ///
    /// # Errors
    /// [`ErrorKind::Storage`] when the store fails as a whole; what goes wrong with one resource is in
    /// [`RenewalTick::failed`].
    pub async fn renew_due(&self, limit: usize) -> Result<RenewalTick> {
        let now = self.clock.now();
        let (opened, refused, failed) = (Vec::new(), Vec::new(), Vec::new());
        let mut tick = RenewalTick { opened, refused, failed, next_at: now + EVERY };
        for ended in self.store.channels_expiring(now, limit).await? {
            self.store.delete_channel(&ended.id).await?;
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
        let renewed = match self.of(resource).await {
            Ok(old) if old.iter().any(|channel| channel.expires_at >= expiring_before) => Ok(None),
            Ok(old) => self.replace(resource, address, old).await.map(Some),
            Err(error) => Err(error),
        };
        self.let_go(&lease).await;
        renewed
    }

    /// Opens a channel and closes `old`: those there were before, so that two who work side by side, because a lease ran
    /// out, do not close each other's.
    async fn replace(
        &self,
        resource: &SyncResource,
        address: &Url,
        old: Vec<Channel>,
    ) -> Result<Registration> {
        let now = self.clock.now();
        self.store.put_off_watch(resource, now + RETRY).await?;
        let token = random_token();
        let new = NewChannel {
            id: Uuid::new_v4().to_string().into(),
            address: address.to_string(),
            token: Some(token.clone()),
            time_to_live: None,
        };
        let opened = match self.watch(resource, new).await {
            Ok(opened) => opened,
            Err(error) if error.kind() == ErrorKind::PushRefused => {
                self.store.put_off_watch(resource, now + REFUSED).await?;
                return Ok(Registration::Refused);
            }
            Err(error) => return Err(error),
        };
        let resource_id = opened.resource_id.ok_or_else(|| {
            let message = "Google opened a channel without saying what it watches: it cannot be closed again";
            Error::new(ErrorKind::MalformedResponse, message)
        })?;
        let channel = Channel {
            id: opened.id,
            resource: resource.clone(),
            resource_id,
            token_hash: Sha256::digest(token.as_bytes()).into(),
            expires_at: opened.expiration.and_then(|end| end.at()).unwrap_or(now + LIFETIME),
        };
        self.save(&channel).await?;
        for old in &old {
            self.close(old).await;
        }
        Ok(Registration::Opened(channel))
    }

    async fn watch(&self, resource: &SyncResource, channel: NewChannel) -> Result<google::Channel> {
        let account = self.client.for_account(&resource.account());
        match resource {
            SyncResource::CalendarList(_) => {
                account.watch_calendar_list(&WatchCalendarList { channel }).await
            }
            SyncResource::Events(key) => {
                account.watch_events(&WatchEvents { calendar: key.calendar.clone(), channel }).await
            }
        }
    }

    /// Stores a channel, or closes it. One that may be stored all the same is forgotten first: what is stored is open.
    async fn save(&self, channel: &Channel) -> Result<()> {
        let Err(error) = self.store.insert_channel(channel).await else { return Ok(()) };
        if !error.is_ambiguous() || self.store.delete_channel(&channel.id).await.is_ok() {
            self.stop(channel).await;
        }
        Err(error)
    }

    /// Closes a channel that another took the place of. What cannot be done is not needed: it ends by itself.
    async fn close(&self, channel: &Channel) {
        self.stop(channel).await;
        if let Err(error) = self.store.delete_channel(&channel.id).await {
            tracing::warn!(channel = %channel.id, %error, "a closed channel was not forgotten");
        }
    }

    async fn stop(&self, channel: &Channel) {
        let account = self.client.for_account(&channel.resource.account());
        let stop = StopChannel { id: channel.id.clone(), resource_id: channel.resource_id.clone() };
        match account.stop_channel(&stop).await {
            // It ended already.
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => {
                tracing::warn!(channel = %channel.id, %error, "a channel was not closed and ends by itself")
            }
            Ok(()) => {}
        }
    }

    async fn of(&self, resource: &SyncResource) -> Result<Vec<Channel>> {
        let mut channels = self.store.channels(resource.user()).await?;
        channels.retain(|channel| channel.resource == *resource);
        Ok(channels)
    }

    async fn hold(&self, resource: &SyncResource) -> Result<Lease> {
        let (name, holder) =
            (format!("watch {}", resource.lease_name()), format!("{}/{}", self.holder, Uuid::new_v4()));
        let lease = self.store.acquire(&name, &holder, LEASE).await?;
        lease
            .ok_or_else(|| Error::new(ErrorKind::Busy, "another worker opens a push channel for it just now"))
    }

    /// A lease that is not let go runs out by itself.
    async fn let_go(&self, lease: &Lease) {
        if let Err(error) = self.store.release(lease).await {
            tracing::debug!(lease = lease.fence.name, %error, "a lease could not be released and runs out by itself");
        }
    }
}

impl fmt::Debug for Webhooks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Webhooks").field("holder", &self.holder).finish_non_exhaustive()
    }
}

/// 256 bits, drawn from the 366 random ones of three UUIDs.
fn random_token() -> String {
    let mut hash = Sha256::new();
    for _ in 0..3 {
        hash.update(Uuid::new_v4().as_bytes());
    }
    BASE64URL_NOPAD.encode(&hash.finalize())
}
