//! Conflicts as a person meets them: what counts, how badly, and how it reads.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{sync::Arc, time::Duration};

use serde_json::{Value, json};
use theo_calendar::{
    ErrorKind,
    conflict::{
        Conflict, ConflictIndex, ConflictPolicy, ConflictReason, DuplicateReason, Proposal, Severity,
        detect_conflicts, format_conflict, has_high_severity,
    },
    id::AccountKey,
    model::{Event, EventDraft},
    recurrence::{UtcOnly, Zone},
    time::TimeRange,
};

use ConflictReason::{
    Accepted, AllDay, FocusTime, HasGuests, NotAnswered, Organizer, OutOfOffice, Overlap, Tentative,
    TooClose, Travel,
};
use Severity::{High, Low, Medium};

/// An event on Monday, 3 March 2025, from 9:00 to 10:00, with `more`.
fn event(id: &str, more: Value) -> Event {
    let mut all = json!({
        "id": id, "summary": "Standup",
        "start": {"dateTime": "2025-03-03T09:00:00Z"}, "end": {"dateTime": "2025-03-03T10:00:00Z"},
    });
    all.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    serde_json::from_value(all).unwrap()
}

fn from(start: &str, end: &str) -> TimeRange {
    let at = |clock: &str| format!("2025-03-03T{clock}:00Z").parse().unwrap();
    TimeRange::new(at(start), at(end)).unwrap()
}

fn ask(events: &[Event], proposal: impl Into<Proposal>, policy: &ConflictPolicy) -> Vec<Conflict> {
    detect_conflicts(events, &proposal.into(), policy, &Zone::utc(), &UtcOnly).conflicts
}

fn guest(answer: &str) -> Value {
    json!([{"email": "ada@example.com", "self": true, "responseStatus": answer}, {"email": "grace@example.com"}])
}

fn minutes(minutes: u64) -> Duration {
    Duration::from_secs(60 * minutes)
}

#[test]
fn the_table_of_severities_holds() {
    let day = json!({"date": "2025-03-03"});
    let all_day = |more: Value| {
        let mut event = json!({"start": day, "end": {"date": "2025-03-04"}});
        event.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        event
    };
    let mine = json!({"email": "ada@example.com", "self": true});
    let table = [
        (json!({}), High, vec![Overlap, Accepted]),
        (json!({"attendees": guest("accepted")}), High, vec![Overlap, Accepted, HasGuests]),
        (json!({"attendees": guest("tentative")}), Medium, vec![Overlap, Tentative, HasGuests]),
        (json!({"attendees": guest("needsAction")}), Medium, vec![Overlap, NotAnswered, HasGuests]),
        (json!({"attendees": guest("perhaps")}), Medium, vec![Overlap, NotAnswered, HasGuests]),
        (json!({"status": "tentative"}), Medium, vec![Overlap, Tentative]),
        (
            json!({"status": "tentative", "organizer": mine, "attendees": guest("accepted")}),
            High,
            vec![Overlap, Tentative, Organizer, HasGuests],
        ),
        (
            json!({"organizer": mine, "attendees": guest("needsAction")}),
            High,
            vec![Overlap, Accepted, Organizer, HasGuests],
        ),
        (json!({"eventType": "focusTime"}), Medium, vec![Overlap, Accepted, FocusTime]),
        (json!({"eventType": "outOfOffice"}), High, vec![Overlap, Accepted, OutOfOffice]),
        (json!({"eventType": "siesta"}), High, vec![Overlap, Accepted]),
        (all_day(json!({})), Low, vec![Overlap, Accepted, AllDay]),
        (
            all_day(json!({"organizer": mine, "attendees": guest("accepted")})),
            Medium,
            vec![Overlap, Accepted, AllDay, Organizer, HasGuests],
        ),
        (all_day(json!({"eventType": "outOfOffice"})), High, vec![Overlap, Accepted, OutOfOffice, AllDay]),
    ];
    for (more, severity, reasons) in table {
        let found = ask(&[event("e", more.clone())], from("09:30", "11:00"), &ConflictPolicy::default());
        assert_eq!(found.len(), 1, "{more}");
        assert_eq!((found[0].severity, &found[0].reasons), (severity, &reasons), "{more}");
        assert_eq!(has_high_severity(&found), severity == High);
    }
}

