//! An event: all 44 fields of Google's.

use super::{
    Attachment, Attendee, BirthdayProperties, ConferenceData, EventStatus, EventType, ExtendedProperties,
    FocusTimeProperties, Gadget, OutOfOfficeProperties, Person, Reminders, ResponseStatus, Source, Text,
    Transparency, Visibility, WorkingLocationProperties, google_object,
};
use crate::{
    id::{Etag, EventId},
    time::{EventTime, Timestamp},
};

google_object! {
    /// An event as Google has it: a one-off, the master of a series, or an exception to one.
    ///
    /// A cancelled event may have nothing but its [`id`](Self::id). What few events have is boxed: a mirror holds many.
    pub struct Event {
        required {
            /// Unique within its calendar.
            "id" => id: EventId,
        }
        /// Version, for If-Match.
        "etag" => etag: Etag,
        /// Whether it takes place.
        "status" => status: EventStatus,
        /// Title.
        "summary" => summary: Text,
        /// When it starts.
        "start" => start: EventTime,
        /// When it ends, exclusive.
        "end" => end: EventTime,
        /// Last change.
        "updated" => updated: Timestamp,
        /// When it was made.
        "created" => created: Timestamp,
        /// Description: hostile text, may hold HTML.
        "description" => description: Text,
        /// Place, free text.
        "location" => location: Text,
        /// Who made it.
        "creator" => creator: Person,
        /// Who organizes it.
        "organizer" => organizer: Person,
        /// Guests.
        "attendees" => attendees: Vec<Attendee>,
        /// Whether some guests were left out of [`attendees`](Self::attendees).
        "attendeesOmitted" => attendees_omitted: bool,
        /// RRULE, EXRULE, RDATE and EXDATE lines of a master.
        "recurrence" => recurrence: Vec<String>,
        /// The master this is an exception to.
        "recurringEventId" => recurring_event_id: EventId,
        /// When the series would have had this exception.
        "originalStartTime" => original_start_time: EventTime,
        /// RFC 5545 UID: the same for all of a series and for every guest's copy.
        "iCalUID" => ical_uid: Text,
        /// RFC 5545 SEQUENCE.
        "sequence" => sequence: i32,
        /// Whether it takes up time; absent means opaque.
        "transparency" => transparency: Transparency,
        /// Who may see it; absent means default.
        "visibility" => visibility: Visibility,
        /// What sort it is; absent means default.
        "eventType" => event_type: EventType,
        /// Reminders.
        "reminders" => reminders: Reminders,
        /// Conference.
        "conferenceData" => conference_data: Box<ConferenceData>,
        /// Address of its Hangout or Meet.
        "hangoutLink" => hangout_link: Text,
        /// Address of its page.
        "htmlLink" => html_link: Text,
        /// Keys and values of programs.
        "extendedProperties" => extended_properties: ExtendedProperties,
        /// Files.
        "attachments" => attachments: Vec<Attachment>,
        /// Colour, by id.
        "colorId" => color_id: Text,
        /// Label, by id.
        "eventLabelId" => event_label_id: Text,
        /// Out of office.
        "outOfOfficeProperties" => out_of_office_properties: Box<OutOfOfficeProperties>,
        /// Focus time.
        "focusTimeProperties" => focus_time_properties: Box<FocusTimeProperties>,
        /// Working location.
        "workingLocationProperties" => working_location_properties: Box<WorkingLocationProperties>,
        /// Birthday.
        "birthdayProperties" => birthday_properties: Box<BirthdayProperties>,
        /// Whether the end is unspecified.
        "endTimeUnspecified" => end_time_unspecified: bool,
        /// Whether guests may invite others; absent means yes.
        "guestsCanInviteOthers" => guests_can_invite_others: bool,
        /// Whether guests may change it; absent means no.
        "guestsCanModify" => guests_can_modify: bool,
        /// Whether guests see each other; absent means yes.
        "guestsCanSeeOtherGuests" => guests_can_see_other_guests: bool,
        /// Whether anybody may add themselves.
        "anyoneCanAddSelf" => anyone_can_add_self: bool,
        /// Whether it is a copy that takes no shared changes.
        "privateCopy" => private_copy: bool,
        /// Whether its main fields cannot be changed.
        "locked" => locked: bool,
        /// Where it came from.
        "source" => source: Box<Source>,
        /// Gadget, which Google no longer shows.
        "gadget" => gadget: Box<Gadget>,
        /// `calendar#event`.
        "kind" => kind: Text,
    }
}

impl Event {
    /// An event with nothing but its id.
    pub fn new(id: impl Into<EventId>) -> Self {
        Self {
            id: id.into(),
            etag: None,
            status: None,
            summary: None,
            start: None,
            end: None,
            updated: None,
            created: None,
            description: None,
            location: None,
            creator: None,
            organizer: None,
            attendees: None,
            attendees_omitted: None,
            recurrence: None,
            recurring_event_id: None,
            original_start_time: None,
            ical_uid: None,
            sequence: None,
            transparency: None,
            visibility: None,
            event_type: None,
            reminders: None,
            conference_data: None,
            hangout_link: None,
            html_link: None,
            extended_properties: None,
            attachments: None,
            color_id: None,
            event_label_id: None,
            out_of_office_properties: None,
            focus_time_properties: None,
            working_location_properties: None,
            birthday_properties: None,
            end_time_unspecified: None,
            guests_can_invite_others: None,
            guests_can_modify: None,
            guests_can_see_other_guests: None,
            anyone_can_add_self: None,
            private_copy: None,
            locked: None,
            source: None,
            gadget: None,
            kind: None,
            unknown: super::Unknown::default(),
        }
    }

    /// Whether it is cancelled.
    pub fn is_cancelled(&self) -> bool {
        self.status == Some(EventStatus::Cancelled)
    }

    /// Whether it is the master of a series.
    pub fn is_master(&self) -> bool {
        self.recurrence.as_ref().is_some_and(|lines| !lines.is_empty())
    }

    /// Whether it is an exception to a series.
    pub fn is_exception(&self) -> bool {
        self.recurring_event_id.is_some()
    }

    /// Guests; none where Google sent none.
    pub fn attendees(&self) -> &[Attendee] {
        self.attendees.as_deref().unwrap_or_default()
    }

    /// The answer of the person whose copy this is, where they are a guest.
    pub fn my_response(&self) -> Option<&ResponseStatus> {
        self.attendees().iter().find(|guest| guest.is_self == Some(true))?.response_status.as_ref()
    }

    /// The value a program attached to this copy under `key`.
    pub fn private_property(&self, key: &str) -> Option<&str> {
        self.extended_properties.as_ref()?.private.as_ref()?.get(key).map(String::as_str)
    }
}
