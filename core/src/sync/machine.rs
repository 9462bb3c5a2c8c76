//! What to fetch next and what then is known: pure, time handed in, no HTTP, no store.

use std::{collections::HashSet, time::Duration};

use chrono::{DateTime, TimeDelta, Utc};

use super::{QueryFingerprint, Standing, SyncFailure, SyncPhase, SyncState};
use crate::{
    Error, ErrorKind, Result,
    id::{PageToken, SyncToken},
    storage::Listing,
};

/// Walks one resource from where its [`SyncState`] stands to the end of a listing.
///
/// The caller fetches what [`next`](Self::next) asks for, hands the answer's two tokens to [`apply`](Self::apply) and
/// stores the state that gives together with the page's rows; a failed fetch goes to [`fail`](Self::fail), and the
/// state is saved. When storing fails, the machine is thrown away: what is stored is what counts.
///
/// - The sync token is in the state only once the last page is: it never runs ahead of the rows.
/// - A token made by another query, or too old, is never used: the resource is listed anew, as a new generation.
/// - Every listing ends: a page that comes twice and one page too many are errors, and of restarts there are
///   [`MAX_RESTARTS`](Self::MAX_RESTARTS) at most.
///
/// ```
/// use theo_calendar::{id::AccountKey, sync::{PageTokens, QueryFingerprint, Step, SyncMachine, SyncResource, SyncState}};
///
/// let query = QueryFingerprint("events".into());
/// let resource = SyncResource::Events(AccountKey::new("ada", "ada@example.com").calendar("team@example.com"));
/// let now = "2025-03-28T09:00:00Z".parse().unwrap();
///
/// let mut machine = SyncMachine::new(SyncState::new(resource, query.clone()), query);
/// let Step::Fetch(fetch) = machine.next(now) else { panic!("a new resource is to be listed") };
/// assert!(fetch.is_full() && fetch.page().is_none());
///
/// let commit = machine.apply(PageTokens { next_page: None, sync_token: Some("t1".into()) }, now)?;
/// assert_eq!(commit.state.last_full_sync_at, Some(now));
/// assert_eq!(machine.next(now), Step::Done);
/// # Ok::<(), theo_calendar::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct SyncMachine {
    state: SyncState,
    /// The value of `dirty` when the listing under way began; `clean` for one resumed, whose beginning nobody saw.
    dirty_at_start: u64,
    /// Whether the listing under way was begun by another run: it shows what was so then.
    resumed: bool,
    seen: HashSet<PageToken>,
    restarts: u32,
    max_pages: u32,
    finished: bool,
}

/// What is to be done next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Fetch this page.
    Fetch(Fetch),
    /// Nothing before `until`: it failed.
    Wait {
        /// Earliest next try.
        until: DateTime<Utc>,
    },
    /// Nothing until the person mends it.
    Paused {
        /// Why.
        failure: SyncFailure,
    },
    /// The listing is finished.
    Done,
}

/// Which page to fetch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fetch {
    /// A page of a complete listing: without a sync token.
    Full {
        /// Which page; none for the first.
        page: Option<PageToken>,
    },
    /// A page of changes: each is asked for with the same sync token.
    Delta {
        /// Where the last listing ended.
        token: SyncToken,
        /// Which page; none for the first.
        page: Option<PageToken>,
    },
}

/// The two tokens of a page that was fetched.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PageTokens {
    /// The next page, where there is one.
    pub next_page: Option<PageToken>,
    /// Where the listing ended, on its last page.
    pub sync_token: Option<SyncToken>,
}

/// What is to be stored with a page's rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Commit {
    /// What sort of listing the page is of.
    pub listing: Listing,
    /// Where the resource then stands.
    pub state: SyncState,
}

/// What a failure means for the run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recovery {
    /// The listing begins anew at once: go on with [`SyncMachine::next`].
    Restarted,
    /// The run is over: later, or when the person mended it.
    Stopped,
    /// The run is over, and the failure is not the resource's: another worker has it. Nothing is to be saved.
    Abandoned,
}

