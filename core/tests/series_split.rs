//! Series cut in two and moved: what takes place stays what it was, and so does every byte that need not change.
#![cfg(feature = "tzdb")]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::atomic::{AtomicUsize, Ordering};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use proptest::prelude::*;
use serde_json::json;
use theo_calendar::{
    ErrorKind,
    model::Event,
    recurrence::{
        Occurrence, OriginalStart, Recurrence, Series, SeriesMove, SeriesSplit, TimeZones, Tzdb, Zone,
    },
    time::{EventTime, TimeRange},
};

const ZURICH: &str = "Europe/Zurich";

fn zone(name: &str) -> &'static Zone {
    Tzdb.zone(name).unwrap()
}

fn timed(zone: &str, start: &str, lines: &[&str]) -> Event {
    let end = start.parse::<chrono::NaiveDateTime>().unwrap() + TimeDelta::minutes(15);
    serde_json::from_value(json!({
        "id": "standup", "recurrence": lines,
        "start": { "dateTime": start, "timeZone": zone },
        "end": { "dateTime": end.format("%Y-%m-%dT%H:%M:%S").to_string(), "timeZone": zone },
    }))
    .unwrap()
}

fn all_day(start: &str, days: i64, lines: &[&str]) -> Event {
    let end = start.parse::<NaiveDate>().unwrap() + TimeDelta::days(days);
    serde_json::from_value(json!({
        "id": "holiday", "recurrence": lines,
        "start": { "date": start }, "end": { "date": end.to_string() },
    }))
    .unwrap()
}

fn at(text: &str) -> OriginalStart {
    OriginalStart::in_id(&format!("x_{text}")).unwrap().1
}

fn split(event: &Event, text: &str) -> SeriesSplit {
    SeriesSplit::of(event, at(text), zone(ZURICH), &Tzdb).unwrap().unwrap()
}

#[test]
fn until_is_the_second_before_in_utc_for_times_and_the_day_before_for_days() {
    let weekly = timed(ZURICH, "2025-03-24T09:00:00", &["RRULE:FREQ=WEEKLY;BYDAY=MO"]);
    let holiday = all_day("2025-03-01", 2, &["RRULE:FREQ=MONTHLY;UNTIL=20260301"]);
    for (event, cut, before, after) in [
        (
            &weekly,
            "20250331T070000Z",
            "RRULE:FREQ=WEEKLY;BYDAY=MO;UNTIL=20250331T065959Z",
            "RRULE:FREQ=WEEKLY;BYDAY=MO",
        ),
        (
            &weekly,
            "20251103T080000Z",
            "RRULE:FREQ=WEEKLY;BYDAY=MO;UNTIL=20251103T075959Z",
            "RRULE:FREQ=WEEKLY;BYDAY=MO",
        ),
        (&holiday, "20250501", "RRULE:FREQ=MONTHLY;UNTIL=20250430", "RRULE:FREQ=MONTHLY;UNTIL=20260301"),
    ] {
        let split = split(event, cut);
        assert_eq!(
            (split.before.join(" "), split.after.join(" ")),
            (before.to_owned(), after.to_owned()),
            "{cut}"
        );
    }
}

#[test]
fn the_second_series_starts_at_the_cut_on_the_same_wall_clock() {
    let weekly = timed(ZURICH, "2025-03-24T09:00:00", &["RRULE:FREQ=WEEKLY"]);
    let summer = split(&weekly, "20250331T070000Z");
    assert_eq!(
        summer.start,
        EventTime::at("2025-03-31T09:00:00+02:00".parse::<DateTime<chrono::FixedOffset>>().unwrap())
            .in_zone(ZURICH)
    );
    assert_eq!(summer.end.text(), "2025-03-31T09:15:00+02:00");

    let holiday = split(&all_day("2025-03-01", 2, &["RRULE:FREQ=MONTHLY"]), "20250401");
    assert_eq!(
        (holiday.start.text(), holiday.end.text()),
        ("2025-04-01".to_owned(), "2025-04-03".to_owned())
    );
}

