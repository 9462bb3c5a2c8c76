//! What a page loads, and how fast it then is in a real Chromium.

use std::{hint::black_box, sync::Arc};

use chrono::{DateTime, Duration, SecondsFormat, TimeDelta, Utc};
use fastrand::Rng;
use serde_json::{Value, json};
use theo_calendar::{
    conflict::{ConflictIndex, ConflictPolicy},
    google::EventsResponse,
    id::AccountKey,
    recurrence::{TimeZones, Tzdb},
    time::TimeRange,
};

use crate::{
    rivals::{chromium, sizes},
    row::{Contender, FEW_ROUNDS, ROUNDS, Row},
};

const EVENTS: usize = 5_000;
const SERIES: usize = 200;
/// Spans that are asked about in one run.
const SPANS: u32 = 26;
/// That of the page and of every series: the easiest for rrule.js, which does not know what others cost.
const ZONE: &str = "UTC";

pub(crate) fn size() -> Row {
    let note = |(name, bytes): (String, u64)| format!("{name}: {:.1} KB", bytes as f64 / 1000.0);
    Row {
        work: "What a page loads, gzipped".to_owned(),
        aim: "at most 102.4 KB, glue included, with no time zone database inside",
        pieces: 1,
        rounds: 0,
        contenders: Vec::new(),
        notes: sizes().into_iter().map(note).collect(),
    }
}

/// An hour's draft, as while it is dragged.
pub(crate) fn hour() -> Row {
    row("an hour's draft", Duration::hours(1), ROUNDS)
}

/// All of a week.
pub(crate) fn week() -> Row {
    row("a whole week", Duration::weeks(1), FEW_ROUNDS)
}

fn row(what: &str, length: TimeDelta, rounds: usize) -> Row {
    let mut rng = Rng::with_seed(23);
    let page = page(&mut rng);
    let spans: Vec<TimeRange> = (0..SPANS)
        .map(|_| {
            let start =
                first() + TimeDelta::days(rng.i64(380..700)) + TimeDelta::minutes(15 * rng.i64(0..96));
            TimeRange::new(start, start + length).expect("it is not empty")
        })
        .collect();
    let index = index(&page);
    let policy = ConflictPolicy::default();
    let count = |spans: &[TimeRange]| -> usize {
        spans.iter().map(|span| index.detect(&(*span).into(), &policy).conflicts.len()).sum()
    };
    let (wanted, of_one) = (count(&spans), count(&spans[..1]));
    let asked = |spans: &[TimeRange]| json!({ "page": page, "spans": seconds(spans) });
    let contenders = vec![
        chromium("theo-calendar in Chromium", "conflicts", &asked(&spans), wanted).of_ours(),
        chromium("the same, each conflict in words", "conflicts_in_words", &asked(&spans), wanted),
        chromium(
            "rrule.js 2.8.1 and a scan, in Chromium",
            "conflicts_by_rrule_js",
            &asked(&spans[..1]),
            of_one,
        )
        .with_pieces(1),
        Contender::limit("theo-calendar, natively", move || {
            for span in &spans {
                black_box(index.detect(&(*black_box(span)).into(), &policy));
            }
        }),
    ];
    Row {
        work: format!(
            "Check {what} against {EVENTS} events and {SERIES} series, {:.0} conflicts on average, in Chromium",
            wanted as f64 / f64::from(SPANS)
        ),
        aim: "at most 1 ms, and what it finds is what is found natively",
        pieces: SPANS,
        rounds,
        contenders,
        notes: Vec::new(),
    }
}

fn first() -> DateTime<Utc> {
    "2025-01-01T00:00:00Z".parse().expect("it is a time")
}

/// Two years of meetings, and as many series as somebody has who never ended one.
fn page(rng: &mut Rng) -> String {
    let mut items: Vec<Value> = (0..EVENTS)
        .map(|number| {
            let start = first() + TimeDelta::minutes(15 * rng.i64(0..2 * 365 * 96));
            event(format!("event{number}"), start, 15 * rng.i64(1..=8))
        })
        .collect();
    for number in 0..SERIES {
        let start = first() + TimeDelta::minutes(15 * rng.i64(0..365 * 96));
        let mut series = event(format!("series{number}"), start, 15 * rng.i64(1..=4));
        let rule =
            rng.choice(["RRULE:FREQ=WEEKLY", "RRULE:FREQ=WEEKLY;INTERVAL=2", "RRULE:FREQ=DAILY;INTERVAL=3"]);
        series["recurrence"] = json!([rule]);
        items.push(series);
    }
    json!({ "kind": "calendar#events", "timeZone": ZONE, "items": items }).to_string()
}

fn event(id: String, start: DateTime<Utc>, minutes: i64) -> Value {
    let time = |at: DateTime<Utc>| json!({ "dateTime": at.to_rfc3339_opts(SecondsFormat::Secs, true), "timeZone": ZONE });
    let end = start + TimeDelta::minutes(minutes);
    json!({ "id": id, "status": "confirmed", "summary": "Meeting", "start": time(start), "end": time(end) })
}

fn index(page: &str) -> ConflictIndex {
    let events = EventsResponse::parse(page.as_bytes()).expect("it is a page").events;
    let key = AccountKey::new("ada", "ada@example.com").calendar("work@example.com");
    let mut index = ConflictIndex::new();
    index.extend(&key, events.into_iter().map(Arc::new), Tzdb.known(ZONE).expect("it is a zone"), &Tzdb);
    index
}

fn seconds(spans: &[TimeRange]) -> Vec<(i64, i64)> {
    spans.iter().map(|span| (span.start().timestamp(), span.end().timestamp())).collect()
}
