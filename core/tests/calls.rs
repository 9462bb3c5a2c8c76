//! Every call asks what Google's discovery document allows, and what Google would refuse is refused here.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::{collections::BTreeSet, time::Duration};

use bytes::Bytes;
use chrono::{DateTime, Utc};
use proptest::prelude::*;
use serde_json::{Value, json};
use theo_calendar::{
    Error, ErrorKind,
    auth::scope,
    google::{
        CalendarListQuery, CalendarListSync, CalendarListView, Call, DeleteEvent, EventBody, EventsOrder,
        EventsQuery, EventsSync, EventsView, FreeBusy, GetCalendar, GetCalendarListEntry, GetColors,
        GetEvent, GetSetting, ImportEvent, InsertEvent, ListCalendars, ListEvents, ListInstances,
        ListSettings, MoveEvent, NewChannel, Operation, PatchCalendarListEntry, PatchEvent, QuickAddEvent,
        ROOT, StopChannel, UpdateEvent, WatchCalendarList, WatchEvents,
    },
    id::{CalendarId, PageToken},
    model::{
        AccessRole, Attachment, ConferenceData, Event, EventDraft, EventType, ExtendedProperties, Reminder,
        ReminderMethod, Reminders, SendUpdates,
    },
    testing::Discovery,
    time::{EventTime, TimeRange},
};

/// An id with every character that means something in an address.
const CALENDAR: &str = "team#1?&=/%20+ü@group.calendar.google.com";

