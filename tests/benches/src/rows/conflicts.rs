//! What stands in the way of an hour: among 100,000 events that take place once, and 1,000 series ten years old.

use std::{hint::black_box, rc::Rc, sync::Arc};

use chrono::{DateTime, TimeDelta, Utc};
use fastrand::Rng;
use rrule::{RRule, RRuleSet, Unvalidated};
use serde_json::json;
use theo_calendar::{
    conflict::{ConflictIndex, ConflictPolicy, Proposal},
    id::AccountKey,
    model::Event,
    recurrence::{TimeZones, Tzdb},
    time::TimeRange,
};

use crate::row::{Contender, FEW_ROUNDS, ROUNDS, Row};

const EVENTS: u32 = 100_000;
const SERIES: u32 = 1_000;
/// Days over which the events lie, the eleventh year of the series among them.
const DAYS: i64 = 11 * 365;
/// Hours asked about in one run: as somebody does who looks for a place for a meeting, within four weeks.
const HOURS: u32 = 400;
/// Hours that those are asked for who take a good part of a second for one.
const FEW: u32 = 2;

const ZURICH: &str = "Europe/Zurich";
/// Midnight in Zurich, on a Monday.
const START: &str = "2015-03-01T23:00:00Z";

/// Questions to an index that was asked about those weeks before.
pub(crate) fn check() -> Row {
    let events = events();
    let (index, plain) = (index(&events), Plain::new(&events));
    let hours = hours();
    let mut conflicts = 0;
    for hour in hours.iter().take(20) {
        let found = index.detect(&(*hour).into(), &ConflictPolicy::default());
        let mut spans: Vec<TimeRange> = found.conflicts.iter().map(|one| one.span).collect();
        spans.sort();
        conflicts += spans.len();
        assert!(found.is_complete());
        assert_eq!(spans, plain.in_the_way(hour), "we and the rrule crate disagree");
    }
    let proposals: Vec<Proposal> = hours.iter().map(|hour| (*hour).into()).collect();
    Row {
        work: format!(
            "Conflicts of an hour with {EVENTS} events and {SERIES} series, {:.1} on average",
            conflicts as f64 / 20.0
        ),
        aim: "at most 50 µs",
        pieces: HOURS,
        rounds: ROUNDS,
        notes: Vec::new(),
        contenders: vec![
            Contender::ours("theo-calendar, ConflictIndex::detect", move || {
                for proposal in &proposals {
                    black_box(index.detect(black_box(proposal), &ConflictPolicy::default()));
                }
            }),
            Contender::rival("rrule 0.14.0 and a scan", move || {
                for hour in &hours[..FEW as usize] {
                    black_box(plain.in_the_way(black_box(hour)));
                }
            })
            .with_pieces(FEW),
        ],
    }
}

/// All that a first question needs: events in, one answer out.
pub(crate) fn first() -> Row {
    let events = events();
    let (for_rival, hour) = (Rc::clone(&events), hours()[0]);
    Row {
        work: format!("The first answer from {EVENTS} events and {SERIES} series, index and all"),
        aim: "at most 30 ms",
        pieces: 1,
        rounds: FEW_ROUNDS,
        notes: Vec::new(),
        contenders: vec![
            Contender::ours("theo-calendar, ConflictIndex::extend and detect", move || {
                black_box(index(&events).detect(&hour.into(), &ConflictPolicy::default()));
            }),
            Contender::rival("rrule 0.14.0 and a scan", move || {
                black_box(Plain::new(&for_rival).in_the_way(&hour));
            }),
        ],
    }
}

/// What one writes by hand: times in a list, rules as the crate has them, and a look at every one.
struct Plain {
    once: Vec<TimeRange>,
    series: Vec<(RRuleSet, TimeDelta)>,
}

