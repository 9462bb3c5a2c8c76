//! The table of operations: method, path, parameters, scopes, handler. Taken from Google's discovery document.

use crate::call::{Call, Reply};
use crate::error::ApiResult;
use crate::event::{instance, list, read, remove, transfer, write};
use crate::state::State;
use crate::{calendar_list, calendars, free_busy, settings, watch};

/// One method of the API.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Operation {
    pub(crate) name: &'static str,
    pub(crate) method: &'static str,
    /// The path below `/calendar/v3`.
    pub(crate) path: &'static str,
    pub(crate) parameters: &'static [&'static str],
    /// Any one of these, below `https://www.googleapis.com/auth/`, allows it.
    pub(crate) scopes: &'static [&'static str],
    pub(crate) run: fn(&mut State, &Call) -> ApiResult<Reply>,
}

/// Parameters every method takes.
pub(crate) const STANDARD: [&str; 8] =
    ["alt", "fields", "key", "oauth_token", "prettyPrint", "quotaUser", "userIp", "access_token"];

const LIST_READ: &[&str] =
    &["calendar", "calendar.calendarlist", "calendar.calendarlist.readonly", "calendar.readonly"];
const ENTRY_READ: &[&str] = &[
    "calendar",
    "calendar.app.created",
    "calendar.calendarlist",
    "calendar.calendarlist.readonly",
    "calendar.readonly",
];
const ENTRY_WRITE: &[&str] = &["calendar", "calendar.app.created", "calendar.calendarlist"];
const LIST_ADD: &[&str] = &["calendar", "calendar.calendarlist"];
const HOME_READ: &[&str] = &[
    "calendar",
    "calendar.app.created",
    "calendar.calendars",
    "calendar.calendars.readonly",
    "calendar.readonly",
];
const HOME_WRITE: &[&str] = &["calendar", "calendar.app.created", "calendar.calendars"];
const HOME_CLEAR: &[&str] = &["calendar", "calendar.calendars"];
const EVENT_READ: &[&str] = &[
    "calendar",
    "calendar.app.created",
    "calendar.events",
    "calendar.events.freebusy",
    "calendar.events.owned",
    "calendar.events.owned.readonly",
    "calendar.events.public.readonly",
    "calendar.events.readonly",
    "calendar.readonly",
];
const EVENT_WRITE: &[&str] =
    &["calendar", "calendar.app.created", "calendar.events", "calendar.events.owned"];
const EVENT_MOVE: &[&str] = &["calendar", "calendar.events", "calendar.events.owned"];
const FREE_BUSY: &[&str] =
    &["calendar", "calendar.events.freebusy", "calendar.freebusy", "calendar.readonly"];
const SETTINGS: &[&str] =
    &["calendar", "calendar.readonly", "calendar.settings", "calendar.settings.readonly"];
const COLORS: &[&str] = &[
    "calendar",
    "calendar.app.created",
    "calendar.calendarlist",
    "calendar.calendarlist.readonly",
    "calendar.events.freebusy",
    "calendar.events.owned",
    "calendar.events.owned.readonly",
    "calendar.events.public.readonly",
    "calendar.readonly",
];
const STOP: &[&str] = &[
    "calendar",
    "calendar.acls",
    "calendar.acls.readonly",
    "calendar.app.created",
    "calendar.calendarlist",
    "calendar.calendarlist.readonly",
    "calendar.events",
    "calendar.events.freebusy",
    "calendar.events.owned",
    "calendar.events.owned.readonly",
    "calendar.events.public.readonly",
    "calendar.events.readonly",
    "calendar.readonly",
    "calendar.settings",
    "calendar.settings.readonly",
];
const LIST_PAGE: &[&str] = &[
    "maxResults",
    "minAccessRole",
    "pageToken",
    "showDeleted",
    "showHidden",
    "showOwnOrganizationOnly",
    "syncToken",
];
const EVENT_PAGE: &[&str] = &[
    "alwaysIncludeEmail",
    "eventTypes",
    "iCalUID",
    "maxAttendees",
    "maxResults",
    "orderBy",
    "pageToken",
    "privateExtendedProperty",
    "q",
    "sharedExtendedProperty",
    "showDeleted",
    "showHiddenInvitations",
    "singleEvents",
    "syncToken",
    "timeMax",
    "timeMin",
    "timeZone",
    "updatedMin",
];
const INSTANCE_PAGE: &[&str] = &[
    "alwaysIncludeEmail",
    "maxAttendees",
    "maxResults",
    "originalStart",
    "pageToken",
    "showDeleted",
    "timeMax",
    "timeMin",
    "timeZone",
];
const EVENT_CHANGE: &[&str] = &[
    "alwaysIncludeEmail",
    "conferenceDataVersion",
    "eventLabelVersion",
    "maxAttendees",
    "sendNotifications",
    "sendUpdates",
    "supportsAttachments",
];
const EVENT_INSERT: &[&str] = &[
    "conferenceDataVersion",
    "eventLabelVersion",
    "maxAttendees",
    "sendNotifications",
    "sendUpdates",
    "supportsAttachments",
];
const MAIL: &[&str] = &["sendNotifications", "sendUpdates"];

