//! Which events of a calendar take time in a range, without looking at the others.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};

use crate::{id::EventId, time::TimeRange};

/// Spans by start, in one bucket for each power of two of their length.
///
/// In a bucket no span is longer than the bucket's bound, so that those overlapping a range start no earlier than
/// that bound before it: a month-long event does not make every question about an hour look back a month.
#[derive(Default)]
pub(super) struct SpanIndex {
    buckets: BTreeMap<u32, Bucket>,
}

type Bucket = BTreeSet<(DateTime<Utc>, EventId)>;

impl SpanIndex {
    pub(super) fn insert(&mut self, span: &TimeRange, id: &EventId) {
        self.buckets.entry(bucket_of(span)).or_default().insert((span.start(), id.clone()));
    }

    pub(super) fn remove(&mut self, span: &TimeRange, id: &EventId) {
        if let Some(bucket) = self.buckets.get_mut(&bucket_of(span)) {
            bucket.remove(&(span.start(), id.clone()));
        }
    }

    /// Events that may overlap `range`: all that do, and a few that end shortly before it.
    pub(super) fn near<'a>(&'a self, range: &TimeRange) -> impl Iterator<Item = &'a EventId> {
        let (start, end) = (range.start(), range.end());
        self.buckets.iter().flat_map(move |(bits, bucket)| {
            let from = earliest_start(start, *bits);
            let below_all_ids = EventId::from("");
            bucket.range((from, below_all_ids.clone())..(end, below_all_ids)).map(|(_, id)| id)
        })
    }
}

/// The number of bits of the length in seconds.
fn bucket_of(span: &TimeRange) -> u32 {
    let seconds = u64::try_from(span.duration().num_seconds()).unwrap_or(0);
    u64::BITS - seconds.leading_zeros()
}

/// The earliest start of a span in bucket `bits` that reaches `start`: each is shorter than `2^bits` seconds.
fn earliest_start(start: DateTime<Utc>, bits: u32) -> DateTime<Utc> {
    let longest = 1_i64.checked_shl(bits).and_then(TimeDelta::try_seconds);
    longest.and_then(|longest| start.checked_sub_signed(longest)).unwrap_or(DateTime::<Utc>::MIN_UTC)
}
