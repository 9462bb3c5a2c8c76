//! Two ranked lists made one, and the search itself.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::future::join;

use super::{
    Embedder, Embedding, MeaningPart, MeaningUse, ScoreParts, Search, SearchEntry, SearchField, SearchHit,
    SearchMode, SearchQuery, SearchResults, TextPart, embedder::embedded, words::words,
};
use crate::{
    Error, ErrorKind, Result,
    id::{EventId, EventKey, UserId},
    storage::{MirroredEvent, Nearest, VectorQuery, WordMatch, WordQuery},
};

/// How many of each list are looked at, and how many hits there are at most.
const CANDIDATES: usize = 100;

/// How much of a list's head counts: k of reciprocal rank fusion, 60 as in Cormack, Clarke and Büttcher, *Reciprocal
/// rank fusion outperforms Condorcet and individual rank learning methods* (SIGIR 2009).
const K: f64 = 60.0;

/// Words of a query that count.
const WORDS: usize = 32;

impl Search {
    /// Events of `user` that fit `query`, best first.
    ///
    /// Each mode makes a list of its 100 best, filters applied before they are cut. A hit's score is the sum of
    /// 1 / (60 + rank) over the lists it is in; what it has by words counts as far as its [share](TextPart::share), so
    /// that an event in which one common word of the question stands does not come before one that is meant. Of hits
    /// with the same score the better rank comes first, then the lower key.
    ///
    /// Meaning is asked of the current embedder once it has embedded all that `user` had when it came; until then of
    /// the retiring one, where that had.
    ///
    /// # Errors
    /// [`ErrorKind::Storage`]; in mode [`Meaning`](SearchMode::Meaning) also [`ErrorKind::InvalidInput`] where there is
    /// no embedder, and whatever the embedder fails with.
    pub async fn search(&self, user: &UserId, query: &SearchQuery) -> Result<SearchResults> {
        let by_words = async {
            match query.mode {
                SearchMode::Meaning => Ok(Vec::new()),
                SearchMode::Text | SearchMode::Hybrid => self.by_words(user, query).await,
            }
        };
        let by_meaning = async {
            match query.mode {
                SearchMode::Text => Ok((Vec::new(), MeaningUse::NotAsked)),
                SearchMode::Meaning => self.by_meaning(user, query).await,
                SearchMode::Hybrid => self.by_meaning(user, query).await.or_else(missing),
            }
        };
        let (text, meaning) = join(by_words, by_meaning).await;
        let (nearest, meaning) = meaning?;
        let ranked = fused(text?, nearest);
        let hits = self.loaded(user, query, ranked).await?;
        Ok(SearchResults { hits, meaning })
    }

    async fn by_words(&self, user: &UserId, query: &SearchQuery) -> Result<Vec<WordMatch>> {
        let words: Vec<String> = asked(query).into_iter().collect();
        if words.is_empty() {
            return Ok(Vec::new());
        }
        let query = WordQuery { words, filter: query.filter(), limit: CANDIDATES };
        self.store.matching(user, &query).await
    }

    async fn by_meaning(&self, user: &UserId, query: &SearchQuery) -> Result<(Vec<Nearest>, MeaningUse)> {
        let (embedder, complete) = self.embedder_for(user).await?;
        let vector = of_query(embedder, &query.text).await?;
        let model = embedder.model().to_owned();
        let asked = VectorQuery { model: model.clone(), vector, filter: query.filter(), limit: CANDIDATES };
        let nearest = self.store.nearest(user, &asked).await?;
        Ok((nearest, MeaningUse::Used { model, complete }))
    }

    /// The embedder whose embeddings of `user`'s events answer, and whether all are there.
    async fn embedder_for(&self, user: &UserId) -> Result<(&dyn Embedder, bool)> {
        let current = self.embedder.as_deref().ok_or_else(no_embedder)?;
        let status = self.store.embedding_status(user, current.model()).await?;
        if !status.progress.caught_up
            && let Some(retiring) = self.retiring.as_deref()
        {
            let old = self.store.embedding_status(user, retiring.model()).await?;
            if old.progress.caught_up || status.progress.place < old.progress.place {
                return Ok((retiring, old.is_complete()));
            }
        }
        Ok((current, status.is_complete()))
    }

    async fn loaded(
        &self,
        user: &UserId,
        query: &SearchQuery,
        ranked: Vec<Ranked>,
    ) -> Result<Vec<SearchHit>> {
        let ranked: Vec<Ranked> = ranked.into_iter().take(query.limit.min(CANDIDATES)).collect();
        let keys: Vec<EventKey> = ranked.iter().map(|ranked| ranked.key.clone()).collect();
        let events = self.store.events_by_key(user, &keys).await?;
        let mut events: BTreeMap<EventKey, MirroredEvent> =
            events.into_iter().map(|event| (event.key.clone(), event)).collect();
        let words = asked(query);
        // What was deleted since the lists were made is left out.
        let hits = ranked.into_iter().filter_map(|ranked| {
            let event = events.remove(&ranked.key)?;
            let mut hit = SearchHit { event, score: ranked.score(), parts: ranked.parts };
            if let Some(text) = &mut hit.parts.text {
                text.fields = fields(&hit.event, &words);
            }
            Some(hit)
        });
        Ok(hits.collect())
    }
}