impl SyncMachine {
    /// How often one run starts a listing over before it gives up for now.
    pub const MAX_RESTARTS: u32 = 3;
    /// Pages of one listing, at most, unless [`max_pages`](Self::max_pages) says otherwise.
    pub const MAX_PAGES: u32 = 10_000;
    /// The wait after a first failure; each further one doubles it.
    pub const FIRST_BACKOFF: Duration = Duration::from_secs(30);
    /// The longest wait after failures.
    pub const LONGEST_BACKOFF: Duration = Duration::from_secs(60 * 60);
    /// The wait when a quota is used up, at least.
    pub const QUOTA_BACKOFF: Duration = Duration::from_secs(60 * 60);

    /// A machine that goes on from `state` with `query`.
    ///
    /// A token or page made by another query is dropped here: the resource is listed anew.
    pub fn new(state: SyncState, query: QueryFingerprint) -> Self {
        let mut machine = Self {
            dirty_at_start: state.clean,
            resumed: false,
            state,
            seen: HashSet::new(),
            restarts: 0,
            max_pages: Self::MAX_PAGES,
            finished: false,
        };
        if machine.state.query != query {
            machine.state.query = query;
            machine.list_anew();
        }
        match &machine.state.phase {
            SyncPhase::Empty => machine.list_anew(),
            SyncPhase::FullPaging { page: None, .. } | SyncPhase::Incremental { .. } => machine.begin(),
            SyncPhase::FullPaging { page: Some(_), .. } | SyncPhase::DeltaPaging { .. } => {
                machine.resumed = true;
            }
        }
        machine
    }

    /// The same machine, whose listings may have `pages` pages.
    #[must_use]
    pub fn max_pages(mut self, pages: u32) -> Self {
        self.max_pages = pages;
        self
    }

    /// The same machine, which lists the resource completely, whatever is known and whatever failed before.
    #[must_use]
    pub fn refreshed(mut self) -> Self {
        self.state.standing = Standing::Ready;
        self.list_anew();
        self
    }

    /// Where the resource stands.
    pub fn state(&self) -> &SyncState {
        &self.state
    }

    /// Whether the listing is at its end.
    pub fn is_finished(&self) -> bool {
        self.finished
    }

    /// What failed last, where it does yet.
    pub fn failure(&self) -> Option<&SyncFailure> {
        match &self.state.standing {
            Standing::Ready => None,
            Standing::Backoff { failure, .. } | Standing::Paused { failure } => Some(failure),
        }
    }

    /// What is to be done at `now`.
    pub fn next(&self, now: DateTime<Utc>) -> Step {
        match &self.state.standing {
            Standing::Paused { failure } => return Step::Paused { failure: failure.clone() },
            Standing::Backoff { until, .. } if now < *until => return Step::Wait { until: *until },
            Standing::Backoff { .. } | Standing::Ready => {}
        }
        match &self.state.phase {
            _ if self.finished => Step::Done,
            SyncPhase::Empty => Step::Fetch(Fetch::Full { page: None }),
            SyncPhase::FullPaging { page, .. } => Step::Fetch(Fetch::Full { page: page.clone() }),
            SyncPhase::Incremental { token } => {
                Step::Fetch(Fetch::Delta { token: token.clone(), page: None })
            }
            SyncPhase::DeltaPaging { token, page, .. } => {
                Step::Fetch(Fetch::Delta { token: token.clone(), page: Some(page.clone()) })
            }
        }
    }

