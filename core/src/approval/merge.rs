//! An approval's change against the event as it is now: what exactly is written, and what the event then is.
//!
//! Pure. Whatever Google replaces whole (arrays, and maps of properties on some servers) is written whole, from the
//! event as it is, so that nobody's answer and no other program's property is lost.

use std::collections::BTreeMap;

use super::{APPROVAL_TAG, Action};
use crate::{
    Error, ErrorKind, Result,
    google::EventBody,
    id::{AccountId, ApprovalId, CalendarId},
    model::{Attendee, Event, EventDraft, EventPatch, ExtendedProperties, ResponseStatus},
};

/// The draft of a new event as it is sent: with the approval's mark, and with a conference request that Google
/// recognises when it comes again.
pub(super) fn drafted(id: &ApprovalId, draft: &EventDraft) -> EventDraft {
    let mut draft = draft.clone();
    draft.extended_properties = Some(marked(id, None, draft.extended_properties.take()));
    name_conference_request(id, &mut draft);
    draft
}

/// What `action` writes to the event it changes, which is `fresh` now: with the approval's mark.
///
/// # Errors
/// [`ErrorKind::InvalidInput`] for what cannot be asked of this event or of Google: see [`EventBody::patch`]; also
/// when the person is no guest of an event they answer.
pub(super) fn written(id: &ApprovalId, action: &Action, fresh: &Event) -> Result<EventBody> {
    let (mut body, properties) = match action {
        Action::Update { patch, .. } => updated(id, patch, fresh)?,
        Action::Respond { event, response, comment, .. } => {
            (answered(fresh, &event.account, &event.calendar, response, comment.as_deref())?, None)
        }
        Action::Create { .. } | Action::Delete { .. } => (EventBody::default(), None),
    };
    body.set("extendedProperties", &marked(id, fresh.extended_properties.clone(), properties))?;
    Ok(body)
}

/// The event that `fresh` becomes when `body` is written to it, as far as that can be told without Google.
///
/// # Errors
/// [`ErrorKind::InvalidInput`] when the result is no event.
pub(super) fn applied(fresh: &Event, body: &EventBody) -> Result<Event> {
    let event = EventBody::whole(fresh)?.patched(body)?;
    serde_json::to_string(&event).and_then(|event| serde_json::from_str(&event)).map_err(|error| {
        Error::new(ErrorKind::InvalidInput, format!("the change does not make an event: {error}"))
    })
}

/// The person's own place among the guests: the one Google says is theirs, else the one with their address.
pub(super) fn own_seat(event: &Event, account: &AccountId, calendar: &CalendarId) -> Option<usize> {
    let guests = event.attendees();
    guests.iter().position(|guest| guest.is_self == Some(true)).or_else(|| {
        let own = [account.as_str(), calendar.as_str()];
        guests.iter().position(|guest| own.iter().any(|own| address(guest).eq_ignore_ascii_case(own)))
    })
}

/// A guest's address; empty where Google sent none.
pub(super) fn address(guest: &Attendee) -> &str {
    guest.email.as_deref().unwrap_or_default()
}

fn updated(
    id: &ApprovalId,
    patch: &EventPatch,
    fresh: &Event,
) -> Result<(EventBody, Option<ExtendedProperties>)> {
    if patch.clear.contains("extendedProperties") {
        let message = "the properties of all programs cannot be cleared at once: set those to be changed";
        return Err(Error::new(ErrorKind::InvalidInput, message));
    }
    let mut patch = patch.clone();
    let properties = patch.set.extended_properties.take();
    for guest in patch.set.attendees.iter_mut().flatten() {
        // Nobody but a guest answers for a guest.
        (guest.response_status, guest.comment) = (None, None);
    }
    name_conference_request(id, &mut patch.set);
    match (patch.is_empty(), &properties) {
        (true, Some(_)) => Ok((EventBody::default(), properties)),
        _ => Ok((EventBody::patch(&patch, fresh)?, properties)),
    }
}

/// The whole list of guests with the person's own answer in it: a server that knows no `attendeesOmitted` would take
/// a shorter one for all the guests there are.
fn answered(
    fresh: &Event,
    account: &AccountId,
    calendar: &CalendarId,
    response: &ResponseStatus,
    comment: Option<&str>,
) -> Result<EventBody> {
    if fresh.attendees_omitted == Some(true) {
        return EventBody::response(fresh, response, comment);
    }
    let mut guests = fresh.attendees().to_vec();
    let Some(own) = own_seat(fresh, account, calendar).and_then(|seat| guests.get_mut(seat)) else {
        let message = format!("{account} is not a guest of event {} and cannot answer it", fresh.id);
        return Err(Error::new(ErrorKind::InvalidInput, message));
    };
    own.response_status = Some(response.clone());
    if let Some(comment) = comment {
        own.comment = Some(comment.into());
    }
    let mut body = EventBody::default();
    body.set("attendees", &guests)?;
    Ok(body)
}

/// The properties there are, with those asked for over them, and the approval's mark over all.
pub(super) fn marked(
    id: &ApprovalId,
    there: Option<ExtendedProperties>,
    asked: Option<ExtendedProperties>,
) -> ExtendedProperties {
    let mut properties = there.unwrap_or_default();
    if let Some(asked) = asked {
        over(&mut properties.private, asked.private);
        over(&mut properties.shared, asked.shared);
    }
    let private = properties.private.get_or_insert_default();
    private.insert(APPROVAL_TAG.to_owned(), id.as_str().to_owned());
    properties
}

