//! Recurring events in the way: the index, which seeks rules and keeps what it found, answers what a look at every
//! expanded occurrence answers, whatever was added, replaced and removed.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use chrono::{DateTime, TimeDelta, Utc};
use proptest::{prelude::*, sample::select};
use serde_json::{Value, json};
use theo_calendar::{
    conflict::{
        Conflict, ConflictIndex, ConflictPolicy, Conflicts, Proposal, detect_conflicts, format_conflict,
    },
    id::{AccountKey, CalendarKey, EventId},
    model::Event,
    recurrence::{Zone, ZoneTable, expand},
    time::TimeRange,
};

fn berlin() -> Zone {
    Zone::new("Europe/Berlin", 3600, [(1_743_296_400, 7200), (1_761_440_400, 3600), (1_774_746_000, 7200)])
        .unwrap()
}

fn zones() -> ZoneTable {
    [berlin()].into_iter().collect()
}

fn calendar() -> CalendarKey {
    AccountKey::new("ada", "ada@example.com").calendar("work@example.com")
}

fn event(value: Value) -> Event {
    serde_json::from_value(value).unwrap()
}

fn range(start: &str, end: &str) -> TimeRange {
    TimeRange::new(start.parse().unwrap(), end.parse().unwrap()).unwrap()
}

fn indexed(events: &[Event]) -> ConflictIndex {
    let mut index = ConflictIndex::new();
    index.extend(&calendar(), events.iter().cloned().map(Arc::new), &berlin(), &zones());
    index
}

/// What index and plain function say alike, without what only the index knows.
fn ask(events: &[Event], proposal: impl Into<Proposal>, policy: &ConflictPolicy) -> Conflicts {
    let proposal = proposal.into();
    let plain = detect_conflicts(events, &proposal, policy, &berlin(), &zones());
    assert_eq!(without_calendar(indexed(events).detect(&proposal, policy)), plain);
    plain
}

fn without_calendar(mut found: Conflicts) -> Conflicts {
    for conflict in &mut found.conflicts {
        (conflict.account_id, conflict.calendar_id) = (None, None);
        for one in &mut conflict.duplicates {
            (one.account_id, one.calendar_id) = (None, None);
        }
    }
    found
}

fn standup() -> Event {
    event(json!({
        "id": "standup", "summary": "Standup", "iCalUID": "standup@example.com",
        "recurrence": ["RRULE:FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"],
        "start": {"dateTime": "2015-03-02T09:00:00+01:00", "timeZone": "Europe/Berlin"},
        "end": {"dateTime": "2015-03-02T09:30:00+01:00", "timeZone": "Europe/Berlin"},
    }))
}

fn exception(id: &str, original: &str, more: Value) -> Event {
    let mut all = json!({
        "id": id, "recurringEventId": "standup", "iCalUID": "standup@example.com",
        "originalStartTime": {"dateTime": original, "timeZone": "Europe/Berlin"},
    });
    all.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    event(all)
}

#[test]
fn an_occurrence_in_the_way_is_named_with_its_own_times() {
    let found =
        ask(&[standup()], range("2025-06-02T07:15:00Z", "2025-06-02T08:00:00Z"), &ConflictPolicy::default());
    let conflict = &found.conflicts[0];

    assert_eq!(conflict.event_id.as_str(), "standup");
    assert_eq!(conflict.instance_id.as_ref().unwrap().as_str(), "standup_20250602T070000Z");
    assert_eq!(conflict.span, range("2025-06-02T07:00:00Z", "2025-06-02T07:30:00Z"));
    assert_eq!(conflict.overlap, Some(range("2025-06-02T07:15:00Z", "2025-06-02T07:30:00Z")));
    assert_eq!(
        format_conflict(conflict, &berlin()),
        "High: overlaps “Standup” Mon 2025-06-02 09:00–09:30 (Europe/Berlin): on your calendar"
    );
    assert_eq!(
        serde_json::to_value(conflict).unwrap()["original_start"],
        json!({"dateTime": "2025-06-02T07:00:00Z", "timeZone": "Europe/Berlin"})
    );
    assert!(found.is_complete() && !found.is_free());
}