    /// What to store for the page that was fetched, got at `now`.
    ///
    /// # Errors
    /// [`ErrorKind::MalformedResponse`] when the page has neither token, leads to a page that was there before, or is
    /// one too many; to be handed to [`fail`](Self::fail), and none of the page to be stored.
    pub fn apply(&mut self, tokens: PageTokens, now: DateTime<Utc>) -> Result<Commit> {
        if let Some(reason) = self.never_ends(&tokens) {
            self.abandon_listing();
            return Err(Error::new(ErrorKind::MalformedResponse, reason));
        }
        let (current, pages) = self.place();
        let pages = pages + 1;
        let listing = self.listing(&tokens, current.is_none());
        if let Some(page) = tokens.next_page {
            self.seen.insert(page.clone());
            self.state.phase = match &self.state.phase {
                SyncPhase::Incremental { token } | SyncPhase::DeltaPaging { token, .. } => {
                    SyncPhase::DeltaPaging { token: token.clone(), page, pages }
                }
                SyncPhase::Empty | SyncPhase::FullPaging { .. } => {
                    self.state.full_sync_started_at.get_or_insert(now);
                    SyncPhase::FullPaging { page: Some(page), pages }
                }
            };
        } else if let Some(token) = tokens.sync_token {
            self.finish(listing, now);
            self.state.phase = SyncPhase::Incremental { token };
        }
        Ok(Commit { listing, state: self.state.clone() })
    }

    /// What the failure of a fetch at `now` means. The [`state`](Self::state) is to be saved, unless abandoned.
    pub fn fail(&mut self, error: &Error, now: DateTime<Utc>) -> Recovery {
        // A store that is away for a while says nothing about the calendar: it is as due as it was.
        let store_is_away = error.kind() == ErrorKind::Storage && error.is_retryable();
        if store_is_away || matches!(error.kind(), ErrorKind::LeaseLost | ErrorKind::Busy) {
            return Recovery::Abandoned;
        }
        if self.starts_over(error) {
            self.restarts += 1;
            if self.restarts <= Self::MAX_RESTARTS {
                return Recovery::Restarted;
            }
        }
        let failure = SyncFailure::new(error, now);
        self.state.standing = match error.kind() {
            ErrorKind::GrantRevoked | ErrorKind::ScopeMissing => Standing::Paused { failure },
            _ => {
                let failures = match &self.state.standing {
                    Standing::Backoff { failures, .. } => failures.saturating_add(1),
                    Standing::Ready | Standing::Paused { .. } => 1,
                };
                Standing::Backoff { until: after(now, backoff(error, failures)), failures, failure }
            }
        };
        Recovery::Stopped
    }

    /// Takes the stored value of `dirty`: whether a notification came since the finished listing began, or another run
    /// began it, so that it may be old news; another one is then under way.
    pub fn goes_again(&mut self, dirty: u64) -> bool {
        self.state.dirty = dirty;
        if !self.finished || (dirty == self.state.clean && !self.resumed) {
            return false;
        }
        self.finished = false;
        self.begin();
        true
    }

    /// The page to be fetched, and how many of its listing were.
    fn place(&self) -> (Option<PageToken>, u32) {
        match &self.state.phase {
            SyncPhase::Empty | SyncPhase::Incremental { .. } => (None, 0),
            SyncPhase::FullPaging { page, pages } => (page.clone(), *pages),
            SyncPhase::DeltaPaging { page, pages, .. } => (Some(page.clone()), *pages),
        }
    }

