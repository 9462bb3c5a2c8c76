//! When a series takes place: its wall clock, its ends, its dates, and how much work it may ask for.
#![cfg(feature = "tzdb")]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use chrono::{DateTime, NaiveDate, NaiveDateTime, TimeDelta, Utc};
use proptest::prelude::*;
use theo_calendar::{
    ErrorKind,
    recurrence::{Occurrence, OriginalStart, Recurrence, Series, TimeZones, Tzdb},
    time::{EventTime, TimeRange},
};

const NEW_YORK: &str = "America/New_York";

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn wall(text: &str) -> NaiveDateTime {
    text.parse().unwrap()
}

fn window(from: &str, to: &str) -> TimeRange {
    TimeRange::new(at(from), at(to)).unwrap()
}

fn ages() -> TimeRange {
    window("0001-01-01T00:00:00Z", "9999-12-31T00:00:00Z")
}

/// An hour from `start` on the clocks of `zone`.
fn timed(zone: &str, start: &str, lines: &[&str]) -> Series {
    let start = EventTime::local(wall(start), zone);
    let end = EventTime::at(start.resolve(Tzdb.known("UTC").unwrap(), &Tzdb).unwrap() + TimeDelta::hours(1));
    Series::new(&Recurrence::parse(lines).unwrap(), &start, &end, Tzdb.known("UTC").unwrap(), &Tzdb).unwrap()
}

fn all_day(zone: &str, start: &str, days: i64, lines: &[&str]) -> Series {
    let start: NaiveDate = start.parse().unwrap();
    let (start, end) = (EventTime::all_day(start), EventTime::all_day(start + TimeDelta::days(days)));
    Series::new(&Recurrence::parse(lines).unwrap(), &start, &end, Tzdb.known(zone).unwrap(), &Tzdb).unwrap()
}

fn starts(series: &Series, window: &TimeRange) -> Vec<String> {
    series.occurrences(window).map(|one| one.original_start.to_string()).collect()
}

#[test]
fn a_weekly_series_keeps_its_wall_clock_over_a_change_of_offset() {
    let series = timed(NEW_YORK, "2015-03-02T09:00:00", &["RRULE:FREQ=WEEKLY"]);
    let spring = window("2025-03-03T00:00:00Z", "2025-03-17T00:00:00Z");
    let autumn = window("2025-10-27T00:00:00Z", "2025-11-10T00:00:00Z");
    assert_eq!(starts(&series, &spring), ["20250303T140000Z", "20250310T130000Z"]);
    assert_eq!(starts(&series, &autumn), ["20251027T130000Z", "20251103T140000Z"]);
}

#[test]
fn a_time_that_the_clock_skips_is_read_with_the_offset_before_and_one_shown_twice_is_the_first() {
    let march = window("2025-03-08T00:00:00Z", "2025-03-11T00:00:00Z");
    let skipped = timed(NEW_YORK, "2025-03-01T02:30:00", &["RRULE:FREQ=DAILY"]);
    assert_eq!(starts(&skipped, &march), ["20250308T073000Z", "20250309T073000Z", "20250310T063000Z"]);
    let november = window("2025-11-01T00:00:00Z", "2025-11-04T00:00:00Z");
    let twice = timed(NEW_YORK, "2025-10-01T01:30:00", &["RRULE:FREQ=DAILY"]);
    assert_eq!(starts(&twice, &november), ["20251101T053000Z", "20251102T053000Z", "20251103T063000Z"]);
}

#[test]
fn skipped_times_stand_in_order_among_those_after_the_gap_and_none_starts_twice() {
    let series = timed(NEW_YORK, "2025-03-09T00:00:00", &["RRULE:FREQ=MINUTELY;INTERVAL=40"]);
    // 2:00 and 2:40 are shown as 3:00 and 3:40, among 3:20 and 4:00.
    let walls = ["050000", "054000", "062000", "070000", "072000", "074000", "080000"];
    let expected: Vec<String> = walls.iter().map(|clock| format!("20250309T{clock}Z")).collect();
    assert_eq!(starts(&series, &window("2025-03-09T04:30:00Z", "2025-03-09T08:30:00Z")), expected);
    // Sought from within the gap's hour, those that belong there are found too.
    assert_eq!(starts(&series, &window("2025-03-09T08:01:00Z", "2025-03-09T08:30:00Z")), expected[4..]);

    let hourly = timed(NEW_YORK, "2025-03-09T01:00:00", &["RRULE:FREQ=HOURLY;COUNT=3"]);
    assert_eq!(starts(&hourly, &ages()), ["20250309T060000Z", "20250309T070000Z"]);
}

