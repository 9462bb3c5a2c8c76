//! Calendars and their place in a person's list.

use super::{AccessRole, Reminder, Text, google_object};
use crate::id::{CalendarId, Etag};

google_object! {
    /// A calendar in a person's list, as Google has it.
    pub struct CalendarListEntry {
        required {
            /// Google's id of the calendar.
            "id" => id: CalendarId,
        }
        /// Version.
        "etag" => etag: Etag,
        /// Title.
        "summary" => summary: Text,
        /// The person's own title for it.
        "summaryOverride" => summary_override: Text,
        /// Description.
        "description" => description: Text,
        /// Place.
        "location" => location: Text,
        /// IANA zone name.
        "timeZone" => time_zone: Text,
        /// Colour, by id.
        "colorId" => color_id: Text,
        /// Background, as `#0088aa`.
        "backgroundColor" => background_color: Text,
        /// Foreground, as `#ffffff`.
        "foregroundColor" => foreground_color: Text,
        /// Whether Google's own page hides it.
        "hidden" => hidden: bool,
        /// Whether Google's own page shows its events.
        "selected" => selected: bool,
        /// What the person may do with it.
        "accessRole" => access_role: AccessRole,
        /// Whether it is the account's primary calendar.
        "primary" => primary: bool,
        /// Whether it was taken off the list.
        "deleted" => deleted: bool,
        /// Reminders of events that use the default.
        "defaultReminders" => default_reminders: Vec<Reminder>,
        /// Notifications.
        "notificationSettings" => notification_settings: NotificationSettings,
        /// Conferences it allows.
        "conferenceProperties" => conference_properties: ConferenceProperties,
        /// Whether it accepts invitations by itself.
        "autoAcceptInvitations" => auto_accept_invitations: bool,
        /// Whose data it is.
        "dataOwner" => data_owner: Text,
        /// `calendar#calendarListEntry`.
        "kind" => kind: Text,
    }
}

impl CalendarListEntry {
    /// An entry with nothing but the calendar's id.
    pub fn new(id: impl Into<CalendarId>) -> Self {
        Self {
            id: id.into(),
            etag: None,
            summary: None,
            summary_override: None,
            description: None,
            location: None,
            time_zone: None,
            color_id: None,
            background_color: None,
            foreground_color: None,
            hidden: None,
            selected: None,
            access_role: None,
            primary: None,
            deleted: None,
            default_reminders: None,
            notification_settings: None,
            conference_properties: None,
            auto_accept_invitations: None,
            data_owner: None,
            kind: None,
            unknown: super::Unknown::default(),
        }
    }
}

google_object! {
    /// A calendar itself, apart from anybody's list.
    pub struct Calendar {
        required {
            /// Google's id of it.
            "id" => id: CalendarId,
        }
        /// Version.
        "etag" => etag: Etag,
        /// Title.
        "summary" => summary: Text,
        /// Description.
        "description" => description: Text,
        /// Place.
        "location" => location: Text,
        /// IANA zone name.
        "timeZone" => time_zone: Text,
        /// Conferences it allows.
        "conferenceProperties" => conference_properties: ConferenceProperties,
        /// Whose data it is.
        "dataOwner" => data_owner: Text,
        /// `calendar#calendar`.
        "kind" => kind: Text,
    }
}

google_object! {
    /// What the person is told of.
    pub struct NotificationSettings {
        /// Each notification.
        "notifications" => notifications: Vec<CalendarNotification>,
    }
}

google_object! {
    /// One notification.
    pub struct CalendarNotification {
        /// `email`.
        "method" => method: Text,
        /// `eventCreation`, `eventChange`, `eventCancellation`, `eventResponse` or `agenda`.
        "type" => kind: Text,
    }
}

google_object! {
    /// Conferences a calendar allows.
    pub struct ConferenceProperties {
        /// `hangoutsMeet`, `eventHangout`, `eventNamedHangout`.
        "allowedConferenceSolutionTypes" => allowed_conference_solution_types: Vec<String>,
    }
}
