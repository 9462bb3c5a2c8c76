//! Free slots: what fits, in which order, what is refused, and that unknown is not free.
#![cfg(feature = "tzdb")]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{collections::BTreeMap, time::Duration};

use theo_calendar::{
    ErrorKind,
    conflict::{
        ConflictPolicy, Severity, WorkingHours, detect_conflicts,
        slots::{
            Availability, Overlook, Participant, SlotQuery, SlotReason, SlotStanding, Slots, TakenTime, Who,
            find_slots, format_slot,
        },
    },
    model::Event,
    recurrence::{TimeZones, Tzdb, Zone},
    time::TimeRange,
};

const BOB: &str = "bob@example.com";
const EVE: &str = "eve@example.org";

/// A time of Monday, 3 March 2025, in UTC; hours above 23 are of the days after.
fn range(start: &str, end: &str) -> TimeRange {
    let at = |clock: &str| {
        let (hour, minute) = clock.split_once(':').unwrap();
        let (hour, minute): (i64, i64) = (hour.parse().unwrap(), minute.parse().unwrap());
        let monday = "2025-03-03T00:00:00Z".parse::<chrono::DateTime<chrono::Utc>>().unwrap();
        monday + chrono::TimeDelta::minutes(hour * 60 + minute)
    };
    TimeRange::new(at(start), at(end)).unwrap()
}

fn minutes(minutes: u64) -> Duration {
    Duration::from_secs(minutes * 60)
}

fn asking(start: &str, end: &str, length: u64) -> SlotQuery {
    SlotQuery::new(range(start, end), minutes(length))
}

fn busy(times: &[(&str, &str)]) -> Availability {
    Availability::busy(times.iter().map(|(start, end)| range(start, end)))
}

fn with(severity: Severity, start: &str, end: &str) -> Availability {
    let taken = TakenTime { range: range(start, end), severity, is_all_day: false };
    Availability { taken: vec![taken], unknown: vec![] }
}

fn found(query: &SlotQuery, known: &[(&str, Availability)]) -> Slots {
    let known: BTreeMap<Who, Availability> =
        known.iter().map(|(who, known)| (Who::from(who), known.clone())).collect();
    find_slots(query, &known).unwrap()
}

/// The starts, as clocks in UTC.
fn starts(found: &Slots) -> Vec<String> {
    found.slots.iter().map(|slot| slot.range.start().format("%H:%M").to_string()).collect()
}

#[test]
fn a_meeting_may_touch_what_is_before_and_after_it() {
    let query = asking("09:00", "12:00", 60);
    let found = found(&query, &[("me", busy(&[("09:00", "10:00"), ("11:00", "12:00")]))]);
    assert_eq!(starts(&found), ["10:00"]);
    assert!(!found.has_more);
    assert_eq!(found.slots[0].reasons, [SlotReason::EveryoneFree, SlotReason::LeavesNoFragment]);
}

#[test]
fn buffers_keep_a_meeting_away_from_others_but_not_from_the_window() {
    let mut query = asking("09:00", "12:00", 60);
    (query.buffer_before, query.buffer_after, query.overlapping) = (minutes(15), minutes(30), true);
    let free = found(&query, &[("me", busy(&[]))]);
    assert_eq!(starts(&free).first().map(String::as_str), Some("09:00"));
    let between = found(&query, &[("me", busy(&[("08:00", "09:00"), ("11:00", "13:00")]))]);
    assert_eq!(starts(&between), ["09:15", "09:30"]);
    // What lies outside the window counts as far as the buffers reach.
    let after = found(&query, &[("me", busy(&[("08:50", "09:00"), ("12:15", "12:30")]))]);
    assert_eq!((starts(&after).first().unwrap().as_str(), after.slots.len()), ("09:15", 7));
}

#[test]
fn an_event_that_lasts_all_day_asks_for_no_buffer() {
    let mut query = asking("24:00", "26:00", 60);
    query.buffer_before = minutes(60);
    let day = TakenTime { range: range("00:00", "24:00"), severity: Severity::High, is_all_day: true };
    let known = Availability { taken: vec![day], unknown: vec![] };
    assert_eq!(starts(&found(&query, &[("me", known)])), ["00:00", "01:00"]);
}

