//! Reminders.

use super::{ReminderMethod, google_object};

google_object! {
    /// How the person is reminded of an event.
    pub struct Reminders {
        /// Whether the calendar's default reminders hold.
        "useDefault" => use_default: bool,
        /// Reminders instead: 5 at most.
        "overrides" => overrides: Vec<Reminder>,
    }
}

google_object! {
    /// One reminder.
    pub struct Reminder {
        /// How.
        "method" => method: ReminderMethod,
        /// Minutes before the start, 0 to 40,320.
        "minutes" => minutes: i32,
    }
}