#[test]
fn what_takes_no_time_is_never_a_conflict() {
    let cases = [
        json!({"status": "cancelled"}),
        json!({"transparency": "transparent"}),
        json!({"attendees": guest("declined")}),
        json!({"eventType": "workingLocation"}),
        json!({"eventType": "birthday"}),
        json!({"end": {"dateTime": "2025-03-03T09:00:00Z"}}),
        json!({"start": null}),
    ];
    for more in cases {
        let found = ask(&[event("e", more.clone())], from("08:00", "11:00"), &ConflictPolicy::default());
        assert_eq!(found, [], "{more}");
    }
}

#[test]
fn events_that_only_touch_are_no_conflict_and_too_close_with_a_buffer() {
    let events = [event("e", json!({}))];
    assert_eq!(ask(&events, from("10:00", "11:00"), &ConflictPolicy::default()), []);

    let policy = ConflictPolicy { buffer_before: minutes(15), ..ConflictPolicy::default() };
    let found = ask(&events, from("10:14", "11:00"), &policy);
    assert_eq!((found[0].severity, found[0].overlap, found[0].reasons[0]), (Low, None, TooClose));
    assert_eq!(ask(&events, from("10:15", "11:00"), &policy), []);
    assert_eq!(ask(&events, from("08:00", "09:00"), &policy), [], "the buffer is before, not after");
}

#[test]
fn a_meeting_elsewhere_needs_time_to_travel_unless_it_is_a_web_address() {
    let policy = ConflictPolicy { travel_time: minutes(30), ..ConflictPolicy::default() };
    let draft = |place: &str| -> Proposal {
        let draft: EventDraft = serde_json::from_value(json!({
            "start": {"dateTime": "2025-03-03T10:15:00Z"}, "end": {"dateTime": "2025-03-03T11:00:00Z"},
            "location": place,
        }))
        .unwrap();
        Proposal::of_draft(&draft, &Zone::utc(), &UtcOnly).unwrap()
    };
    let events = [event("e", json!({"location": "Main Street 1"}))];

    let found = ask(&events, draft("Harbour"), &policy);
    assert_eq!((found[0].severity, found[0].reasons[0]), (Medium, Travel));
    for place in ["main street 1 ", "", "https://meet.example.com/x"] {
        assert_eq!(ask(&events, draft(place), &policy), [], "{place}");
    }
}

#[test]
fn the_policy_says_what_counts() {
    let events = [
        event("day", json!({"start": {"date": "2025-03-03"}, "end": {"date": "2025-03-04"}})),
        event("maybe", json!({"attendees": guest("tentative")})),
        event("new", json!({"attendees": guest("needsAction")})),
    ];
    let policy = ConflictPolicy {
        count_all_day: false,
        count_tentative: false,
        count_unanswered: false,
        ..ConflictPolicy::default()
    };
    assert_eq!(ask(&events, from("09:00", "10:00"), &policy), []);
    assert_eq!(ask(&events, from("09:00", "10:00"), &ConflictPolicy::default()).len(), 3);
}

#[test]
fn the_event_being_edited_its_instances_and_its_copies_are_not_in_its_way() {
    let events = [
        event("series", json!({"iCalUID": "a"})),
        event("series_20250303T090000Z", json!({"recurringEventId": "series"})),
        event("copy", json!({"iCalUID": "a"})),
        event("other", json!({"iCalUID": "b"})),
    ];
    let proposal = Proposal::of_event(&events[0], &Zone::utc(), &UtcOnly).unwrap();
    let ids =
        |found: &[Conflict]| found.iter().map(|conflict| conflict.event_id.to_string()).collect::<Vec<_>>();

    assert_eq!(ids(&ask(&events, proposal, &ConflictPolicy::default())), ["other"]);
    let excluding = ConflictPolicy::excluding("series");
    assert_eq!(ids(&ask(&events, from("09:00", "10:00"), &excluding)), ["copy", "other"]);
}

