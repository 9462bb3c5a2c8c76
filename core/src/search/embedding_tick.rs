//! Embedding what changed: a reader of the change feed, so that no sync waits for a model.

use std::{collections::BTreeMap, ops::Range, time::Duration};

use chrono::{DateTime, TimeDelta, Utc};

use super::{Embedder, Embedding, Search, content_hash, embedder::embedded, event_text};
use crate::{
    Error, ErrorKind, Result,
    id::{CalendarKey, EventKey, UserId},
    model::Text,
    storage::{Change, EmbeddingPage, EmbeddingProgress, EmbeddingRow, Lease},
};

/// Texts an embedder is given at once.
const BATCH: usize = 64;

/// Changes that are read, embedded and stored at once.
const CHANGES: usize = 256;

/// Pages of changes of one user in one tick: so nobody's first sync keeps the others waiting.
const PAGES: usize = 8;

/// How long a lease lasts; renewed batch by batch.
const LEASE: Duration = Duration::from_secs(5 * 60);

/// How long a tick that left nothing to do lets pass until the next.
const EVERY: TimeDelta = TimeDelta::seconds(30);

/// The bound of the first wait after a failure; it doubles with each, up to [`LONGEST_WAIT`].
const FIRST_WAIT: Duration = Duration::from_secs(2);
const LONGEST_WAIT: Duration = Duration::from_secs(3600);

/// A text that no model refuses: where it is refused too, the text before it was not the reason.
const PROBE: &str = "calendar";

/// What a tick did, and when the next should be.
#[derive(Debug)]
pub struct EmbedTick {
    /// Events that were embedded.
    pub embedded: u64,
    /// Events that changed, and whose text did not.
    pub unchanged: u64,
    /// Events whose text the model refused: passed over until it changes.
    pub refused: Vec<EventKey>,
    /// Users whose events could not be embedded, and why; tried again later, ever less often.
    pub failures: Vec<(UserId, Error)>,
    /// When to tick again: at once where more is to be done.
    pub next_at: DateTime<Utc>,
}

impl Search {
    /// A tick: embeds what changed for at most `limit` users, 2,048 changes of each.
    ///
    /// Masters and one-offs are embedded, so that a series has one embedding; a text that is the same as before is not
    /// embedded again. What fails is tried again after a wait drawn from zero up to a bound that doubles from 2 seconds
    /// to an hour, and never before the embedder's own `Retry-After`.
    ///
    /// # Errors
    /// [`ErrorKind::Storage`] when the store fails as a whole. What an embedder fails with is in the tick.
    pub async fn embed_due(&self, limit: usize) -> Result<EmbedTick> {
        let now = self.clock.now();
        let next_at = now + EVERY;
        let (refused, failures) = (Vec::new(), Vec::new());
        let mut tick = EmbedTick { embedded: 0, unchanged: 0, refused, failures, next_at };
        let Some(embedder) = self.embedder.as_deref() else { return Ok(tick) };
        let due = self.store.embeddings_due(embedder.model(), now, limit).await?;
        let (mut got_on, mut more) = (false, due.len() >= limit);
        for user in due {
            match self.catch_up(embedder, &user, &mut tick).await {
                Ok(finished) => (got_on, more) = (true, more || !finished),
                Err(error) if matches!(error.kind(), ErrorKind::Busy | ErrorKind::LeaseLost) => {}
                Err(error) => tick.failures.push((user, error)),
            }
        }
        if got_on && more {
            tick.next_at = now;
        }
        Ok(tick)
    }

    /// Forgets all embeddings by `model`, of every user: for a model that is no longer used. Gives how many went.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidInput`] for the model of the current embedder; [`ErrorKind::Storage`].
    pub async fn drop_embeddings(&self, model: &str) -> Result<u64> {
        if self.embedder.as_ref().is_some_and(|embedder| embedder.model() == model) {
            let message = format!("model \"{model}\" is in use: set another embedder first");
            return Err(Error::new(ErrorKind::InvalidInput, message));
        }
        self.store.drop_embeddings(model).await
    }

    /// Whether the end of the user's feed was reached.
    async fn catch_up(&self, embedder: &dyn Embedder, user: &UserId, tick: &mut EmbedTick) -> Result<bool> {
        let name = format!("embed {:?}", (user, embedder.model()));
        let lease = self.store.acquire(&name, &self.holder, LEASE).await?;
        let lease = lease.ok_or_else(|| {
            Error::new(ErrorKind::Busy, "another worker embeds this user's events just now")
        })?;
        let finished = Follower { search: self, embedder, user, lease: &lease }.follow(tick).await;
        // A lease that cannot be given back runs out by itself.
        if let Err(error) = self.store.release(&lease).await {
            tracing::warn!(lease = name, error = %error, "a lease was not released");
        }
        finished
    }
}

/// One user's feed, followed for one model under a lease.
struct Follower<'a> {
    search: &'a Search,
    embedder: &'a dyn Embedder,
    user: &'a UserId,
    lease: &'a Lease,
}

