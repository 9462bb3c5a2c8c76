//! Recurrence lines of any sort, for any start, in any window: what must hold of whatever comes of them.
//!
//! - Nothing panics, and every answer ends: at most 50,000 occurrences.
//! - Occurrences come in order, none twice, and each shares time with its window.
//! - Two halves of a window hold together what the window holds, where none was cut.
//! - A rule that is written back reads as the same rule.
#![no_main]

use std::collections::BTreeSet;

use arbitrary::Arbitrary;
use chrono::{DateTime, TimeDelta};
use libfuzzer_sys::fuzz_target;
use theo_calendar::{
    recurrence::{Occurrence, OriginalStart, Recurrence, Rule, Series, TimeZones, Tzdb},
    time::{EventTime, TimeRange},
};

const ZONES: [&str; 6] =
    ["UTC", "America/New_York", "Europe/Zurich", "Australia/Lord_Howe", "Pacific/Apia", "Africa/Casablanca"];

/// The years 0 to 9999, in seconds from 1970.
const FIRST: i64 = -62_167_219_200;
const YEARS: u64 = 315_569_520_000;

#[derive(Arbitrary, Debug)]
struct Case<'a> {
    zone: u8,
    all_day: bool,
    start: u64,
    /// Minutes, or days.
    length: u16,
    window: u64,
    /// Seconds.
    lasts: u32,
    lines: &'a str,
}

fuzz_target!(|case: Case| {
    check(&case);
});

fn check(case: &Case) -> Option<()> {
    let lines: Vec<&str> = case.lines.lines().collect();
    let recurrence = Recurrence::parse(&lines).ok()?;
    for rule in recurrence.rules() {
        let written = rule.to_string();
        assert_eq!(written.parse::<Rule>().ok().as_ref(), Some(rule), "{written}");
    }
    let zone = ZONES[usize::from(case.zone) % ZONES.len()];
    let start = DateTime::from_timestamp(FIRST + (case.start % YEARS) as i64, 0)?.naive_utc();
    let (start, end) = if case.all_day {
        let days = TimeDelta::days(i64::from(case.length % 60) + 1);
        (EventTime::all_day(start.date()), EventTime::all_day(start.date().checked_add_signed(days)?))
    } else {
        let minutes = TimeDelta::minutes(case.length.into());
        (EventTime::local(start, zone), EventTime::local(start.checked_add_signed(minutes)?, zone))
    };
    let series = Series::new(&recurrence, &start, &end, Tzdb.known(zone).ok()?, &Tzdb).ok()?;

    let from = DateTime::from_timestamp(FIRST + (case.window % YEARS) as i64, 0)?;
    let half = TimeDelta::seconds(i64::from(case.lasts) + 1);
    let window = TimeRange::new(from, from.checked_add_signed(half * 2)?).ok()?;
    let (all, all_cut) = occurrences(&series, &window);
    let (first, first_cut) = occurrences(&series, &TimeRange::new(from, from + half).ok()?);
    let (second, second_cut) = occurrences(&series, &TimeRange::new(from + half, from + half * 2).ok()?);
    if !(all_cut || first_cut || second_cut) {
        let of = |found: &[Occurrence]| found.iter().map(|one| one.original_start).collect::<BTreeSet<_>>();
        let halves: BTreeSet<OriginalStart> = of(&first).union(&of(&second)).copied().collect();
        assert_eq!(of(&all), halves, "{window:?}");
    }
    for one in all.iter().take(3) {
        assert_eq!(series.at(one.original_start).as_ref(), Some(one));
    }
    Some(())
}

fn occurrences(series: &Series, window: &TimeRange) -> (Vec<Occurrence>, bool) {
    let mut occurrences = series.occurrences(window);
    let found: Vec<Occurrence> = occurrences.by_ref().collect();
    assert!(found.len() <= 50_000);
    assert!(found.is_sorted_by(|one, next| one.original_start < next.original_start));
    assert!(found.iter().all(|one| window.overlaps(&one.span)));
    (found, occurrences.is_truncated())
}
