//! Every query in every mode, over one store.

use std::time::{Duration, Instant};

use theo_calendar::{
    CalendarService, Result,
    search::{SearchMode, SearchQuery, SearchResults},
    time::TimeRange,
};

use crate::{
    query::{self, Kind, Query},
    scenario::{self, Episode},
    score::{CUT, Score},
    world::{key, user},
};

/// The modes, as columns.
pub const MODES: [SearchMode; 3] = [SearchMode::Text, SearchMode::Meaning, SearchMode::Hybrid];

/// What one store found.
#[derive(Default)]
pub struct Run {
    /// Every query with what was found in each mode, best first.
    pub answers: Vec<Answer>,
    /// How long each search took, its query's vector being known.
    pub latencies: Vec<(SearchMode, Duration)>,
}

/// What was found for a query.
pub struct Answer {
    /// The query.
    pub query: &'static Query,
    /// The ids of the hits, in the order of [`MODES`].
    pub found: [Vec<String>; 3],
}

impl Run {
    /// Asks `service` everything.
    ///
    /// # Errors
    /// When a search fails.
    pub async fn of(service: &CalendarService) -> Result<Self> {
        let mut run = Self::default();
        for query in query::all() {
            let mut found = [const { Vec::new() }; 3];
            for (mode, found) in MODES.into_iter().zip(&mut found) {
                let asked = asked(query, mode)?;
                let start = Instant::now();
                let results = service.search(&user(), &asked).await?;
                run.latencies.push((mode, start.elapsed()));
                *found = ids(results);
            }
            run.answers.push(Answer { query, found });
        }
        Ok(run)
    }

    /// The score of a mode over the queries of `kind`, or over all.
    pub fn score(&self, life: &[Episode], mode: SearchMode, kind: Option<Kind>) -> Score {
        let column = MODES.iter().position(|one| *one == mode).unwrap_or_default();
        let mut sum = Score::default();
        for answer in self.answers.iter().filter(|answer| kind.is_none_or(|kind| answer.query.kind == kind)) {
            sum += Score::of(answer.query, life, &answer.found[column]);
        }
        sum
    }

    /// How many searches there were.
    pub fn searches(&self) -> usize {
        self.answers.len() * MODES.len()
    }

    /// How many searches had the same hits in the same order as in `other`.
    pub fn same_as(&self, other: &Self) -> usize {
        let pairs = self.answers.iter().zip(&other.answers);
        pairs
            .map(|(one, other)| {
                one.found.iter().zip(&other.found).filter(|(one, other)| one == other).count()
            })
            .sum()
    }
}

/// What is nearest to each query, filters aside: an approximate index is used only without them.
///
/// # Errors
/// When a search fails.
pub async fn unfiltered(service: &CalendarService) -> Result<Vec<Vec<String>>> {
    let mut found = Vec::new();
    for query in query::all() {
        let asked = SearchQuery { mode: SearchMode::Meaning, limit: CUT, ..SearchQuery::new(query.text) };
        found.push(ids(service.search(&user(), &asked).await?));
    }
    Ok(found)
}

/// Which share of `exact` is in `other`, list by list.
#[allow(clippy::cast_precision_loss, reason = "there are at most ten hits in a list")]
pub fn share_of(exact: &[Vec<String>], other: &[Vec<String>]) -> f64 {
    let shares = exact.iter().zip(other).map(|(exact, other)| {
        exact.iter().filter(|id| other.contains(id)).count() as f64 / exact.len().max(1) as f64
    });
    shares.sum::<f64>() / exact.len() as f64
}

fn ids(results: SearchResults) -> Vec<String> {
    results.hits.into_iter().map(|hit| hit.event.key.event.as_str().to_owned()).collect()
}

fn asked(query: &Query, mode: SearchMode) -> Result<SearchQuery> {
    Ok(SearchQuery {
        mode,
        range: query.range().map(|(start, end)| TimeRange::new(start, end)).transpose()?,
        calendars: query.calendar.map(|calendar| vec![key(calendar)]),
        attendee: query.guest.map(scenario::address),
        limit: CUT,
        ..SearchQuery::new(query.text)
    })
}
