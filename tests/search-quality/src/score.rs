//! How good a ranked list is, given what was wanted.

use std::ops::AddAssign;

use crate::{query::Query, scenario::Episode};

/// How many hits are looked at.
pub const CUT: usize = 10;

/// Sums over queries.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Score {
    queries: f64,
    recall: f64,
    reciprocal_rank: f64,
}

impl Score {
    /// Of one query: which share of what it wants is among the first ten of `found`, and one over the place of the
    /// first of them.
    #[allow(clippy::cast_precision_loss, reason = "there are at most ten hits")]
    pub fn of(query: &Query, life: &[Episode], found: &[String]) -> Self {
        let wanted: Vec<&str> =
            life.iter().filter(|episode| query.wants(episode)).map(|episode| episode.id.as_str()).collect();
        let found = &found[..found.len().min(CUT)];
        let hits = found.iter().filter(|id| wanted.contains(&id.as_str())).count();
        let first = found.iter().position(|id| wanted.contains(&id.as_str()));
        Self {
            queries: 1.0,
            recall: hits as f64 / wanted.len() as f64,
            reciprocal_rank: first.map_or(0.0, |place| 1.0 / (place + 1) as f64),
        }
    }

    /// The mean recall@10.
    pub fn recall(&self) -> f64 {
        self.recall / self.queries
    }

    /// The mean reciprocal rank, of which those past the tenth place count nothing.
    pub fn mrr(&self) -> f64 {
        self.reciprocal_rank / self.queries
    }
}

impl AddAssign for Score {
    fn add_assign(&mut self, other: Self) {
        self.queries += other.queries;
        self.recall += other.recall;
        self.reciprocal_rank += other.reciprocal_rank;
    }
}
