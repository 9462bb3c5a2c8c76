//! Calendars and the person's list of them.

use bytes::Bytes;
use http::Method;
use serde::Serialize;
use url::Url;

use super::{
    Call, Idempotency, Operation,
    events_query::check_page_size,
    request::{Builder, read_json},
};
use crate::{
    Error, ErrorKind, Result,
    id::{CalendarId, Etag, PageToken, SyncToken},
    model::{AccessRole, Calendar, CalendarListEntry, NotificationSettings, Reminder, google_object},
    sync::QueryFingerprint,
};

/// Calendars on a page, at most (Google's reference of calendarList.list).
const PAGE_CAP: u32 = 250;

/// Which calendars a listing brings: all of them, to be mirrored, or some, to be shown.
///
/// Two types, since Google refuses filters together with a sync token.
#[derive(Clone, Debug, PartialEq)]
pub enum CalendarListQuery {
    /// All, hidden and deleted ones too, ending in a sync token.
    Sync(CalendarListSync),
    /// Some.
    View(CalendarListView),
}

/// Mirrors the list: a first listing, or with `since` what changed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CalendarListSync {
    /// Where the last listing ended.
    pub since: Option<SyncToken>,
    /// Calendars on a page, 250 at most and by default.
    pub max_results: Option<u32>,
}

/// Shows calendars.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CalendarListView {
    /// Only those the person may do at least this with.
    pub min_access_role: Option<AccessRole>,
    /// Only those of the person's own organization.
    pub show_own_organization_only: bool,
    /// Those taken off the list, too.
    pub show_deleted: bool,
    /// Hidden ones, too.
    pub show_hidden: bool,
    /// Calendars on a page, 250 at most; 100 by default.
    pub max_results: Option<u32>,
}

impl CalendarListSync {
    /// The same listing, of what changed since `token`.
    #[must_use]
    pub fn since(mut self, token: impl Into<SyncToken>) -> Self {
        self.since = Some(token.into());
        self
    }

    /// What must be equal in every query that uses the token of another: all but the token itself.
    pub fn fingerprint(&self) -> QueryFingerprint {
        QueryFingerprint(format!("calendars:{}", self.max_results.unwrap_or(PAGE_CAP)))
    }
}

impl CalendarListQuery {
    /// The fingerprint of a query that ends in a sync token worth keeping.
    pub fn fingerprint(&self) -> Option<QueryFingerprint> {
        match self {
            Self::Sync(sync) => Some(sync.fingerprint()),
            Self::View(_) => None,
        }
    }
}

impl From<CalendarListSync> for CalendarListQuery {
    fn from(sync: CalendarListSync) -> Self {
        Self::Sync(sync)
    }
}

impl From<CalendarListView> for CalendarListQuery {
    fn from(view: CalendarListView) -> Self {
        Self::View(view)
    }
}

google_object! {
    /// A page of the person's list of calendars.
    pub struct CalendarListResponse {
        /// The calendars, in Google's order.
        "items" => items: Vec<CalendarListEntry>,
        /// The next page, where there is one.
        "nextPageToken" => next_page_token: PageToken,
        /// Where the listing ended; on its last page only.
        "nextSyncToken" => next_sync_token: SyncToken,
        /// Version of the page.
        "etag" => etag: Etag,
        /// `calendar#calendarList`.
        "kind" => kind: String,
    }
}

/// One page of the person's list of calendars.
#[derive(Clone, Copy, Debug)]
pub struct ListCalendars<'a> {
    /// Which calendars.
    pub query: &'a CalendarListQuery,
    /// Which page; none for the first.
    pub page: Option<&'a PageToken>,
}