#[test]
fn a_meeting_seen_through_two_accounts_is_reported_once_at_its_worst() {
    let mut index = ConflictIndex::new();
    for (account, answer) in [("a@example.com", "tentative"), ("b@example.com", "accepted")] {
        let event = event("e", json!({"iCalUID": "same", "attendees": guest(answer)}));
        let calendar = AccountKey::new("ada", account).calendar(account);
        index.insert(&calendar, Arc::new(event), &Zone::utc(), &UtcOnly);
    }
    let found = index.detect(&from("09:30", "10:00").into(), &ConflictPolicy::default()).conflicts;
    assert_eq!(found.len(), 1);
    assert_eq!(
        (found[0].severity, found[0].account_id.as_ref().map(|id| id.as_str())),
        (High, Some("b@example.com"))
    );
    assert_eq!(found[0].overlap, Some(from("09:30", "10:00")));
}

#[test]
fn an_event_that_became_free_leaves_the_index() {
    let calendar = AccountKey::new("ada", "ada@example.com").calendar("work@example.com");
    let mut index = ConflictIndex::new();
    index.insert(&calendar, Arc::new(event("e", json!({}))), &Zone::utc(), &UtcOnly);
    let free = event("e", json!({"transparency": "transparent"}));
    index.insert(&calendar, Arc::new(free), &Zone::utc(), &UtcOnly);
    assert!(index.is_empty());
}

#[test]
fn a_draft_that_is_free_or_covers_a_day_does_not_clash_badly() {
    let draft = |more: Value| -> Proposal {
        let mut draft = json!({"start": {"date": "2025-03-03"}, "end": {"date": "2025-03-04"}});
        draft.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let draft: EventDraft = serde_json::from_value(draft).unwrap();
        Proposal::of_draft(&draft, &Zone::utc(), &UtcOnly).unwrap()
    };
    let events = [event("e", json!({}))];
    let policy = ConflictPolicy::default();

    assert_eq!(ask(&events, draft(json!({"transparency": "transparent"})), &policy), []);
    assert_eq!(ask(&events, draft(json!({})), &policy)[0].severity, Low);
    assert_eq!(ask(&events, draft(json!({"eventType": "outOfOffice"})), &policy)[0].severity, High);
}

#[test]
fn a_draft_without_a_zone_is_refused() {
    let draft: EventDraft = serde_json::from_value(json!({
        "start": {"dateTime": "2025-03-03T09:00:00"}, "end": {"dateTime": "2025-03-03T10:00:00"},
    }))
    .unwrap();
    let error = Proposal::of_draft(&draft, &Zone::utc(), &UtcOnly).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
}

#[test]
fn endless_buffers_reach_to_the_ends_of_time() {
    let policy =
        ConflictPolicy { buffer_before: Duration::MAX, buffer_after: Duration::MAX, ..Default::default() };
    let calendar = AccountKey::new("ada", "ada@example.com").calendar("work@example.com");
    let mut index = ConflictIndex::new();
    index.insert(&calendar, Arc::new(event("e", json!({}))), &Zone::utc(), &UtcOnly);
    let far = "2525-01-01T00:00:00Z".parse().unwrap();
    let range = TimeRange::new(far, far + chrono::TimeDelta::hours(1)).unwrap();
    assert_eq!(index.detect(&range.into(), &policy).conflicts[0].severity, Low);
}

