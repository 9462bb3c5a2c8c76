//! The methods of the API, with what each needs and costs.

use std::fmt;

use crate::auth::scope;

macro_rules! operations {
    ($($(#[$doc:meta])* $variant:ident = $name:literal, ask $ask:ident, any of [$($scope:ident)*];)*) => {
        /// A method of Google's API.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Operation { $($(#[$doc])* $variant,)* }

        impl Operation {
            /// Every one.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// Google's name of it, without the leading `calendar.`.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// The scopes of which it needs one (Google's discovery document).
            pub const fn scopes(self) -> &'static [&'static str] {
                match self { $(Self::$variant => &[$(scope::$scope,)*],)* }
            }

            /// The scope to ask the person for where none of [`scopes`](Self::scopes) is granted.
            pub const fn scope_to_ask(self) -> &'static str {
                match self { $(Self::$variant => scope::$ask,)* }
            }
        }
    };
}

operations! {
    /// Lists the calendars of the person's list.
    CalendarListList = "calendarList.list", ask CALENDAR_READONLY,
        any of [CALENDAR CALENDAR_LIST CALENDAR_LIST_READONLY CALENDAR_READONLY];
    /// One calendar of the person's list.
    CalendarListGet = "calendarList.get", ask CALENDAR_READONLY,
        any of [CALENDAR APP_CREATED CALENDAR_LIST CALENDAR_LIST_READONLY CALENDAR_READONLY];
    /// Changes how a calendar shows in the person's list.
    CalendarListPatch = "calendarList.patch", ask CALENDAR_LIST, any of [CALENDAR APP_CREATED CALENDAR_LIST];
    /// Opens a push channel on the person's list of calendars.
    CalendarListWatch = "calendarList.watch", ask CALENDAR_READONLY,
        any of [CALENDAR CALENDAR_LIST CALENDAR_LIST_READONLY CALENDAR_READONLY];
    /// A calendar itself.
    CalendarsGet = "calendars.get", ask CALENDAR_READONLY,
        any of [CALENDAR APP_CREATED CALENDARS CALENDARS_READONLY CALENDAR_READONLY];
    /// Lists events.
    EventsList = "events.list", ask CALENDAR_READONLY,
        any of [CALENDAR APP_CREATED EVENTS EVENTS_FREEBUSY EVENTS_OWNED EVENTS_OWNED_READONLY
                EVENTS_PUBLIC_READONLY EVENTS_READONLY CALENDAR_READONLY];
    /// One event.
    EventsGet = "events.get", ask CALENDAR_READONLY,
        any of [CALENDAR APP_CREATED EVENTS EVENTS_FREEBUSY EVENTS_OWNED EVENTS_OWNED_READONLY
                EVENTS_PUBLIC_READONLY EVENTS_READONLY CALENDAR_READONLY];
    /// Lists the instances of a series.
    EventsInstances = "events.instances", ask CALENDAR_READONLY,
        any of [CALENDAR APP_CREATED EVENTS EVENTS_FREEBUSY EVENTS_OWNED EVENTS_OWNED_READONLY
                EVENTS_PUBLIC_READONLY EVENTS_READONLY CALENDAR_READONLY];
    /// Makes an event.
    EventsInsert = "events.insert", ask EVENTS, any of [CALENDAR APP_CREATED EVENTS EVENTS_OWNED];
    /// Changes fields of an event.
    EventsPatch = "events.patch", ask EVENTS, any of [CALENDAR APP_CREATED EVENTS EVENTS_OWNED];
    /// Replaces an event.
    EventsUpdate = "events.update", ask EVENTS, any of [CALENDAR APP_CREATED EVENTS EVENTS_OWNED];
    /// Deletes an event.
    EventsDelete = "events.delete", ask EVENTS, any of [CALENDAR APP_CREATED EVENTS EVENTS_OWNED];
    /// Moves an event to another calendar.
    EventsMove = "events.move", ask EVENTS, any of [CALENDAR EVENTS EVENTS_OWNED];
    /// Adds a private copy of an event from elsewhere.
    EventsImport = "events.import", ask EVENTS, any of [CALENDAR APP_CREATED EVENTS EVENTS_OWNED];
    /// Makes an event from a line of text.
    EventsQuickAdd = "events.quickAdd", ask EVENTS, any of [CALENDAR APP_CREATED EVENTS EVENTS_OWNED];
    /// Opens a push channel on a calendar's events.
    EventsWatch = "events.watch", ask CALENDAR_READONLY,
        any of [CALENDAR APP_CREATED EVENTS EVENTS_FREEBUSY EVENTS_OWNED EVENTS_OWNED_READONLY
                EVENTS_PUBLIC_READONLY EVENTS_READONLY CALENDAR_READONLY];
    /// When calendars are busy.
    FreeBusyQuery = "freebusy.query", ask CALENDAR_READONLY,
        any of [CALENDAR EVENTS_FREEBUSY FREEBUSY CALENDAR_READONLY];
    /// Lists the person's settings.
    SettingsList = "settings.list", ask SETTINGS_READONLY,
        any of [CALENDAR CALENDAR_READONLY SETTINGS SETTINGS_READONLY];
    /// One of the person's settings.
    SettingsGet = "settings.get", ask SETTINGS_READONLY,
        any of [CALENDAR CALENDAR_READONLY SETTINGS SETTINGS_READONLY];
    /// The colours calendars and events may have.
    ColorsGet = "colors.get", ask CALENDAR_READONLY,
        any of [CALENDAR APP_CREATED CALENDAR_LIST CALENDAR_LIST_READONLY EVENTS_FREEBUSY EVENTS_OWNED
                EVENTS_OWNED_READONLY EVENTS_PUBLIC_READONLY CALENDAR_READONLY];
    /// Closes a push channel.
    ChannelsStop = "channels.stop", ask CALENDAR_READONLY,
        any of [CALENDAR ACLS ACLS_READONLY APP_CREATED CALENDAR_LIST CALENDAR_LIST_READONLY EVENTS
                EVENTS_FREEBUSY EVENTS_OWNED EVENTS_OWNED_READONLY EVENTS_PUBLIC_READONLY EVENTS_READONLY
                CALENDAR_READONLY SETTINGS SETTINGS_READONLY];
}

impl Operation {
    /// Whether a grant of `scopes` allows it.
    pub fn is_authorised_by<S: AsRef<str>>(self, scopes: &[S]) -> bool {
        scopes.iter().any(|granted| self.scopes().contains(&granted.as_ref()))
    }

    /// Whether it lists changes since a sync token, so that 410 without a reason means the token is too old.
    pub(crate) fn is_list(self) -> bool {
        matches!(self, Self::CalendarListList | Self::EventsList | Self::SettingsList | Self::EventsInstances)
    }
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
