//! Google Calendar API v3 without IO: each call builds a request and reads its answer.
//!
//! A [`Call`] knows nothing of tokens, sockets or retries, so the browser uses the same ones as the server;
//! [`CalendarClient`](crate::client::CalendarClient) sends them. Facts are from Google's discovery document of the
//! Calendar API v3, revision 20261030, and Google's guides on sync, push, errors and quota.
//!
//! ```
//! use theo_calendar::{google::{self, Call, ListEvents, EventsSync}, id::CalendarId};
//!
//! let query = EventsSync::default().since("CPDAlvWDx70CEPDAlvWDx70CGAU=").into();
//! let calendar = CalendarId::from("team#1@example.com");
//! let request = ListEvents { calendar: &calendar, query: &query, page: None }.request(&google::ROOT.parse().unwrap())?;
//! assert_eq!(
//!     request.uri(),
//!     "https://www.googleapis.com/calendar/v3/calendars/team%231@example.com/events\
//!      ?syncToken=CPDAlvWDx70CEPDAlvWDx70CGAU%3D&maxResults=2500&showDeleted=true",
//! );
//! # Ok::<(), theo_calendar::Error>(())
//! ```

mod body;
mod calendars;
mod call;
mod channel;
mod check;
mod colors;
mod error;
mod events;
mod events_query;
mod events_response;
mod free_busy;
mod mapper;
mod operation;
#[cfg(not(target_family = "wasm"))]
mod reader;
mod request;
mod settings;
mod write;

pub use body::EventBody;
pub use calendars::{
    CalendarListQuery, CalendarListResponse, CalendarListSync, CalendarListView, GetCalendar,
    GetCalendarListEntry, ListCalendars, PatchCalendarListEntry,
};
pub use call::{Call, Idempotency};
pub use channel::{Channel, ChannelExpiration, NewChannel, StopChannel, WatchCalendarList, WatchEvents};
pub use colors::{ColorDefinition, Colors, GetColors};
pub use error::error_from_response;
pub use events::{GetEvent, ListEvents, ListInstances};
pub use events_query::{EventsOrder, EventsQuery, EventsSync, EventsView};
pub use events_response::{EventsResponse, Quarantined};
pub use free_busy::{FreeBusy, FreeBusyCalendar, FreeBusyError, FreeBusyGroup, FreeBusyResponse, TimePeriod};
pub use operation::Operation;
pub use settings::{GetSetting, ListSettings, Setting, SettingsResponse};
pub use write::{DeleteEvent, ImportEvent, InsertEvent, MoveEvent, PatchEvent, QuickAddEvent, UpdateEvent};

pub(crate) use error::{refusal, retry_after};
pub(crate) use request::is_trusted;

/// Google's root, under which the API lies at `/calendar/v3/`.
pub const ROOT: &str = "https://www.googleapis.com/";