#[test]
fn an_event_in_the_second_pass_of_an_hour_starts_there() {
    let start = EventTime::at(at("2025-11-02T06:30:00Z")).in_zone(NEW_YORK);
    let end = EventTime::at(at("2025-11-02T07:00:00Z")).in_zone(NEW_YORK);
    let recurrence = Recurrence::parse(&["RRULE:FREQ=DAILY;COUNT=2"]).unwrap();
    let series = Series::new(&recurrence, &start, &end, Tzdb.known("UTC").unwrap(), &Tzdb).unwrap();
    assert_eq!(starts(&series, &ages()), ["20251102T063000Z", "20251103T063000Z"]);
}

#[test]
fn an_all_day_series_is_from_midnight_to_midnight_of_the_calendar() {
    let series = all_day("Europe/Berlin", "2025-03-28", 1, &["RRULE:FREQ=DAILY;COUNT=4"]);
    let spans: Vec<Occurrence> = series.occurrences(&ages()).collect();
    assert_eq!(starts(&series, &ages()), ["20250328", "20250329", "20250330", "20250331"]);
    assert_eq!(spans[2].span, window("2025-03-29T23:00:00Z", "2025-03-30T22:00:00Z"));
    assert_eq!(spans[2].original_start, OriginalStart::Date("2025-03-30".parse().unwrap()));
    // One that only touches the window is not in it.
    assert_eq!(starts(&series, &window("2025-03-29T23:00:00Z", "2025-03-30T22:00:00Z")), ["20250330"]);
    let long = all_day("Pacific/Auckland", "2025-03-28", 3, &["RRULE:FREQ=WEEKLY;BYHOUR=9"]);
    assert_eq!(starts(&long, &window("2025-04-06T00:00:00Z", "2025-04-06T01:00:00Z")), ["20250404"]);
}

#[test]
fn an_occurrence_that_began_before_the_window_and_lasts_into_it_is_in_it() {
    let start = EventTime::local(wall("2025-01-03T22:00:00"), "UTC");
    let end = EventTime::local(wall("2025-01-06T06:00:00"), "UTC");
    let recurrence = Recurrence::parse(&["RRULE:FREQ=WEEKLY"]).unwrap();
    let series = Series::new(&recurrence, &start, &end, Tzdb.known("UTC").unwrap(), &Tzdb).unwrap();
    let monday = |hour: u8| window(&format!("2025-03-10T{hour:02}:00:00Z"), "2025-03-10T12:00:00Z");
    assert_eq!(starts(&series, &monday(5)), ["20250307T220000Z"]);
    assert_eq!(starts(&series, &monday(6)), Vec::<String>::new());
}

#[test]
fn until_is_included_in_every_form() {
    for (until, last) in [
        ("20250304T140000Z", "20250304T140000Z"),
        ("20250304T135959Z", "20250303T140000Z"),
        ("20250304T090000", "20250304T140000Z"),
        ("20250304T085959", "20250303T140000Z"),
        ("20250304", "20250304T140000Z"),
        ("20250101", "20250301T140000Z"),
    ] {
        let line = format!("RRULE:FREQ=DAILY;UNTIL={until}");
        let series = timed(NEW_YORK, "2025-03-01T09:00:00", &[&line]);
        assert_eq!(starts(&series, &ages()).last().unwrap(), last, "{until}");
    }
    for (until, last) in [("20250303", "20250303"), ("20250303T225959Z", "20250303")] {
        let line = format!("RRULE:FREQ=DAILY;UNTIL={until}");
        assert_eq!(starts(&all_day(NEW_YORK, "2025-03-01", 1, &[&line]), &ages()).last().unwrap(), last);
    }
}

#[test]
fn a_start_outside_of_its_rule_takes_place_beside_the_rule_s_own_count() {
    let series = timed("Europe/Berlin", "2024-05-30T20:00:00", &["RRULE:FREQ=WEEKLY;COUNT=3;BYDAY=WE"]);
    let expected = ["20240530T180000Z", "20240605T180000Z", "20240612T180000Z", "20240619T180000Z"];
    assert_eq!(starts(&series, &ages()), expected);
}

