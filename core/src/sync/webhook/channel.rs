//! A channel at Google and its row in the store: opened in place of another, and closed.

use chrono::TimeDelta;
use sha2::{Digest, Sha256};
use url::Url;
use uuid::Uuid;

use super::{Registration, Webhooks};
use crate::{
    Error, ErrorKind, Result,
    google::{self, NewChannel, StopChannel, WatchCalendarList, WatchEvents},
    id::AccountKey,
    random::random_token,
    storage::Channel,
    sync::SyncResource,
};

/// How long a resource is left alone once a channel was tried.
const RETRY: TimeDelta = TimeDelta::hours(1);

/// How long a calendar is left alone where Google refuses push.
const REFUSED: TimeDelta = TimeDelta::days(7);

/// How long a channel lives where Google does not say: its documented default.
const LIFETIME: TimeDelta = TimeDelta::days(7);

impl Webhooks {
    /// Opens a channel and closes `old`: those there were before, so that two who work side by side, because a lease ran
    /// out, do not close each other's.
    pub(super) async fn replace(
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
        if !error.is_ambiguous() || self.forget(channel).await.is_ok() {
            self.stop(channel).await;
        }
        Err(error)
    }

    /// Closes a channel that another took the place of. What cannot be done is not needed: it ends by itself.
    async fn close(&self, channel: &Channel) {
        self.stop(channel).await;
        if let Err(error) = self.forget(channel).await {
            tracing::warn!(channel = %channel.id, %error, "a closed channel was not forgotten");
        }
    }

    async fn forget(&self, channel: &Channel) -> Result<()> {
        self.store.delete_channel(channel.resource.user(), &channel.id).await
    }

    /// Closes the channels of an account at Google, and leaves their rows; gives how many it could not.
    pub(crate) async fn stop_all(&self, account: &AccountKey) -> Result<usize> {
        let mut left = 0;
        for channel in self.store.channels(&account.user).await? {
            if channel.resource.account() == *account && !self.stop(&channel).await {
                left += 1;
            }
        }
        Ok(left)
    }

    /// Whether it is closed now.
    async fn stop(&self, channel: &Channel) -> bool {
        let account = self.client.for_account(&channel.resource.account());
        let stop = StopChannel { id: channel.id.clone(), resource_id: channel.resource_id.clone() };
        match account.stop_channel(&stop).await {
            Ok(()) => true,
            // It ended already.
            Err(error) if error.kind() == ErrorKind::NotFound => true,
            Err(error) => {
                tracing::warn!(channel = %channel.id, %error, "a channel was not closed and ends by itself");
                false
            }
        }
    }
}
