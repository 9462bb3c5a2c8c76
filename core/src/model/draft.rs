//! What a person or agent wants an event to be.

use super::{
    Attachment, Attendee, BirthdayProperties, ConferenceData, EventStatus, EventType, ExtendedProperties,
    FocusTimeProperties, OutOfOfficeProperties, Reminders, Source, Text, Transparency, Visibility,
    WorkingLocationProperties, google_object,
};
use crate::time::EventTime;

google_object! {
    /// The fields of an event that a client may write; those left `None` are not written.
    pub struct EventDraft {
        /// Title.
        "summary" => summary: Text,
        /// When it starts.
        "start" => start: EventTime,
        /// When it ends, exclusive.
        "end" => end: EventTime,
        /// Description.
        "description" => description: Text,
        /// Place.
        "location" => location: Text,
        /// Guests. In a patch: those to add or change, merged with the guests there are.
        "attendees" => attendees: Vec<Attendee>,
        /// RRULE, EXRULE, RDATE and EXDATE lines.
        "recurrence" => recurrence: Vec<String>,
        /// Whether it takes place.
        "status" => status: EventStatus,
        /// Whether it takes up time.
        "transparency" => transparency: Transparency,
        /// Who may see it.
        "visibility" => visibility: Visibility,
        /// What sort it is.
        "eventType" => event_type: EventType,
        /// Reminders.
        "reminders" => reminders: Reminders,
        /// Conference.
        "conferenceData" => conference_data: ConferenceData,
        /// Keys and values of programs.
        "extendedProperties" => extended_properties: ExtendedProperties,
        /// Files.
        "attachments" => attachments: Vec<Attachment>,
        /// Colour, by id.
        "colorId" => color_id: Text,
        /// Label, by id.
        "eventLabelId" => event_label_id: Text,
        /// Out of office.
        "outOfOfficeProperties" => out_of_office_properties: OutOfOfficeProperties,
        /// Focus time.
        "focusTimeProperties" => focus_time_properties: FocusTimeProperties,
        /// Working location.
        "workingLocationProperties" => working_location_properties: WorkingLocationProperties,
        /// Birthday.
        "birthdayProperties" => birthday_properties: BirthdayProperties,
        /// Whether guests may invite others.
        "guestsCanInviteOthers" => guests_can_invite_others: bool,
        /// Whether guests may change it.
        "guestsCanModify" => guests_can_modify: bool,
        /// Whether guests see each other.
        "guestsCanSeeOtherGuests" => guests_can_see_other_guests: bool,
        /// Whether anybody may add themselves.
        "anyoneCanAddSelf" => anyone_can_add_self: bool,
        /// Where it came from.
        "source" => source: Source,
    }
}

impl EventDraft {
    /// An event called `summary`, from `start` to `end`.
    pub fn new(summary: impl Into<Text>, start: EventTime, end: EventTime) -> Self {
        Self { summary: Some(summary.into()), start: Some(start), end: Some(end), ..Self::default() }
    }
}