/// The words of the query, each once.
fn asked(query: &SearchQuery) -> BTreeSet<String> {
    words(&query.text).take(WORDS).collect()
}

async fn of_query(embedder: &dyn Embedder, text: &str) -> Result<Embedding> {
    let text = crate::text::one_line(text, 1_000);
    if text.is_empty() {
        return Err(Error::new(
            ErrorKind::InvalidInput,
            "there is nothing to search for: the query is empty",
        ));
    }
    let mut embeddings = embedded(embedder, &[text]).await?;
    embeddings.pop().ok_or_else(|| Error::new(ErrorKind::MalformedResponse, "the embedder gave nothing"))
}

/// What keeps meaning from being asked keeps nobody from being answered; a store that fails does.
fn missing(error: Error) -> Result<(Vec<Nearest>, MeaningUse)> {
    if error.kind() == ErrorKind::Storage {
        return Err(error);
    }
    // A host without an embedder knows.
    if error.kind() == ErrorKind::InvalidInput {
        tracing::debug!(error = %error, "searched by words alone");
    } else {
        tracing::warn!(error = %error, "searched by words alone");
    }
    Ok((Vec::new(), MeaningUse::Missing { why: error.to_string() }))
}

fn no_embedder() -> Error {
    let message = "there is no embedder to search by meaning with: set one with `with_embedder`";
    Error::new(ErrorKind::InvalidInput, message)
}

/// A hit before its event is read.
struct Ranked {
    key: EventKey,
    parts: ScoreParts,
}

impl Ranked {
    fn score(&self) -> f64 {
        #[allow(clippy::cast_precision_loss, reason = "ranks are small")]
        let part = |rank: usize| 1.0 / (K + rank as f64);
        let text = self.parts.text.as_ref().map(|text| f64::from(text.share) * part(text.rank));
        let meaning = self.parts.meaning.as_ref().map(|meaning| part(meaning.rank));
        text.unwrap_or_default() + meaning.unwrap_or_default()
    }

    fn best_rank(&self) -> usize {
        let text = self.parts.text.as_ref().map(|text| text.rank);
        let meaning = self.parts.meaning.as_ref().map(|meaning| meaning.rank);
        text.into_iter().chain(meaning).min().unwrap_or(usize::MAX)
    }
}

/// Both lists as one, best first; a series that is in both is one hit.
fn fused(text: Vec<WordMatch>, nearest: Vec<Nearest>) -> Vec<Ranked> {
    let series_of = |key: &EventKey, series: EventId| EventKey { event: series, ..key.clone() };
    let mut ranked: BTreeMap<EventKey, Ranked> = BTreeMap::new();
    for (rank, found) in (1..).zip(text) {
        let part = TextPart { rank, score: found.score, share: found.share, fields: Vec::new() };
        let parts = ScoreParts { text: Some(part), meaning: None };
        ranked.insert(series_of(&found.key, found.series), Ranked { key: found.key, parts });
    }
    for (rank, found) in (1..).zip(nearest) {
        let part = MeaningPart { rank, similarity: found.similarity };
        let new = Ranked { key: found.key.clone(), parts: ScoreParts::default() };
        ranked.entry(found.key).or_insert(new).parts.meaning = Some(part);
    }
    let mut ranked: Vec<Ranked> = ranked.into_values().collect();
    ranked.sort_by(|one, other| {
        let by_score = other.score().total_cmp(&one.score());
        by_score.then_with(|| one.best_rank().cmp(&other.best_rank())).then_with(|| one.key.cmp(&other.key))
    });
    ranked
}

fn fields(event: &MirroredEvent, asked: &BTreeSet<String>) -> Vec<SearchField> {
    let entry = SearchEntry::of(&event.event, event.span.as_ref());
    let found = asked.iter().filter_map(|word| entry.words.get(word).copied());
    let fields: BTreeSet<SearchField> = found.collect();
    fields.into_iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::AccountKey;

    #[test]
    fn one_common_word_of_a_question_does_not_come_before_what_is_meant() {
        let key = |event: &str| AccountKey::new("ada", "ada@example.com").calendar("work").event(event);
        let word =
            |event: &str, share| WordMatch { key: key(event), series: event.into(), score: 1.0, share };
        let near = |event: &str| Nearest { key: key(event), similarity: 0.5 };

        let ranked = fused(vec![word("for", 0.1), word("all", 1.0)], vec![near("meant"), near("also meant")]);

        let order: Vec<&str> = ranked.iter().map(|ranked| ranked.key.event.as_str()).collect();
        assert_eq!(order, ["meant", "all", "also meant", "for"]);
    }
}
