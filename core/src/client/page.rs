//! Listings as streams: each page fetched when the one before it is used up.

use futures_util::Stream;

use super::AccountClient;
use crate::{
    Error, ErrorKind, Result,
    google::{CalendarListQuery, EventsQuery, Quarantined, Setting},
    id::{CalendarId, PageToken},
    model::{CalendarListEntry, Event},
};

/// Pages of one listing, at most: 25 million events. A server that repeats a page token for ever is found out.
const PAGES_CAP: usize = 10_000;

impl AccountClient {
    /// Every calendar of the person's list, page after page.
    ///
    /// # Errors
    /// Those of [`calendar_list_page`](Self::calendar_list_page), as the stream's last item.
    pub fn calendars(
        &self,
        query: CalendarListQuery,
    ) -> impl Stream<Item = Result<CalendarListEntry>> + Send + use<> {
        let account = self.clone();
        pages(move |page| {
            let (account, query) = (account.clone(), query.clone());
            async move {
                let found = account.calendar_list_page(&query, page.as_ref()).await?;
                Ok((found.items.unwrap_or_default(), found.next_page_token))
            }
        })
    }

    /// Every event of a calendar, page after page; those that could not be mapped come as [`Err`] of the item.
    ///
    /// # Errors
    /// Those of [`events_page`](Self::events_page), as the stream's last item.
    pub fn events(
        &self,
        calendar: CalendarId,
        query: EventsQuery,
    ) -> impl Stream<Item = Result<Result<Event, Quarantined>>> + Send + use<> {
        let account = self.clone();
        pages(move |page| {
            let (account, calendar, query) = (account.clone(), calendar.clone(), query.clone());
            async move {
                let found = account.events_page(&calendar, &query, page.as_ref()).await?;
                let quarantined = found.quarantined.into_iter().map(Err);
                let items = found.events.into_iter().map(Ok).chain(quarantined).collect();
                Ok((items, found.next_page_token))
            }
        })
    }

    /// Every setting of the person's, page after page.
    ///
    /// # Errors
    /// Those of [`settings_page`](Self::settings_page), as the stream's last item.
    pub fn settings(&self) -> impl Stream<Item = Result<Setting>> + Send + use<> {
        let account = self.clone();
        pages(move |page| {
            let account = account.clone();
            async move {
                let found = account.settings_page(page.as_ref()).await?;
                Ok((found.items.unwrap_or_default(), found.next_page_token))
            }
        })
    }
}

fn pages<T, F>(fetch: impl Fn(Option<PageToken>) -> F + Send) -> impl Stream<Item = Result<T>> + Send
where
    T: Send,
    F: Future<Output = Result<(Vec<T>, Option<PageToken>)>> + Send,
{
    async_stream::try_stream! {
        let mut page = None;
        for _ in 0..PAGES_CAP {
            let (items, next) = fetch(page.clone()).await?;
            for item in items {
                yield item;
            }
            if next.is_none() {
                return;
            }
            if next == page {
                Err(Error::new(ErrorKind::MalformedResponse, "the listing names the same page as its next for ever"))?;
            }
            page = next;
        }
        Err(Error::new(ErrorKind::MalformedResponse, format!("the listing has more than {PAGES_CAP} pages")))?;
    }
}
