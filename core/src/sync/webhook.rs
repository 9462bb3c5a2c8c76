//! Push channels: opened, renewed before they end, closed, of one resource by one worker at a time; and what comes
//! through them.

mod channel;
mod notification;
mod receive;
mod renewal;

use std::{fmt, sync::Arc, time::Duration};

use url::Url;
use uuid::Uuid;

pub use receive::{Disbelief, Received, SyncQueue};
pub use renewal::RenewalTick;

use super::SyncResource;
use crate::{
    Error, ErrorKind, Result,
    client::CalendarClient,
    google,
    storage::{Channel, Lease, Storage},
    time::Clock,
};

/// How long a lease lasts: longer than opening one channel and closing a few, retries included.
const LEASE: Duration = Duration::from_secs(10 * 60);

/// How long Google's bursts last: a person drags an event, an invitation goes to many.
const DEBOUNCE: Duration = Duration::from_secs(2);

/// What came of asking Google for notifications.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Registration {
    /// A channel is open.
    Opened(Channel),
    /// Google refuses push for this resource: it is polled, and asked for again after a week.
    Refused,
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
    queue: Option<Arc<dyn SyncQueue>>,
    debounce: Duration,
}

impl Webhooks {
    /// Over the seams of a host, without an address. `holder` names this process among others over the store.
    pub fn new(
        store: Arc<dyn Storage>,
        client: CalendarClient,
        clock: Arc<dyn Clock>,
        holder: impl Into<String>,
    ) -> Self {
        Self { store, client, clock, holder: holder.into(), address: None, queue: None, debounce: DEBOUNCE }
    }

    /// The same, with workers that sync what is notified; without it the host does.
    #[must_use]
    pub fn with_queue(mut self, queue: Arc<dyn SyncQueue>) -> Self {
        self.queue = Some(queue);
        self
    }

    /// The same, syncing what is notified this long after the first notification of a burst: 2 seconds by default.
    #[must_use]
    pub fn with_debounce(mut self, debounce: Duration) -> Self {
        self.debounce = debounce;
        self
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
