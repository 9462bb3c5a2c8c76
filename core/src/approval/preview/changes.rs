//! Field by field, before and after, as a person reads it.

use chrono::Datelike;

use super::{FieldChange, Scene};
use crate::{
    approval::{
        APPROVAL_TAG, Action,
        merge::{address, own_seat},
    },
    google::EventBody,
    model::{Attendee, Event, RawJson},
    time::{EventTime, When, format_range},
};

/// What a person reads first; other fields follow by name.
const FIRST: &[&str] =
    &["summary", "start", "end", "recurrence", "location", "attendees", "responseStatus", "description"];

/// What a person does not read: Google's own, and ours.
const LEFT_OUT: &[&str] =
    &["id", "etag", "kind", "updated", "created", "sequence", "htmlLink", "iCalUID", "creator", "organizer"];

impl Scene<'_> {
    /// The fields that differ.
    pub(super) fn changes(&self) -> Vec<FieldChange> {
        if let Action::Respond { .. } = self.request.action {
            return self.answers();
        }
        // An event that was read can be written.
        let fields = |event: Option<&Event>| event.and_then(|event| EventBody::whole(event).ok());
        let (before, after) = (fields(self.before), fields(self.after));
        let sides = [&before, &after].into_iter().flatten();
        let mut names: Vec<&str> = sides.flat_map(EventBody::fields).collect();
        names.sort_unstable();
        names.dedup();
        let others = names.iter().copied().filter(|name| !FIRST.contains(name) && !LEFT_OUT.contains(name));
        let ordered = FIRST.iter().copied().filter(|name| names.contains(name)).chain(others);
        ordered
            .filter_map(|field| {
                let value = |event: Option<&Event>, side: &Option<EventBody>| {
                    self.shown(field, event?, side.as_ref()?.field(field)?)
                };
                let (before, after) = (value(self.before, &before), value(self.after, &after));
                (before != after).then(|| FieldChange { field: field.to_owned(), before, after })
            })
            .collect()
    }

    /// When `event` takes place, in one phrase.
    pub(super) fn when(&self, event: &Event) -> Option<String> {
        let span = event.first_span(self.zone(), self.zones)?;
        let all_day = event.start.as_ref().is_some_and(EventTime::is_all_day);
        Some(format_range(&span, all_day, self.zone()))
    }

    fn answers(&self) -> Vec<FieldChange> {
        let seat = |event: Option<&Event>| -> Option<Attendee> {
            let event = event?;
            event.attendees().get(own_seat(event, self.account(), &self.calendar.key.calendar)?).cloned()
        };
        let (before, after) = (seat(self.before), seat(self.after));
        let answer = |seat: &Option<Attendee>| Some(seat.as_ref()?.response_status.as_ref()?.to_string());
        let comment = |seat: &Option<Attendee>| Some(seat.as_ref()?.comment.as_ref()?.to_string());
        let change = |field: &str, before: Option<String>, after: Option<String>| {
            (before != after).then(|| FieldChange { field: field.to_owned(), before, after })
        };
        let changes = [
            change("responseStatus", answer(&before), answer(&after)),
            change("comment", comment(&before), comment(&after)),
        ];
        changes.into_iter().flatten().collect()
    }

    fn shown(&self, field: &str, event: &Event, json: &RawJson) -> Option<String> {
        match field {
            "start" => self.time(event.start.as_ref()?, false),
            "end" => self.time(event.end.as_ref()?, true),
            "originalStartTime" => self.time(event.original_start_time.as_ref()?, false),
            "attendees" => Some(guests(event.attendees())).filter(|guests| !guests.is_empty()),
            "recurrence" => {
                event.recurrence.as_ref().map(|lines| lines.join("\n")).filter(|lines| !lines.is_empty())
            }
            "extendedProperties" => properties(event),
            _ if json.is_null() => None,
            _ => {
                let text = serde_json::from_str(json.as_str()).unwrap_or_else(|_| json.as_str().to_owned());
                Some(text).filter(|text| !text.is_empty())
            }
        }
    }

    /// A time in the calendar's zone, with the weekday; of an all-day event's end, its last day.
    fn time(&self, time: &EventTime, is_end: bool) -> Option<String> {
        match time.when {
            When::Date(date) => {
                let date = if is_end { date.pred_opt()? } else { date };
                Some(format!("{} {date}", date.weekday()))
            }
            When::Instant(_) | When::Local(_) => {
                let instant = time.resolve(self.zone(), self.zones).ok()?;
                Some(crate::time::LocalTime::new(instant, self.zone()).to_string())
            }
        }
    }
}

fn guests(guests: &[Attendee]) -> String {
    let guest = |guest: &Attendee| match guest.optional {
        Some(true) => format!("{} (optional)", address(guest)),
        _ => address(guest).to_owned(),
    };
    guests.iter().map(guest).collect::<Vec<_>>().join(", ")
}

/// What programs attached, but for the approval's own mark.
fn properties(event: &Event) -> Option<String> {
    let mut properties = event.extended_properties.clone()?;
    if let Some(private) = &mut properties.private {
        private.remove(APPROVAL_TAG);
    }
    properties.private = properties.private.filter(|private| !private.is_empty());
    let is_empty = properties.private.is_none() && properties.shared.is_none();
    serde_json::to_string(&properties).ok().filter(|_| !is_empty)
}