#[test]
fn whole_days_of_a_series_are_days_of_its_calendar() {
    let leave = event(json!({
        "id": "leave", "recurrence": ["RRULE:FREQ=YEARLY"], "eventType": "outOfOffice",
        "start": {"date": "2015-06-01"}, "end": {"date": "2015-06-03"},
    }));
    let found =
        ask(&[leave], range("2025-06-02T21:00:00Z", "2025-06-02T21:30:00Z"), &ConflictPolicy::default());
    let told = serde_json::to_value(&found.conflicts[0]).unwrap();

    assert_eq!(told["instance_id"], "leave_20250601");
    assert_eq!(
        (&told["start"], &told["end"]),
        (&json!({"date": "2025-06-01"}), &json!({"date": "2025-06-03"}))
    );
    assert_eq!(told["severity"], "high");
}

#[test]
fn exceptions_take_the_place_of_their_occurrence_whatever_comes_first() {
    let nine = range("2025-06-02T07:00:00Z", "2025-06-02T07:30:00Z");
    let ten = range("2025-06-02T08:00:00Z", "2025-06-02T08:30:00Z");
    let policy = ConflictPolicy::default();
    let moved = exception(
        "standup_20250602T070000Z",
        "2025-06-02T09:00:00+02:00",
        json!({"start": {"dateTime": "2025-06-02T08:00:00Z"}, "end": {"dateTime": "2025-06-02T08:30:00Z"}}),
    );
    let bare = event(json!({"id": "standup_20250602T070000Z", "status": "cancelled"}));
    let free = exception(
        "standup_20250602T070000Z",
        "2025-06-02T09:00:00+02:00",
        json!({"transparency": "transparent", "start": {"dateTime": "2025-06-02T07:00:00Z"},
            "end": {"dateTime": "2025-06-02T07:30:00Z"}}),
    );
    for (exception, at_nine, at_ten) in [(moved, 0, 1), (bare, 0, 0), (free, 0, 0)] {
        for events in [[standup(), exception.clone()], [exception.clone(), standup()]] {
            assert_eq!(ask(&events, nine, &policy).conflicts.len(), at_nine, "{exception:?}");
            assert_eq!(ask(&events, ten, &policy).conflicts.len(), at_ten, "{exception:?}");

            let mut index = indexed(&events);
            assert_eq!(index.detect(&nine.into(), &policy).conflicts.len(), at_nine);
            assert!(index.remove(&calendar().event(exception.id.clone())));
            assert_eq!(index.detect(&nine.into(), &policy).conflicts.len(), 1, "it takes place again");
            assert!(index.remove(&calendar().event("standup")));
            assert!(index.detect(&nine.into(), &policy).is_free());
        }
    }
}

#[test]
fn nothing_of_a_series_is_in_the_way_of_an_edit_of_one_of_its_occurrences() {
    let moved = exception(
        "standup_20250602T070000Z",
        "2025-06-02T09:00:00+02:00",
        json!({"start": {"dateTime": "2025-06-03T07:00:00Z"}, "end": {"dateTime": "2025-06-03T07:30:00Z"}}),
    );
    let events = [standup(), moved.clone()];
    for edited in [moved.clone(), Event { ical_uid: None, ..moved }, standup()] {
        let proposal = Proposal::of_event(&edited, &berlin(), &zones()).unwrap();
        let others = events.iter().map(|event| Event { ical_uid: None, ..event.clone() }).collect::<Vec<_>>();
        assert_eq!(ask(&others, proposal.clone(), &ConflictPolicy::default()).conflicts, []);
        assert_eq!(ask(&events, proposal, &ConflictPolicy::default()).conflicts, []);
    }
}

#[test]
fn a_policy_leaves_out_a_whole_series_or_one_occurrence_of_it() {
    let week = range("2025-06-02T00:00:00Z", "2025-06-09T00:00:00Z");
    let left = |id: &str| ask(&[standup()], week, &ConflictPolicy::excluding(id)).conflicts.len();
    assert_eq!(left("other"), 5);
    assert_eq!(left("standup"), 0);
    assert_eq!(left("standup_20250603T070000Z"), 4);
    assert_eq!(left("standup_20250603T080000Z"), 5);
}

