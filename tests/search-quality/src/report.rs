//! The figures as tables.

use std::{fmt::Write, time::Duration};

use theo_calendar::search::SearchMode;

use crate::{
    query::Kind,
    remembered::Asked,
    run::{MODES, Run, share_of},
    scenario::Episode,
    score::CUT,
};

/// recall@10 and MRR of each mode, by kind of query.
pub fn quality(run: &Run, life: &[Episode]) -> String {
    let mut table = String::from(
        "| queries | words: recall@10 | MRR | meaning: recall@10 | MRR | hybrid: recall@10 | MRR |\n|---|---|---|---|---|---|---|\n",
    );
    let kinds = [
        (Some(Kind::Lexical), "lexical"),
        (Some(Kind::Paraphrase), "paraphrase"),
        (Some(Kind::Filtered), "filtered"),
        (None, "all"),
    ];
    for (kind, name) in kinds {
        let count =
            run.answers.iter().filter(|answer| kind.is_none_or(|kind| answer.query.kind == kind)).count();
        let _ = write!(table, "| {name}, {count} |");
        for mode in MODES {
            let score = run.score(life, mode, kind);
            let _ = write!(table, " {:.3} | {:.3} |", score.recall(), score.mrr());
        }
        table.push('\n');
    }
    table
}

/// How long things took.
pub fn speed(run: &Run, embedding: Duration, of_events: Asked, of_queries: Asked) -> String {
    let each = |asked: Asked| milliseconds(asked.took) / asked.texts.max(1) as f64;
    let mut lines = format!(
        "Embedding {} events took {:.1} s, {:.1} s of it the model's; a query's text takes it {:.1} ms.\n\n",
        of_events.texts,
        embedding.as_secs_f64(),
        of_events.took.as_secs_f64(),
        each(of_queries),
    );
    lines.push_str("| a search in PostgreSQL, the query's vector being known | p50 | p95 |\n|---|---|---|\n");
    for mode in MODES {
        let mut took: Vec<Duration> =
            run.latencies.iter().filter(|(one, _)| *one == mode).map(|(_, took)| *took).collect();
        took.sort_unstable();
        let at =
            |percent: usize| milliseconds(took.get(took.len() * percent / 100).copied().unwrap_or_default());
        let _ = writeln!(lines, "| {} | {:.1} ms | {:.1} ms |", named(mode), at(50), at(95));
    }
    lines.push('\n');
    lines
}

/// What the approximate index finds of what comparing with each finds.
pub fn index(exact: &[Vec<String>], by_index: &[Vec<String>], building: Duration) -> String {
    let share = share_of(exact, by_index);
    let seconds = building.as_secs_f64();
    format!(
        "Of the ten nearest the approximate index, built in {seconds:.1} s, finds the share {share:.4}.\n"
    )
}

fn named(mode: SearchMode) -> &'static str {
    match mode {
        SearchMode::Text => "words",
        SearchMode::Meaning => "meaning",
        SearchMode::Hybrid => "hybrid",
    }
}

fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1_000.0
}

/// The queries of which hybrid search did not find everything, and what stood in its place.
pub fn misses(run: &Run, life: &[Episode]) -> String {
    let mut list = String::new();
    let title = |id: &String| {
        let episode = life.iter().find(|episode| episode.id == *id);
        episode.map_or("?", |episode| episode.text.lines().next().unwrap_or_default())
    };
    for answer in &run.answers {
        let wanted: Vec<&Episode> = life.iter().filter(|episode| answer.query.wants(episode)).collect();
        let [words, meaning, hybrid] = &answer.found;
        let missed: Vec<&&Episode> = wanted.iter().filter(|episode| !hybrid.contains(&episode.id)).collect();
        if missed.is_empty() {
            continue;
        }
        let _ = writeln!(list, "\n{:?}: {} of {} missed", answer.query.text, missed.len(), wanted.len());
        for episode in missed {
            let place = |found: &[String]| {
                found
                    .iter()
                    .position(|id| *id == episode.id)
                    .map_or("-".to_owned(), |at| (at + 1).to_string())
            };
            let _ = writeln!(
                list,
                "  missed {:?} (words {}, meaning {})",
                title(&episode.id),
                place(words),
                place(meaning)
            );
        }
        for (mode, found) in [("words", words), ("meaning", meaning), ("hybrid", hybrid)] {
            let titles: Vec<&str> = found.iter().take(CUT).map(title).collect();
            let _ = writeln!(list, "  {mode}: {titles:?}");
        }
    }
    list
}
