//! Search: every event of the user is looked at.

use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;

use super::{MemoryStore, mirror::Row, tenant::Tenant};
use crate::{
    Result,
    id::{CalendarKey, EventKey, UserId},
    search::Embedding,
    storage::{Nearest, SearchFilter, SearchStore, VectorQuery, WordMatch, WordQuery},
};

#[async_trait]
impl SearchStore for MemoryStore {
    async fn matching(&self, user: &UserId, query: &WordQuery) -> Result<Vec<WordMatch>> {
        let inner = self.read();
        let Some(tenant) = inner.tenants.get(user) else { return Ok(Vec::new()) };
        let rows: Vec<(CalendarKey, &Row)> = searched(tenant, user, &query.filter).collect();
        let rarity: BTreeMap<&str, f32> = query
            .words
            .iter()
            .map(|word| {
                let having = rows.iter().filter(|(_, row)| row.entry().words.contains_key(word)).count();
                (word.as_str(), rarity(rows.len(), having))
            })
            .collect();
        let all: f32 = rarity.values().sum();
        let mut matches: Vec<(WordMatch, bool)> = Vec::new();
        for (calendar, row) in rows {
            let words = &row.entry().words;
            let found: Vec<(f32, f32)> = rarity
                .iter()
                .filter_map(|(word, rarity)| Some((*rarity, words.get(*word)?.weight())))
                .collect();
            let score = found.iter().map(|(rarity, weight)| rarity * weight).sum::<f32>();
            if score > 0.0 {
                let share = found.iter().map(|(rarity, _)| rarity).sum::<f32>() / all;
                let series = row.event.recurring_event_id.as_ref().unwrap_or(&row.event.id).clone();
                let key = calendar.event(row.event.id.clone());
                matches.push((WordMatch { key, series, score, share }, row.event.is_exception()));
            }
        }
        matches.sort_by(|(one, is_one_exception), (other, is_other_exception)| {
            let by_score = other.score.total_cmp(&one.score);
            by_score.then_with(|| (is_one_exception, &one.key).cmp(&(is_other_exception, &other.key)))
        });
        let mut seen = BTreeSet::new();
        let mut best: Vec<WordMatch> = matches
            .into_iter()
            .map(|(found, _)| found)
            .filter(|found| seen.insert((found.key.calendar_key(), found.series.clone())))
            .collect();
        best.sort_by(|one, other| other.score.total_cmp(&one.score).then_with(|| one.key.cmp(&other.key)));
        best.truncate(query.limit);
        Ok(best)
    }

    async fn nearest(&self, user: &UserId, query: &VectorQuery) -> Result<Vec<Nearest>> {
        let inner = self.read();
        let Some(tenant) = inner.tenants.get(user) else { return Ok(Vec::new()) };
        let Some(known) = tenant.embeddings.get(&query.model) else { return Ok(Vec::new()) };
        let is_wanted = |key: &EventKey| {
            let calendar = key.calendar_key();
            let row = tenant.calendar(&calendar).ok().and_then(|calendar| calendar.mirror.row(&key.event));
            row.is_some_and(|row| passes(&query.filter, &calendar, row))
        };
        let mut nearest: Vec<Nearest> = known
            .rows
            .values()
            .filter(|row| is_wanted(&row.key))
            .filter_map(|row| {
                let similarity = cosine(row.embedding.as_ref()?, &query.vector)?;
                Some(Nearest { key: row.key.clone(), similarity })
            })
            .collect();
        nearest.sort_by(|a, b| b.similarity.total_cmp(&a.similarity).then_with(|| a.key.cmp(&b.key)));
        nearest.truncate(query.limit);
        Ok(nearest)
    }
}

fn searched<'a>(
    tenant: &'a Tenant,
    user: &'a UserId,
    filter: &'a SearchFilter,
) -> impl Iterator<Item = (CalendarKey, &'a Row)> {
    let rows = tenant
        .calendars(user)
        .flat_map(|(key, calendar)| calendar.mirror.rows().map(move |row| (key.clone(), row)));
    rows.filter(|(calendar, row)| passes(filter, calendar, row))
}

fn passes(filter: &SearchFilter, calendar: &CalendarKey, row: &Row) -> bool {
    !row.event.is_cancelled()
        && filter.calendars.as_ref().is_none_or(|wanted| wanted.contains(calendar))
        && filter.range.is_none_or(|range| row.entry().reaches(&range))
        && filter.attendee.as_ref().is_none_or(|address| row.entry().people.contains(address))
}

#[allow(clippy::cast_precision_loss, reason = "a count of events that is a little off ranks the same")]
fn rarity(events: usize, having: usize) -> f32 {
    let (events, having) = (events as f32, having as f32);
    ((events - having + 0.5) / (having + 0.5)).ln_1p()
}

/// None where the two are not of one length, or one has no direction.
fn cosine(a: &Embedding, b: &Embedding) -> Option<f32> {
    let dot = |x: &[f32], y: &[f32]| x.iter().zip(y).map(|(x, y)| x * y).sum::<f32>();
    let lengths = (dot(a, a) * dot(b, b)).sqrt();
    (a.len() == b.len() && lengths > 0.0).then(|| dot(a, b) / lengths)
}