impl Follower<'_> {
    async fn follow(&self, tick: &mut EmbedTick) -> Result<bool> {
        let store = &self.search.store;
        let status = store.embedding_status(self.user, self.embedder.model()).await?;
        let mut progress = status.progress;
        let calendars = store.calendars(self.user).await?;
        let zones: BTreeMap<CalendarKey, Option<Text>> =
            calendars.into_iter().map(|calendar| (calendar.key, calendar.entry.time_zone)).collect();
        for _ in 0..PAGES {
            let page = store.changes_since(self.user, progress.place, CHANGES).await?;
            let at_the_end = page.changes.len() < CHANGES;
            let mut work = Work::of(page.changes, |change| self.text(change, &zones));
            self.leave_out_unchanged(&mut work, tick).await?;
            let before = progress;
            match self.embed(&mut work, tick).await {
                Ok(()) => {
                    let caught_up = progress.caught_up || at_the_end;
                    progress = EmbeddingProgress { place: page.next, caught_up, failures: 0, retry_at: None };
                    self.commit(work, progress).await?;
                }
                Err(error) if error.kind() == ErrorKind::LeaseLost => return Err(error),
                Err(error) => {
                    // What was embedded is kept: it is not asked for again.
                    self.commit(work, self.backoff(before, &error)).await?;
                    return Err(error);
                }
            }
            if at_the_end {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The text of a changed event; none for what is not embedded.
    fn text(&self, change: &Change, zones: &BTreeMap<CalendarKey, Option<Text>>) -> Option<String> {
        let event = change.event.as_ref().filter(|event| !event.is_cancelled() && !event.is_exception())?;
        let zone = zones.get(&change.key.calendar_key()).and_then(Option::as_deref);
        let zone = self.search.zones.zone_or_utc(zone);
        Some(event_text(event, zone, &*self.search.zones)).filter(|text| !text.is_empty())
    }

    async fn leave_out_unchanged(&self, work: &mut Work, tick: &mut EmbedTick) -> Result<()> {
        let keys: Vec<EventKey> = work.texts.iter().map(|(key, _)| key.clone()).collect();
        let stored = self.search.store.content_hashes(self.user, self.embedder.model(), &keys).await?;
        let mut stored = stored.into_iter();
        work.texts.retain(|(_, text)| stored.next().flatten() != Some(content_hash(text)));
        tick.unchanged += (keys.len() - work.texts.len()) as u64;
        Ok(())
    }

    /// Makes rows of the texts, as far as it gets.
    async fn embed(&self, work: &mut Work, tick: &mut EmbedTick) -> Result<()> {
        let texts = std::mem::take(&mut work.texts);
        for batch in texts.chunks(BATCH) {
            let (keys, texts): (Vec<&EventKey>, Vec<String>) =
                batch.iter().map(|(key, text)| (key, text.clone())).unzip();
            let embeddings = self.embed_batch(&texts).await?;
            for ((key, text), embedding) in keys.into_iter().zip(texts).zip(embeddings) {
                match embedding {
                    Some(_) => tick.embedded += 1,
                    None => tick.refused.push(key.clone()),
                }
                let content_hash = content_hash(&text);
                work.rows.push(EmbeddingRow { key: key.clone(), content_hash, embedding });
            }
            self.search.store.renew(self.lease, LEASE).await?;
        }
        Ok(())
    }

    /// The embeddings of `texts`, none for one that is refused: what is refused together is halved until it is found.
    async fn embed_batch(&self, texts: &[String]) -> Result<Vec<Option<Embedding>>> {
        let mut embeddings = vec![None; texts.len()];
        let whole = 0..texts.len();
        let mut parts: Vec<Range<usize>> = vec![whole];
        let mut probed = false;
        while let Some(part) = parts.pop() {
            match embedded(self.embedder, &texts[part.clone()]).await {
                Ok(found) => {
                    for (place, embedding) in part.zip(found) {
                        embeddings[place] = Some(embedding);
                    }
                }
                Err(refusal) if refusal.kind() == ErrorKind::InvalidRequest => {
                    if !probed && embedded(self.embedder, &[PROBE.to_owned()]).await.is_err() {
                        return Err(refusal);
                    }
                    probed = true;
                    if part.len() > 1 {
                        let middle = part.start + part.len() / 2;
                        parts.extend([middle..part.end, part.start..middle]);
                    } else {
                        tracing::warn!(error = %refusal, "the model refused an event's text: it is passed over");
                    }
                }
                Err(error) => return Err(error),
            }
        }
        Ok(embeddings)
    }

    async fn commit(&self, work: Work, progress: EmbeddingProgress) -> Result<()> {
        let page = EmbeddingPage {
            user: self.user.clone(),
            model: self.embedder.model().to_owned(),
            dimensions: self.embedder.dimensions(),
            rows: work.rows,
            removed: work.removed,
            progress,
            fence: self.lease.fence.clone(),
        };
        self.search.store.commit_embeddings(&page).await
    }

    /// Where the user stands after a failure: the same place, later.
    fn backoff(&self, before: EmbeddingProgress, error: &Error) -> EmbeddingProgress {
        let bound = FIRST_WAIT.saturating_mul(1 << before.failures.min(16)).min(LONGEST_WAIT);
        let asked = error.retry_after().unwrap_or_default();
        let wait = TimeDelta::from_std(asked + bound.mul_f64(fastrand::f64())).unwrap_or(TimeDelta::MAX);
        let now = self.search.clock.now();
        let retry_at = now.checked_add_signed(wait).unwrap_or(DateTime::<Utc>::MAX_UTC);
        EmbeddingProgress { failures: before.failures.saturating_add(1), retry_at: Some(retry_at), ..before }
    }
}

/// What a page of changes asks for, and what came of it.
struct Work {
    texts: Vec<(EventKey, String)>,
    removed: Vec<EventKey>,
    rows: Vec<EmbeddingRow>,
}

impl Work {
    fn of(changes: Vec<Change>, text: impl Fn(&Change) -> Option<String>) -> Self {
        let mut work = Self { texts: Vec::new(), removed: Vec::new(), rows: Vec::new() };
        for change in changes {
            match text(&change) {
                Some(text) => work.texts.push((change.key, text)),
                None => work.removed.push(change.key),
            }
        }
        work
    }
}