fn over(there: &mut Option<BTreeMap<String, String>>, asked: Option<BTreeMap<String, String>>) {
    if let Some(asked) = asked {
        there.get_or_insert_default().extend(asked);
    }
}

/// Google makes one conference for one request id, however often it comes.
fn name_conference_request(id: &ApprovalId, draft: &mut EventDraft) {
    let request = draft.conference_data.as_mut().and_then(|data| data.create_request.as_mut());
    if let Some(request) = request {
        request.request_id = Some(format!("theo-{id}").into());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::AccountKey;

    fn event(json: &str) -> Event {
        serde_json::from_str(json).unwrap()
    }

    fn update(patch: EventPatch) -> Action {
        let event = AccountKey::new("ada", "ada@example.com").calendar("ada@example.com").event("e1");
        Action::Update { event, patch: Box::new(patch), scope: Default::default() }
    }

    fn answer(response: ResponseStatus) -> Action {
        let event = AccountKey::new("ada", "ada@example.com").calendar("ada@example.com").event("e1");
        Action::Respond { event, response, comment: None, scope: Default::default() }
    }

    /// The event after the action, as a server that replaces arrays whole would store it.
    fn after(action: &Action, before: &str) -> Result<Event> {
        let before = event(before);
        applied(&before, &written(&"a1".into(), action, &before)?)
    }

    fn answers(event: &Event) -> Vec<String> {
        let answer =
            |guest: &Attendee| guest.response_status.clone().map_or("-".into(), |word| word.to_string());
        event.attendees().iter().map(|guest| format!("{} {}", address(guest), answer(guest))).collect()
    }

    const PARTY: &str = r#"{"id":"e1","attendees":[
        {"email":"ada@example.com","self":true,"responseStatus":"tentative"},
        {"email":"Bob@example.com","responseStatus":"accepted","comment":"gladly","later":7},
        {"email":"eve@example.org","responseStatus":"declined"}]}"#;

    #[test]
    fn adding_and_removing_guests_resets_nobodys_answer() {
        let bob =
            Attendee { response_status: Some(ResponseStatus::Declined), ..Attendee::new("bob@example.com") };
        let dan =
            Attendee { response_status: Some(ResponseStatus::Accepted), ..Attendee::new("dan@example.net") };
        let wanted = vec![Attendee { optional: Some(true), ..bob }, dan];
        let mut patch = EventPatch::new(EventDraft { attendees: Some(wanted), ..EventDraft::default() });
        patch.remove_attendees.insert("EVE@example.org".into());

        let after = after(&update(patch), PARTY).unwrap();

        assert_eq!(
            answers(&after),
            ["ada@example.com tentative", "Bob@example.com accepted", "dan@example.net -"]
        );
        let bob = &after.attendees()[1];
        assert_eq!((bob.comment.as_deref(), bob.optional), (Some("gladly"), Some(true)));
        assert_eq!(bob.unknown.field("later"), Some("7"));
    }

    #[test]
    fn an_answer_changes_my_own_and_no_other() {
        let after = after(&answer(ResponseStatus::Accepted), PARTY).unwrap();

        assert_eq!(
            answers(&after),
            ["ada@example.com accepted", "Bob@example.com accepted", "eve@example.org declined"]
        );
    }

    #[test]
    fn an_answer_where_guests_were_kept_back_says_that_its_list_is_not_whole() {
        let party = event(
            r#"{"id":"e1","attendeesOmitted":true,"attendees":[{"email":"ada@example.com","self":true}]}"#,
        );

        let body = written(&"a1".into(), &answer(ResponseStatus::Declined), &party).unwrap();

        assert!(body.has("attendeesOmitted"));
    }

    #[test]
    fn who_is_no_guest_cannot_answer() {
        let error = after(&answer(ResponseStatus::Accepted), r#"{"id":"e1"}"#).unwrap_err();

        assert_eq!(error.to_string(), "ada@example.com is not a guest of event e1 and cannot answer it");
    }

    #[test]
    fn the_mark_stands_beside_the_properties_there_are() {
        let there = r#"{"id":"e1","extendedProperties":{"private":{"a":"1","theoApproval":"old"},"shared":{"s":"2"}}}"#;
        let asked: EventDraft =
            serde_json::from_str(r#"{"extendedProperties":{"private":{"b":"3"}}}"#).unwrap();

        let after = after(&update(EventPatch::new(asked)), there).unwrap();

        let properties = serde_json::to_value(after.extended_properties).unwrap();
        let expected =
            serde_json::json!({"private":{"a":"1","b":"3","theoApproval":"a1"},"shared":{"s":"2"}});
        assert_eq!(properties, expected);
    }

    #[test]
    fn a_conference_is_asked_for_by_the_same_name_at_each_try() {
        let draft: EventDraft =
            serde_json::from_str(r#"{"conferenceData":{"createRequest":{"requestId":"random"}}}"#).unwrap();

        let sent = drafted(&"a1".into(), &draft);

        assert_eq!(sent, drafted(&"a1".into(), &draft));
        let request = sent.conference_data.unwrap().create_request.unwrap();
        assert_eq!(request.request_id.as_deref(), Some("theo-a1"));
    }
}
