//! What Google's objects are, typed, losing nothing.
//!
//! Each type keeps fields it does not know as the JSON they came as ([`Unknown`]), and each enumeration keeps
//! words it does not know (`Other`), so that parse → store → write back gives the same values.
//! Field names, types and meanings: Google's discovery document of the Calendar API v3, revision 20261030.

mod attendee;
mod calendar;
mod conference;
mod draft;
mod event;
mod event_details;
mod object;
mod patch;
mod reminder;
mod text;
mod unknown;
mod words;

pub use attendee::{Attendee, Person};
pub use calendar::{
    Calendar, CalendarListEntry, CalendarNotification, ConferenceProperties, NotificationSettings,
};
pub use conference::{
    ConferenceData, ConferenceRequestStatus, ConferenceSolution, ConferenceSolutionKey,
    CreateConferenceRequest, EntryPoint,
};
pub use draft::EventDraft;
pub use event::Event;
pub use event_details::{
    Attachment, BirthdayProperties, CustomLocation, ExtendedProperties, FocusTimeProperties, Gadget,
    OfficeLocation, OutOfOfficeProperties, Source, WorkingLocationProperties,
};
pub use patch::EventPatch;
pub use reminder::{Reminder, Reminders};
pub use text::Text;
pub use unknown::{RawJson, Unknown};
pub use words::{
    AccessRole, AutoDeclineMode, EventStatus, EventType, ReminderMethod, ResponseStatus, SendUpdates,
    Transparency, Visibility, WorkingLocationKind,
};

pub(crate) use object::{empty_object, google_object, tag};
