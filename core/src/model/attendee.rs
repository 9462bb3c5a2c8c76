//! Guests, organizers and creators.

use super::{ResponseStatus, Text, google_object};

google_object! {
    /// A guest of an event.
    pub struct Attendee {
        /// Their address; always there in what is written.
        "email" => email: Text,
        /// What they answered.
        "responseStatus" => response_status: ResponseStatus,
        /// Whether this is the calendar this copy of the event is on.
        "self" => is_self: bool,
        /// Whether they organize the event.
        "organizer" => organizer: bool,
        /// Their name, where known.
        "displayName" => display_name: Text,
        /// Whether they may stay away.
        "optional" => optional: bool,
        /// Whether they are a room or a thing.
        "resource" => resource: bool,
        /// What they wrote with their answer.
        "comment" => comment: Text,
        /// How many they bring.
        "additionalGuests" => additional_guests: i32,
        /// Their profile id.
        "id" => id: Text,
        /// Google's own.
        "asyncOperation" => async_operation: Text,
    }
}

impl Attendee {
    /// A guest by address, who has not answered.
    pub fn new(email: impl Into<Text>) -> Self {
        Self { email: Some(email.into()), ..Self::default() }
    }
}

google_object! {
    /// Who organizes or created an event.
    pub struct Person {
        /// Their address.
        "email" => email: Text,
        /// Their name, where known.
        "displayName" => display_name: Text,
        /// Whether it is the calendar this copy of the event is on.
        "self" => is_self: bool,
        /// Their profile id.
        "id" => id: Text,
    }
}