#[test]
fn events_that_last_all_day_may_be_left_out_save_out_of_office() {
    let all_day = |severity| {
        let day = TakenTime { range: range("00:00", "24:00"), severity, is_all_day: true };
        [("me", Availability { taken: vec![day], unknown: vec![] })]
    };
    let query = SlotQuery { count_all_day: false, ..asking("09:00", "10:00", 60) };
    let free = found(&query, &all_day(Severity::Medium));
    assert_eq!(free.slots[0].reasons[0], SlotReason::EveryoneFree);
    assert!(found(&query, &all_day(Severity::High)).slots.is_empty());
    assert!(found(&asking("09:00", "10:00", 60), &all_day(Severity::Low)).slots.is_empty());
}

#[test]
fn everybody_who_must_come_is_free_and_who_may_makes_a_slot_better() {
    let mut query = asking("09:00", "12:00", 60);
    query.participants.extend([Participant::required(BOB), Participant::optional(EVE)]);
    let known = [
        ("me", busy(&[("09:00", "09:30")])),
        (BOB, busy(&[("11:30", "12:00")])),
        (EVE, busy(&[("09:30", "10:30")])),
    ];
    let found = found(&query, &known);
    assert_eq!(starts(&found), ["10:30", "09:30"]);
    assert_eq!(found.slots[0].reasons[0], SlotReason::EveryoneFree);
    assert_eq!(found.slots[1].reasons[0], SlotReason::RequiredFree);
    let note = &found.slots[1].notes[0];
    assert_eq!((&note.who, note.standing, note.is_required), (&Who::from(EVE), SlotStanding::Busy, false));
}

#[test]
fn free_is_free_unless_something_is_to_be_overlooked() {
    let maybe = with(Severity::Medium, "09:00", "10:00");
    let mut query = asking("09:00", "11:00", 60);
    assert_eq!(starts(&found(&query, &[("me", maybe.clone())])), ["10:00"]);
    query.overlook = Overlook::Low;
    assert_eq!(starts(&found(&query, &[("me", maybe.clone())])), ["10:00"]);
    query.overlook = Overlook::Medium;
    let both = found(&query, &[("me", maybe)]);
    assert_eq!(starts(&both), ["10:00", "09:00"]);
    assert_eq!(both.slots[1].reasons, [SlotReason::Overlooks, SlotReason::LeavesNoFragment]);
    assert_eq!(both.slots[1].notes[0].standing, SlotStanding::OverlookedMedium);
    assert_eq!(starts(&found(&query, &[("me", with(Severity::High, "09:00", "10:00"))])), ["10:00"]);
}

#[test]
fn what_is_not_known_is_not_free() {
    let mut query = asking("09:00", "11:00", 60);
    query.participants.push(Participant::required(BOB));
    let dark = Availability::unknown(range("09:00", "10:00"), "Google says: notFound");
    let known = [("me", busy(&[])), (BOB, dark)];
    let cautious = found(&query, &known);
    assert_eq!(starts(&cautious), ["10:00"]);
    assert_eq!(cautious.unknown.len(), 1);
    assert_eq!(cautious.unknown[0].who, Who::from(BOB));
    assert!(cautious.unknown[0].why.contains("notFound"));

    query.allow_unknown = true;
    let bold = found(&query, &known);
    assert_eq!(starts(&bold), ["10:00", "09:00"]);
    assert_eq!(bold.slots.iter().map(|slot| slot.is_known).collect::<Vec<_>>(), [true, false]);
    assert_eq!(bold.slots[1].reasons[0], SlotReason::NotKnown);
}

#[test]
fn one_of_whom_nothing_is_said_is_unknown_throughout() {
    let mut query = asking("09:00", "11:00", 60);
    query.participants.push(Participant::required(BOB));
    let without = found(&query, &[("me", busy(&[]))]);
    assert!(without.slots.is_empty());
    assert_eq!((&without.unknown[0].who, without.unknown[0].range), (&Who::from(BOB), query.reach()));
    // Of one who need not come, it only lowers the rank, and is said.
    query.participants[1] = Participant::optional(BOB);
    let optional = found(&query, &[("me", busy(&[]))]);
    assert_eq!(optional.slots[0].reasons[0], SlotReason::RequiredFree);
    assert_eq!(optional.slots[0].notes[0].standing, SlotStanding::Unknown);
    assert!(optional.slots[0].is_known);
}