#[test]
fn what_is_not_followed_to_its_end_is_told() {
    let every_second = event(json!({
        "id": "bomb", "recurrence": ["RRULE:FREQ=SECONDLY"],
        "start": {"dateTime": "2015-01-01T00:00:00Z", "timeZone": "UTC"},
        "end": {"dateTime": "2015-01-01T00:00:01Z", "timeZone": "UTC"},
    }));
    let policy = ConflictPolicy::default();
    let hour = ask(
        std::slice::from_ref(&every_second),
        range("2025-06-02T07:00:00Z", "2025-06-02T08:00:00Z"),
        &policy,
    );
    assert_eq!((hour.conflicts.len(), hour.truncated), (3600, false));
    let month = ask(&[every_second], range("2025-06-02T00:00:00Z", "2025-07-02T00:00:00Z"), &policy);
    assert!(month.truncated && !month.is_complete());
}

#[test]
fn a_series_that_cannot_be_read_counts_once_and_is_told() {
    let unreadable = Event { recurrence: Some(vec!["RRULE:FREQ=NEVER".to_owned()]), ..standup() };
    let policy = ConflictPolicy::default();
    let first = ask(
        std::slice::from_ref(&unreadable),
        range("2015-03-02T08:00:00Z", "2015-03-02T09:00:00Z"),
        &policy,
    );
    assert_eq!((first.conflicts.len(), first.unreadable.as_slice()), (1, &[EventId::from("standup")][..]));

    let later = ask(
        std::slice::from_ref(&unreadable),
        range("2025-06-02T07:00:00Z", "2025-06-02T08:00:00Z"),
        &policy,
    );
    assert!(later.conflicts.is_empty() && !later.is_free(), "unknown is not free");
    let before = ask(&[unreadable], range("2005-06-02T07:00:00Z", "2005-06-02T08:00:00Z"), &policy);
    assert!(before.is_free());
}

const LINES: [&str; 12] = [
    "RRULE:FREQ=DAILY",
    "RRULE:FREQ=DAILY;COUNT=9",
    "RRULE:FREQ=DAILY;INTERVAL=3;UNTIL=20250610T000000Z",
    "RRULE:FREQ=WEEKLY;BYDAY=MO,WE,FR",
    "RRULE:FREQ=WEEKLY;INTERVAL=2",
    "RRULE:FREQ=MONTHLY;BYDAY=-1FR",
    "RRULE:FREQ=MONTHLY;BYMONTHDAY=31",
    "RRULE:FREQ=YEARLY;BYMONTH=3,6;BYDAY=1MO",
    "RRULE:FREQ=DAILY;BYHOUR=7,9,11;BYMINUTE=0,30",
    "RRULE:FREQ=HOURLY;INTERVAL=5",
    "RRULE:FREQ=MINUTELY;INTERVAL=7;BYHOUR=9",
    "RRULE:FREQ=SOMETIMES",
];

/// Minutes from 1 May 2025.
fn at(minute: i64) -> DateTime<Utc> {
    "2025-05-01T00:00:00Z".parse::<DateTime<Utc>>().unwrap() + TimeDelta::minutes(minute)
}

fn time(minute: i64, all_day: bool) -> Value {
    match all_day {
        true => json!({ "date": at(minute).date_naive() }),
        false => json!({ "dateTime": at(minute).to_rfc3339(), "timeZone": "Europe/Berlin" }),
    }
}