impl Plain {
    fn new(events: &[Arc<Event>]) -> Self {
        let zone = Tzdb.known(ZURICH).expect("it is a zone");
        let (series, once): (Vec<_>, Vec<_>) = events.iter().partition(|event| event.is_master());
        let span = |event: &Event| event.first_span(zone, &Tzdb).expect("it has a time");
        let set = |event: &Event| {
            let first = span(event);
            let start = first.start().with_timezone(&rrule::Tz::Europe__Zurich);
            let line = &event.recurrence.as_ref().expect("it is a series")[0];
            let rule: RRule<Unvalidated> = line["RRULE:".len()..].parse().expect("it is a rule");
            let set = RRuleSet::new(start).rrule(rule.validate(start).expect("it fits its start"));
            (set, first.duration())
        };
        Self {
            once: once.into_iter().map(|event| span(event)).collect(),
            series: series.into_iter().map(|event| set(event)).collect(),
        }
    }

    fn in_the_way(&self, hour: &TimeRange) -> Vec<TimeRange> {
        let mut found: Vec<TimeRange> =
            self.once.iter().filter(|span| span.overlaps(hour)).copied().collect();
        let local = |at: DateTime<Utc>| at.with_timezone(&rrule::Tz::Europe__Zurich);
        for (set, length) in &self.series {
            let set = set.clone().after(local(hour.start() - *length)).before(local(hour.end()));
            let spans = set.all(1_000).dates.into_iter().map(|start| {
                TimeRange::new(start.to_utc(), start.to_utc() + *length).expect("it is not empty")
            });
            found.extend(spans.filter(|span| span.overlaps(hour)));
        }
        found.sort();
        found
    }
}

fn index(events: &[Arc<Event>]) -> ConflictIndex {
    let calendar = AccountKey::new("ada", "ada@example.com").calendar("work@example.com");
    let mut index = ConflictIndex::new();
    let zone = Tzdb.known(ZURICH).expect("it is a zone");
    index.extend(&calendar, events.iter().cloned(), zone, &Tzdb);
    index
}

/// As they come from a mirror, by id; a fifth has guests, one in fifty takes a day, one in 500 two weeks. Every series
/// is weekly and has no end.
fn events() -> Rc<[Arc<Event>]> {
    let mut rng = Rng::with_seed(12);
    let mut ids: Vec<String> = (0..EVENTS + SERIES).map(|_| id(&mut rng)).collect();
    ids.sort();
    // Every hundred-and-first is a series.
    (0..).zip(&ids).map(|(number, id)| event(&mut rng, id, number % (EVENTS / SERIES + 1) == 0)).collect()
}

fn id(rng: &mut Rng) -> String {
    (0..26).map(|_| char::from(rng.u8(b'a'..=b'v'))).collect()
}

fn event(rng: &mut Rng, id: &str, is_series: bool) -> Arc<Event> {
    let minutes = match rng.u32(0..500) {
        0 => 14 * 24 * 60,
        1..=10 => 24 * 60,
        _ => 15 * rng.i64(1..=8),
    };
    let minutes = if is_series { 15 * rng.i64(1..=4) } else { minutes };
    let day = if is_series { rng.i64(0..28) } else { rng.i64(0..DAYS) };
    let start = start() + TimeDelta::days(day) + TimeDelta::minutes(15 * rng.i64(32..72));
    let time = |at: DateTime<Utc>| json!({ "dateTime": at, "timeZone": ZURICH });
    let mut written = json!({
        "id": id, "iCalUID": format!("{id}@google.com"), "status": "confirmed", "summary": "Design review",
        "start": time(start), "end": time(start + TimeDelta::minutes(minutes)),
    });
    if rng.u8(0..5) == 0 {
        written["attendees"] = json!([
            { "email": "bea@example.com", "organizer": true, "responseStatus": "accepted" },
            { "email": "ada@example.com", "self": true, "responseStatus": "accepted" },
        ]);
    }
    if is_series {
        written["recurrence"] = json!(["RRULE:FREQ=WEEKLY"]);
    }
    Arc::new(serde_json::from_value(written).expect("it is an event"))
}

fn hours() -> Vec<TimeRange> {
    let mut rng = Rng::with_seed(13);
    let weeks = start() + TimeDelta::weeks(522);
    let hour = |_| {
        let at = weeks + TimeDelta::days(rng.i64(0..28)) + TimeDelta::minutes(15 * rng.i64(32..72));
        TimeRange::new(at, at + TimeDelta::hours(1)).expect("it is an hour")
    };
    (0..HOURS).map(hour).collect()
}

fn start() -> DateTime<Utc> {
    START.parse().expect("it is a time")
}
