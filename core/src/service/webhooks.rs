//! The facade's part on notifications: asked for, taken, renewed.

use std::{sync::Arc, time::Duration};

use http::HeaderMap;

use super::{CalendarService, PRIMARY};
use crate::{
    Result,
    sync::{Received, Registration, RenewalTick, SyncQueue, SyncResource},
};

impl CalendarService {
    /// The same, letting Google notify `address` of changes: see [`Webhooks`](crate::sync::Webhooks).
    ///
    /// # Errors
    /// Those of [`Webhooks::with_address`](crate::sync::Webhooks::with_address).
    pub fn with_webhooks(mut self, address: &str) -> Result<Self> {
        self.webhooks = self.webhooks.with_address(address)?;
        Ok(self)
    }

    /// The same, with workers that sync what is notified `debounce` after the first notification of a burst; two seconds
    /// suit Google's. Without them the host syncs: see [`Received::Changed`].
    #[must_use]
    pub fn with_sync_queue(mut self, queue: Arc<dyn SyncQueue>, debounce: Duration) -> Self {
        self.webhooks = self.webhooks.with_queue(queue).with_debounce(debounce);
        self
    }

    /// Lets Google notify of what changes in a calendar, or in an account's calendar list. Before it ends,
    /// [`renew_due`](Self::renew_due) opens the next, as it does for whatever has none.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`](crate::ErrorKind::NotFound) for an unknown calendar; those of
    /// [`Webhooks::register`](crate::sync::Webhooks::register).
    pub async fn register_webhook(&self, resource: &SyncResource) -> Result<Registration> {
        match resource {
            SyncResource::Events(key) if key.calendar.as_str() == PRIMARY => {
                let key = self.calendar(key).await?.key;
                self.webhooks.register(&SyncResource::Events(key)).await
            }
            resource => self.webhooks.register(resource).await,
        }
    }

    /// Takes a notification of Google's, of any user: a `POST` to the address of [`with_webhooks`](Self::with_webhooks),
    /// of which only the headers say anything. What cannot be believed is ignored, and does nothing.
    ///
    /// Answer 204 whatever came of it, and 503 for an error: Google sends it again then.
    ///
    /// # Errors
    /// Those of [`Webhooks::receive`](crate::sync::Webhooks::receive).
    pub async fn receive_webhook(&self, headers: &HeaderMap) -> Result<Received> {
        self.webhooks.receive(headers).await
    }

    /// A tick: opens at most `limit` push channels where there is none or one soon ends; none without
    /// [`with_webhooks`](Self::with_webhooks).
    ///
    /// # Errors
    /// Those of [`Webhooks::renew_due`](crate::sync::Webhooks::renew_due).
    pub async fn renew_due(&self, limit: usize) -> Result<RenewalTick> {
        self.webhooks.renew_due(limit).await
    }
}
