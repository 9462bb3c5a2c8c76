//! The labels are what they say they are.

use std::collections::BTreeSet;

use search_quality::{
    query::{self, Kind, Query},
    scenario::{self, Episode, SIZE},
};

/// Words that say nothing.
const FILLERS: [&str; 24] = [
    "a", "an", "and", "at", "for", "from", "how", "in", "is", "it", "my", "new", "of", "on", "or", "see",
    "the", "to", "up", "was", "what", "who", "with", "we",
];

#[test]
fn the_life_is_the_same_every_time() {
    let (one, other) = (scenario::life(), scenario::life());
    assert_eq!(one.len(), SIZE);
    let texts = |life: &[Episode]| life.iter().map(|episode| episode.json.to_string()).collect::<Vec<_>>();
    assert_eq!(texts(&one), texts(&other));
    let ids: BTreeSet<&str> = one.iter().map(|episode| episode.id.as_str()).collect();
    assert_eq!(ids.len(), SIZE);
}

#[test]
fn every_query_wants_one_to_ten_events_among_many_that_it_does_not() {
    let life = scenario::life();
    let wrong = query::all().filter_map(|query| {
        let admitted: Vec<&Episode> = life.iter().filter(|episode| query.admits(episode)).collect();
        let wanted = admitted.iter().filter(|episode| query.wants(episode)).count();
        let fits = (1..=10).contains(&wanted) && admitted.len() >= 2 * wanted;
        (!fits).then(|| format!("{:?} wants {wanted} of {}", query.text, admitted.len()))
    });
    assert_eq!(wrong.collect::<Vec<_>>(), [""; 0]);
}

#[test]
fn there_are_enough_queries_of_each_kind() {
    for (kind, least) in [(Kind::Lexical, 30), (Kind::Paraphrase, 60), (Kind::Filtered, 30)] {
        let queries: BTreeSet<&str> = of(kind).map(|query| query.text).collect();
        assert!(queries.len() >= least, "{kind:?}: {}", queries.len());
    }
}

#[test]
fn every_word_of_a_lexical_query_stands_in_every_event_it_wants() {
    let missing = |query: &BTreeSet<String>, text: &BTreeSet<String>| !query.is_subset(text);
    assert_eq!(pairs(Kind::Lexical, missing), [""; 0]);
}

#[test]
fn no_word_of_a_paraphrase_stands_in_what_it_wants_nor_any_of_its_stem() {
    let shared = |query: &BTreeSet<String>, text: &BTreeSet<String>| {
        query.iter().any(|word| text.iter().any(|other| akin(word, other)))
    };
    assert_eq!(pairs(Kind::Paraphrase, shared), [""; 0]);
}

#[test]
fn a_filter_leaves_out_some_of_what_the_query_is_about() {
    let life = scenario::life();
    for query in of(Kind::Filtered) {
        assert!(life.iter().any(|episode| !query.admits(episode)), "{:?} filters nothing", query.text);
    }
}

/// The queries of a kind with what they want, where their words are `wrong`.
fn pairs(kind: Kind, wrong: impl Fn(&BTreeSet<String>, &BTreeSet<String>) -> bool) -> Vec<String> {
    let life = scenario::life();
    let pairs = of(kind).flat_map(|query| life.iter().map(move |episode| (query, episode)));
    let wanted = pairs.filter(|(query, episode)| query.wants(episode));
    let wrong = wanted.filter(|(query, episode)| wrong(&words(query.text), &words(&episode.text)));
    wrong.map(|(query, episode)| format!("{:?} wants {:?}", query.text, episode.text)).collect()
}

fn of(kind: Kind) -> impl Iterator<Item = &'static Query> {
    query::all().filter(move |query| query.kind == kind)
}

fn words(text: &str) -> BTreeSet<String> {
    let words = text.to_lowercase();
    let words = words.split(|char: char| !char.is_alphanumeric()).filter(|word| !word.is_empty());
    words.filter(|word| !FILLERS.contains(word)).map(str::to_owned).collect()
}

/// Whether two words are the same but for an ending.
fn akin(one: &str, other: &str) -> bool {
    let head = |word: &str| word.chars().take(5).collect::<String>();
    let (short, long) = if one.len() <= other.len() { (one, other) } else { (other, one) };
    one == other || head(one) == head(other) || (short.chars().count() >= 4 && long.starts_with(short))
}