#[test]
fn working_hours_of_different_zones_leave_what_they_share() {
    let hours = |zone: &str| {
        let zone = Tzdb.known(zone).unwrap().clone();
        WorkingHours::on_workdays(zone, ["09:00-17:00".parse().unwrap()]).unwrap()
    };
    let mut query = asking("00:00", "24:00", 60);
    query.participants = vec![
        Participant::me().during(hours("Europe/Berlin")),
        Participant::required(BOB).during(hours("America/New_York")),
    ];
    query.overlapping = true;
    let shared = found(&query, &[("me", busy(&[])), (BOB, busy(&[]))]);
    // 14:00 UTC is 9 in New York; 16:00 UTC is 17 in Berlin.
    assert_eq!(starts(&shared), ["14:00", "15:00", "14:15", "14:30", "14:45"]);
    assert!(shared.slots.iter().all(|slot| slot.reasons.contains(&SlotReason::InsideHours)));
    // Of one who need not come, hours only lower the rank.
    query.participants[1].attendance = theo_calendar::conflict::slots::Attendance::Optional;
    (query.overlapping, query.limit) = (false, 3);
    let optional = found(&query, &[("me", busy(&[])), (BOB, busy(&[]))]);
    assert_eq!(starts(&optional), ["14:00", "15:00", "08:00"]);
    assert_eq!(optional.slots[2].notes[0].standing, SlotStanding::OutsideHours);
    assert!(optional.has_more);
}

#[test]
fn a_day_earlier_counts_more_than_a_gap_and_a_gap_more_than_an_hour_earlier() {
    let mut query = asking("09:00", "36:00", 60);
    query.overlapping = true;
    let known = [("me", busy(&[("10:30", "11:00"), ("12:15", "24:00"), ("33:30", "36:00")]))];
    let found = found(&query, &known);
    // From 9:30 it ends as the next begins; the others of Monday leave a quarter or a half. On Tuesday all is free.
    assert_eq!(&starts(&found)[..6], ["09:30", "09:00", "09:15", "11:00", "11:15", "00:00"]);
    assert_eq!(found.slots[1].reasons[1], SlotReason::LeavesFragment);
    assert_eq!(found.slots[5].reasons[1], SlotReason::LeavesNoFragment);
}

#[test]
fn starts_are_counted_on_the_clock_of_the_zone_also_where_it_changes() {
    let kolkata = Tzdb.known("Asia/Kolkata").unwrap();
    let mut query = asking("00:00", "03:00", 60);
    (query.zone, query.step) = (kolkata.clone(), minutes(60));
    assert_eq!(starts(&found(&query, &[("me", busy(&[]))])), ["00:30", "01:30"]);

    let at = |text: &str| text.parse().unwrap();
    let night = TimeRange::new(at("2025-10-25T23:30:00Z"), at("2025-10-26T03:00:00Z")).unwrap();
    let mut query = SlotQuery::new(night, minutes(60));
    (query.zone, query.step) = (Tzdb.known("Europe/Berlin").unwrap().clone(), minutes(60));
    // 2, 2 again, and 3 in Berlin, which is 0, 1 and 2 in UTC.
    assert_eq!(starts(&found(&query, &[("me", busy(&[]))])), ["00:00", "01:00", "02:00"]);

    // Lord Howe's clock springs by half an hour, from 02:00 to 02:30, on 5 October 2025 (15:30 UTC on the 4th).
    let night = TimeRange::new(at("2025-10-04T14:00:00Z"), at("2025-10-04T18:00:00Z")).unwrap();
    let mut query = SlotQuery::new(night, minutes(30));
    (query.zone, query.step) = (Tzdb.known("Australia/Lord_Howe").unwrap().clone(), minutes(60));
    assert_eq!(starts(&found(&query, &[("me", busy(&[]))])), ["14:30", "16:00", "17:00"]);
}