#[test]
fn dates_are_added_and_left_out() {
    let series = timed(
        NEW_YORK,
        "2025-03-03T09:00:00",
        &[
            "RRULE:FREQ=DAILY;COUNT=4",
            "RRULE:FREQ=WEEKLY;COUNT=2",
            "EXRULE:FREQ=DAILY;INTERVAL=3;COUNT=2",
            "EXDATE;TZID=America/New_York:20250304T090000",
            "EXDATE:20250304T140000Z,20990101T000000Z",
            "RDATE;TZID=Europe/Berlin:20250305T120000",
            "RDATE;VALUE=PERIOD:20250306T000000Z/PT2H,20250307T000000Z/20250307T003000Z",
        ],
    );
    let found: Vec<(String, i64)> = series
        .occurrences(&ages())
        .map(|one| (one.original_start.to_string(), one.span.duration().num_minutes()))
        .collect();
    let expected = [
        ("20250305T110000Z", 60),
        ("20250305T140000Z", 60),
        ("20250306T000000Z", 120),
        ("20250307T000000Z", 30),
        ("20250310T130000Z", 60),
    ];
    assert_eq!(found, expected.map(|(start, minutes)| (start.to_owned(), minutes)));
    let days = all_day(
        NEW_YORK,
        "2025-03-03",
        1,
        &["RDATE;VALUE=DATE:20250310,20250305", "EXDATE;VALUE=DATE:20250303", "EXDATE:20250310T090000Z"],
    );
    assert_eq!(starts(&days, &ages()), ["20250305"]);
}

#[test]
fn an_occurrence_is_found_by_its_original_start_and_the_end_is_known() {
    let series =
        timed(NEW_YORK, "2015-03-02T09:00:00", &["RRULE:FREQ=WEEKLY;COUNT=600", "EXDATE:20250303T140000Z"]);
    assert!(series.at(OriginalStart::Instant(at("2025-03-10T13:00:00Z"))).is_some());
    assert!(series.at(OriginalStart::Instant(at("2025-03-10T14:00:00Z"))).is_none());
    assert!(series.at(OriginalStart::Instant(at("2025-03-03T14:00:00Z"))).is_none());
    assert!(series.at(OriginalStart::Date("2025-03-10".parse().unwrap())).is_none());
    let last = series.occurrences(&ages()).last().unwrap().span.end();
    let end = series.end().unwrap();
    assert!(end >= last && end < last + TimeDelta::days(4), "{end} {last}");
    assert_eq!(timed(NEW_YORK, "2015-03-02T09:00:00", &["RRULE:FREQ=WEEKLY"]).end(), None);
}

#[test]
fn a_series_that_cannot_be_is_refused_with_its_reason() {
    let zone = Tzdb.known("UTC").unwrap();
    let day = EventTime::all_day("2025-03-03".parse().unwrap());
    let refused = |lines: &[&str], start: &EventTime| {
        let recurrence = Recurrence::parse(lines).unwrap();
        let error = Series::new(&recurrence, start, start, zone, &Tzdb).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
        error.to_string()
    };
    assert_eq!(
        refused(&["RRULE:FREQ=HOURLY"], &day),
        "an all-day event cannot repeat HOURLY: \"FREQ=HOURLY\""
    );
    let nine = EventTime::local(wall("2025-03-03T09:00:00"), "UTC");
    assert!(
        refused(&["RRULE:FREQ=DAILY", "EXDATE;TZID=Mars/Base:20250303T090000"], &nine).contains("Mars/Base")
    );
    assert!(refused(&["RRULE:FREQ=DAILY"], &nine.clone().in_zone("Mars/Base")).contains("Mars/Base"));
    assert_eq!(refused(&["RRULE:FREQ=DAILY"; 33], &nine), "the series has 33 rules: 32 are allowed");
    let never = EventTime::local("+10000-01-01T00:00:00".parse().unwrap(), "UTC");
    assert_eq!(refused(&["RRULE:FREQ=DAILY"], &never), "the series starts outside of the years 0 to 9999");
}

/// A rule that asks for more than anybody needs, and where its answer is cut.
#[derive(serde::Deserialize)]
#[serde(rename_all = "camelCase")]
struct Bomb {
    lines: Vec<String>,
    cut_in_the_ages: bool,
    cut_in_a_week: bool,
}

#[test]
fn a_recurrence_bomb_ends_within_its_allowance_and_says_when_it_was_cut() {
    let bombs: Vec<Bomb> = serde_json::from_str(include_str!("../../tests/recurrence/bombs.json")).unwrap();
    let week = window("2500-01-01T00:00:00Z", "2500-01-08T00:00:00Z");
    for Bomb { lines, cut_in_the_ages, cut_in_a_week } in bombs {
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        let series = timed(NEW_YORK, "2000-01-01T00:00:00", &lines);
        let shown: String = lines[0].chars().take(90).collect();
        for (window, cut) in [(ages(), cut_in_the_ages), (week, cut_in_a_week)] {
            let mut occurrences = series.occurrences(&window);
            let count = occurrences.by_ref().count();
            assert_eq!(occurrences.is_truncated(), cut, "{shown} in {window:?}: {count}");
            assert!(count <= 50_000, "{shown}: {count}");
        }
    }
    let refused = Recurrence::parse(&["RRULE:FREQ=DAILY;INTERVAL=0"]).unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::InvalidInput);
}

