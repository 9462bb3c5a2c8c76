//! Occurrences of series that were sought before, so that the next question about the same weeks finds them.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::DateTime;

use super::lane::{Lanes, Stretch};
use crate::{
    recurrence::{Occurrence, Series},
    time::TimeRange,
};

/// Microseconds of a page: four weeks.
const LENGTH: i64 = 28 * 24 * 3_600_000_000;

/// Pages of one question at most: over a longer time, series are sought for it alone.
const WIDEST: i64 = 16;

/// A series with as many occurrences on a page is sought anew for each question: more than three an hour, all month.
const DENSE: usize = 2_048;

/// Occurrences that all pages keep at most, of some 60 bytes each.
const MOST: usize = 200_000;

/// Occurrences that one answer follows at most where they were not kept, all series together.
const MOST_SOUGHT: usize = 100_000;

/// An occurrence, and the slot of its master.
pub(super) type Found = (u32, Occurrence);

/// What was sought, by page; none of it where nothing was asked since the series changed.
#[derive(Debug, Default)]
pub(super) struct Pages(Mutex<Kept>);

#[derive(Debug, Default)]
struct Kept {
    /// By number, rising.
    pages: Vec<(i64, Arc<Page>)>,
    occurrences: usize,
}

#[derive(Debug, Default)]
struct Page {
    lanes: Lanes,
    occurrences: Vec<Found>,
    /// Slots of series with too many occurrences to keep.
    dense: Vec<u32>,
}

impl Pages {
    /// The occurrences of `all` that overlap `window`, in no particular order, and whether there are more.
    ///
    /// `all` is the same as when it was last [cleared](Self::clear).
    pub(super) fn occurrences<'s>(
        &self,
        window: &TimeRange,
        all: impl Fn() -> Box<dyn Iterator<Item = (u32, &'s Series)> + 's>,
        series: impl Fn(u32) -> Option<&'s Series>,
    ) -> (Vec<Found>, bool) {
        let mut found = Vec::new();
        let (first, last) =
            (page_at(window.start().timestamp_micros()), page_at(window.end().timestamp_micros()));
        if last - first >= WIDEST {
            let truncated = seek(all(), window, &mut found);
            return (found, truncated);
        }
        let mut dense = Vec::new();
        for number in first..=last {
            let Some(span) = span_of(number) else { continue };
            let page = self.page(number, &span, &all);
            let overlapping = page.lanes.overlapping(*window);
            let overlapping = overlapping.filter_map(|at| page.occurrences.get(at as usize));
            // One that goes on from the page before was found there.
            let here = |(_, one): &&Found| number == first || one.span.start() >= span.start();
            found.extend(overlapping.filter(here).filter(|(_, one)| one.span.overlaps(window)));
            dense.extend(&page.dense);
        }
        dense.sort_unstable();
        dense.dedup();
        let sought = dense.into_iter().filter_map(|slot| Some((slot, series(slot)?)));
        let truncated = seek(sought, window, &mut found);
        (found, truncated)
    }

    /// Forgets everything: the series changed.
    pub(super) fn clear(&mut self) {
        *self.0.get_mut().unwrap_or_else(PoisonError::into_inner) = Kept::default();
    }

    fn page<'s>(
        &self,
        number: i64,
        span: &TimeRange,
        all: impl Fn() -> Box<dyn Iterator<Item = (u32, &'s Series)> + 's>,
    ) -> Arc<Page> {
        if let Some(page) = self.lock().page(number) {
            return page;
        }
        let page = Arc::new(Page::new(span, all()));
        let mut kept = self.lock();
        if kept.occurrences + page.occurrences.len() > MOST {
            *kept = Kept::default();
        }
        kept.keep(number, page.clone());
        page
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kept {
    fn page(&self, number: i64) -> Option<Arc<Page>> {
        let place = self.pages.binary_search_by_key(&number, |(number, _)| *number).ok()?;
        self.pages.get(place).map(|(_, page)| page.clone())
    }

    /// Another thread may have sought the same page meanwhile.
    fn keep(&mut self, number: i64, page: Arc<Page>) {
        if let Err(place) = self.pages.binary_search_by_key(&number, |(number, _)| *number) {
            self.occurrences += page.occurrences.len();
            self.pages.insert(place, (number, page));
        }
    }
}

impl Clone for Pages {
    /// Without what was sought.
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl Page {
    fn new<'s>(span: &TimeRange, all: impl Iterator<Item = (u32, &'s Series)>) -> Self {
        let mut page = Self::default();
        for (slot, series) in all {
            let mut occurrences = series.occurrences(span);
            let before = page.occurrences.len();
            page.occurrences.extend(occurrences.by_ref().take(DENSE).map(|one| (slot, one)));
            if page.occurrences.len() - before == DENSE || occurrences.is_truncated() {
                page.occurrences.truncate(before);
                page.dense.push(slot);
            }
        }
        for (at, (_, one)) in (0..).zip(&page.occurrences) {
            page.lanes.push(Stretch::new(&one.span, at));
        }
        page.lanes.sort();
        page
    }
}

/// Follows each of `series` through `window`; whether there is more than was found.
fn seek<'s>(
    series: impl Iterator<Item = (u32, &'s Series)>,
    window: &TimeRange,
    found: &mut Vec<Found>,
) -> bool {
    let most = found.len().saturating_add(MOST_SOUGHT);
    let mut truncated = false;
    for (slot, series) in series {
        let mut occurrences = series.occurrences(window);
        for one in occurrences.by_ref() {
            if found.len() >= most {
                return true;
            }
            found.push((slot, one));
        }
        truncated |= occurrences.is_truncated();
    }
    truncated
}

fn page_at(micros: i64) -> i64 {
    micros.div_euclid(LENGTH)
}

/// None at the ends of time.
fn span_of(number: i64) -> Option<TimeRange> {
    let at = |number: i64| DateTime::from_timestamp_micros(number.checked_mul(LENGTH)?);
    TimeRange::new(at(number)?, at(number + 1)?).ok()
}