#[test]
fn count_is_what_remains_and_other_lines_keep_their_bytes_and_their_dates() {
    let lines = [
        "rrule:count=10;wkst=SU;FREQ=daily",
        "EXDATE;TZID=Europe/Zurich:20250408T090000,20250411T090000",
        "RDATE:20250407T150000Z,20250420T150000Z",
    ];
    let split = split(&timed(ZURICH, "2025-04-07T09:00:00", &lines), "20250410T070000Z");
    assert_eq!(
        split.before,
        [
            "rrule:UNTIL=20250410T065959Z;wkst=SU;FREQ=daily",
            "EXDATE;TZID=Europe/Zurich:20250408T090000,20250411T090000",
            "RDATE:20250407T150000Z",
        ]
    );
    assert_eq!(
        split.after,
        [
            "rrule:COUNT=7;wkst=SU;FREQ=daily",
            "EXDATE;TZID=Europe/Zurich:20250411T090000",
            "RDATE:20250420T150000Z"
        ]
    );
}

#[test]
fn nothing_is_split_at_the_first_occurrence_and_the_last_is_a_series_of_one() {
    let daily =
        timed(ZURICH, "2025-04-07T09:00:00", &["RRULE:FREQ=DAILY;COUNT=3", "EXDATE:20250407T070000Z"]);
    assert_eq!(SeriesSplit::of(&daily, at("20250408T070000Z"), zone(ZURICH), &Tzdb).unwrap(), None);
    assert_eq!(split(&daily, "20250409T070000Z").after, ["RRULE:FREQ=DAILY;COUNT=1"]);
    let dates = timed(ZURICH, "2025-04-07T09:00:00", &["RDATE:20250501T070000Z"]);
    let last = split(&dates, "20250501T070000Z");
    assert_eq!((last.before.len(), last.after.join(" ")), (0, "RRULE:FREQ=DAILY;COUNT=1".to_owned()));
}

#[test]
fn what_is_no_occurrence_or_does_not_go_on_by_its_rule_is_refused() {
    let daily = timed(ZURICH, "2025-04-07T09:00:00", &["RRULE:FREQ=DAILY", "EXDATE:20250409T070000Z"]);
    for none in ["20250409T070000Z", "20250409T080000Z", "20250410"] {
        let refused = SeriesSplit::of(&daily, at(none), zone(ZURICH), &Tzdb).unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::NotFound, "{none}");
    }
    // Half past two does not exist on 30 March: from there on it would be half past three.
    let night = timed(ZURICH, "2025-03-01T02:30:00", &["RRULE:FREQ=DAILY"]);
    // A date beside the rule is no start for it.
    let beside = timed(ZURICH, "2025-04-07T09:00:00", &["RRULE:FREQ=WEEKLY", "RDATE:20250509T070000Z"]);
    for (event, cut) in [(night, "20250330T013000Z"), (beside, "20250509T070000Z")] {
        let refused = SeriesSplit::of(&event, at(cut), zone(ZURICH), &Tzdb).unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::InvalidInput, "{cut}");
        assert!(refused.to_string().contains("split it at another occurrence"), "{refused}");
    }
    let one_off: Event =
        serde_json::from_value(json!({"id": "lunch", "start": {"date": "2025-04-07"}})).unwrap();
    let refused = SeriesSplit::of(&one_off, at("20250407"), zone(ZURICH), &Tzdb).unwrap_err();
    assert_eq!(refused.to_string(), "event lunch is no series");
}

fn moved(event: &Event, from: &str, start: &str, end: Option<&str>) -> theo_calendar::Result<SeriesMove> {
    let time = |text: &str| match text.len() {
        10 => EventTime::all_day(text.parse().unwrap()),
        _ => EventTime::local(text.parse().unwrap(), ZURICH),
    };
    SeriesMove::of(event, at(from), Some(&time(start)), end.map(time).as_ref(), zone(ZURICH), &Tzdb)
}

#[test]
fn a_move_takes_the_ends_the_dates_and_the_weekdays_of_a_weekly_rule_along() {
    let lines = [
        "RRULE:FREQ=WEEKLY;UNTIL=20250512T070000Z;BYDAY=MO,TH",
        "EXDATE;TZID=Europe/Zurich:20250410T090000",
        "RDATE:20250601T070000Z",
    ];
    let weekly = timed(ZURICH, "2025-03-24T09:00:00", &lines);

    let moved =
        moved(&weekly, "20250407T070000Z", "2025-04-08T10:30:00", Some("2025-04-08T11:30:00")).unwrap();

    assert_eq!(
        (moved.start.text(), moved.end.text()),
        ("2025-03-25T10:30:00+01:00".into(), "2025-03-25T11:30:00+01:00".into())
    );
    assert_eq!(
        moved.lines,
        [
            "RRULE:FREQ=WEEKLY;UNTIL=20250513T083000Z;BYDAY=TU,FR",
            "EXDATE:20250411T083000Z",
            "RDATE:20250602T083000Z"
        ]
    );
    assert_eq!(moved.original_start(at("20250414T070000Z")), at("20250415T083000Z"));
}

