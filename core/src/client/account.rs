//! The calls of one account.

use super::{CalendarClient, Reply};
use crate::{
    Result,
    google::{
        CalendarListQuery, CalendarListResponse, Call, Channel, Colors, DeleteEvent, EventsQuery,
        EventsResponse, FreeBusy, FreeBusyResponse, GetCalendar, GetCalendarListEntry, GetColors, GetEvent,
        GetSetting, ImportEvent, InsertEvent, ListCalendars, ListEvents, ListInstances, ListSettings,
        MoveEvent, PatchCalendarListEntry, PatchEvent, QuickAddEvent, Setting, SettingsResponse, StopChannel,
        UpdateEvent, WatchCalendarList, WatchEvents,
    },
    id::{AccountKey, CalendarId, EventId, PageToken},
    model::{Calendar, CalendarListEntry, Event},
};

/// The calls of one account. Cheap to clone.
///
/// Every call fails with the kinds that [`error_from_response`](crate::google::error_from_response) tells apart, and
/// also with [`InvalidInput`](crate::ErrorKind::InvalidInput) and [`ScopeMissing`](crate::ErrorKind::ScopeMissing)
/// before anything is sent, [`RateLimited`](crate::ErrorKind::RateLimited) where the limits leave no time,
/// [`Timeout`](crate::ErrorKind::Timeout), [`Connection`](crate::ErrorKind::Connection) and
/// [`MalformedResponse`](crate::ErrorKind::MalformedResponse) where no good answer came. Of a write,
/// [`Error::is_ambiguous`](crate::Error::is_ambiguous) says whether any of its attempts may have taken effect.
#[derive(Clone, Debug)]
pub struct AccountClient {
    client: CalendarClient,
    account: AccountKey,
}

impl AccountClient {
    pub(super) fn new(client: CalendarClient, account: AccountKey) -> Self {
        Self { client, account }
    }

    /// Whose calls they are.
    pub fn account(&self) -> &AccountKey {
        &self.account
    }

    /// Makes any call of the API.
    pub async fn call<C: Call>(&self, call: &C) -> Result<Reply<C::Answer>> {
        self.client.call(&self.account, call).await
    }

    /// One page of the person's list of calendars.
    pub async fn calendar_list_page(
        &self,
        query: &CalendarListQuery,
        page: Option<&PageToken>,
    ) -> Result<CalendarListResponse> {
        self.read(&ListCalendars { query, page }).await
    }

    /// One calendar of the person's list.
    pub async fn calendar_list_entry(&self, calendar: &CalendarId) -> Result<CalendarListEntry> {
        self.read(&GetCalendarListEntry { calendar: calendar.clone() }).await
    }

    /// Changes how a calendar shows in the person's list.
    pub async fn patch_calendar_list_entry(
        &self,
        patch: &PatchCalendarListEntry,
    ) -> Result<Reply<CalendarListEntry>> {
        self.call(patch).await
    }

    /// A calendar itself.
    pub async fn calendar(&self, calendar: &CalendarId) -> Result<Calendar> {
        self.read(&GetCalendar { calendar: calendar.clone() }).await
    }

    /// One page of a calendar's events.
    pub async fn events_page(
        &self,
        calendar: &CalendarId,
        query: &EventsQuery,
        page: Option<&PageToken>,
    ) -> Result<EventsResponse> {
        self.read(&ListEvents { calendar, query, page }).await
    }

    /// One event, cancelled or not.
    pub async fn event(&self, calendar: &CalendarId, event: &EventId) -> Result<Event> {
        self.read(&GetEvent::new(calendar.clone(), event.clone())).await
    }

    /// One page of the instances of a series.
    pub async fn instances(&self, instances: &ListInstances) -> Result<EventsResponse> {
        self.read(instances).await
    }

    /// Makes an event. With an id of its own it is tried again after a doubt; [`AlreadyExists`] may then be its own.
    ///
    /// [`AlreadyExists`]: crate::ErrorKind::AlreadyExists
    pub async fn insert_event(&self, insert: &InsertEvent) -> Result<Reply<Event>> {
        self.call(insert).await
    }

    /// Changes fields of an event. With `if_match` it is tried again after a doubt; [`PreconditionFailed`] may then be
    /// its own doing.
    ///
    /// [`PreconditionFailed`]: crate::ErrorKind::PreconditionFailed
    pub async fn patch_event(&self, patch: &PatchEvent) -> Result<Reply<Event>> {
        self.call(patch).await
    }

    /// Replaces an event.
    pub async fn update_event(&self, update: &UpdateEvent) -> Result<Reply<Event>> {
        self.call(update).await
    }

    /// Deletes an event. One that is gone already is [`Deleted`](crate::ErrorKind::Deleted).
    pub async fn delete_event(&self, delete: &DeleteEvent) -> Result<Reply<()>> {
        self.call(delete).await
    }

    /// Moves an event to another calendar.
    pub async fn move_event(&self, change: &MoveEvent) -> Result<Reply<Event>> {
        self.call(change).await
    }

    /// Adds a private copy of an event from elsewhere.
    pub async fn import_event(&self, import: &ImportEvent) -> Result<Reply<Event>> {
        self.call(import).await
    }

    /// Makes an event from a line of text.
    pub async fn quick_add(&self, quick_add: &QuickAddEvent) -> Result<Reply<Event>> {
        self.call(quick_add).await
    }

    /// Opens a push channel. [`PushRefused`](crate::ErrorKind::PushRefused) where the calendar must be polled.
    pub async fn watch_events(&self, watch: &WatchEvents) -> Result<Channel> {
        self.read(watch).await
    }

    /// Opens a push channel on the person's list of calendars.
    pub async fn watch_calendar_list(&self, watch: &WatchCalendarList) -> Result<Channel> {
        self.read(watch).await
    }

    /// Closes a push channel.
    pub async fn stop_channel(&self, stop: &StopChannel) -> Result<()> {
        self.read(stop).await
    }

    /// When calendars are busy.
    pub async fn free_busy(&self, query: &FreeBusy) -> Result<FreeBusyResponse> {
        self.read(query).await
    }

    /// One page of the person's settings.
    pub async fn settings_page(&self, page: Option<&PageToken>) -> Result<SettingsResponse> {
        self.read(&ListSettings { page: page.cloned() }).await
    }

    /// One of the person's settings: `timezone`, `weekStart` and others.
    pub async fn setting(&self, id: &str) -> Result<Setting> {
        self.read(&GetSetting { id: id.to_owned() }).await
    }

    /// The colours calendars and events may have.
    pub async fn colors(&self) -> Result<Colors> {
        self.read(&GetColors).await
    }

    async fn read<C: Call>(&self, call: &C) -> Result<C::Answer> {
        Ok(self.call(call).await?.value)
    }
}
