//! Where pages come from and where they go: a calendar list, or a calendar's events.

use async_trait::async_trait;

use super::{Commit, Fetch, PageTokens, QueryFingerprint, SyncResource, rows};
use crate::{
    Result,
    client::AccountClient,
    google::{CalendarListQuery, CalendarListSync, EventsQuery, EventsResponse, EventsSync},
    id::{AccountKey, CalendarId, CalendarKey},
    model::{CalendarListEntry, Text},
    recurrence::TimeZones,
    storage::{CalendarListPage, CommitCounts, Fence, QuarantinedEvent, Storage, SyncPage},
};

/// What one listing reads and writes.
#[async_trait]
pub(super) trait Source: Send + Sync {
    /// A page as it was fetched, before it is known what it changes.
    type Page: Send;

    fn resource(&self) -> SyncResource;

    /// What a stored token must have been made by.
    fn fingerprint(&self) -> QueryFingerprint;

    async fn fetch(&self, client: &AccountClient, fetch: &Fetch) -> Result<(Self::Page, PageTokens)>;

    /// How many items Google sent.
    fn items(&self, page: &Self::Page) -> u64;

    /// Stores a page with where the listing then stands.
    async fn commit(
        &self,
        page: Self::Page,
        commit: Commit,
        fence: &Fence,
        store: &dyn Storage,
    ) -> Result<CommitCounts>;
}

pub(super) struct CalendarList {
    pub(super) account: AccountKey,
    pub(super) query: CalendarListSync,
}

pub(super) struct Events<'a> {
    pub(super) calendar: CalendarKey,
    pub(super) time_zone: Option<Text>,
    pub(super) query: EventsSync,
    pub(super) zones: &'a dyn TimeZones,
}

#[async_trait]
impl Source for CalendarList {
    type Page = Vec<CalendarListEntry>;

    fn resource(&self) -> SyncResource {
        SyncResource::CalendarList(self.account.clone())
    }

    fn fingerprint(&self) -> QueryFingerprint {
        self.query.fingerprint()
    }

    async fn fetch(&self, client: &AccountClient, fetch: &Fetch) -> Result<(Self::Page, PageTokens)> {
        let query = CalendarListSync { since: fetch.token().cloned(), ..self.query.clone() };
        let page = client.calendar_list_page(&CalendarListQuery::Sync(query), fetch.page()).await?;
        let tokens = PageTokens { next_page: page.next_page_token, sync_token: page.next_sync_token };
        Ok((page.items.unwrap_or_default(), tokens))
    }

    fn items(&self, page: &Self::Page) -> u64 {
        page.len() as u64
    }

    async fn commit(
        &self,
        page: Self::Page,
        commit: Commit,
        fence: &Fence,
        store: &dyn Storage,
    ) -> Result<CommitCounts> {
        let (gone, there): (Vec<_>, Vec<_>) = page.into_iter().partition(|entry| entry.deleted == Some(true));
        let deletions: Vec<CalendarId> = gone.into_iter().map(|entry| entry.id).collect();
        let entries =
            there.into_iter().map(|entry| (self.account.calendar(entry.id.clone()), entry)).collect();
        let Commit { listing, state } = commit;
        let page = CalendarListPage { entries, deletions, listing, state, fence: fence.clone() };
        store.commit_calendar_list(&page).await
    }
}

#[async_trait]
impl Source for Events<'_> {
    type Page = EventsResponse;

    fn resource(&self) -> SyncResource {
        SyncResource::Events(self.calendar.clone())
    }

    /// The calendar's zone is part of it: when the calendar moves to another zone, all-day events take other hours,
    /// and Google reports none of them as changed.
    fn fingerprint(&self) -> QueryFingerprint {
        let QueryFingerprint(query) = self.query.fingerprint();
        QueryFingerprint(format!("{query} in {}", self.time_zone.as_deref().unwrap_or("its zone")))
    }

    async fn fetch(&self, client: &AccountClient, fetch: &Fetch) -> Result<(Self::Page, PageTokens)> {
        let query = EventsSync { since: fetch.token().cloned(), ..self.query.clone() };
        let query = EventsQuery::Sync(query);
        let mut page = client.events_page(&self.calendar.calendar, &query, fetch.page()).await?;
        let (next_page, sync_token) = (page.next_page_token.take(), page.next_sync_token.take());
        Ok((page, PageTokens { next_page, sync_token }))
    }

    fn items(&self, page: &Self::Page) -> u64 {
        (page.events.len() + page.quarantined.len()) as u64
    }

    async fn commit(
        &self,
        page: Self::Page,
        commit: Commit,
        fence: &Fence,
        store: &dyn Storage,
    ) -> Result<CommitCounts> {
        let zone = self.zones.zone_or_utc(self.time_zone.as_deref().or(page.time_zone.as_deref()));
        let rows = rows::sort(page.events, &self.calendar, zone, self.zones, store).await?;
        let quarantined = page.quarantined.into_iter().map(|event| QuarantinedEvent {
            calendar: self.calendar.clone(),
            event: event.id,
            raw: event.raw,
            reason: event.reason,
        });
        let page = SyncPage {
            calendar: self.calendar.clone(),
            events: rows.events,
            deletions: rows.deletions,
            quarantined: quarantined.collect(),
            listing: commit.listing,
            state: commit.state,
            fence: fence.clone(),
        };
        store.commit_page(&page).await
    }
}
