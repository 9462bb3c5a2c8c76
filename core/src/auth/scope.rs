//! What a person may grant, and what a grant is good for.
//!
//! All 18 scopes are from Google's discovery document of the Calendar API v3, revision 20261030.

use serde::{Deserialize, Serialize};

macro_rules! scopes {
    ($($(#[$doc:meta])* $name:ident = $word:literal;)*) => {
        $($(#[$doc])* pub const $name: &str = concat!("https://www.googleapis.com/auth/", $word);)*

        /// Every scope of the Calendar API.
        pub const ALL: &[&str] = &[$($name,)*];
    };
}

scopes! {
    /// Everything.
    CALENDAR = "calendar";
    /// See and change who shares the calendars the person owns.
    ACLS = "calendar.acls";
    /// See who shares the calendars the person owns.
    ACLS_READONLY = "calendar.acls.readonly";
    /// Make calendars, and see and change their events.
    APP_CREATED = "calendar.app.created";
    /// See and change the person's list of calendars.
    CALENDAR_LIST = "calendar.calendarlist";
    /// See the person's list of calendars.
    CALENDAR_LIST_READONLY = "calendar.calendarlist.readonly";
    /// See and change the properties of calendars, and make some.
    CALENDARS = "calendar.calendars";
    /// See the properties of calendars.
    CALENDARS_READONLY = "calendar.calendars.readonly";
    /// See and change events on all calendars; neither their list nor free/busy.
    EVENTS = "calendar.events";
    /// See when calendars are busy.
    EVENTS_FREEBUSY = "calendar.events.freebusy";
    /// See and change events on calendars the person owns.
    EVENTS_OWNED = "calendar.events.owned";
    /// See events on calendars the person owns.
    EVENTS_OWNED_READONLY = "calendar.events.owned.readonly";
    /// See events on public calendars.
    EVENTS_PUBLIC_READONLY = "calendar.events.public.readonly";
    /// See events on all calendars.
    EVENTS_READONLY = "calendar.events.readonly";
    /// See when the person is busy.
    FREEBUSY = "calendar.freebusy";
    /// See everything.
    CALENDAR_READONLY = "calendar.readonly";
    /// See and change settings.
    SETTINGS = "calendar.settings";
    /// See settings.
    SETTINGS_READONLY = "calendar.settings.readonly";
}

/// The scopes this crate asks for to do all it can: read, write, settings.
pub const REQUIRED: &[&str] = &[CALENDAR_READONLY, EVENTS, SETTINGS_READONLY];

/// The scopes of an OAuth answer's `scope`: separated by spaces, or by commas where somebody stored them so.
pub fn parse_scopes(scope: &str) -> Vec<String> {
    scope.split([' ', ',', '\n', '\t']).filter(|scope| !scope.is_empty()).map(str::to_owned).collect()
}

/// Whether `scopes` let all calendars be mirrored: their list and their events.
pub fn has_read<S: AsRef<str>>(scopes: &[S]) -> bool {
    let list = [CALENDAR, CALENDAR_READONLY, CALENDAR_LIST, CALENDAR_LIST_READONLY];
    let events = [CALENDAR, CALENDAR_READONLY, EVENTS, EVENTS_READONLY];
    any_of(scopes, &list) && any_of(scopes, &events)
}

/// Whether `scopes` let events be changed on all calendars the person may change.
pub fn has_write<S: AsRef<str>>(scopes: &[S]) -> bool {
    any_of(scopes, &[CALENDAR, EVENTS])
}

/// Whether `scopes` name the settings.
///
/// Google opens them to [`CALENDAR_READONLY`] as well, and nothing is refused here for want of this; it says what the
/// person was asked for.
pub fn has_settings<S: AsRef<str>>(scopes: &[S]) -> bool {
    any_of(scopes, &[CALENDAR, SETTINGS, SETTINGS_READONLY])
}

/// What a grant is good for, and what to ask the person for next.
///
/// ```
/// use theo_calendar::auth::scope::{self, ScopeStatus};
///
/// let granted = scope::parse_scopes("openid https://www.googleapis.com/auth/calendar.readonly");
/// let status = ScopeStatus::of(&granted);
/// assert!(status.has_read && !status.has_write);
/// assert_eq!(status.missing, [scope::EVENTS, scope::SETTINGS_READONLY]);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScopeStatus {
    /// [`has_read`].
    pub has_read: bool,
    /// [`has_write`].
    pub has_write: bool,
    /// [`has_settings`].
    pub has_settings: bool,
    /// Those of [`REQUIRED`] that neither were granted nor are part of one that was.
    pub missing: Vec<String>,
}

impl ScopeStatus {
    /// What a grant of `scopes` is good for.
    pub fn of<S: AsRef<str>>(scopes: &[S]) -> Self {
        let missing = Capability::ALL.iter().filter(|capability| !capability.is_granted_by(scopes));
        Self {
            has_read: has_read(scopes),
            has_write: has_write(scopes),
            has_settings: has_settings(scopes),
            missing: missing.map(|capability| capability.scope().to_owned()).collect(),
        }
    }
}

/// What a person may let this crate do, apart from each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Capability {
    /// Mirror all calendars.
    Read,
    /// Make the changes that the person approved.
    Write,
    /// Read the person's settings.
    Settings,
}

impl Capability {
    /// All of them.
    pub const ALL: &[Self] = &[Self::Read, Self::Write, Self::Settings];

    /// The least scope that gives it.
    pub const fn scope(self) -> &'static str {
        match self {
            Self::Read => CALENDAR_READONLY,
            Self::Write => EVENTS,
            Self::Settings => SETTINGS_READONLY,
        }
    }

    /// Whether `scopes` give it.
    pub fn is_granted_by<S: AsRef<str>>(self, scopes: &[S]) -> bool {
        match self {
            Self::Read => has_read(scopes),
            Self::Write => has_write(scopes),
            Self::Settings => has_settings(scopes),
        }
    }

    /// What it is needed for, to be shown to the person before they are asked.
    pub const fn why(self) -> &'static str {
        match self {
            Self::Read => "to show your calendars and find free time in them",
            Self::Write => "to make the changes to your events that you approve, and no others",
            Self::Settings => "to use the time zone and the first day of the week that you chose",
        }
    }
}

fn any_of<S: AsRef<str>>(granted: &[S], wanted: &[&str]) -> bool {
    granted.iter().any(|scope| wanted.contains(&scope.as_ref()))
}
