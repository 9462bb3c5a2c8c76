//! A series' occurrences in a window, one after the other.

use super::{
    OriginalStart, Series,
    civil::DAY,
    fuel::{Fuel, OCCURRENCE},
    instants::Instants,
    series::Bounded,
    stream::Stream,
};
use crate::time::TimeRange;

/// One time a series takes place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Occurrence {
    /// When the series has it: what names it, even after it was moved.
    pub original_start: OriginalStart,
    /// The time it takes.
    pub span: TimeRange,
}

/// The occurrences of a [`Series`] that share time with a window, by when they start.
///
/// Holds no list of them, and makes none. One answer is 50,000 occurrences at most, and less where the rule makes few
/// of much work; where it stops for that, [`is_truncated`](Self::is_truncated) says so.
#[derive(Clone, Debug)]
pub struct Occurrences<'s> {
    series: &'s Series,
    window: Option<TimeRange>,
    /// The last key that is asked for.
    to: i64,
    rules: Vec<Stream<'s>>,
    except_rules: Vec<Stream<'s>>,
    /// The next of the series' dates, and of those it leaves out.
    date: usize,
    except_date: usize,
    instants: Instants,
    fuel: Fuel,
    is_truncated: bool,
}

impl<'s> Occurrences<'s> {
    pub(super) fn new(series: &'s Series, window: &TimeRange) -> Self {
        let (start, end) = (window.start(), window.end());
        let seconds = if series.all_day {
            let wall = |at| series.zone.to_local(at).and_utc().timestamp();
            (wall(start).saturating_sub(DAY), wall(end).saturating_add(DAY))
        } else {
            (start.timestamp(), end.timestamp())
        };
        let mut occurrences = Self::starting(series, seconds.0.saturating_sub(series.length), seconds.1);
        occurrences.date =
            series.dates.partition_point(|(start, _)| start.saturating_add(series.longest) < seconds.0);
        occurrences.window = Some(*window);
        occurrences
    }

    /// Those whose keys are from `from` to `to`.
    pub(super) fn starting(series: &'s Series, from: i64, to: i64) -> Self {
        let mut fuel = Fuel::whole();
        let mut seek = |rules: &'s [Bounded]| {
            rules.iter().map(|rule| Stream::seek(series, rule, from, to, &mut fuel)).collect()
        };
        let (rules, except_rules) = (seek(&series.rules), seek(&series.except_rules));
        let mut both = series.rules.iter().chain(&series.except_rules);
        Self {
            window: None,
            to,
            rules,
            except_rules,
            date: series.dates.partition_point(|(start, _)| *start < from),
            except_date: series.except_dates.partition_point(|start| *start < from),
            instants: Instants::default(),
            fuel,
            is_truncated: both.any(|rule| rule.is_cut && to > rule.pattern.last - DAY),
            series,
        }
    }

    /// Whether there are more than it gave: to be asked at its end.
    pub fn is_truncated(&self) -> bool {
        self.is_truncated
    }

    /// The next key, and how long what starts there lasts.
    fn next_key(&mut self) -> Option<(i64, i64)> {
        loop {
            let mut key = self.rules.iter().filter_map(|rule| rule.head).min().unwrap_or(i64::MAX);
            let mut length = self.series.length;
            if let Some((start, lasts)) = self.series.dates.get(self.date)
                && *start <= key
            {
                (key, length) = (*start, *lasts);
                self.date += 1;
            }
            if self.fuel.is_spent() || (key <= self.to && !self.fuel.spend(OCCURRENCE)) {
                self.is_truncated = true;
                return None;
            }
            if key > self.to {
                return None;
            }
            for rule in &mut self.rules {
                while rule.head == Some(key) {
                    rule.advance(&mut self.fuel);
                }
            }
            if !self.leaves_out(key) {
                return Some((key, length));
            }
        }
    }

    fn leaves_out(&mut self, key: i64) -> bool {
        let dates = self.series.except_dates.get(self.except_date..).unwrap_or_default();
        self.except_date += dates.iter().take_while(|date| **date < key).count();
        let by_date = self.series.except_dates.get(self.except_date) == Some(&key);
        let mut by_rule = false;
        for rule in &mut self.except_rules {
            while rule.head.is_some_and(|head| head < key) && self.fuel.spend(OCCURRENCE) {
                rule.advance(&mut self.fuel);
            }
            by_rule |= rule.head == Some(key);
        }
        by_date || by_rule
    }
}

impl Iterator for Occurrences<'_> {
    type Item = Occurrence;

    fn next(&mut self) -> Option<Occurrence> {
        loop {
            let (key, length) = self.next_key()?;
            let occurrence = self.series.occurrence(key, length, &mut self.instants)?;
            if self.window.is_none_or(|window| window.overlaps(&occurrence.span)) {
                return Some(occurrence);
            }
        }
    }
}