#[test]
fn a_series_moves_to_whole_days_and_back_and_to_another_zone() {
    let daily = timed(ZURICH, "2025-03-28T09:00:00", &["RRULE:FREQ=DAILY;UNTIL=20250402T070000Z"]);
    let days = moved(&daily, "20250401T070000Z", "2025-04-01", Some("2025-04-02")).unwrap();
    assert_eq!((days.start.text(), days.end.text()), ("2025-03-28".into(), "2025-03-29".into()));
    assert_eq!(days.lines, ["RRULE:FREQ=DAILY;UNTIL=20250402"]);

    let holiday = all_day("2025-03-28", 1, &["RRULE:FREQ=DAILY;UNTIL=20250402"]);
    let times = moved(&holiday, "20250401", "2025-04-01T09:00:00", Some("2025-04-01T09:15:00")).unwrap();
    assert_eq!(times.lines, ["RRULE:FREQ=DAILY;UNTIL=20250402T070000Z"]);

    let start = EventTime::local("2025-04-01T08:00:00".parse().unwrap(), "America/New_York");
    let end = EventTime::local("2025-04-01T08:15:00".parse().unwrap(), "America/New_York");
    let away = SeriesMove::of(&daily, at("20250401T070000Z"), Some(&start), Some(&end), zone(ZURICH), &Tzdb)
        .unwrap();
    assert_eq!(
        (away.start.text(), away.end.text()),
        ("2025-03-28T08:00:00-04:00".into(), "2025-03-28T08:15:00-04:00".into())
    );
    assert_eq!(away.start.time_zone.as_deref(), Some("America/New_York"));
    assert_eq!(away.lines, ["RRULE:FREQ=DAILY;UNTIL=20250402T120000Z"]);
}

#[test]
fn a_half_of_the_time_that_is_not_given_stays_and_nothing_moves_where_nothing_is_given() {
    let daily = timed(ZURICH, "2025-04-07T09:00:00", &["RRULE:FREQ=DAILY;UNTIL=20250410T080000Z"]);
    let earlier = moved(&daily, "20250408T070000Z", "2025-04-08T08:45:00", None).unwrap();
    assert_eq!(
        (earlier.start.text(), earlier.end.text()),
        ("2025-04-07T08:45:00+02:00".into(), "2025-04-07T09:15:00+02:00".into())
    );
    let end = EventTime::local("2025-04-08T10:00:00".parse().unwrap(), ZURICH);
    let longer =
        SeriesMove::of(&daily, at("20250408T070000Z"), None, Some(&end), zone(ZURICH), &Tzdb).unwrap();
    assert_eq!(
        (longer.start.text(), longer.end.text()),
        ("2025-04-07T09:00:00+02:00".into(), "2025-04-07T10:00:00+02:00".into())
    );
    assert_eq!(longer.lines, ["RRULE:FREQ=DAILY;UNTIL=20250410T080000Z"]);
}

#[test]
fn a_move_that_would_need_a_guess_is_refused() {
    for (lines, start) in [
        (&["RRULE:FREQ=MONTHLY;BYMONTHDAY=7"][..], "2025-04-08T09:00:00"),
        (&["RRULE:FREQ=MONTHLY;BYDAY=1MO"], "2025-04-08T09:00:00"),
        // The thirty-first is not in every month.
        (&["RRULE:FREQ=MONTHLY"], "2025-05-01T09:00:00"),
        (&["RRULE:FREQ=DAILY;BYHOUR=9,15"], "2025-04-07T10:00:00"),
        // Sunday would come to lie in another of the two weeks.
        (&["RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,SU"], "2025-04-08T09:00:00"),
        (&["RRULE:FREQ=DAILY", "RDATE;VALUE=PERIOD:20250601T070000Z/PT1H"], "2025-04-07T10:00:00"),
    ] {
        let refused = moved(&timed(ZURICH, "2025-04-07T09:00:00", lines), "20250407T070000Z", start, None);
        let refused = refused.unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::InvalidInput, "{lines:?}");
        assert!(refused.to_string().ends_with("say how it is to repeat then as well"), "{refused}");
    }
}