macro_rules! operations {
    ($($name:literal $method:ident $path:literal $parameters:expr, $scopes:ident => $run:expr;)*) => {
        /// Every operation served.
        pub(crate) const OPERATIONS: &[Operation] = &[$(Operation {
            name: $name, method: stringify!($method), path: $path, parameters: $parameters, scopes: $scopes, run: $run,
        }),*];
    };
}

operations! {
    "calendarList.list" GET "/users/me/calendarList" LIST_PAGE, LIST_READ => calendar_list::list;
    "calendarList.insert" POST "/users/me/calendarList" &["colorRgbFormat"], LIST_ADD => calendar_list::insert;
    "calendarList.watch" POST "/users/me/calendarList/watch" LIST_PAGE, LIST_READ => watch::calendar_list;
    "calendarList.get" GET "/users/me/calendarList/{calendarId}" &[], ENTRY_READ => calendar_list::get;
    "calendarList.patch" PATCH "/users/me/calendarList/{calendarId}" &["colorRgbFormat"], ENTRY_WRITE => calendar_list::patch;
    "calendarList.update" PUT "/users/me/calendarList/{calendarId}" &["colorRgbFormat"], ENTRY_WRITE => calendar_list::update;
    "calendarList.delete" DELETE "/users/me/calendarList/{calendarId}" &[], ENTRY_WRITE => calendar_list::delete;
    "calendars.insert" POST "/calendars" &[], HOME_WRITE => calendars::insert;
    "calendars.get" GET "/calendars/{calendarId}" &[], HOME_READ => calendars::get;
    "calendars.patch" PATCH "/calendars/{calendarId}" &[], HOME_WRITE => calendars::patch;
    "calendars.update" PUT "/calendars/{calendarId}" &[], HOME_WRITE => calendars::update;
    "calendars.delete" DELETE "/calendars/{calendarId}" &[], HOME_WRITE => calendars::delete;
    "calendars.clear" POST "/calendars/{calendarId}/clear" &[], HOME_CLEAR => calendars::clear;
    "events.list" GET "/calendars/{calendarId}/events" EVENT_PAGE, EVENT_READ => list::list;
    "events.insert" POST "/calendars/{calendarId}/events" EVENT_INSERT, EVENT_WRITE => write::insert;
    "events.import" POST "/calendars/{calendarId}/events/import" &["conferenceDataVersion", "eventLabelVersion", "supportsAttachments"], EVENT_WRITE => transfer::import;
    "events.quickAdd" POST "/calendars/{calendarId}/events/quickAdd" &["text", "sendNotifications", "sendUpdates"], EVENT_WRITE => transfer::quick_add;
    "events.watch" POST "/calendars/{calendarId}/events/watch" EVENT_PAGE, EVENT_READ => watch::events;
    "events.get" GET "/calendars/{calendarId}/events/{eventId}" &["alwaysIncludeEmail", "maxAttendees", "timeZone"], EVENT_READ => read::get;
    "events.patch" PATCH "/calendars/{calendarId}/events/{eventId}" EVENT_CHANGE, EVENT_WRITE => write::patch;
    "events.update" PUT "/calendars/{calendarId}/events/{eventId}" EVENT_CHANGE, EVENT_WRITE => write::update;
    "events.delete" DELETE "/calendars/{calendarId}/events/{eventId}" MAIL, EVENT_WRITE => remove::delete;
    "events.instances" GET "/calendars/{calendarId}/events/{eventId}/instances" INSTANCE_PAGE, EVENT_READ => instance::list;
    "events.move" POST "/calendars/{calendarId}/events/{eventId}/move" &["destination", "sendNotifications", "sendUpdates"], EVENT_MOVE => transfer::relocate;
    "freebusy.query" POST "/freeBusy" &[], FREE_BUSY => free_busy::query;
    "settings.list" GET "/users/me/settings" &["maxResults", "pageToken", "syncToken"], SETTINGS => settings::list;
    "settings.watch" POST "/users/me/settings/watch" &["maxResults", "pageToken", "syncToken"], SETTINGS => watch::settings;
    "settings.get" GET "/users/me/settings/{setting}" &[], SETTINGS => settings::get;
    "colors.get" GET "/colors" &[], COLORS => settings::colors;
    "channels.stop" POST "/channels/stop" &[], STOP => watch::stop;
}

impl Operation {
    /// Whether any of the granted scopes (full URLs) allows this.
    pub(crate) fn allowed_by(&self, granted: &std::collections::BTreeSet<String>) -> bool {
        const PREFIX: &str = "https://www.googleapis.com/auth/";
        granted.iter().any(|scope| scope.strip_prefix(PREFIX).is_some_and(|name| self.scopes.contains(&name)))
    }
}
