//! Which of many events share time with a window.

use std::{hint::black_box, rc::Rc, sync::Arc};

use chrono::{DateTime, TimeDelta, Utc};
use coitrees::{BasicCOITree, Interval, IntervalTree};
use fastrand::Rng;
use serde::{Serialize, Serializer};
use serde_json::json;
use theo_calendar::{
    conflict::ConflictIndex,
    id::AccountKey,
    model::Event,
    recurrence::{UtcOnly, Zone},
    time::{EventTime, TimeRange},
};

use crate::{
    rivals::{node, python},
    row::{Contender, ROUNDS, Row},
};

const EVENTS: u32 = 20_000;
/// Windows asked about in one run: enough that no branch is learnt by heart.
const WINDOWS: u32 = 1_000;
/// Minutes over which the events begin: two years of them.
const MINUTES: i32 = 2 * 365 * 24 * 60;

pub(crate) fn row() -> Row {
    let mut rng = Rng::with_seed(11);
    let events: Rc<[Minutes]> = (0..EVENTS).map(|_| event(&mut rng)).collect();
    let windows: Rc<[Minutes]> = (0..WINDOWS).map(|_| Minutes::starting(&mut rng, 60)).collect();
    let (by_tree, by_scan) = (tree(&events), Rc::clone(&events));
    let (for_tree, for_scan) = (Rc::clone(&windows), Rc::clone(&windows));
    let index = index(&events);
    let ranges: Vec<TimeRange> = windows.iter().map(Minutes::range).collect();
    let found = ranges.iter().map(|range| index.overlapping(range).count()).sum::<usize>();
    let wanted: usize =
        windows.iter().map(|window| by_scan.iter().filter(|event| event.overlaps(window)).count()).sum();
    assert_eq!(found, wanted, "we and a scan disagree");
    assert_eq!(
        windows.iter().map(|window| window.count_in(&by_tree)).sum::<usize>(),
        wanted,
        "coitrees disagrees"
    );
    let minutes = json!({ "events": &*events, "windows": &*windows });
    Row {
        work: format!(
            "Find the events of {EVENTS} that overlap an hour, {:.1} on average",
            wanted as f64 / f64::from(WINDOWS)
        ),
        aim: "as fast as coitrees, which is built once and cannot change",
        pieces: WINDOWS,
        rounds: ROUNDS,
        notes: Vec::new(),
        contenders: vec![
            Contender::ours("theo-calendar, ConflictIndex::overlapping", move || {
                let found: usize =
                    ranges.iter().map(|range| index.overlapping(black_box(range)).count()).sum();
                black_box(found);
            }),
            Contender::rival("coitrees 0.4.0", move || {
                let found: usize = for_tree.iter().map(|window| black_box(window).count_in(&by_tree)).sum();
                black_box(found);
            }),
            Contender::rival("a scan of all", move || {
                let found: usize = for_scan
                    .iter()
                    .map(|window| by_scan.iter().filter(|event| event.overlaps(black_box(window))).count())
                    .sum();
                black_box(found);
            }),
            python("Python: intervaltree 3.2.1", "overlaps_by_intervaltree", &minutes, wanted),
            python("Python: NCLS 0.0.71, all at once", "overlaps_by_ncls", &minutes, wanted),
            python("Python: superintervals 1.0.3", "overlaps_by_superintervals", &minutes, wanted),
            node("Node: @flatten-js/interval-tree 2.0.3", "overlaps_by_flatten_js", &minutes, wanted),
            node("Node: node-interval-tree 2.1.2", "overlaps_by_node_interval_tree", &minutes, wanted),
        ],
    }
}

/// From a minute to another, exclusive.
#[derive(Clone, Copy)]
struct Minutes {
    start: i32,
    end: i32,
}

impl Minutes {
    fn starting(rng: &mut Rng, length: i32) -> Self {
        let start = rng.i32(0..MINUTES);
        Self { start, end: start + length }
    }

    fn overlaps(&self, other: &Self) -> bool {
        self.start < other.end && other.start < self.end
    }

    fn range(&self) -> TimeRange {
        let at = |minute: i32| DateTime::<Utc>::UNIX_EPOCH + TimeDelta::minutes(i64::from(minute));
        TimeRange::new(at(self.start), at(self.end)).expect("it ends after it starts")
    }

    /// The callback of `query` rather than `query_count`: we hand out the events themselves, too.
    fn count_in(&self, tree: &BasicCOITree<u32, u32>) -> usize {
        let mut found = 0;
        tree.query(self.start, self.end - 1, |event| {
            black_box(event.metadata);
            found += 1;
        });
        found
    }
}

impl Serialize for Minutes {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        (self.start, self.end).serialize(to)
    }
}

/// Meetings of a quarter to two hours; one in twenty lasts a day, one in five hundred two weeks.
fn event(rng: &mut Rng) -> Minutes {
    let length = match rng.u32(0..500) {
        0 => 14 * 24 * 60,
        1..=25 => 24 * 60,
        _ => 15 * rng.i32(1..=8),
    };
    Minutes::starting(rng, length)
}

fn index(events: &[Minutes]) -> ConflictIndex {
    let calendar = AccountKey::new("ada", "ada@example.com").calendar("work@example.com");
    let events = events.iter().enumerate().map(|(number, minutes)| {
        let range = minutes.range();
        let mut event = Event::new(format!("event{number}"));
        (event.start, event.end) = (Some(EventTime::at(range.start())), Some(EventTime::at(range.end())));
        Arc::new(event)
    });
    let mut index = ConflictIndex::new();
    index.extend(&calendar, events, &Zone::utc(), &UtcOnly);
    index
}

/// coitrees takes the last point, not the first one after.
fn tree(events: &[Minutes]) -> BasicCOITree<u32, u32> {
    let intervals =
        (0..).zip(events).map(|(number, minutes)| Interval::new(minutes.start, minutes.end - 1, number));
    BasicCOITree::new(&intervals.collect::<Vec<_>>())
}