const ZONES: [&str; 5] =
    ["Europe/Zurich", "America/New_York", "Australia/Lord_Howe", "America/Sao_Paulo", "Pacific/Auckland"];

/// A rule of any frequency, its end, and how many occurrences of it are looked at.
fn rule() -> impl Strategy<Value = String> {
    let days = prop::sample::subsequence(vec!["MO", "TU", "WE", "TH", "FR", "SA", "SU"], 1..4)
        .prop_map(|days| format!(";BYDAY={}", days.join(",")));
    let interval = prop_oneof![Just(1_u8), 2..5_u8].prop_map(|interval| format!(";INTERVAL={interval}"));
    let end = prop_oneof![
        Just(String::new()),
        (1..60_u16).prop_map(|count| format!(";COUNT={count}")),
        (1..700_i64).prop_map(|days| {
            let day = NaiveDate::from_ymd_opt(2024, 1, 1).unwrap() + TimeDelta::days(days);
            format!(";UNTIL={}", day.format("%Y%m%dT120000Z"))
        }),
    ];
    let rule = prop_oneof![
        Just("FREQ=DAILY".to_owned()),
        days.clone().prop_map(|days| format!("FREQ=WEEKLY{days}")),
        days.clone().prop_map(|days| format!("FREQ=WEEKLY;WKST=SU{days}")),
        Just("FREQ=MONTHLY".to_owned()),
        Just("FREQ=MONTHLY;BYMONTHDAY=-1,15".to_owned()),
        days.prop_map(|days| format!("FREQ=MONTHLY;BYSETPOS=1,-1{days}")),
        Just("FREQ=YEARLY;BYMONTH=3,10,11;BYMONTHDAY=-1,1,9".to_owned()),
        Just("FREQ=DAILY;BYHOUR=2,9,20".to_owned()),
        Just("FREQ=HOURLY;BYHOUR=1,2,3,15".to_owned()),
    ];
    (rule, interval, end).prop_map(|(rule, interval, end)| format!("RRULE:{rule}{interval}{end}"))
}

fn ages() -> TimeRange {
    let age = |year| NaiveDate::from_ymd_opt(year, 1, 1).unwrap().and_hms_opt(0, 0, 0).unwrap().and_utc();
    TimeRange::new(age(1), age(2040)).unwrap()
}

fn found(lines: &[String], start: &EventTime, end: &EventTime, zone: &Zone) -> Vec<Occurrence> {
    let recurrence = Recurrence::parse(lines).unwrap();
    Series::new(&recurrence, start, end, zone, &Tzdb).unwrap().occurrences(&ages()).take(3000).collect()
}