impl Call for ListCalendars<'_> {
    type Answer = CalendarListResponse;

    fn operation(&self) -> Operation {
        Operation::CalendarListList
    }

    fn idempotency(&self) -> Idempotency {
        Idempotency::Read
    }

    fn request(&self, root: &Url) -> Result<http::Request<Bytes>> {
        let request = Builder::new(Method::GET, root, &["users", "me", "calendarList"])?;
        let request = match self.query {
            CalendarListQuery::Sync(sync) => {
                check_page_size(sync.max_results, PAGE_CAP)?;
                request
                    .query_if("syncToken", sync.since.as_ref())
                    .query("maxResults", sync.max_results.unwrap_or(PAGE_CAP).to_string())
                    .query("showDeleted", "true")
                    .query("showHidden", "true")
            }
            CalendarListQuery::View(view) => {
                check_page_size(view.max_results, PAGE_CAP)?;
                request
                    .query_if("minAccessRole", view.min_access_role.as_ref())
                    .flag("showOwnOrganizationOnly", view.show_own_organization_only)
                    .flag("showDeleted", view.show_deleted)
                    .flag("showHidden", view.show_hidden)
                    .query_if("maxResults", view.max_results)
            }
        };
        request.query_if("pageToken", self.page).build()
    }

    fn read(&self, body: &[u8]) -> Result<CalendarListResponse> {
        let page: CalendarListResponse = read_json(body)?;
        if page.items.is_none() && page.kind.is_none() {
            let message = "the answer is no list of calendars: it has neither `items` nor `kind`";
            return Err(Error::new(ErrorKind::MalformedResponse, message));
        }
        Ok(page)
    }
}

/// One calendar of the person's list.
#[derive(Clone, Debug, PartialEq)]
pub struct GetCalendarListEntry {
    /// Which; `primary` for the account's own.
    pub calendar: CalendarId,
}

impl Call for GetCalendarListEntry {
    type Answer = CalendarListEntry;

    fn operation(&self) -> Operation {
        Operation::CalendarListGet
    }

    fn idempotency(&self) -> Idempotency {
        Idempotency::Read
    }

    fn request(&self, root: &Url) -> Result<http::Request<Bytes>> {
        Builder::new(Method::GET, root, &["users", "me", "calendarList", self.calendar.as_str()])?.build()
    }

    fn read(&self, body: &[u8]) -> Result<CalendarListEntry> {
        read_json(body)
    }
}

/// Changes how a calendar shows in the person's list; what is `None` stays as it is.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PatchCalendarListEntry {
    /// Which.
    #[serde(skip)]
    pub calendar: CalendarId,
    /// The person's own title for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub summary_override: Option<String>,
    /// Colour, by id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub color_id: Option<String>,
    /// Whether Google's own page hides it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hidden: Option<bool>,
    /// Whether Google's own page shows its events.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub selected: Option<bool>,
    /// Reminders of events that use the default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default_reminders: Option<Vec<Reminder>>,
    /// Notifications.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notification_settings: Option<NotificationSettings>,
}

impl PatchCalendarListEntry {
    /// Changes nothing of `calendar` yet.
    pub fn new(calendar: impl Into<CalendarId>) -> Self {
        Self {
            calendar: calendar.into(),
            summary_override: None,
            color_id: None,
            hidden: None,
            selected: None,
            default_reminders: None,
            notification_settings: None,
        }
    }
}

impl Call for PatchCalendarListEntry {
    type Answer = CalendarListEntry;

    fn operation(&self) -> Operation {
        Operation::CalendarListPatch
    }

    /// It sets values that do not hang on those before.
    fn idempotency(&self) -> Idempotency {
        Idempotency::Repeatable
    }

    fn request(&self, root: &Url) -> Result<http::Request<Bytes>> {
        super::check::reminders(self.default_reminders.as_deref().unwrap_or_default())?;
        Builder::new(Method::PATCH, root, &["users", "me", "calendarList", self.calendar.as_str()])?
            .json(self)?
            .build()
    }

    fn read(&self, body: &[u8]) -> Result<CalendarListEntry> {
        read_json(body)
    }
}

/// A calendar itself, apart from anybody's list.
#[derive(Clone, Debug, PartialEq)]
pub struct GetCalendar {
    /// Which; `primary` for the account's own.
    pub calendar: CalendarId,
}

impl Call for GetCalendar {
    type Answer = Calendar;

    fn operation(&self) -> Operation {
        Operation::CalendarsGet
    }

    fn idempotency(&self) -> Idempotency {
        Idempotency::Read
    }

    fn request(&self, root: &Url) -> Result<http::Request<Bytes>> {
        Builder::new(Method::GET, root, &["calendars", self.calendar.as_str()])?.build()
    }

    fn read(&self, body: &[u8]) -> Result<Calendar> {
        read_json(body)
    }
}
