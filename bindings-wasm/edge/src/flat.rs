//! What JavaScript hands over: one run of bytes, which `js/flat.js` writes in the order in which it is read here.
//!
//! JavaScript reads JSON with what every browser has, so that the package brings no parser of its own.

use theo_calendar::{
    Error, Result,
    id::EventId,
    model::{Attendee, Event, Person},
    time::EventTime,
};

/// Reads from the front. What is not there reads as nothing: only `js/flat.js` writes it.
pub struct Flat<'a>(&'a [u8]);

/// Events, and those that JavaScript could read but the core cannot: their place in the list, and why.
#[derive(Default)]
pub struct Events {
    /// Those that could be read, in their order.
    pub events: Vec<Event>,
    /// The others.
    pub unreadable: Vec<(u32, String)>,
}

impl<'a> Flat<'a> {
    /// Over what was handed over.
    pub fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    /// A number of 32 bits.
    pub fn number(&mut self) -> u32 {
        let number = self.0.split_first_chunk();
        self.0 = number.map(|(_, rest)| rest).unwrap_or_default();
        number.map(|(bytes, _)| u32::from_le_bytes(*bytes)).unwrap_or_default()
    }

    /// A text, where there is one.
    pub fn text(&mut self) -> Option<&'a str> {
        let length = self.number().checked_sub(1)?;
        let (text, rest) = self.0.split_at_checked(length as usize)?;
        self.0 = rest;
        str::from_utf8(text).ok()
    }

    /// Yes or no, where it is said.
    pub fn flag(&mut self) -> Option<bool> {
        self.number().checked_sub(1).map(|flag| flag == 1)
    }

    /// A list, where there is one, of what `read` reads.
    pub fn list<T>(&mut self, read: impl Fn(&mut Self) -> T) -> Option<Vec<T>> {
        let length = self.number().checked_sub(1)?;
        Some((0..length).map(|_| read(self)).collect())
    }

    /// Each event after its place, counted from 1; then 0.
    pub fn events(&mut self) -> Events {
        let mut read = Events::default();
        while let Some(place) = self.number().checked_sub(1) {
            match self.event() {
                Ok((_, event)) => read.events.push(event),
                Err(error) => read.unreadable.push((place, error.to_string())),
            }
        }
        read
    }

    /// An event as far as it decides when it takes place and what it is in the way of, and whether it has an id.
    pub fn event(&mut self) -> Result<(bool, Event)> {
        let id = self.text();
        let (status, summary, location) = (self.text(), self.text(), self.text());
        let (start, end, original_start_time) = (self.time(), self.time(), self.time());
        let recurrence = self.list(|flat| flat.text().unwrap_or_default().to_owned());
        let (master, ical_uid, transparency, event_type) =
            (self.text(), self.text(), self.text(), self.text());
        let organizer = self.flag();
        let attendees = self.list(|flat| Attendee {
            is_self: flat.flag(),
            resource: flat.flag(),
            response_status: flat.text().map(Into::into),
            ..Attendee::default()
        });
        let attendees_omitted = self.flag();
        let event = Event {
            status: status.map(Into::into),
            summary: summary.map(Into::into),
            location: location.map(Into::into),
            start: start?,
            end: end?,
            original_start_time: original_start_time?,
            recurrence,
            recurring_event_id: master.map(EventId::from),
            ical_uid: ical_uid.map(Into::into),
            transparency: transparency.map(Into::into),
            event_type: event_type.map(Into::into),
            organizer: organizer.map(|is_self| Person { is_self: Some(is_self), ..Person::default() }),
            attendees,
            attendees_omitted,
            ..Event::new(id.unwrap_or_default())
        };
        Ok((id.is_some(), event))
    }

    fn time(&mut self) -> Result<Option<EventTime>, Error> {
        match self.number() {
            0 => Ok(None),
            _ => EventTime::read(self.text(), self.text(), self.text()).map(Some),
        }
    }
}