static SPLIT: AtomicUsize = AtomicUsize::new(0);
static REFUSED: AtomicUsize = AtomicUsize::new(0);

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn the_two_series_take_place_when_the_one_did(
        rule in rule(),
        zone_name in prop::sample::select(ZONES.to_vec()),
        is_all_day in any::<bool>(),
        day in 0..400_i64,
        (hour, minute) in (0..24_u32, prop::sample::select(vec![0_u32, 30])),
        place in 0..100_usize,
        left_out in prop::collection::vec(0..100_usize, 0..4),
        beside in prop::collection::vec(0..500_i64, 0..3),
    ) {
        let is_all_day = is_all_day && !rule.contains("BYHOUR");
        let home = zone(zone_name);
        let date = NaiveDate::from_ymd_opt(2024, 1, 1).unwrap() + TimeDelta::days(day);
        let wall = date.and_hms_opt(hour, minute, 0).unwrap();
        let mut event = if is_all_day {
            all_day(&date.to_string(), 1, &[&rule])
        } else {
            timed(zone_name, &wall.format("%Y-%m-%dT%H:%M:%S").to_string(), &[&rule])
        };
        let (start, end) = (event.start.clone().unwrap(), event.end.clone().unwrap());
        let plain = found(event.recurrence.as_deref().unwrap(), &start, &end, home);
        let lines = event.recurrence.as_mut().unwrap();
        let dates: Vec<String> =
            left_out.iter().filter_map(|place| Some(plain.get(*place)?.original_start.to_string())).collect();
        if !dates.is_empty() {
            lines.push(format!("EXDATE:{}", dates.join(",")));
        }
        let dates: Vec<String> = beside.iter().map(|days| {
            let day = date + TimeDelta::days(*days);
            day.format(if is_all_day { "%Y%m%d" } else { "%Y%m%dT171500Z" }).to_string()
        }).collect();
        if !dates.is_empty() {
            lines.push(format!("RDATE:{}", dates.join(",")));
        }
        let all = found(lines, &start, &end, home);
        let Some(cut) = all.get(place % all.len().max(1)) else { return Ok(()) };

        let split = match SeriesSplit::of(&event, cut.original_start, home, &Tzdb) {
            Ok(Some(split)) => split,
            Ok(None) => {
                prop_assert_eq!(cut, &all[0]);
                return Ok(());
            }
            // Cut at a date beside the rule, where the rule begins behind such a date, or where a clock skips.
            Err(error) => {
                prop_assert_eq!(error.kind(), ErrorKind::InvalidInput);
                let is_by_rule = plain.iter().skip(1).any(|one| one.original_start == cut.original_start);
                let shown = home.to_local(cut.span.start()).time();
                let is_skipped = ![0, 30].contains(&chrono::Timelike::minute(&shown)) || shown != wall.time();
                prop_assert!(!is_by_rule || is_skipped || rule.contains("BYHOUR"), "{event:?} at {cut:?}: {error}");
                REFUSED.fetch_add(1, Ordering::Relaxed);
                return Ok(());
            }
        };
        let number = SPLIT.fetch_add(1, Ordering::Relaxed);
        let first = found(&split.before, &start, &end, home);
        let second = found(&split.after, &split.start, &split.end, home);
        prop_assert!(first.iter().all(|one| one.original_start < cut.original_start));
        prop_assert_eq!(second.first(), Some(cut));
        let mut both: Vec<Occurrence> = first;
        both.extend(second);
        // What was cut off of an endless series is cut off later in two.
        both.truncate(all.len());
        prop_assert_eq!(&both, &all, "{:?} at {:?}: {:?}", event, cut, split);
        if number % 400 == 399 {
            println!("{} splits, {} refused", number + 1, REFUSED.load(Ordering::Relaxed));
        }
    }

    #[test]
    fn a_moved_series_has_the_same_days_moved(
        rule in rule(),
        zone_name in prop::sample::select(ZONES.to_vec()),
        day in 0..400_i64,
        hour in 5..20_u32,
        (days, minutes) in (-3..4_i64, -180..180_i64),
        place in 0..20_usize,
    ) {
        let home = zone(zone_name);
        let date = NaiveDate::from_ymd_opt(2024, 1, 1).unwrap() + TimeDelta::days(day);
        let wall = date.and_hms_opt(hour, 0, 0).unwrap();
        let event = timed(zone_name, &wall.format("%Y-%m-%dT%H:%M:%S").to_string(), &[&rule]);
        let (start, end) = (event.start.clone().unwrap(), event.end.clone().unwrap());
        let before = found(event.recurrence.as_deref().unwrap(), &start, &end, home);
        let Some(named) = before.get(place % before.len().max(1)) else { return Ok(()) };
        let by = TimeDelta::days(days) + TimeDelta::minutes(minutes);
        let to = |at: DateTime<Utc>| EventTime::local(home.to_local(at) + by, zone_name);
        let (to_start, to_end) = (to(named.span.start()), to(named.span.end()));

        let at = named.original_start;
        let moved = match SeriesMove::of(&event, at, Some(&to_start), Some(&to_end), home, &Tzdb) {
            Ok(moved) => moved,
            Err(error) => {
                let is_known = rule.contains("BY") || rule.contains("MONTHLY");
                prop_assert!(is_known || error.to_string().contains("skips"), "{rule} by {by}: {error}");
                return Ok(());
            }
        };

        let after = found(&moved.lines, &moved.start, &moved.end, home);
        // What has no end is looked at up to a moment that does not move along.
        if rule.contains("COUNT") || rule.contains("UNTIL") {
            prop_assert_eq!(after.len(), before.len(), "{} by {}: {:?}", rule, by, moved.lines);
        }
        for (was, is) in before.iter().zip(&after).take(300) {
            // Of a time that the clock skipped nobody can say from the instant alone which it was.
            let at = was.span.start();
            let is_same = |minutes| home.resolve(home.to_local(at) - TimeDelta::minutes(minutes)) == at;
            if is_same(30) || is_same(60) {
                continue;
            }
            prop_assert_eq!(moved.original_start(was.original_start), is.original_start, "{} by {}", rule, by);
        }
    }
}
