//! When a series that began ten years ago takes place: in one week, and in all of its time.

use std::hint::black_box;

use chrono::{DateTime, TimeDelta, Utc};
use rrule::{RRule, RRuleSet, Unvalidated};
use serde_json::{Value, json};
use theo_calendar::{
    recurrence::{Recurrence, Series, TimeZones, Tzdb},
    time::{EventTime, TimeRange},
};

use crate::{
    rivals::{node, python},
    row::{Contender, FEW_ROUNDS, ROUNDS, Row},
};

/// Weeks that are asked for in one run: those of the series' eleventh year.
const WEEKS: u32 = 52;

/// Weeks that those are asked for who take milliseconds for one.
const FEW: u32 = 2;

/// Days of the series that is gone through whole.
const DAYS: u32 = 3_653;

const NEW_YORK: &str = "America/New_York";

/// Nine o'clock in New York, on a Monday.
const START: &str = "2015-03-02T14:00:00Z";

/// The same ninety years before.
const OLD_START: &str = "1925-03-02T14:00:00Z";

/// One week of it at a time.
pub(crate) fn week() -> Row {
    let weekly = "FREQ=WEEKLY;BYDAY=MO";
    let windows: Vec<TimeRange> =
        (0..WEEKS).map(|week| one_week(midnight() + TimeDelta::weeks(i64::from(521 + week)))).collect();
    let (ours, theirs) = (series(weekly, start()), rule_set(weekly, start()));
    let old = series(weekly, OLD_START.parse().expect("it is a time"));
    let from_there: Vec<RRuleSet> = windows
        .iter()
        .map(|window| {
            let first = ours.occurrences(window).next().expect("one every week").span.start();
            rule_set(weekly, first)
        })
        .collect();
    let (windows_of_old, windows_of_rival, windows_of_limit) =
        (windows.clone(), windows.clone(), windows.clone());
    let windows_elsewhere = asked(weekly, &windows[..FEW as usize]);
    for (window, from_there) in windows.iter().zip(&from_there) {
        let found: Vec<DateTime<Utc>> = ours.occurrences(window).map(|one| one.span.start()).collect();
        assert_eq!(found, in_window(&theirs, window), "we and the rrule crate disagree");
        assert_eq!(found, in_window(from_there, window), "started there it disagrees");
    }
    Row {
        work: "One week of a weekly series in New York that began ten years before".to_owned(),
        aim: "at most 3 µs, and the same for a series of any age",
        pieces: WEEKS,
        rounds: ROUNDS,
        notes: Vec::new(),
        contenders: vec![
            Contender::ours("theo-calendar, Series::occurrences", move || {
                for window in &windows {
                    black_box(ours.occurrences(black_box(window)).count());
                }
            }),
            Contender::ours("theo-calendar, a series begun in 1925", move || {
                for window in &windows_of_old {
                    black_box(old.occurrences(black_box(window)).count());
                }
            }),
            Contender::rival("rrule 0.14.0", move || {
                for window in &windows_of_rival {
                    black_box(in_window(&theirs, black_box(window)).len());
                }
            }),
            python("Python: dateutil 2.9.0", "windows_by_dateutil", &windows_elsewhere, FEW).with_pieces(FEW),
            node("Node: rrule.js 2.8.1", "windows_by_rrule_js", &windows_elsewhere, FEW).with_pieces(FEW),
            Contender::limit("rrule 0.14.0, started at the window", move || {
                for (window, set) in windows_of_limit.iter().zip(&from_there) {
                    black_box(in_window(set, black_box(window)).len());
                }
            }),
        ],
    }
}

/// All of a series, in one go.
pub(crate) fn bulk() -> Row {
    let daily = format!("FREQ=DAILY;COUNT={DAYS}");
    let (ours, theirs) = (series(&daily, start()), rule_set(&daily, start()));
    let all =
        TimeRange::new(start(), start() + TimeDelta::days(i64::from(DAYS) + 1)).expect("it is not empty");
    assert_eq!(
        ours.occurrences(&all).map(|one| one.span.start()).collect::<Vec<_>>(),
        theirs.clone().all_unchecked().iter().map(DateTime::to_utc).collect::<Vec<_>>(),
        "we and the rrule crate disagree"
    );
    Row {
        work: format!("An occurrence of {DAYS} of a daily series in New York, one after the other"),
        aim: "at most 50 ns",
        pieces: DAYS,
        rounds: FEW_ROUNDS,
        notes: Vec::new(),
        contenders: vec![
            Contender::ours("theo-calendar, Series::occurrences", move || {
                for one in ours.occurrences(black_box(&all)) {
                    black_box(one);
                }
            }),
            Contender::rival("rrule 0.14.0", move || {
                black_box(black_box(&theirs).clone().all_unchecked());
            }),
        ],
    }
}

fn start() -> DateTime<Utc> {
    START.parse().expect("it is a time")
}

/// Before it, so that a change of offset moves no occurrence out of its week.
fn midnight() -> DateTime<Utc> {
    start() - TimeDelta::hours(9)
}

fn one_week(from: DateTime<Utc>) -> TimeRange {
    TimeRange::new(from, from + TimeDelta::weeks(1)).expect("it is not empty")
}

fn series(rule: &str, start: DateTime<Utc>) -> Series {
    let recurrence = Recurrence::parse(&[format!("RRULE:{rule}")]).expect("it is a rule");
    let time = |at: DateTime<Utc>| EventTime::at(at).in_zone(NEW_YORK);
    let (first, end) = (time(start), time(start + TimeDelta::minutes(15)));
    let zone = Tzdb.known(NEW_YORK).expect("it is a zone");
    Series::new(&recurrence, &first, &end, zone, &Tzdb).expect("it is a series")
}

fn rule_set(rule: &str, start: DateTime<Utc>) -> RRuleSet {
    let start = start.with_timezone(&rrule::Tz::America__New_York);
    let rule: RRule<Unvalidated> = rule.parse().expect("it is a rule");
    RRuleSet::new(start).rrule(rule.validate(start).expect("it fits its start"))
}

/// What `rule` and `windows` are in other languages: seconds since 1970.
fn asked(rule: &str, windows: &[TimeRange]) -> Value {
    let seconds = |window: &TimeRange| (window.start().timestamp(), window.end().timestamp());
    let windows: Vec<(i64, i64)> = windows.iter().map(seconds).collect();
    json!({ "rule": rule, "zone": NEW_YORK, "start": start().timestamp(), "windows": windows })
}

/// Those that start in `window`, as the crate's own documentation asks for them.
fn in_window(set: &RRuleSet, window: &TimeRange) -> Vec<DateTime<Utc>> {
    let local = |at: DateTime<Utc>| at.with_timezone(&rrule::Tz::America__New_York);
    let found = set.clone().after(local(window.start())).before(local(window.end() - TimeDelta::seconds(1)));
    found.all(1_000).dates.iter().map(DateTime::to_utc).collect()
}
