//! What search must be able to do with this model and these queries: well below what was measured, so that only a change
//! for the worse is found, and no other machine's rounding.

use theo_calendar::search::SearchMode::{Hybrid, Meaning, Text};

use crate::{
    query::Kind::{self, Filtered, Lexical, Paraphrase},
    run::{Run, share_of},
    scenario::Episode,
};

/// The least recall@10 of a mode for a kind of query.
const LEAST_RECALL: [(theo_calendar::search::SearchMode, Option<Kind>, f64); 7] = [
    (Text, Some(Lexical), 0.95),
    (Meaning, Some(Lexical), 0.80),
    (Hybrid, Some(Lexical), 0.95),
    (Meaning, Some(Paraphrase), 0.48),
    (Hybrid, Some(Paraphrase), 0.48),
    (Hybrid, Some(Filtered), 0.65),
    (Hybrid, None, 0.65),
];

/// By how much hybrid may be below a single mode, over all queries: it should be below neither.
const TOLERANCE: f64 = 0.01;

/// The least share of the ten nearest that the approximate index finds.
const LEAST_BY_INDEX: f64 = 0.95;

/// The least share of searches that two stores answer alike: half precision lets neighbours of the same nearness trade
/// places.
const LEAST_ALIKE: f64 = 0.90;

/// Sentences about what is worse than it must be.
pub fn broken(
    run: &Run,
    other: &Run,
    exact: &[Vec<String>],
    by_index: &[Vec<String>],
    life: &[Episode],
) -> Vec<String> {
    let recalls = LEAST_RECALL.into_iter().map(|(mode, kind, least)| {
        (
            format!(
                "recall@10 of {mode:?} for {}",
                kind.map_or("all".to_owned(), |kind| format!("{kind:?}"))
            ),
            run.score(life, mode, kind).recall(),
            least,
        )
    });
    let of_all = |mode| run.score(life, mode, None);
    let single =
        |of: fn(&crate::score::Score) -> f64| of(&of_all(Text)).max(of(&of_all(Meaning))) - TOLERANCE;
    let hybrid = of_all(Hybrid);
    #[allow(clippy::cast_precision_loss, reason = "there are hundreds")]
    let alike = run.same_as(other) as f64 / run.searches() as f64;
    let rest = [
        (
            "recall@10 of hybrid beside the better single mode".to_owned(),
            hybrid.recall(),
            single(|score| score.recall()),
        ),
        ("MRR of hybrid beside the better single mode".to_owned(), hybrid.mrr(), single(|score| score.mrr())),
        ("the share found by the index".to_owned(), share_of(exact, by_index), LEAST_BY_INDEX),
        ("the share of searches that the stores answer alike".to_owned(), alike, LEAST_ALIKE),
    ];
    let below = recalls.chain(rest).filter(|(_, is, least)| is < least);
    below.map(|(what, is, least)| format!("{what} is {is:.3}, and must be {least:.3}")).collect()
}
