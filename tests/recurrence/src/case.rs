//! A random rule, a start, and a window to look into.

use chrono::{DateTime, Datelike};
use fastrand::Rng;

/// One rule to expand.
pub(crate) struct Case {
    pub(crate) rule: String,
    /// Seconds from 1970 on a wall clock, as the next two are.
    pub(crate) start: i64,
    pub(crate) from: i64,
    pub(crate) to: i64,
}

const HOUR: i64 = 3600;
const DAY: i64 = 24 * HOUR;

/// What a rule counts in, how long that is, and how many of them a window may be away: as far as python-dateutil, which
/// walks there, comes in a millisecond or so.
const FREQUENCIES: [(&str, i64, i64); 7] = [
    ("YEARLY", 366 * DAY, 12),
    ("MONTHLY", 31 * DAY, 24),
    ("WEEKLY", 7 * DAY, 30),
    ("DAILY", DAY, 60),
    ("HOURLY", HOUR, 72),
    ("MINUTELY", 60, 90),
    ("SECONDLY", 1, 90),
];

const WEEKDAYS: [&str; 7] = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];

impl Case {
    pub(crate) fn random(rng: &mut Rng) -> Self {
        // From 1950 to 2060.
        let start = rng.i64(-631_152_000..2_840_140_800);
        let start = if rng.u8(0..3) == 0 { start.div_euclid(DAY) * DAY } else { start };
        let (frequency, unit, away) = FREQUENCIES[[0, 0, 0, 1, 1, 1, 2, 2, 3, 3, 4, 5, 6][rng.usize(0..13)]];
        let interval = match rng.u8(0..10) {
            0..5 => 1,
            5..9 => rng.i64(2..13),
            _ => rng.i64(13..200),
        };
        let mut parts = vec![format!("FREQ={frequency}")];
        if interval > 1 {
            parts.push(format!("INTERVAL={interval}"));
        }
        if rng.u8(0..4) == 0 {
            parts.push(format!("WKST={}", WEEKDAYS[rng.usize(0..7)]));
        }
        by_parts(rng, frequency, start, &mut parts);
        let further = if rng.u8(0..30) == 0 { 10 } else { 1 };
        let span = (unit * away.min(away * 3 / interval + 4) * interval * further).min(1_000 * 366 * DAY);
        match rng.u8(0..10) {
            0..3 => parts.push(format!("COUNT={}", rng.u32(1..60))),
            3..5 => parts.push(until(rng, start, span)),
            _ => {}
        }
        rng.shuffle(&mut parts[1..]);
        let from = if rng.bool() { start - DAY } else { start + rng.i64(0..span) };
        Self { rule: parts.join(";"), start, from, to: from + 1 + rng.i64(0..span) }
    }
}

fn by_parts(rng: &mut Rng, frequency: &str, start: i64, parts: &mut Vec<String>) {
    let days = matches!(frequency, "YEARLY" | "MONTHLY" | "WEEKLY" | "DAILY");
    let before = parts.len();
    // dateutil goes through every second of the months that a rule leaves out.
    let odds = if days { 4 } else { 12 };
    if rng.u8(0..odds) == 0 {
        let this = DateTime::from_timestamp(start, 0).map_or(1, |start| start.month());
        let list = numbers(rng, 3, |rng| rng.i64(1..13));
        parts.push(format!("BYMONTH={}", if days { list } else { format!("{this},{list}") }));
    }
    if frequency == "YEARLY" && rng.u8(0..4) == 0 {
        parts.push(format!("BYWEEKNO={}", numbers(rng, 4, |rng| signed(rng, 53))));
    }
    if (frequency == "YEARLY" || days && rng.u8(0..8) == 0) && rng.u8(0..6) == 0 {
        parts.push(format!("BYYEARDAY={}", numbers(rng, 8, |rng| signed(rng, 366))));
    }
    if days && rng.u8(0..4) == 0 {
        parts.push(format!("BYMONTHDAY={}", numbers(rng, 4, |rng| signed(rng, 31))));
    }
    if rng.u8(0..odds / 2) == 0 {
        let most = if frequency == "MONTHLY" { 5 } else { 53 };
        parts.push(format!("BYDAY={}", weekdays(rng, most, matches!(frequency, "YEARLY" | "MONTHLY"))));
    }
    for (name, below) in [("BYHOUR", 24), ("BYMINUTE", 60), ("BYSECOND", 60)] {
        if rng.u8(0..6) == 0 {
            parts.push(format!("{name}={}", numbers(rng, 4, |rng| rng.i64(0..below))));
        }
    }
    if parts.len() > before && rng.u8(0..4) == 0 {
        let most = [3, 12, 366][rng.usize(0..3)];
        parts.push(format!("BYSETPOS={}", numbers(rng, 3, |rng| signed(rng, most))));
    }
}

fn weekdays(rng: &mut Rng, most: i64, ordinals: bool) -> String {
    let ordinal = ordinals && rng.bool();
    let list: Vec<String> = (0..rng.usize(1..4))
        .map(|_| {
            let name = WEEKDAYS[rng.usize(0..7)];
            // Sometimes both sorts in one list.
            if ordinal && rng.u8(0..8) > 0 { format!("{}{name}", signed(rng, most)) } else { name.to_owned() }
        })
        .collect();
    list.join(",")
}

fn until(rng: &mut Rng, start: i64, span: i64) -> String {
    let until = DateTime::from_timestamp(start + rng.i64(0..span), 0).unwrap_or_default();
    match rng.bool() {
        true => format!("UNTIL={}", until.format("%Y%m%dT%H%M%SZ")),
        false => format!("UNTIL={}", until.format("%Y%m%d")),
    }
}

fn signed(rng: &mut Rng, most: i64) -> i64 {
    let number = rng.i64(1..=most);
    if rng.bool() { number } else { -number }
}

fn numbers(rng: &mut Rng, most: usize, mut one: impl FnMut(&mut Rng) -> i64) -> String {
    let list: Vec<String> = (0..rng.usize(1..=most)).map(|_| one(rng).to_string()).collect();
    list.join(",")
}