#[test]
fn what_takes_time_is_what_conflicts_say() {
    let event = |id: &str, fields: &str, start: &str, end: &str| -> Event {
        let times = format!(
            r#""start": {{"dateTime": "2025-03-03T{start}:00Z"}}, "end": {{"dateTime": "2025-03-03T{end}:00Z"}}"#
        );
        serde_json::from_str(&format!(r#"{{"id": "{id}", {times} {fields}}}"#)).unwrap()
    };
    let me = |answer: &str| {
        format!(
            r#", "attendees": [{{"email": "me@example.com", "self": true, "responseStatus": "{answer}"}}]"#
        )
    };
    let events = [
        event("review", "", "09:00", "10:00"),
        event("maybe", &me("tentative"), "10:00", "11:00"),
        event("declined", &me("declined"), "11:00", "12:00"),
        event("free", r#", "transparency": "transparent""#, "11:00", "12:00"),
        event("gone", r#", "status": "cancelled""#, "11:00", "12:00"),
        event("place", r#", "eventType": "workingLocation""#, "11:00", "12:00"),
        event("cake", r#", "eventType": "birthday""#, "11:00", "12:00"),
        event("gym", r#", "recurrence": ["RRULE:FREQ=DAILY"]"#, "12:00", "13:00"),
    ];
    let query = asking("09:00", "13:00", 60);
    let asked = (query.reach().into(), ConflictPolicy::default());
    let conflicts = detect_conflicts(&events, &asked.0, &asked.1, &Zone::utc(), &Tzdb);
    let mine = Availability::from(&conflicts);
    assert_eq!(starts(&found(&query, &[("me", mine.clone())])), ["11:00"]);
    let overlooking = SlotQuery { overlook: Overlook::Medium, ..query };
    assert_eq!(starts(&found(&overlooking, &[("me", mine)])), ["11:00", "10:00"]);

    // What cannot be followed is not known.
    let odd = [event("odd", r#", "recurrence": ["RRULE:FREQ=SOMETIMES"]"#, "09:00", "10:00")];
    let conflicts = detect_conflicts(&odd, &asked.0, &asked.1, &Zone::utc(), &Tzdb);
    let found = found(&overlooking, &[("me", Availability::from(&conflicts))]);
    assert!(found.slots.is_empty());
    assert!(found.unknown[0].why.contains("event odd cannot be read"), "{:?}", found.unknown);
}

#[test]
fn a_slot_reads_as_a_sentence() {
    let mut query = asking("09:00", "11:00", 60);
    query.participants.push(Participant::optional("bob\n@example.com"));
    let found = found(&query, &[("me", busy(&[])), ("bob\n@example.com", busy(&[("09:00", "10:00")]))]);
    let berlin = Tzdb.known("Europe/Berlin").unwrap();
    assert_eq!(
        found.slots.iter().map(|slot| format_slot(slot, berlin)).collect::<Vec<_>>(),
        [
            "Mon 2025-03-03 11:00–12:00 (Europe/Berlin): everybody is free, leaves no short gap",
            "Mon 2025-03-03 10:00–11:00 (Europe/Berlin): all who must come are free, bob @example.com is busy, \
             leaves no short gap",
        ]
    );
}

#[test]
fn what_cannot_be_answered_is_refused_with_its_reason() {
    let refused = |change: &dyn Fn(&mut SlotQuery)| {
        let mut query = asking("09:00", "12:00", 60);
        change(&mut query);
        let error = find_slots(&query, &BTreeMap::new()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
        error.to_string()
    };
    let long = range("00:00", "1489:00");
    for (change, words) in [
        (
            &(|query: &mut SlotQuery| query.duration = Duration::ZERO) as &dyn Fn(&mut SlotQuery),
            "a meeting of 0 s is none",
        ),
        (
            &|query| query.duration = minutes(181),
            "a meeting of 181 min does not fit in the window of 180 min",
        ),
        (&|query| query.duration = Duration::MAX, "does not fit in the window"),
        (&|query| query.window = long, "is longer than 62 days"),
        (&|query| query.step = Duration::ZERO, "starts cannot be 0 s apart"),
        (&|query| query.step = minutes(7), "starts cannot be 420 s apart"),
        (&|query| query.step = Duration::from_millis(60_500), "starts cannot be 60.5 s apart"),
        (&|query| query.buffer_after = minutes(1441), "a buffer of 1441 min is more than a day"),
        (&|query| query.participants.clear(), "nobody is to meet"),
        (&|query| query.participants.push(Participant::me()), "you cannot take part twice"),
        (
            &|query| query.participants = (0..201).map(|n| Participant::required(n.to_string())).collect(),
            "201 people are too many",
        ),
        (&|query| query.limit = 0, "no slots are asked for"),
    ] {
        let said = refused(change);
        assert!(said.contains(words), "{said}");
    }
    let backwards =
        TimeRange::new(range("09:00", "10:00").end(), range("09:00", "10:00").start()).unwrap_err();
    assert!(
        backwards.to_string().contains("from 2025-03-03 10:00:00 UTC to 2025-03-03 09:00:00 UTC is empty")
    );
}