prop_compose! {
    /// A master, an exception of one of few, a bare cancelled id, or a one-off.
    fn any_event()(
        id in 0..6_u8,
        kind in 0..10_u8,
        line in select(LINES.to_vec()),
        all_day in prop::bool::weighted(0.25),
        (day, quarter, length) in (0..50_i64, 0..96_i64, select(vec![0, 15, 60, 1_500, 20_000])),
        (moved, original) in (-2_000..2_000_i64, 0..60_i64),
        status in select(vec!["confirmed", "confirmed", "confirmed", "tentative", "cancelled"]),
        transparency in select(vec!["opaque", "opaque", "opaque", "transparent"]),
        uid in prop::option::weighted(0.3, 0..3_u8),
    ) -> Event {
        let start = if all_day { day * 1440 } else { day * 1440 + quarter * 15 };
        let length = if all_day { (length / 1440 + 1) * 1440 } else { length };
        let mut value = json!({
            "id": format!("event{id}"), "status": status, "transparency": transparency,
            "iCalUID": uid.map(|uid| format!("uid{uid}")),
            "start": time(start, all_day), "end": time(start + length, all_day),
        });
        // Masters start on one of few days at seven, so that exceptions hit them.
        let master = json!({"start": time(id as i64 * 1440 + 300, all_day), "recurrence": [line],
            "end": time(id as i64 * 1440 + 300 + length.max(15), all_day)});
        let occurrence = at(original * 1440 + 300);
        let stamp = if all_day { occurrence.format("%Y%m%d") } else { occurrence.format("%Y%m%dT%H%M%SZ") };
        let exception = json!({"id": format!("event{id}_{stamp}"), "recurringEventId": format!("event{id}"),
            "start": time(original * 1440 + 300 + moved, all_day),
            "end": time(original * 1440 + 300 + moved + length, all_day),
            "originalStartTime": time(original * 1440 + 300, all_day)});
        let bare = json!({"id": format!("event{id}_{stamp}"), "status": "cancelled"});
        let more = match kind {
            0..4 => master,
            4..8 => exception,
            8 => return event(bare),
            _ => json!({"id": format!("once{id}")}),
        };
        value.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        event(value)
    }
}

prop_compose! {
    fn any_ask()(
        start in -3 * 1440..120 * 1440_i64,
        length in select(vec![15, 60, 1_440, 10_080, 100_000, 900_000]),
        buffer in select(vec![0, 0, 30]),
        exclude in prop::option::weighted(0.2, select(vec!["event0", "event1_20250505T050000Z"])),
    ) -> (TimeRange, ConflictPolicy) {
        let buffer = Duration::from_secs(buffer * 60);
        let policy = ConflictPolicy { buffer_before: buffer, buffer_after: buffer,
            exclude: exclude.map(EventId::from).into_iter().collect(), ..ConflictPolicy::default() };
        (TimeRange::new(at(start), at(start + length)).unwrap(), policy)
    }
}

/// `event` at one of its occurrences, as an event of its own.
fn alone(event: &Event, span: &TimeRange) -> Event {
    let time = |at: DateTime<Utc>| match event.start.as_ref().unwrap().is_all_day() {
        true => json!({ "date": berlin().to_local(at).date() }),
        false => json!({ "dateTime": at.to_rfc3339() }),
    };
    let (start, end) = (time(span.start()), time(span.end()));
    Event {
        recurrence: None,
        start: serde_json::from_value(start).unwrap(),
        end: serde_json::from_value(end).unwrap(),
        ..event.clone()
    }
}

/// Every occurrence as an event of its own, each looked at by itself.
fn by_expansion(
    events: &[Event],
    proposal: &Proposal,
    policy: &ConflictPolicy,
) -> Vec<(TimeRange, EventId, TimeRange)> {
    let expanded = expand(events, &policy.window(proposal.range()), &berlin(), &zones());
    let mut found = Vec::new();
    for one in expanded.occurrences.iter().filter(|one| !one.event.takes_no_time()) {
        if policy.exclude.contains(&one.id()) {
            continue;
        }
        let is_one_of_many = one.event.is_master() && one.original_start.is_some();
        let alone = if is_one_of_many { alone(one.event, &one.span) } else { one.event.clone() };
        let alone = Event { recurrence: None, ..alone };
        let alone = detect_conflicts(&[alone], proposal, policy, &berlin(), &zones());
        found.extend(alone.conflicts.iter().map(|conflict| (*proposal.range(), one.id(), conflict.span)));
    }
    found.sort();
    found
}

fn named(conflicts: &[Conflict]) -> Vec<(TimeRange, EventId, TimeRange)> {
    let id = |one: &Conflict| one.instance_id.clone().unwrap_or_else(|| one.event_id.clone());
    let name = |one: &Conflict| (one.proposed, id(one), one.span);
    let mut named: Vec<_> = conflicts.iter().map(name).collect();
    named.sort();
    named
}

