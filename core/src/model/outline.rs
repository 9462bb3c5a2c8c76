//! What of an event decides when it takes place and what it is in the way of.

use super::{
    Attendee, Event, EventDraft, EventStatus, EventType, Person, ResponseStatus, Transparency, outline_object,
};
use crate::{id::EventId, time::EventTime};

outline_object! {
    /// The 15 of an event's fields that decide when it takes place and what it is in the way of; the others are not
    /// looked at, whatever they hold.
    ///
    /// For a host that asks nothing else of events, such as a browser that checks a draft: reading them takes a third
    /// of the code. The mirror holds whole [`Event`]s.
    pub struct EventOutline {
        /// Unique within its calendar; a draft has none.
        "id" => id: EventId,
        /// Whether it takes place.
        "status" => status: EventStatus,
        /// Title.
        "summary" => summary: String,
        /// Place, free text.
        "location" => location: String,
        /// When it starts.
        "start" => start: EventTime,
        /// When it ends, exclusive.
        "end" => end: EventTime,
        /// RRULE, EXRULE, RDATE and EXDATE lines of a master.
        "recurrence" => recurrence: Vec<String>,
        /// The master this is an exception to.
        "recurringEventId" => recurring_event_id: EventId,
        /// When the series would have had this exception.
        "originalStartTime" => original_start_time: EventTime,
        /// RFC 5545 UID.
        "iCalUID" => ical_uid: String,
        /// Whether it takes up time.
        "transparency" => transparency: Transparency,
        /// What sort it is.
        "eventType" => event_type: EventType,
        /// Who organizes it.
        "organizer" => organizer: OrganizerOutline,
        /// Guests.
        "attendees" => attendees: Vec<AttendeeOutline>,
        /// Whether some guests were left out.
        "attendeesOmitted" => attendees_omitted: bool,
    }
}

outline_object! {
    /// What of an organizer decides how bad a conflict is.
    pub struct OrganizerOutline {
        /// Whether it is the calendar this copy of the event is on.
        "self" => is_self: bool,
    }
}

outline_object! {
    /// What of a guest decides how bad a conflict is.
    pub struct AttendeeOutline {
        /// Whether this is the calendar this copy of the event is on.
        "self" => is_self: bool,
        /// Whether they are a room or a thing.
        "resource" => resource: bool,
        /// What they answered.
        "responseStatus" => response_status: ResponseStatus,
    }
}

impl EventOutline {
    /// The event as far as it is outlined; one without an id has an empty one.
    pub fn into_event(self) -> Event {
        let attendee = |guest: AttendeeOutline| Attendee {
            is_self: guest.is_self,
            resource: guest.resource,
            response_status: guest.response_status,
            ..Attendee::default()
        };
        Event {
            status: self.status,
            summary: self.summary,
            location: self.location,
            start: self.start,
            end: self.end,
            recurrence: self.recurrence,
            recurring_event_id: self.recurring_event_id,
            original_start_time: self.original_start_time,
            ical_uid: self.ical_uid,
            transparency: self.transparency,
            event_type: self.event_type,
            organizer: self
                .organizer
                .map(|organizer| Person { is_self: organizer.is_self, ..Person::default() }),
            attendees: self.attendees.map(|guests| guests.into_iter().map(attendee).collect()),
            attendees_omitted: self.attendees_omitted,
            ..Event::new(self.id.unwrap_or_else(|| "".into()))
        }
    }

    /// The wish for such an event; what only Google or a guest can say is not in it.
    pub fn to_draft(&self) -> EventDraft {
        EventDraft {
            status: self.status.clone(),
            summary: self.summary.clone(),
            location: self.location.clone(),
            start: self.start.clone(),
            end: self.end.clone(),
            recurrence: self.recurrence.clone(),
            transparency: self.transparency.clone(),
            event_type: self.event_type.clone(),
            ..EventDraft::default()
        }
    }
}
