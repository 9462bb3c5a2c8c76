//! From a wish to what Google must be sent for it.

use std::collections::BTreeMap;

use super::{
    EventBody,
    check::{self, refuse},
};
use crate::{
    Result,
    model::{Attendee, Event, EventPatch, RawJson, ResponseStatus},
    time::EventTime,
};

/// Fields that a patch may clear: those a client writes and an event may lack.
const CLEARABLE: &[&str] = &[
    "attachments",
    "attendees",
    "colorId",
    "conferenceData",
    "description",
    "eventLabelId",
    "extendedProperties",
    "location",
    "recurrence",
    "reminders",
    "source",
    "summary",
    "transparency",
    "visibility",
];

impl EventBody {
    /// What `patch` changes in `current`: only the fields it names.
    ///
    /// - Cleared fields are `null`.
    /// - Where the event turns from all-day to timed or back, the other of `date` and `dateTime` is `null`.
    /// - Guests are the whole merged list ([`EventPatch::merged_attendees`]): Google replaces arrays whole.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput) when it changes nothing, clears what cannot be cleared, or asks for what Google is
    /// known to refuse.
    ///
    /// ```
    /// use theo_calendar::{google::EventBody, model::{Event, EventDraft, EventPatch}};
    ///
    /// let current = Event::new("lunch");
    /// let draft = EventDraft { summary: Some("Lunch".into()), ..EventDraft::default() };
    /// let body = EventBody::patch(&EventPatch::new(draft).clearing("location"), &current)?;
    /// assert_eq!(serde_json::to_string(&body).unwrap(), r#"{"location":null,"summary":"Lunch"}"#);
    /// # Ok::<(), theo_calendar::Error>(())
    /// ```
    pub fn patch(patch: &EventPatch, current: &Event) -> Result<Self> {
        if patch.is_empty() {
            return refuse("the change changes nothing");
        }
        check_against(patch, current)?;
        let mut body = Self::draft(&patch.set)?;
        for (name, new, old) in
            [("start", &patch.set.start, &current.start), ("end", &patch.set.end, &current.end)]
        {
            if let Some(new) = new {
                body.set(name, &switched(new, old.as_ref())?)?;
            }
        }
        for field in &patch.clear {
            if !CLEARABLE.contains(&field.as_str()) {
                return refuse(format!("{field:?} cannot be cleared: {} can", CLEARABLE.join(", ")));
            }
            if body.has(field) {
                return refuse(format!("{field:?} cannot be both set and cleared"));
            }
            body.clear(field);
        }
        if let Some(attendees) = patch.merged_attendees(current)? {
            body.set("attendees", &attendees)?;
        }
        Ok(body)
    }

    /// My answer to `current`, and nobody else's: Google reads `attendeesOmitted` with one guest as that guest's own
    /// answer.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput) when the calendar this copy is on is no guest.
    pub fn response(current: &Event, response: &ResponseStatus, comment: Option<&str>) -> Result<Self> {
        let Some(me) = current.attendees().iter().find(|guest| guest.is_self == Some(true)) else {
            return refuse(
                "an answer can be given only where the calendar's owner is a guest, and here it is not",
            );
        };
        let mut me = me.clone();
        me.response_status = Some(response.clone());
        if let Some(comment) = comment {
            me.comment = Some(comment.into());
        }
        let mut body = Self::default();
        body.set("attendeesOmitted", &true)?;
        body.set("attendees", &[me])?;
        Ok(body)
    }
}

impl EventPatch {
    /// The guests of `current` as this change leaves them; none where it says nothing of guests.
    ///
    /// Guests are told apart by address, in any case. Who is there already keeps their answer, comment and every other
    /// field that this change does not name.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput) when Google left some guests out of `current` (they would be dropped), when a guest
    /// has no address, or when the calendar this copy is on would be taken off.
    pub fn merged_attendees(&self, current: &Event) -> Result<Option<Vec<Attendee>>> {
        let added = self.set.attendees.as_deref().unwrap_or_default();
        if self.set.attendees.is_none() && self.remove_attendees.is_empty() {
            return Ok(None);
        }
        if current.attendees_omitted == Some(true) {
            return refuse(
                "the guests cannot be changed: Google did not send all of them, and the others would be lost",
            );
        }
        let mut guests = current.attendees().to_vec();
        for address in &self.remove_attendees {
            if guests.iter().any(|guest| guest.is_self == Some(true) && is_of(guest, address)) {
                return refuse(format!(
                    "{address} cannot be taken off: it is this calendar itself, so decline instead"
                ));
            }
            guests.retain(|guest| !is_of(guest, address));
        }
        for wanted in added {
            let Some(address) = wanted.email.as_deref().filter(|address| !address.is_empty()) else {
                return refuse("a guest has no address");
            };
            match guests.iter_mut().find(|guest| is_of(guest, address)) {
                Some(guest) => overlay(guest, wanted),
                None => guests.push(wanted.clone()),
            }
        }
        Ok(Some(guests))
    }
}

fn is_of(guest: &Attendee, address: &str) -> bool {
    guest.email.as_deref().is_some_and(|email| email.eq_ignore_ascii_case(address))
}

/// Takes over what `wanted` says of a guest, never their answer.
fn overlay(guest: &mut Attendee, wanted: &Attendee) {
    let Attendee { display_name, optional, resource, additional_guests, .. } = wanted.clone();
    guest.display_name = display_name.or(guest.display_name.take());
    guest.optional = optional.or(guest.optional);
    guest.resource = resource.or(guest.resource);
    guest.additional_guests = additional_guests.or(guest.additional_guests);
}

/// What only the event as it is tells: whether start and end fit together, and whether a series has its zone.
fn check_against(patch: &EventPatch, current: &Event) -> Result<()> {
    let set = &patch.set;
    let start = set.start.as_ref().or(current.start.as_ref());
    let end = set.end.as_ref().or(current.end.as_ref());
    if let (true, Some(start), Some(end)) = (set.start.is_some() || set.end.is_some(), start, end) {
        check::times(set, start, end)?;
    }
    let recurrence = if patch.clear.contains("recurrence") {
        None
    } else {
        set.recurrence.as_deref().or(current.recurrence.as_deref())
    };
    // Google merges `start` field by field, so a zone that is there already stays.
    let zone_stays = current.start.as_ref().is_some_and(|start| start.time_zone.is_some());
    match (recurrence, start) {
        (Some([_, ..]), Some(start)) if !zone_stays => check::recurring(set, start),
        _ => Ok(()),
    }
}

/// `new` with `null` for what the `old` time has and it has not, since Google merges the two.
fn switched(new: &EventTime, old: Option<&EventTime>) -> Result<BTreeMap<String, RawJson>> {
    let EventBody(mut fields) = EventBody::of(new)?;
    let Some(old) = old else { return Ok(fields) };
    if new.is_all_day() && !old.is_all_day() {
        fields.insert("dateTime".to_owned(), RawJson::null());
    }
    if !new.is_all_day() && old.is_all_day() {
        fields.insert("date".to_owned(), RawJson::null());
    }
    if new.is_all_day() && new.time_zone.is_none() && old.time_zone.is_some() {
        fields.insert("timeZone".to_owned(), RawJson::null());
    }
    Ok(fields)
}
