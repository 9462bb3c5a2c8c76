//! Events of which only what decides about conflicts is read.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use theo_calendar::{
    ErrorKind,
    conflict::Proposal,
    google::EventOutlines,
    model::{Event, EventOutline},
    recurrence::{UtcOnly, Zone},
};

const REVIEW: &str = r#"{"id": "review", "summary": "Review", "status": "tentative", "location": "Room 4",
    "start": {"dateTime": "2025-03-03T09:00:00Z"}, "end": {"dateTime": "2025-03-03T10:00:00Z"},
    "iCalUID": "uid", "transparency": "opaque", "eventType": "focusTime", "organizer": {"self": true, "email": "a@b"},
    "attendees": [{"self": true, "responseStatus": "accepted"}, {"resource": true}], "attendeesOmitted": true,
    "recurrence": ["RRULE:FREQ=DAILY"], "recurringEventId": "series",
    "originalStartTime": {"date": "2025-03-03"}, "sequence": "not a number", "description": ["nor", "text"]}"#;

fn ids(read: &EventOutlines) -> Vec<&str> {
    read.events.iter().map(|event| event.id.as_ref().map_or("", |id| id.as_str())).collect()
}

#[test]
fn a_page_a_list_and_one_event_are_read_alike() {
    let page = format!(r#" {{"kind": "calendar#events", "timeZone": "Europe/Berlin", "items": [{REVIEW}]}}"#);
    for (form, zone) in
        [(page.clone(), Some("Europe/Berlin")), (format!("\n[{REVIEW}]"), None), (REVIEW.to_owned(), None)]
    {
        let read = EventOutlines::parse(form.as_bytes()).unwrap();
        assert_eq!((ids(&read), read.time_zone.as_deref()), (vec!["review"], zone));
    }
    assert_eq!(EventOutlines::parse(br#"{"kind": "calendar#events"}"#).unwrap(), EventOutlines::default());
}

#[test]
fn an_outline_says_of_an_event_what_the_event_says() {
    let whole = REVIEW.replace("\"not a number\"", "3").replace(r#"["nor", "text"]"#, "null");
    let event: Event = serde_json::from_str(&whole).unwrap();
    let outline: EventOutline = serde_json::from_str(REVIEW).unwrap();
    let outlined = outline.into_event();

    assert_eq!(outlined.is_master(), event.is_master());
    assert_eq!(outlined.my_response(), event.my_response());
    let proposal = |event| Proposal::of_event(event, &Zone::utc(), &UtcOnly);
    assert_eq!(proposal(&outlined), proposal(&event));
    assert!(proposal(&event).is_some());
}

#[test]
fn what_cannot_be_read_is_named_by_its_place_and_harms_nothing_else() {
    let list = br#"[{"id": "a"}, {"summary": "nameless"}, 7, {"id": "b", "start": {"date": "tomorrow"}}, {"id": "c"}]"#;
    let read = EventOutlines::parse(list).unwrap();

    assert_eq!(ids(&read), ["a", "c"]);
    let told: Vec<_> = read.quarantined.iter().map(|bad| (bad.index, bad.reason.as_str())).collect();
    assert_eq!(told[0], (1, "missing field `id`"));
    assert_eq!(told[1].0, 2);
    assert!(told[2].1.contains("`tomorrow` is not an RFC 3339 time"), "{}", told[2].1);
}

#[test]
fn bytes_that_are_no_utf_8_cost_only_the_event_they_are_in() {
    let list = b"[{\"id\": \"a\", \"summary\": \"\xe9t\xe9\"}, {\"id\": \"b\"}]";
    let read = EventOutlines::parse(list).unwrap();
    assert_eq!((ids(&read), read.quarantined[0].reason.as_str()), (vec!["b"], "is not UTF-8"));
}

#[test]
fn what_are_no_events_is_refused() {
    for wrong in ["", "null", "7", "{}", r#"{"error": {}}"#, "[{}", r#"{"items": [{"id""#] {
        let error = EventOutlines::parse(wrong.as_bytes()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput, "{wrong}");
        assert!(error.to_string().starts_with("these are no events: "), "{error}");
    }
}

#[test]
fn a_proposal_that_ends_before_it_starts_is_refused_with_and_without_an_id() {
    for id in ["", r#""id": "x", "#] {
        let wrong = format!(
            r#"{{{id}"start": {{"dateTime": "2025-03-03T09:00:00Z"}}, "end": {{"dateTime": "2025-03-03T08:00:00Z"}}}}"#
        );
        let outline = serde_json::from_str(&wrong).unwrap();
        let error = Proposal::of_outline(outline, &Zone::utc(), &UtcOnly).unwrap_err();
        assert_eq!(error.to_string(), "the event ends no later than it starts");
    }
}
