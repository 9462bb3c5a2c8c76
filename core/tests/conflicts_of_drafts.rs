//! What is proposed: series at each of their occurrences, what looks the same, and hours outside of work.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::Arc;

use serde_json::{Value, json};
use theo_calendar::{
    conflict::{
        ConflictIndex, ConflictPolicy, ConflictReason, Conflicts, DuplicateReason, Proposal, Severity,
        WorkingHours, detect_conflicts, format_conflict,
    },
    id::AccountKey,
    model::{Event, EventDraft},
    recurrence::{UtcOnly, Zone},
    time::TimeRange,
};

fn event(id: &str, more: Value) -> Event {
    let mut all = json!({
        "id": id, "start": {"dateTime": "2025-03-03T09:00:00Z"}, "end": {"dateTime": "2025-03-03T10:00:00Z"},
    });
    all.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    serde_json::from_value(all).unwrap()
}

fn draft(rule: &str) -> Proposal {
    let draft: EventDraft = serde_json::from_value(json!({
        "start": {"dateTime": "2025-03-03T09:30:00", "timeZone": "UTC"},
        "end": {"dateTime": "2025-03-03T10:30:00", "timeZone": "UTC"}, "recurrence": [rule],
    }))
    .unwrap();
    Proposal::of_draft(&draft, &Zone::utc(), &UtcOnly).unwrap()
}

fn ask(events: &[Event], proposal: &Proposal, policy: &ConflictPolicy) -> Conflicts {
    detect_conflicts(events, proposal, policy, &Zone::utc(), &UtcOnly)
}

fn range(start: &str, end: &str) -> TimeRange {
    TimeRange::new(start.parse().unwrap(), end.parse().unwrap()).unwrap()
}

fn days(found: &Conflicts) -> Vec<String> {
    found.conflicts.iter().map(|one| one.proposed.start().date_naive().to_string()).collect()
}

#[test]
fn a_recurring_draft_clashes_with_one_off_and_recurring_events_at_the_occurrences_told() {
    let events = [
        event(
            "once",
            json!({"start": {"dateTime": "2025-03-17T10:00:00Z"}, "end": {"dateTime": "2025-03-17T11:00:00Z"}}),
        ),
        event("monthly", json!({"recurrence": ["RRULE:FREQ=MONTHLY;BYDAY=1MO"]})),
    ];
    let found = ask(&events, &draft("RRULE:FREQ=WEEKLY;COUNT=8"), &ConflictPolicy::default());
    assert_eq!(days(&found), ["2025-03-03", "2025-03-17", "2025-04-07"]);
    assert!(found.is_complete());
    assert_eq!(found.looked_at, range("2025-03-03T09:30:00Z", "2025-04-21T10:30:00Z"));
}

#[test]
fn a_draft_that_goes_on_is_followed_for_ninety_days_or_as_far_as_is_asked() {
    let events = [event("daily", json!({"recurrence": ["RRULE:FREQ=DAILY"]}))];
    let policy = ConflictPolicy::default();
    let weekly = || draft("RRULE:FREQ=WEEKLY");
    let found = ask(&events, &weekly(), &policy);
    assert_eq!((found.conflicts.len(), found.truncated), (13, true));

    let april = weekly().within(range("2025-04-01T00:00:00Z", "2025-05-01T00:00:00Z"));
    assert_eq!(
        days(&ask(&events, &april, &policy)),
        ["2025-04-07", "2025-04-14", "2025-04-21", "2025-04-28"]
    );
    let found = ask(&events, &weekly().not_before("2030-01-01T00:00:00Z".parse().unwrap()), &policy);
    assert_eq!((found.conflicts.len(), days(&found)[0].as_str()), (12, "2030-01-07"));

    let found = ask(&[], &draft("RRULE:FREQ=SECONDLY"), &policy);
    assert!(found.truncated && found.looked_at.duration().num_hours() < 2, "500 of them at most");
    let found = ask(&events, &draft("RRULE:FREQ=WEEKLY;UNTIL=20250312T000000Z"), &policy);
    assert_eq!((found.conflicts.len(), found.truncated), (2, false));
}