    /// Why a page cannot be of a listing that ends, where it cannot.
    fn never_ends(&self, tokens: &PageTokens) -> Option<&'static str> {
        let (current, pages) = self.place();
        match (&tokens.next_page, &tokens.sync_token) {
            (None, None) => Some("the listing broke off: its last page came without a sync token"),
            (None, Some(_)) => None,
            (Some(next), _) if current.as_ref() == Some(next) || self.seen.contains(next) => {
                Some("the listing never ends: Google led back to a page that was read before")
            }
            (Some(_), _) if pages + 1 >= self.max_pages => {
                Some("the listing never ends: it has more pages than a calendar can have")
            }
            (Some(_), _) => None,
        }
    }

    fn listing(&self, tokens: &PageTokens, first: bool) -> Listing {
        match self.state.phase {
            SyncPhase::Incremental { .. } | SyncPhase::DeltaPaging { .. } => Listing::Delta,
            SyncPhase::Empty | SyncPhase::FullPaging { .. } => {
                Listing::Full { first, last: tokens.next_page.is_none() }
            }
        }
    }

    fn finish(&mut self, listing: Listing, now: DateTime<Utc>) {
        self.finished = true;
        self.state.standing = Standing::Ready;
        self.state.clean = self.dirty_at_start;
        self.state.token_set_at = Some(now);
        self.state.last_sync_at = Some(now);
        if let Listing::Full { .. } = listing {
            self.state.last_full_sync_at = Some(now);
            self.state.full_sync_started_at = None;
        }
    }

    /// The listing under way leads nowhere: the next try is of a new one.
    fn abandon_listing(&mut self) {
        match &self.state.phase {
            SyncPhase::Incremental { token } | SyncPhase::DeltaPaging { token, .. } => {
                self.state.phase = SyncPhase::Incremental { token: token.clone() };
                self.begin();
            }
            SyncPhase::Empty | SyncPhase::FullPaging { .. } => self.list_anew(),
        }
    }

    /// A listing begins: what was notified until now it will show.
    fn begin(&mut self) {
        self.dirty_at_start = self.state.dirty;
        self.resumed = false;
        self.seen.clear();
    }

    /// A complete listing begins, numbered anew, so that what an abandoned one brought is not taken for its own.
    fn list_anew(&mut self) {
        self.state.generation += 1;
        self.state.phase = SyncPhase::FullPaging { page: None, pages: 0 };
        self.state.full_sync_started_at = None;
        self.finished = false;
        self.begin();
    }

    /// Goes back to where `error` can be cured by asking anew; false where it cannot.
    fn starts_over(&mut self, error: &Error) -> bool {
        let delta_token = match &self.state.phase {
            SyncPhase::DeltaPaging { token, .. } => Some(token.clone()),
            _ => None,
        };
        let is_first_page_of_all = self.place().0.is_none() && !self.is_delta();
        match error.kind() {
            ErrorKind::SyncTokenExpired => self.list_anew(),
            // A page token too old, or a token that Google no longer reads.
            ErrorKind::InvalidRequest if is_first_page_of_all => return false,
            ErrorKind::InvalidRequest => match delta_token {
                Some(token) if self.restarts == 0 => {
                    self.state.phase = SyncPhase::Incremental { token };
                    self.begin();
                }
                _ => self.list_anew(),
            },
            _ => return false,
        }
        true
    }

    fn is_delta(&self) -> bool {
        matches!(self.state.phase, SyncPhase::Incremental { .. } | SyncPhase::DeltaPaging { .. })
    }
}

impl Fetch {
    /// Whether it is of a complete listing.
    pub fn is_full(&self) -> bool {
        matches!(self, Self::Full { .. })
    }

    /// Which page; none for the first.
    pub fn page(&self) -> Option<&PageToken> {
        match self {
            Self::Full { page } | Self::Delta { page, .. } => page.as_ref(),
        }
    }

    /// The sync token to send.
    pub fn token(&self) -> Option<&SyncToken> {
        match self {
            Self::Full { .. } => None,
            Self::Delta { token, .. } => Some(token),
        }
    }
}

/// Doubled with each failure, never shorter than Google asked for.
fn backoff(error: &Error, failures: u32) -> Duration {
    let doublings = failures.saturating_sub(1).min(16);
    let grown = (SyncMachine::FIRST_BACKOFF * 2_u32.pow(doublings)).min(SyncMachine::LONGEST_BACKOFF);
    let least = match error.kind() {
        ErrorKind::QuotaExceeded => SyncMachine::QUOTA_BACKOFF,
        _ => Duration::ZERO,
    };
    grown.max(least).max(error.retry_after().unwrap_or_default())
}

fn after(now: DateTime<Utc>, wait: Duration) -> DateTime<Utc> {
    let wait = TimeDelta::from_std(wait).unwrap_or(TimeDelta::MAX);
    now.checked_add_signed(wait).unwrap_or(DateTime::<Utc>::MAX_UTC)
}
