//! Series in zones whose clocks change, beside the `rrule` crate.
//!
//! The crate is asked only for what it and RFC 5545 read alike: weekdays that stand alone, no `BYSETPOS` of weeks, a start
//! that its rule has, and times of day that no clock skips or shows twice.
#![cfg(feature = "tzdb")]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use proptest::prelude::*;
use rrule::{RRule, RRuleSet, Unvalidated};
use theo_calendar::{
    recurrence::{Recurrence, Series, TimeZones, Tzdb},
    time::{EventTime, TimeRange},
};

const ZONES: [&str; 6] = [
    "America/New_York",
    "Europe/Berlin",
    "Australia/Lord_Howe",
    "America/Sao_Paulo",
    "Asia/Kolkata",
    "Pacific/Auckland",
];

fn rule() -> impl Strategy<Value = String> {
    let days = prop::sample::subsequence(vec!["MO", "TU", "WE", "TH", "FR", "SA", "SU"], 1..4);
    let days = days.prop_map(|days| format!(";BYDAY={}", days.join(",")));
    let interval = prop_oneof![Just(1), 2..5_u8].prop_map(|interval| format!(";INTERVAL={interval}"));
    let end = prop_oneof![Just(String::new()), (1..400_u16).prop_map(|count| format!(";COUNT={count}"))];
    let rule = prop_oneof![
        Just("FREQ=DAILY".to_owned()),
        days.clone().prop_map(|days| format!("FREQ=WEEKLY{days}")),
        Just("FREQ=MONTHLY".to_owned()),
        days.prop_map(|days| format!("FREQ=MONTHLY;BYSETPOS=-1{days}")),
        (1..5_i8, prop::sample::select(vec!["MO", "SU"]))
            .prop_map(|(n, day)| format!("FREQ=MONTHLY;BYDAY={n}{day}")),
        Just("FREQ=YEARLY".to_owned()),
        Just("FREQ=YEARLY;BYMONTH=3,10,11;BYMONTHDAY=-1,1,9".to_owned()),
    ];
    (rule, interval, end).prop_map(|(rule, interval, end)| format!("{rule}{interval}{end}"))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn a_series_takes_place_when_the_rrule_crate_says(
        rule in rule(),
        zone in prop::sample::select(ZONES.to_vec()),
        day in 0..9_000_i64,
        hour in 5..23_u32,
        away in 0..3_000_i64,
        length in 1..400_i64,
    ) {
        let day = NaiveDate::from_ymd_opt(2000, 1, 1).unwrap() + TimeDelta::days(day);
        let ours = Tzdb.known(zone).unwrap();
        let read: RRule<Unvalidated> = rule.parse().unwrap();
        let set = |start: DateTime<Utc>| {
            let start = start.with_timezone(&rrule::Tz::Tz(zone.parse().unwrap()));
            RRuleSet::new(start).rrule(read.clone().validate(start).unwrap())
        };
        // The first that the rule itself has.
        let start = ours.resolve(day.and_hms_opt(hour, 30, 0).unwrap());
        let Some(start) = set(start).into_iter().next().map(|first| first.to_utc()) else { return Ok(()) };

        let time = |at: DateTime<Utc>| EventTime::at(at).in_zone(zone);
        let recurrence = Recurrence::parse(&[format!("RRULE:{rule}")]).unwrap();
        let series = Series::new(&recurrence, &time(start), &time(start + TimeDelta::seconds(1)), ours, &Tzdb).unwrap();
        let from = start + TimeDelta::days(away);
        let window = TimeRange::new(from, from + TimeDelta::days(length)).unwrap();
        let found: Vec<DateTime<Utc>> = series.occurrences(&window).map(|one| one.span.start()).collect();
        let theirs = set(start).into_iter().map(|one| one.to_utc());
        let expected: Vec<DateTime<Utc>> =
            theirs.take_while(|at| *at < window.end()).filter(|at| *at >= from).collect();
        prop_assert_eq!(found, expected, "{} from {} in {}", rule, start, zone);
    }
}