#[test]
fn a_draft_whose_rule_cannot_be_read_is_refused_with_its_text() {
    let draft: EventDraft = serde_json::from_value(json!({
        "start": {"date": "2025-03-03"}, "end": {"date": "2025-03-04"}, "recurrence": ["RRULE:FREQ=SOMETIMES"],
    }))
    .unwrap();
    let error = Proposal::of_draft(&draft, &Zone::utc(), &UtcOnly).unwrap_err();
    assert!(error.to_string().contains("SOMETIMES"), "{error}");
}

#[test]
fn the_instances_of_a_series_that_is_edited_are_not_in_its_way_and_its_exceptions_stand_in() {
    let weekly = event("weekly", json!({"recurrence": ["RRULE:FREQ=WEEKLY;COUNT=3"]}));
    let gone = event(
        "weekly_20250310T090000Z",
        json!({"status": "cancelled", "recurringEventId": "weekly",
        "originalStartTime": {"dateTime": "2025-03-10T09:00:00Z"}}),
    );
    let other = event("other", json!({"recurrence": ["RRULE:FREQ=DAILY"]}));
    let proposal = Proposal::of_event(&weekly, &Zone::utc(), &UtcOnly).unwrap();
    let found = ask(&[weekly, gone, other], &proposal, &ConflictPolicy::default());
    assert_eq!(days(&found), ["2025-03-03", "2025-03-17"]);
    assert!(found.conflicts.iter().all(|one| one.event_id.as_str() == "other"));
}

#[test]
fn an_edited_event_is_held_to_what_google_asks_of_a_new_one_and_is_not_in_its_own_way() {
    let shown = event("weekly", json!({"recurrence": ["RRULE:FREQ=WEEKLY;COUNT=3"]}));
    let edited = |fields: Value, there: bool| {
        let draft: EventDraft = serde_json::from_value(fields.clone()).unwrap();
        let there = there.then(|| event("weekly", fields));
        Proposal::of_edited(&draft, there.as_ref(), &Zone::utc(), &UtcOnly)
    };
    let time = |clock: &str| json!({"dateTime": format!("2025-03-03T{clock}:00Z"), "timeZone": "UTC"});
    let moved = json!({"start": time("09:15"), "end": time("10:00")});

    let found = |there| {
        ask(std::slice::from_ref(&shown), &edited(moved.clone(), there).unwrap(), &ConflictPolicy::default())
    };
    assert_eq!((found(false).conflicts.len(), found(true).conflicts.len()), (1, 0));
    let backwards = json!({"start": time("10:00"), "end": time("09:15")});
    for there in [false, true] {
        let error = edited(backwards.clone(), there).unwrap_err();
        assert_eq!(error.kind(), theo_calendar::ErrorKind::InvalidInput, "{error}");
    }
}

/// One event in each of so many calendars.
fn seen(events: &[Value]) -> Conflicts {
    let mut index = ConflictIndex::new();
    for (number, more) in events.iter().enumerate() {
        let calendar =
            AccountKey::new("ada", "ada@example.com").calendar(format!("calendar{number}@example.com"));
        index.insert(&calendar, Arc::new(event("e", more.clone())), &Zone::utc(), &UtcOnly);
    }
    index.detect(&range("2025-03-03T09:00:00Z", "2025-03-03T10:00:00Z").into(), &ConflictPolicy::default())
}

#[test]
fn the_same_meeting_in_two_calendars_is_one_conflict_that_names_the_other() {
    let tentative = |uid: &str| json!({"iCalUID": uid, "status": "tentative"});
    let found = seen(&[tentative("a"), json!({"iCalUID": "a"}), tentative("b")]);
    assert_eq!(found.conflicts.len(), 2);
    let worst = &found.conflicts[0];
    assert_eq!(
        (worst.severity, worst.calendar_id.as_ref().unwrap().as_str()),
        (Severity::High, "calendar1@example.com")
    );
    assert_eq!(worst.duplicates.len(), 1);
    assert_eq!(worst.duplicates[0].calendar_id.as_ref().unwrap().as_str(), "calendar0@example.com");
    assert_eq!(worst.duplicates[0].reason, DuplicateReason::SameEvent);
    assert!(format_conflict(worst, &Zone::utc()).ends_with(": on your calendar, seen once more"));
    assert!(found.conflicts[1].duplicates.is_empty());
}

