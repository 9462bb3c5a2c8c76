//! A calendar.

use serde::Serialize;
use theo_calendar::{
    model::{AccessRole, Text},
    storage::MirroredCalendar,
};
use utoipa::ToSchema;

use crate::name;

/// A calendar of a person's.
#[derive(Serialize, ToSchema)]
#[schema(as = Calendar)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CalendarView {
    /// What it is called here.
    id: String,
    /// The account it is seen through.
    account_id: String,
    /// Google's id, unique only within an account.
    google_calendar_id: String,
    /// The person's own title for it, or else its owner's. Text of others: show it as text.
    name: String,
    #[schema(value_type = Option<String>)]
    description: Option<Text>,
    /// IANA name.
    #[schema(value_type = Option<String>)]
    time_zone: Option<Text>,
    is_primary: bool,
    is_owner: bool,
    /// `freeBusyReader`, `reader`, `writerWithoutPrivateAccess`, `writer` or `owner`; Google may add others.
    access_role: Option<String>,
    #[schema(value_type = Option<String>)]
    background_color: Option<Text>,
    #[schema(value_type = Option<String>)]
    foreground_color: Option<Text>,
    /// Whether its events are synced and count in conflicts.
    is_selected: bool,
    /// Whether lists leave it out.
    is_hidden: bool,
}

impl CalendarView {
    pub(crate) fn new(calendar: &MirroredCalendar) -> Self {
        let MirroredCalendar { key, entry, settings } = calendar;
        let title = entry.summary_override.as_ref().or(entry.summary.as_ref());
        Self {
            id: name::of_calendar(key),
            account_id: key.account.to_string(),
            google_calendar_id: key.calendar.to_string(),
            name: title.map_or_else(|| key.calendar.to_string(), |title| title.to_string()),
            description: entry.description.clone(),
            time_zone: entry.time_zone.clone(),
            is_primary: entry.primary == Some(true),
            is_owner: entry.access_role == Some(AccessRole::Owner),
            access_role: entry.access_role.as_ref().map(ToString::to_string),
            background_color: entry.background_color.clone(),
            foreground_color: entry.foreground_color.clone(),
            is_selected: settings.is_selected,
            is_hidden: settings.is_hidden,
        }
    }
}