#[test]
fn a_conflict_reads_in_one_line_of_local_time() {
    let berlin = Zone::new("Europe/Berlin", 3600, []).unwrap();
    let read = |more: Value, policy: &ConflictPolicy, start: &str, end: &str| -> String {
        format_conflict(&ask(&[event("e", more)], from(start, end), policy)[0], &berlin)
    };
    let policy = ConflictPolicy { buffer_before: minutes(15), ..ConflictPolicy::default() };

    assert_eq!(
        read(json!({"attendees": guest("accepted")}), &policy, "09:30", "11:00"),
        "High: overlaps “Standup” Mon 2025-03-03 10:00–11:00 (Europe/Berlin): you accepted, 1 guest"
    );
    assert_eq!(
        read(json!({"summary": null}), &policy, "10:05", "11:00"),
        "Low: too close to (no title) Mon 2025-03-03 10:00–11:00 (Europe/Berlin): on your calendar"
    );
    let organized = json!({
        "organizer": {"self": true}, "attendeesOmitted": true, "eventType": "focusTime", "status": "tentative",
    });
    assert_eq!(
        read(organized, &policy, "09:30", "11:00"),
        "High: overlaps “Standup” Mon 2025-03-03 10:00–11:00 (Europe/Berlin): tentative, focus time, you organize it, guests"
    );
}

#[test]
fn a_hostile_title_can_neither_break_the_line_nor_end_its_quotes() {
    let title = format!("x” Mon\n\u{1b}[2J\u{202e}: you declined{}", "!".repeat(500));
    let found =
        ask(&[event("e", json!({"summary": title}))], from("09:00", "10:00"), &ConflictPolicy::default());
    let line = format_conflict(&found[0], &Zone::utc());
    assert!(line.starts_with("High: overlaps “x\" Mon [2J : you declined!!!"), "{line}");
    assert!(line.ends_with("!…” Mon 2025-03-03 09:00–10:00 (UTC): on your calendar"), "{line}");
    assert!(!line.chars().any(char::is_control) && line.chars().count() < 160);
}

#[test]
fn a_conflict_survives_a_trip_through_json() {
    let found = ask(
        &[event("e", json!({"attendees": guest("accepted")}))],
        from("09:30", "11:00"),
        &ConflictPolicy::default(),
    );
    let text = serde_json::to_string(&found).unwrap();
    assert_eq!(serde_json::from_str::<Vec<Conflict>>(&text).unwrap(), found);
}

#[test]
fn what_an_index_finds_lies_where_it_was_put() {
    let (calendar, team) =
        (AccountKey::new("u", "a").calendar("work"), AccountKey::new("u", "a").calendar("team"));
    let same = || Arc::new(event("x", json!({"iCalUID": "same"})));
    let (mine, theirs) = (same(), same());
    let mut index = ConflictIndex::new();
    index.insert(&calendar, mine.clone(), &Zone::utc(), &UtcOnly);
    index.insert(&team, theirs.clone(), &Zone::utc(), &UtcOnly);

    let (asked, policy) = (from("09:30", "10:30").into(), ConflictPolicy::default());
    let found = index.find(&asked, &policy);
    let [conflict] = &found.conflicts[..] else { panic!("one meeting, {found:?}") };
    let (duplicate, ..) = conflict.duplicates().next().unwrap();
    assert!(std::ptr::eq(conflict.event(), &*theirs) && std::ptr::eq(duplicate, &*mine));
    assert_eq!(conflict.calendar(), Some(&team));
    assert_eq!((conflict.severity(), conflict.guests(), conflict.original_start()), (High, 0, None));
    assert_eq!(conflict.reasons().collect::<Vec<_>>(), [Overlap, Accepted]);
    assert_eq!(index.detect(&asked, &policy), found.into());
}

#[test]
fn each_word_that_programs_see_is_the_one_in_the_json() {
    fn words<T: Copy + serde::Serialize>(all: &[T], code: impl Fn(T) -> &'static str) {
        for one in all {
            assert_eq!(serde_json::to_value(one).unwrap(), code(*one));
        }
    }
    words(Severity::ALL, Severity::code);
    words(ConflictReason::ALL, ConflictReason::code);
    words(DuplicateReason::ALL, DuplicateReason::code);
}
