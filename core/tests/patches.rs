//! What a change to an event sends to Google.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use serde_json::{Value, json};
use theo_calendar::{
    ErrorKind,
    google::EventBody,
    model::{Attendee, Event, EventDraft, EventPatch, ResponseStatus},
};

fn event(fields: Value) -> Event {
    let mut event = json!({"id": "lunch"});
    event.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    serde_json::from_value(event).unwrap()
}

fn draft(fields: Value) -> EventDraft {
    serde_json::from_value(fields).unwrap()
}

fn sent(patch: &EventPatch, current: &Event) -> Value {
    serde_json::to_value(EventBody::patch(patch, current).unwrap()).unwrap()
}

fn refused(patch: &EventPatch, current: &Event) -> String {
    let error = EventBody::patch(patch, current).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    error.to_string()
}

fn invited() -> Event {
    event(json!({"attendees": [
        {"email": "ada@example.com", "self": true, "responseStatus": "accepted", "comment": "yes!"},
        {"email": "Bob@example.com", "responseStatus": "declined", "displayName": "Bob", "new": 1.5},
        {"email": "eve@example.com", "responseStatus": "tentative"},
    ]}))
}

#[test]
fn only_what_changes_is_sent() {
    let current = event(json!({"summary": "Lunch", "location": "Canteen", "description": "…"}));
    let patch = EventPatch::new(draft(json!({"summary": "Late lunch"}))).clearing("location");

    assert_eq!(sent(&patch, &current), json!({"summary": "Late lunch", "location": null}));
}

#[test]
fn turning_a_timed_event_into_an_all_day_one_clears_the_time_and_its_zone_and_back() {
    let timed = json!({
        "start": {"dateTime": "2025-03-28T12:00:00Z", "timeZone": "Europe/Berlin"},
        "end": {"dateTime": "2025-03-28T13:00:00Z"},
    });
    let all_day = json!({"start": {"date": "2025-03-28"}, "end": {"date": "2025-03-29"}});

    assert_eq!(
        sent(&EventPatch::new(draft(all_day.clone())), &event(timed.clone())),
        json!({
            "start": {"date": "2025-03-28", "dateTime": null, "timeZone": null},
            "end": {"date": "2025-03-29", "dateTime": null},
        })
    );
    assert_eq!(
        sent(&EventPatch::new(draft(timed)), &event(all_day)),
        json!({
            "start": {"dateTime": "2025-03-28T12:00:00Z", "timeZone": "Europe/Berlin", "date": null},
            "end": {"dateTime": "2025-03-28T13:00:00Z", "date": null},
        })
    );
}

#[test]
fn moving_one_end_is_checked_against_the_other_as_it_is() {
    let current = event(json!({
        "start": {"dateTime": "2025-03-28T12:00:00Z"}, "end": {"dateTime": "2025-03-28T13:00:00Z"},
    }));

    let later = EventPatch::new(draft(json!({"start": {"dateTime": "2025-03-28T14:00:00Z"}})));
    assert!(refused(&later, &current).contains("before it starts"));
    let day = EventPatch::new(draft(json!({"start": {"date": "2025-03-28"}})));
    assert!(refused(&day, &current).contains("all day at one end"));
}

#[test]
fn making_a_series_of_an_event_needs_its_zone() {
    let patch = EventPatch::new(draft(json!({"recurrence": ["RRULE:FREQ=DAILY"]})));
    let at = |zone: Value| {
        let start = json!({"dateTime": "2025-03-28T12:00:00Z", "timeZone": zone});
        event(json!({"start": start, "end": {"dateTime": "2025-03-28T13:00:00Z"}}))
    };

    assert!(refused(&patch, &at(Value::Null)).contains("such as Europe/Berlin"));
    assert_eq!(sent(&patch, &at(json!("Europe/Berlin"))), json!({"recurrence": ["RRULE:FREQ=DAILY"]}));
}

#[test]
fn a_guest_more_leaves_every_answer_and_every_other_guest_as_they_are() {
    let patch = EventPatch::new(EventDraft {
        attendees: Some(vec![
            Attendee::new("new@example.com"),
            Attendee {
                optional: Some(true),
                response_status: Some(ResponseStatus::NeedsAction),
                ..Attendee::new("bob@EXAMPLE.com")
            },
        ]),
        ..EventDraft::default()
    });

    assert_eq!(
        sent(&patch, &invited()),
        json!({"attendees": [
            {"email": "ada@example.com", "self": true, "responseStatus": "accepted", "comment": "yes!"},
            {"email": "Bob@example.com", "responseStatus": "declined", "displayName": "Bob", "optional": true, "new": 1.5},
            {"email": "eve@example.com", "responseStatus": "tentative"},
            {"email": "new@example.com"},
        ]})
    );
}

#[test]
fn a_guest_is_taken_off_by_address_but_never_oneself() {
    let off =
        |address: &str| EventPatch { remove_attendees: [address.to_owned()].into(), ..EventPatch::default() };

    let left = off("bob@example.com").merged_attendees(&invited()).unwrap().unwrap();

    let left: Vec<_> = left.iter().filter_map(|guest| guest.email.as_deref()).collect();
    assert_eq!(left, ["ada@example.com", "eve@example.com"]);
    assert!(refused(&off("ADA@example.com"), &invited()).contains("decline instead"));
}

#[test]
fn guests_that_google_left_out_are_not_lost_by_sending_the_others() {
    let mut current = invited();
    current.attendees_omitted = Some(true);
    let patch = EventPatch::new(EventDraft {
        attendees: Some(vec![Attendee::new("new@example.com")]),
        ..EventDraft::default()
    });

    assert!(refused(&patch, &current).contains("did not send all of them"));
}

#[test]
fn an_answer_is_sent_as_mine_alone() {
    let body = EventBody::response(&invited(), &ResponseStatus::Declined, Some("ill")).unwrap();

    assert_eq!(
        serde_json::to_value(body).unwrap(),
        json!({"attendeesOmitted": true, "attendees": [
            {"email": "ada@example.com", "self": true, "responseStatus": "declined", "comment": "ill"},
        ]})
    );
    let error = EventBody::response(&event(json!({})), &ResponseStatus::Accepted, None).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
}

#[test]
fn a_change_that_cannot_be_meant_is_refused() {
    let current = event(json!({"summary": "Lunch"}));
    let set = || EventPatch::new(draft(json!({"summary": "x"})));

    assert!(refused(&EventPatch::default(), &current).contains("changes nothing"));
    assert!(refused(&set().clearing("start"), &current).contains("cannot be cleared"));
    assert!(refused(&set().clearing("summary"), &current).contains("both set and cleared"));
    let nameless = EventDraft { attendees: Some(vec![Attendee::default()]), ..EventDraft::default() };
    assert!(refused(&EventPatch::new(nameless), &current).contains("no address"));
}

#[test]
fn a_whole_event_is_written_with_what_this_version_does_not_know() {
    let current = event(json!({"summary": "Lunch", "later": {"deep": [1]}}));

    let body = serde_json::to_value(EventBody::whole(&current).unwrap()).unwrap();

    assert_eq!(body, json!({"id": "lunch", "summary": "Lunch", "later": {"deep": [1]}}));
}