fn instant(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn march() -> TimeRange {
    TimeRange::new(instant("2025-03-01T00:00:00Z"), instant("2025-04-01T00:00:00Z")).unwrap()
}

fn lunch() -> EventDraft {
    let at = |text| EventTime::at(instant(text));
    EventDraft::new("Lunch", at("2025-03-28T12:00:00Z"), at("2025-03-28T13:00:00Z"))
}

fn built(call: &impl Call) -> (Operation, Result<http::Request<Bytes>, Error>) {
    (call.operation(), call.request(&ROOT.parse().unwrap()))
}

fn refused(call: &impl Call) -> String {
    let error = built(call).1.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    error.to_string()
}

/// One request of each operation, with all its options.
fn one_of_each() -> Vec<(Operation, Result<http::Request<Bytes>, Error>)> {
    let calendar = CalendarId::from(CALENDAR);
    let channel = NewChannel {
        id: "6f1b-channel".into(),
        address: "https://theo.example.com/hook".to_owned(),
        token: Some("t".repeat(256)),
        time_to_live: Some(Duration::from_secs(604_800)),
    };
    let page = PageToken::from("p=1&x");
    let draft = EventDraft {
        conference_data: Some(ConferenceData::default()),
        attachments: Some(vec![Attachment::default()]),
        event_label_id: Some("5".into()),
        ..lunch()
    };
    let view = EventsView {
        updated_min: Some(march().start()),
        q: Some("über & co".to_owned()),
        ical_uid: Some("a@b".to_owned()),
        private_extended_properties: vec![("a".into(), "1".into()), ("b".into(), "2".into())],
        shared_extended_properties: vec![("c".into(), "3".into())],
        event_types: vec![EventType::Default, EventType::FocusTime],
        show_deleted: true,
        show_hidden_invitations: true,
        max_results: Some(2500),
        max_attendees: Some(1),
        time_zone: Some("Europe/Berlin".to_owned()),
        ..EventsView::agenda(march())
    };
    let sync = EventsSync { event_types: vec![EventType::Default], ..EventsSync::default() }.since("token");
    let list_view = CalendarListView {
        min_access_role: Some(AccessRole::Writer),
        show_own_organization_only: true,
        show_deleted: true,
        show_hidden: true,
        max_results: Some(250),
    };
    let list = |query: CalendarListQuery| built(&ListCalendars { query: &query, page: Some(&page) });
    let events =
        |query: EventsQuery| built(&ListEvents { calendar: &calendar, query: &query, page: Some(&page) });
    let body = || EventBody::draft(&draft).unwrap();
    let etag = Some("\"3414\"".into());
    let event: Event = serde_json::from_str(r#"{"id": "x", "summary": "S", "locked": true}"#).unwrap();
    vec![
        list(list_view.into()),
        list(CalendarListSync::default().since("token").into()),
        events(view.into()),
        events(sync.into()),
        built(&GetCalendarListEntry { calendar: calendar.clone() }),
        built(&PatchCalendarListEntry {
            summary_override: Some("Mine".to_owned()),
            color_id: Some("3".to_owned()),
            hidden: Some(false),
            selected: Some(true),
            default_reminders: Some(vec![reminder(10)]),
            notification_settings: Some(Default::default()),
            ..PatchCalendarListEntry::new(CALENDAR)
        }),
        built(&GetCalendar { calendar: calendar.clone() }),
        built(&GetEvent {
            max_attendees: Some(5),
            time_zone: Some("UTC".to_owned()),
            ..GetEvent::new(CALENDAR, "_event")
        }),
        built(&ListInstances {
            range: Some(march()),
            original_start: Some(EventTime::all_day("2025-03-28".parse().unwrap())),
            show_deleted: true,
            max_results: Some(10),
            time_zone: Some("UTC".to_owned()),
            page: Some(page.clone()),
            ..ListInstances::new(CALENDAR, "_event")
        }),
        built(&InsertEvent {
            id: Some("abc123".into()),
            send_updates: SendUpdates::All,
            ..InsertEvent::new(CALENDAR, draft.clone())
        }),
        built(&PatchEvent { if_match: etag.clone(), ..PatchEvent::new(CALENDAR, "_event", body()) }),
        built(&UpdateEvent {
            if_match: etag.clone(),
            send_updates: SendUpdates::ExternalOnly,
            ..UpdateEvent::new(CALENDAR, "_event", EventBody::whole(&event).unwrap())
        }),
        built(&DeleteEvent { if_match: etag, ..DeleteEvent::new(CALENDAR, "_event") }),
        built(&MoveEvent {
            calendar: calendar.clone(),
            event: "_event".into(),
            destination: CALENDAR.into(),
            send_updates: SendUpdates::None,
        }),
        built(&ImportEvent { calendar: calendar.clone(), ical_uid: "a@b".to_owned(), draft: draft.clone() }),
        built(&QuickAddEvent {
            calendar: calendar.clone(),
            text: "Lunch & more at 12".to_owned(),
            send_updates: SendUpdates::None,
        }),
        built(&WatchEvents { calendar: calendar.clone(), channel: channel.clone() }),
        built(&WatchCalendarList { channel }),
        built(&StopChannel { id: "6f1b-channel".into(), resource_id: "r".to_owned() }),
        built(&FreeBusy {
            time_zone: Some("UTC".to_owned()),
            ..FreeBusy::new(march(), [CALENDAR, "primary"])
        }),
        built(&ListSettings { page: Some(page) }),
        built(&GetSetting { id: "timezone".to_owned() }),
        built(&GetColors),
    ]
}

fn reminder(minutes: i32) -> Reminder {
    Reminder { method: Some(ReminderMethod::Popup), minutes: Some(minutes), ..Reminder::default() }
}

#[test]
fn every_operation_has_a_request_that_googles_discovery_document_allows() {
    let discovery = Discovery::load().unwrap();
    let mut seen = BTreeSet::new();
    for (operation, request) in one_of_each() {
        let request = request.unwrap();
        discovery.validate_request(&request).unwrap();
        assert_eq!(request.uri().host(), Some("www.googleapis.com"));
        assert!(request.headers().get("authorization").is_none());
        seen.insert(operation.name());
    }
    assert_eq!(seen, Operation::ALL.iter().map(|operation| operation.name()).collect());
}

#[test]
fn the_judge_refuses_what_google_would() {
    let discovery = Discovery::load().unwrap();
    let judge = |method: &str, path: &str, body: Value| {
        let body = if body.is_null() { Bytes::new() } else { body.to_string().into() };
        let request = http::Request::builder().method(method).header("content-type", "application/json");
        discovery.validate_request(&request.uri(format!("https://x/calendar/v3/{path}")).body(body).unwrap())
    };

    assert!(judge("GET", "calendars/c/events?maxResults=5", Value::Null).is_ok());
    for (method, path, body) in [
        ("GET", "calendars/c/event", Value::Null),
        ("POST", "calendars/c/events/e", Value::Null),
        ("GET", "calendars/c/events?maxResult=5", Value::Null),
        ("GET", "calendars/c/events?maxResults=many", Value::Null),
        ("GET", "calendars/c/events?maxResults=0", Value::Null),
        ("GET", "calendars/c/events?singleEvents=1", Value::Null),
        ("GET", "calendars/c/events?orderBy=start", Value::Null),
        ("GET", "calendars/c/events?timeMin=2025-03-28T10:00:00", Value::Null),
        ("GET", "calendars/c/events?q=a&q=b", Value::Null),
        ("GET", "calendars/c/events?syncToken=t&timeMin=2025-03-28T10:00:00Z", Value::Null),
        ("GET", "calendars/c/events?syncToken=t&showDeleted=false", Value::Null),
        ("POST", "calendars/c/events/e/move", Value::Null),
        ("POST", "calendars/c/events", json!({"sumary": "x"})),
        ("POST", "calendars/c/events", json!({"summary": null})),
        ("POST", "calendars/c/events", json!({"start": {"date": "28 March"}})),
        ("POST", "calendars/c/events", json!({"attendees": [{"email": "a@example.com", "optional": "yes"}]})),
    ] {
        assert!(judge(method, path, body.clone()).is_err(), "{method} {path} {body}");
    }
}

#[test]
fn scopes_and_what_needs_them_are_googles() {
    let discovery = Discovery::load().unwrap();
    let known = discovery.document()["auth"]["oauth2"]["scopes"].as_object().unwrap();
    let names: BTreeSet<_> = known.keys().map(String::as_str).collect();
    assert_eq!(scope::ALL.iter().copied().collect::<BTreeSet<_>>(), names);

    for operation in Operation::ALL {
        let method = discovery.method(&format!("calendar.{operation}")).unwrap();
        let needed: BTreeSet<_> =
            method["scopes"].as_array().unwrap().iter().map(|s| s.as_str().unwrap()).collect();
        assert_eq!(operation.scopes().iter().copied().collect::<BTreeSet<_>>(), needed, "{operation}");
        assert!(needed.contains(operation.scope_to_ask()), "{operation}");
    }
}

#[test]
fn scope_status_is_of_the_three_scopes_asked_for() {
    let status = |scopes: &str| {
        let status = scope::ScopeStatus::of(&scope::parse_scopes(scopes));
        (status.has_read, status.has_write, status.has_settings, status.missing.len())
    };
    assert_eq!(status(""), (false, false, false, 3));
    assert_eq!(status(scope::CALENDAR), (true, true, true, 0));
    assert_eq!(status(scope::EVENTS), (false, true, false, 2));
    assert_eq!(status(&scope::REQUIRED.join(" ")), (true, true, true, 0));
    assert_eq!(status(&[scope::CALENDAR_READONLY, scope::EVENTS].join(",")), (true, true, false, 1));
    assert_eq!(status(&[scope::CALENDAR_LIST_READONLY, scope::EVENTS].join(" ")), (true, true, false, 1));
}

#[test]
fn an_id_never_reaches_beyond_its_place_in_the_address() {
    let request = built(&GetEvent::new("a/b#c?d@example.com", "x/../y")).1.unwrap();
    assert_eq!(request.uri().path(), "/calendar/v3/calendars/a%2Fb%23c%3Fd@example.com/events/x%2F..%2Fy");
    for id in ["", ".", "..", "a\nb"] {
        assert!(refused(&GetEvent::new(id, "event")).contains("cannot be the id"));
    }
}

#[test]
fn a_root_with_a_path_keeps_it() {
    let request = GetColors.request(&"https://proxy.example.com/google/?x=1".parse().unwrap()).unwrap();
    assert_eq!(request.uri(), "https://proxy.example.com/google/calendar/v3/colors");
}

#[test]
fn conference_attachments_and_labels_ask_for_the_versions_that_make_google_read_them() {
    let draft = EventDraft { conference_data: Some(ConferenceData::default()), ..lunch() };
    let query = |draft| built(&InsertEvent::new("c", draft)).1.unwrap().uri().query().unwrap().to_owned();

    assert_eq!(query(draft), "conferenceDataVersion=1&sendUpdates=none");
    let draft = EventDraft { attachments: Some(Vec::new()), event_label_id: Some("1".into()), ..lunch() };
    assert_eq!(query(draft), "eventLabelVersion=1&supportsAttachments=true&sendUpdates=none");
    assert_eq!(query(lunch()), "sendUpdates=none");
}

#[test]
fn what_google_would_refuse_is_refused_with_a_sentence() {
    let wall = |time: &str| EventTime { time_zone: None, ..EventTime::local(time.parse().unwrap(), "") };
    let day = |date: &str| Some(EventTime::all_day(date.parse().unwrap()));
    let recurring = |lines: &[&str]| EventDraft {
        recurrence: Some(lines.iter().map(|line| (*line).to_owned()).collect()),
        start: lunch().start.map(|start| start.in_zone("Europe/Berlin")),
        ..lunch()
    };
    let reminders = |minutes: &[i32], default| EventDraft {
        reminders: Some(Reminders {
            use_default: Some(default),
            overrides: Some(minutes.iter().copied().map(reminder).collect()),
            ..Reminders::default()
        }),
        ..lunch()
    };
    let property = |key: usize, value: usize| EventDraft {
        extended_properties: Some(ExtendedProperties {
            private: Some([("k".repeat(key), "v".repeat(value))].into()),
            ..ExtendedProperties::default()
        }),
        ..lunch()
    };
    let insert = |draft| InsertEvent::new("c", draft);

    for good in [
        recurring(&["RRULE:FREQ=DAILY;COUNT=3", "EXDATE;TZID=Europe/Berlin:20250329T120000"]),
        reminders(&[0, 40_320], false),
        property(44, 1024),
        EventDraft { start: day("2025-03-28"), end: day("2025-03-29"), ..lunch() },
    ] {
        built(&insert(good)).1.unwrap();
    }
    for (bad, words) in [
        (EventDraft { end: None, ..lunch() }, "has no start or no end"),
        (
            EventDraft { start: Some(wall("2025-03-28T12:00:00")), ..lunch() },
            "has a local time without a time zone: name one, such as Europe/Berlin",
        ),
        (EventDraft { end: day("2025-03-28"), ..lunch() }, "all day at one end"),
        (
            EventDraft { start: day("2025-03-28"), end: day("2025-03-28"), ..lunch() },
            "the day after its last",
        ),
        (EventDraft { end: lunch().start, start: lunch().end, ..lunch() }, "before it starts"),
        (
            EventDraft { recurrence: Some(vec!["RRULE:FREQ=DAILY".to_owned()]), ..lunch() },
            "repeats without a time zone",
        ),
        (recurring(&["RRULE:FREQ=DAILY;COUNT=3;UNTIL=20250401T000000Z"]), "both COUNT and UNTIL"),
        (recurring(&["DTSTART:20250328T120000Z"]), "own start and end say it"),
        (recurring(&["every day"]), "it has no colon"),
        (reminders(&[1, 2, 3, 4, 5, 6], false), "too many"),
        (reminders(&[40_321], false), "40320"),
        (reminders(&[-1], false), "40320"),
        (reminders(&[1], true), "not both"),
        (property(45, 1), "too long"),
        (property(44, 1025), "too long"),
    ] {
        let sentence = refused(&insert(bad));
        assert!(sentence.contains(words), "{sentence}");
    }
    for id in ["abcd", "wxyz1", "ABCDE", "a-b-c", ""] {
        let call = InsertEvent { id: Some(id.into()), ..insert(lunch()) };
        assert!(refused(&call).contains("cannot be an event's id"));
    }
    assert!(refused(&FreeBusy::new(march(), vec!["c"; 51])).contains("1 to 50"));
    assert!(refused(&FreeBusy::new(march(), Vec::<CalendarId>::new())).contains("1 to 50"));
    let view = EventsView { order_by: Some(EventsOrder::StartTime), ..EventsView::default() };
    assert!(
        refused(&ListEvents { calendar: &"c".into(), query: &view.into(), page: None }).contains("instances")
    );
    let big = EventsSync { max_results: Some(2501), ..EventsSync::default() };
    assert!(
        refused(&ListEvents { calendar: &"c".into(), query: &big.into(), page: None }).contains("1 to 2500")
    );
    let watch = |id: &str, address: &str, token: usize| WatchEvents {
        calendar: "c".into(),
        channel: NewChannel {
            id: id.into(),
            address: address.to_owned(),
            token: Some("t".repeat(token)),
            time_to_live: None,
        },
    };
    assert!(refused(&watch(&"x".repeat(65), "https://x", 1)).contains("channel's id"));
    assert!(refused(&watch("x", "http://example.com", 1)).contains("https only"));
    assert!(refused(&watch("x", "https://x", 257)).contains("too long"));
    assert!(!format!("{:?}", watch("x", "https://x", 200)).contains("ttttt"));
}

proptest! {
    #[test]
    fn a_token_is_only_good_for_queries_with_its_fingerprint(
        (a, b) in (any_sync(), any_sync()),
        token in "[a-zA-Z0-9=]{1,20}",
    ) {
        let with_token = a.clone().since(token);
        let query = |sync: EventsSync| {
            let request = built(&ListEvents { calendar: &"c".into(), query: &sync.into(), page: None }).1.unwrap();
            let pairs = url::form_urlencoded::parse(request.uri().query().unwrap().as_bytes());
            pairs.into_owned().filter(|(name, _)| name != "syncToken").collect::<BTreeSet<_>>()
        };
        prop_assert_eq!(with_token.fingerprint(), a.fingerprint());
        prop_assert_eq!(a.fingerprint() == b.fingerprint(), query(a) == query(b));
        prop_assert_eq!(EventsQuery::from(EventsView::default()).fingerprint(), None);
    }
}

fn any_sync() -> impl Strategy<Value = EventsSync> {
    let kinds = prop::sample::subsequence(vec![EventType::Default, EventType::FocusTime], 0..=2);
    let zone = prop::option::of(prop::sample::select(vec!["UTC".to_owned(), "Europe/Berlin".to_owned()]));
    let size = prop::option::of(prop::sample::select(vec![100, 2500]));
    (size, prop::option::of(1..3_u32), kinds.prop_shuffle(), any::<bool>(), zone).prop_map(
        |(max_results, max_attendees, event_types, show_hidden_invitations, time_zone)| EventsSync {
            since: None,
            max_results,
            max_attendees,
            event_types,
            show_hidden_invitations,
            time_zone,
        },
    )
}