#[test]
fn nothing_starts_after_the_year_9999_and_the_first_years_are_within_reach() {
    let last = timed("UTC", "9999-12-30T00:00:00", &["RRULE:FREQ=DAILY"]);
    let all = TimeRange::new(DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC).unwrap();
    assert_eq!(starts(&last, &all), ["99991230T000000Z", "99991231T000000Z"]);
    let first = timed("UTC", "0000-01-01T00:00:00", &["RRULE:FREQ=YEARLY;COUNT=2"]);
    assert_eq!(starts(&first, &all), ["00000101T000000Z", "00010101T000000Z"]);
}

/// Anything a rule can be made of, in any combination.
fn hostile_rule() -> impl Strategy<Value = String> {
    let number = || prop_oneof![0..70_i64, -60..0_i64, Just(366), Just(4_294_967_295)];
    let part = prop_oneof![
        (
            "(BYMONTH|BYWEEKNO|BYYEARDAY|BYMONTHDAY|BYHOUR|BYMINUTE|BYSECOND|BYSETPOS|INTERVAL|COUNT)",
            prop::collection::vec(number(), 1..4)
        )
            .prop_map(|(name, list)| format!(
                "{name}={}",
                list.iter().map(ToString::to_string).collect::<Vec<_>>().join(",")
            )),
        "BYDAY=(-?[1-5]?)(MO|TU|WE|TH|FR|SA|SU)",
        "WKST=(MO|SU|TH)",
        "UNTIL=[0-9]{4}(01|12)(01|31)(T235960Z?)?",
    ];
    ("FREQ=(YEARLY|MONTHLY|WEEKLY|DAILY|HOURLY|MINUTELY|SECONDLY)", prop::collection::vec(part, 0..6))
        .prop_map(|(frequency, parts)| [vec![frequency], parts].concat().join(";"))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn whatever_is_read_is_expanded_in_order_within_its_allowance(
        rules in prop::collection::vec(hostile_rule(), 1..3),
        except in prop::option::of(hostile_rule()),
        start in -62_167_219_200..253_402_300_799_i64,
        from in -62_167_219_200..253_402_300_799_i64,
        length in prop_oneof![1..2_000_000_i64, 1..250_000_000_000_i64],
        zone in prop::sample::select(vec![NEW_YORK, "UTC", "Australia/Lord_Howe", "Pacific/Apia"]),
        days in any::<bool>(),
    ) {
        let lines: Vec<String> = rules.iter().map(|rule| format!("RRULE:{rule}"))
            .chain(except.iter().map(|rule| format!("EXRULE:{rule}"))).collect();
        let Ok(recurrence) = Recurrence::parse(&lines) else { return Ok(()) };
        for rule in recurrence.rules() {
            prop_assert_eq!(&rule.to_string().parse::<theo_calendar::recurrence::Rule>().unwrap(), rule);
        }
        let start = DateTime::from_timestamp(start, 0).unwrap().naive_utc();
        let start = if days { EventTime::all_day(start.date()) } else { EventTime::local(start, zone) };
        let Ok(series) = Series::new(&recurrence, &start, &start, Tzdb.known(zone).unwrap(), &Tzdb) else {
            return Ok(());
        };
        let from = DateTime::from_timestamp(from, 0).unwrap();
        let window = TimeRange::new(from, from + TimeDelta::seconds(length)).unwrap();
        let mut before = None;
        let mut occurrences = series.occurrences(&window);
        for one in occurrences.by_ref() {
            prop_assert!(before < Some(one.original_start));
            prop_assert!(window.overlaps(&one.span));
            before = Some(one.original_start);
        }
        // A window within that window gives the part of it that is in there.
        let half = TimeRange::new(from + TimeDelta::seconds(length / 2), window.end()).unwrap();
        let mut within = series.occurrences(&half);
        let part: Vec<Occurrence> = within.by_ref().take(200).collect();
        let mut whole = series.occurrences(&window);
        let expected: Vec<Occurrence> = whole.by_ref().filter(|one| half.overlaps(&one.span)).take(200).collect();
        if !whole.is_truncated() && !within.is_truncated() {
            prop_assert_eq!(part, expected);
        }
    }
}
