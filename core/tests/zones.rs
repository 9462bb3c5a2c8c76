//! Time zones agree with chrono-tz, and wall clocks follow the one written rule.
#![cfg(feature = "tzdb")]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use chrono::{DateTime, MappedLocalTime, NaiveDateTime, Offset, TimeDelta, TimeZone, Utc};
use chrono_tz::{TZ_VARIANTS, Tz};
use proptest::prelude::*;
use theo_calendar::{
    ErrorKind,
    recurrence::{TimeZones, Tzdb, UtcOnly, Zone, ZoneTable},
};

fn any_zone() -> impl Strategy<Value = Tz> {
    (0..TZ_VARIANTS.len()).prop_map(|index| TZ_VARIANTS[index])
}

fn any_instant() -> impl Strategy<Value = DateTime<Utc>> {
    (-5_400_000_000_i64..7_300_000_000).prop_map(|second| DateTime::from_timestamp(second, 0).unwrap())
}

fn offset(zone: Tz, instant: DateTime<Utc>) -> i32 {
    zone.offset_from_utc_datetime(&instant.naive_utc()).fix().local_minus_utc()
}

/// The rule, told by chrono-tz: the first of two; in a gap, the offset of the last wall clock shown before it.
fn resolved(zone: Tz, wall: NaiveDateTime) -> DateTime<Utc> {
    match zone.from_local_datetime(&wall) {
        MappedLocalTime::Single(only) => only.to_utc(),
        MappedLocalTime::Ambiguous(one, other) => one.to_utc().min(other.to_utc()),
        MappedLocalTime::None => {
            let mut before = wall;
            let last = loop {
                before -= TimeDelta::minutes(1);
                match zone.from_local_datetime(&before) {
                    MappedLocalTime::Single(shown) | MappedLocalTime::Ambiguous(_, shown) => break shown,
                    MappedLocalTime::None => {}
                }
            };
            last.to_utc() + (wall - before)
        }
    }
}

/// Instants around the first change of offset in the year after `from`.
fn around_a_change(zone: Tz, from: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let hours = (0..366 * 4).map(|quarter_day| from + TimeDelta::hours(quarter_day * 6));
    hours.into_iter().find(|hour| offset(zone, *hour) != offset(zone, *hour + TimeDelta::hours(6)))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4000))]

    #[test]
    fn every_instant_has_the_offset_chrono_tz_gives_it(zone in any_zone(), instant in any_instant()) {
        let ours = Tzdb.zone(zone.name()).unwrap();
        prop_assert_eq!(ours.offset_at(instant), offset(zone, instant));
        prop_assert_eq!(ours.to_local(instant), instant.with_timezone(&zone).naive_local());
    }

    #[test]
    fn every_wall_clock_resolves_as_the_rule_says(zone in any_zone(), wall in any_instant()) {
        let wall = wall.naive_utc();
        prop_assert_eq!(Tzdb.zone(zone.name()).unwrap().resolve(wall), resolved(zone, wall));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn gaps_and_folds_resolve_as_the_rule_says(zone in any_zone(), from in 1900..2099_i32) {
        let ours = Tzdb.zone(zone.name()).unwrap();
        let from = Utc.with_ymd_and_hms(from, 1, 1, 0, 0, 0).unwrap();
        if let Some(change) = around_a_change(zone, from) {
            for minute in (-30 * 60..30 * 60).step_by(5) {
                let instant = change + TimeDelta::minutes(minute);
                prop_assert_eq!(ours.offset_at(instant), offset(zone, instant));
                let wall = instant.naive_utc();
                prop_assert_eq!(ours.resolve(wall), resolved(zone, wall), "{} {}", zone, wall);
            }
        }
    }
}

#[test]
fn every_zone_of_the_database_is_found_under_its_own_name() {
    for zone in TZ_VARIANTS {
        assert_eq!(Tzdb.zone(zone.name()).map(Zone::name), Some(zone.name()));
    }
}

#[test]
fn a_time_skipped_in_new_york_lands_after_the_gap_and_one_shown_twice_is_the_first() {
    let zone = Tzdb.zone("America/New_York").unwrap();
    let wall = |text: &str| text.parse::<NaiveDateTime>().unwrap();

    assert_eq!(zone.resolve(wall("2007-03-11T02:30:00")).to_rfc3339(), "2007-03-11T07:30:00+00:00");
    assert_eq!(zone.resolve(wall("2007-11-04T01:30:00")).to_rfc3339(), "2007-11-04T05:30:00+00:00");
}

#[test]
fn the_ends_of_time_are_read_without_a_panic() {
    let zone = Tzdb.zone("Asia/Tokyo").unwrap();
    assert_eq!(zone.to_local(DateTime::<Utc>::MAX_UTC), DateTime::<Utc>::MAX_UTC.naive_utc());
    assert_eq!(zone.resolve(NaiveDateTime::MIN), NaiveDateTime::MIN.and_utc());
}

#[test]
fn transitions_that_do_not_rise_or_lie_a_day_away_are_refused() {
    for (first, transitions) in [(0, vec![(5, 0), (5, 60)]), (86_400, vec![]), (0, vec![(5, -86_400)])] {
        assert_eq!(Zone::new("Etc/Odd", first, transitions).unwrap_err().kind(), ErrorKind::InvalidInput);
    }
}

#[test]
fn a_zone_name_cannot_carry_text_that_would_mislead_a_reader() {
    let error = Zone::new("UTC)\u{202e}\nApprove", 0, []).unwrap_err();
    assert_eq!(error.to_string(), r#""UTC)\u{202e}\nApprove" is not the name of a time zone"#);
}

#[test]
fn an_unknown_zone_is_an_error_where_it_is_asked_for_and_utc_where_something_must_be_shown() {
    let error = Tzdb.known("Mars/Base").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    assert_eq!(
        error.to_string(),
        "time zone \"Mars/Base\" is not known: use an IANA name such as Europe/Berlin"
    );
    assert_eq!(Tzdb.zone_or_utc(Some("Mars/Base")).name(), "UTC");
    assert_eq!(Tzdb.zone_or_utc(None).name(), "UTC");
}

#[test]
fn zones_handed_over_are_found_beside_utc() {
    let table: ZoneTable = [Zone::new("Asia/Kathmandu", 20_700, []).unwrap()].into_iter().collect();
    let shared: std::sync::Arc<dyn TimeZones> = std::sync::Arc::new(table);

    assert_eq!(shared.known("Asia/Kathmandu").unwrap().offset_at(DateTime::UNIX_EPOCH), 20_700);
    assert_eq!(shared.known("UTC").unwrap().offset_at(DateTime::UNIX_EPOCH), 0);
    assert!(UtcOnly.zone("Asia/Kathmandu").is_none());
}