/// As a calendar would have them: one an id, the last to come.
fn distinct(events: &[Event]) -> BTreeMap<EventId, Event> {
    events.iter().map(|event| (event.id.clone(), event.clone())).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn the_index_answers_what_the_plain_function_answers_whatever_was_added_and_removed(
        old in prop::collection::vec(any_event(), 0..14),
        new in prop::collection::vec(any_event(), 0..14),
        late in prop::collection::vec(any_event(), 0..8),
        dropped in prop::collection::vec(any::<prop::sample::Index>(), 0..8),
        asks in prop::collection::vec(any_ask(), 1..6),
    ) {
        let mut index = indexed(&old);
        let mut all = distinct(&old);
        for event in new {
            index.insert(&calendar(), Arc::new(event.clone()), &berlin(), &zones());
            all.insert(event.id.clone(), event);
            // Asked in between, so that what was sought before is there.
            let (range, policy) = &asks[0];
            index.detect(&(*range).into(), policy);
        }
        for which in dropped {
            if let Some(id) = all.keys().nth(which.index(all.len().max(1))).cloned() {
                all.remove(&id);
                index.remove(&calendar().event(id));
            }
        }
        index.extend(&calendar(), late.iter().cloned().map(Arc::new), &berlin(), &zones());
        all.extend(distinct(&late));
        let events: Vec<Event> = all.into_values().collect();

        for (range, policy) in asks {
            let found = without_calendar(index.detect(&range.into(), &policy));
            prop_assert_eq!(found, detect_conflicts(&events, &range.into(), &policy, &berlin(), &zones()));
        }
    }

    #[test]
    fn every_occurrence_counts_as_an_event_of_its_own_would(
        events in prop::collection::vec(any_event(), 0..10),
        (range, policy) in any_ask(),
    ) {
        // Without UIDs nothing is reported once for several.
        let events = distinct(&events).into_values().map(|event| Event { ical_uid: None, ..event });
        let events: Vec<Event> = events.collect();
        let found = detect_conflicts(&events, &range.into(), &policy, &berlin(), &zones());
        prop_assert_eq!(named(&found.conflicts), by_expansion(&events, &range.into(), &policy));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn a_series_that_is_proposed_is_in_the_way_at_each_of_its_occurrences(
        events in prop::collection::vec(any_event(), 0..10),
        (draft, from, days) in (any_event(), -10..60_i64, 1..40_i64),
        (_, policy) in any_ask(),
    ) {
        let events = distinct(&events).into_values().map(|event| Event { ical_uid: None, ..event });
        let events: Vec<Event> = events.collect();
        let horizon = TimeRange::new(at(from * 1440), at((from + days) * 1440)).unwrap();
        let Some(proposal) = Proposal::of_event(&draft, &berlin(), &zones()) else { return Ok(()) };
        let proposal = proposal.within(horizon);
        let found = ask(&events, proposal.clone(), &policy);

        // The draft beside the exceptions to it, as the calendar would have it.
        let others = events.iter().filter(|event| event.id != draft.id);
        let with_draft: Vec<Event> = others.cloned().chain([Event { status: None, ..draft.clone() }]).collect();
        let is_series = draft.is_master() && !found.unreadable.contains(&draft.id);
        let times: Vec<TimeRange> = match is_series {
            true => {
                let expanded = expand(&with_draft, &horizon, &berlin(), &zones());
                expanded.occurrences.iter().filter(|one| one.event.id == draft.id).map(|one| one.span).collect()
            }
            false => vec![*proposal.range()],
        };
        let mut expected = Vec::new();
        for span in times.iter().take(500) {
            let once = if is_series { alone(&draft, span) } else { Event { recurrence: None, ..draft.clone() } };
            let once = Proposal::of_event(&once, &berlin(), &zones()).unwrap();
            expected.extend(by_expansion(&events, &once, &policy));
        }
        expected.sort();
        prop_assert_eq!(named(&found.conflicts), expected);
        prop_assert!(found.truncated || times.len() <= 500);
    }
}