#[test]
fn what_looks_the_same_in_another_calendar_is_one_conflict() {
    let at = |title: &str, minute: u32| json!({"summary": title, "start": {"dateTime": format!("2025-03-03T09:{minute:02}:00Z")}});
    let once = |one: Value, other: Value| seen(&[one, other]).conflicts.len() == 1;
    assert!(once(at("Stand-up: Team", 0), at("standup (TEAM)", 5)));
    assert!(!once(at("Standup", 0), at("Standup", 6)), "more than five minutes apart");
    assert!(!once(at("Standup", 0), at("Standup 2", 0)));
    assert!(!once(at("", 0), at("", 0)), "no title says nothing");
    assert!(!once(at("–", 0), at("–", 0)));
    let days =
        |date: &str| json!({"summary": "Holiday", "start": {"date": "2025-03-03"}, "end": {"date": date}});
    assert!(once(days("2025-03-04"), days("2025-03-04")));
    assert!(!once(days("2025-03-04"), days("2025-03-05")));

    let twice = [event("a", at("Interview", 0)), event("b", at("Interview", 0))];
    let hour = range("2025-03-03T09:00:00Z", "2025-03-03T10:00:00Z").into();
    assert_eq!(
        ask(&twice, &hour, &ConflictPolicy::default()).conflicts.len(),
        2,
        "in one calendar they are two"
    );
}

#[test]
fn a_draft_that_is_there_already_is_told_as_a_duplicate() {
    let draft = |title: &str| -> Proposal {
        let draft = json!({"summary": title, "start": {"dateTime": "2025-03-03T09:03:00Z"},
            "end": {"dateTime": "2025-03-03T10:00:00Z"}});
        Proposal::of_draft(&serde_json::from_value(draft).unwrap(), &Zone::utc(), &UtcOnly).unwrap()
    };
    let events = [event("e", json!({"summary": "Dentist!"}))];
    let found = ask(&events, &draft("dentist"), &ConflictPolicy::default());
    assert_eq!(found.conflicts[0].reasons.last(), Some(&ConflictReason::Duplicate));
    assert_eq!(found.conflicts[0].severity, Severity::High);
    assert!(format_conflict(&found.conflicts[0], &Zone::utc()).ends_with("looks like the same"));
    let found = ask(&events, &draft("Doctor"), &ConflictPolicy::default());
    assert!(!found.conflicts[0].reasons.contains(&ConflictReason::Duplicate));
}

#[test]
fn a_time_outside_of_the_working_hours_is_told_as_low() {
    let hours = WorkingHours::on_workdays(Zone::utc(), ["08:00-10:00".parse().unwrap()]).unwrap();
    let policy = ConflictPolicy { working_hours: Some(hours), ..ConflictPolicy::default() };
    let inside = ask(&[], &range("2025-03-03T09:00:00Z", "2025-03-03T10:00:00Z").into(), &policy);
    assert!(inside.is_free());

    let late = range("2025-03-03T09:30:00Z", "2025-03-03T10:30:00Z");
    let outside = ask(&[], &late.into(), &policy);
    assert_eq!((outside.outside_hours.as_slice(), outside.worst()), (&[late][..], Some(Severity::Low)));
    assert!(!outside.is_free());

    let of_draft = ask(&[], &draft("RRULE:FREQ=DAILY;COUNT=3"), &policy);
    assert_eq!(of_draft.outside_hours.len(), 3);
    let day: EventDraft =
        serde_json::from_value(json!({"start": {"date": "2025-03-02"}, "end": {"date": "2025-03-03"}}))
            .unwrap();
    let day = Proposal::of_draft(&day, &Zone::utc(), &UtcOnly).unwrap();
    assert!(ask(&[], &day, &policy).is_free(), "whole days are not held to hours");
}
