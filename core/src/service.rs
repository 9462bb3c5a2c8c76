//! The facade that hosts hold: every operation of the SDK, for any user.

mod accounts;
mod event;
mod webhooks;

use std::sync::Arc;

use crate::{
    Error, ErrorKind, Result,
    accounts::Accounts,
    agenda::{Agenda, AgendaQuery, days_of},
    approval::{Action, ActionRequest, Approval, ApprovalRun, Approvals, Decision, Principal},
    audit::{AuditRecord, ChainEnd, verify_stored},
    busy,
    client::CalendarClient,
    conflict::{
        ConflictPolicy, Conflicts, Proposal,
        slots::{SlotQuery, Slots},
    },
    id::{AccountKey, ApprovalId, CalendarKey, UserId},
    model::EventDraft,
    recurrence::TimeZones,
    search::{EmbedTick, Embedder, Search, SearchQuery, SearchResults},
    storage::{
        ApprovalQuery, CalendarSettings, ChangeCursor, ChangePage, EventQuery, MirroredCalendar,
        MirroredEvent, Storage,
    },
    sync::{SyncObserver, SyncOptions, SyncReport, SyncResource, SyncRunner, SyncStatus, SyncTick, Webhooks},
    time::Clock,
};

/// Google's word for the primary calendar of an account.
const PRIMARY: &str = "primary";

/// A local mirror of people's Google calendars, and an agent's way to change them with their yes.
///
/// - Reads come from the mirror: they make no request, save that [`find_slots`](Self::find_slots) asks Google when others
///   are busy.
/// - Nothing is written to Google but by [`execute`](Self::execute) and [`reconcile_due`](Self::reconcile_due), and
///   by these only what a person approved.
/// - A calendar may be named `primary` wherever a key is taken.
/// - Clones are cheap and share everything.
///
/// Nothing runs by itself: a host calls the ticks ([`sync_due`](Self::sync_due), [`expire_due`](Self::expire_due),
/// [`reconcile_due`](Self::reconcile_due), [`embed_due`](Self::embed_due), [`renew_due`](Self::renew_due)) from a
/// scheduler of its own; each says when it next wants to run.
#[derive(Clone)]
pub struct CalendarService {
    store: Arc<dyn Storage>,
    client: CalendarClient,
    zones: Arc<dyn TimeZones>,
    sync: Arc<SyncRunner>,
    approvals: Approvals,
    search: Search,
    webhooks: Webhooks,
    accounts: Accounts,
}

impl CalendarService {
    /// Over the seams of a host. `holder` names this process among others that share the store.
    pub fn new(
        store: Arc<dyn Storage>,
        client: CalendarClient,
        clock: Arc<dyn Clock>,
        zones: Arc<dyn TimeZones>,
        holder: &str,
    ) -> Self {
        let sync =
            Arc::new(SyncRunner::new(store.clone(), client.clone(), clock.clone(), zones.clone(), holder));
        let webhooks = Webhooks::new(store.clone(), client.clone(), clock.clone(), holder);
        let approvals = Approvals::new(store.clone(), client.clone(), clock.clone(), zones.clone(), holder);
        let accounts =
            Accounts::new(store.clone(), client.clone(), clock.clone(), approvals.clone(), webhooks.clone());
        let search = Search::new(store.clone(), clock, zones.clone(), holder);
        Self { store, client, zones, sync, approvals, search, webhooks, accounts }
    }

    pub(crate) fn store(&self) -> Arc<dyn Storage> {
        self.store.clone()
    }

    /// The same, searching by meaning too: see [`Search::with_embedder`].
    #[must_use]
    pub fn with_embedder(mut self, embedder: Arc<dyn Embedder>) -> Self {
        self.search = self.search.with_embedder(embedder);
        self
    }

    /// The same, with the embedder that the current one replaces: see [`Search::retiring`].
    #[must_use]
    pub fn retiring(mut self, embedder: Arc<dyn Embedder>) -> Self {
        self.search = self.search.retiring(embedder);
        self
    }

    /// Mirrors the calendars of `user`: what was never listed is listed completely, of the rest Google sends what
    /// changed. An account named in `options` for the first time becomes known. `observer` is told of each page;
    /// [`Unobserved`](crate::sync::Unobserved) of none.
    ///
    /// # Errors
    /// Those of [`SyncRunner::full_sync`]. What Google fails on stops nothing else: see [`SyncReport::failures`].
    pub async fn full_sync(
        &self,
        user: &UserId,
        options: &SyncOptions,
        observer: &dyn SyncObserver,
    ) -> Result<SyncReport> {
        self.sync.full_sync(user, options, observer).await
    }

    /// Brings what changed since the last sync.
    ///
    /// # Errors
    /// Those of [`full_sync`](Self::full_sync).
    pub async fn incremental_sync(&self, user: &UserId) -> Result<SyncReport> {
        self.sync.incremental_sync(user).await
    }

    /// Lets an account be synced from now on by the ticks: the person connected it, for the first time or anew.
    ///
    /// # Errors
    /// [`ErrorKind::Storage`].
    pub async fn account_connected(&self, account: &AccountKey) -> Result<()> {
        self.sync.account_connected(account).await
    }

    /// Lets an account that was paused be synced again: the person connected it anew.
    ///
    /// # Errors
    /// [`ErrorKind::Storage`].
    pub async fn account_reconnected(&self, account: &AccountKey) -> Result<()> {
        self.sync.account_reconnected(account).await
    }

    /// How far the mirror of `user` is.
    ///
    /// # Errors
    /// [`ErrorKind::Storage`].
    pub async fn sync_status(&self, user: &UserId) -> Result<SyncStatus> {
        SyncStatus::read(&*self.store, user).await
    }

    /// The calendars of `user`, primary ones first.
    ///
    /// # Errors
    /// [`ErrorKind::Storage`].
    pub async fn calendars(&self, user: &UserId) -> Result<Vec<MirroredCalendar>> {
        self.store.calendars(user).await
    }

    /// One calendar.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`].
    pub async fn calendar(&self, key: &CalendarKey) -> Result<MirroredCalendar> {
        if key.calendar.as_str() != PRIMARY {
            return self.store.calendar(key).await;
        }
        let calendars = self.store.calendars(&key.user).await?;
        let is_it = |calendar: &MirroredCalendar| {
            calendar.key.account == key.account && calendar.entry.primary == Some(true)
        };
        calendars.into_iter().find(is_it).ok_or_else(|| {
            let message =
                format!("account {} has no primary calendar in the mirror: sync it first", key.account);
            Error::new(ErrorKind::NotFound, message)
        })
    }

    /// Keeps what the person chose for a calendar: whether it is synced and counts, and whether lists show it.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`].
    pub async fn set_calendar_settings(&self, key: &CalendarKey, settings: CalendarSettings) -> Result<()> {
        let key = self.calendar(key).await?.key;
        self.store.set_calendar_settings(&key, settings).await
    }

    /// Events as mirrored, by start: one-offs, exceptions and, where no range is given, the masters of series.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`] for an unknown calendar.
    pub async fn list_events(&self, user: &UserId, query: &EventQuery) -> Result<Vec<MirroredEvent>> {
        let mut query = query.clone();
        self.resolve_calendars(&mut query.calendars).await?;
        self.store.events(user, &query).await
    }

    /// The days of `user`: what the mirror has, series as they take place, in the calendars that lists show.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`] for an unknown calendar; [`ErrorKind::InvalidInput`] for an unknown time zone.
    pub async fn agenda(&self, user: &UserId, query: &AgendaQuery) -> Result<Agenda> {
        let mut query = query.clone();
        self.resolve_calendars(&mut query.calendars).await?;
        days_of(&*self.store, &*self.zones, user, &query).await
    }

    /// How many events of each calendar are mirrored, cancelled exceptions left out.
    ///
    /// # Errors
    /// [`ErrorKind::Storage`].
    pub async fn event_counts(&self, user: &UserId) -> Result<Vec<(CalendarKey, u64)>> {
        self.store.event_counts(user).await
    }

    /// Events of `user` that fit `query`, best first: by words, by meaning, or by both.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`] for an unknown calendar; those of [`Search::search`].
    pub async fn search(&self, user: &UserId, query: &SearchQuery) -> Result<SearchResults> {
        let mut query = query.clone();
        self.resolve_calendars(&mut query.calendars).await?;
        self.search.search(user, &query).await
    }

    /// At most `limit` changes of the mirror after `cursor`, in the order they were stored, none skipped.
    ///
    /// # Errors
    /// [`ErrorKind::Storage`].
    pub async fn changes_since(
        &self,
        user: &UserId,
        cursor: ChangeCursor,
        limit: usize,
    ) -> Result<ChangePage> {
        self.store.changes_since(user, cursor, limit).await
    }

    /// What is in the way of `proposal` in the selected calendars of `user`, of all accounts, save those they may only
    /// read: what is in a colleague's calendar takes the colleague's time.
    ///
    /// # Errors
    /// [`ErrorKind::Storage`].
    pub async fn detect_conflicts(
        &self,
        user: &UserId,
        proposal: &Proposal,
        policy: &ConflictPolicy,
    ) -> Result<Conflicts> {
        busy::conflicts(&*self.store, &*self.zones, user, proposal, policy).await
    }

    /// What is in the way of `proposal` in these calendars of `user`, be they selected, their own, or neither.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`] for an unknown calendar; [`ErrorKind::Storage`].
    pub async fn detect_conflicts_in(
        &self,
        user: &UserId,
        calendars: &[CalendarKey],
        proposal: &Proposal,
        policy: &ConflictPolicy,
    ) -> Result<Conflicts> {
        let mut mirrored = Vec::with_capacity(calendars.len());
        for key in calendars {
            mirrored.push(self.calendar(key).await?);
        }
        busy::conflicts_in(&mirrored, &*self.store, &*self.zones, user, proposal, policy).await
    }

    /// When `user` and others have time for each other, best first, each time with its reasons.
    ///
    /// What takes the time of `user` is what [`detect_conflicts`](Self::detect_conflicts) looks at. When others are
    /// busy Google is asked, through each account of `user` in turn until one may know: 50 calendars in a request.
    ///
    /// Unknown is not free: a calendar that is not mirrored completely or paused, a recurrence that cannot be followed, an
    /// event in quarantine, and one of whom Google does not say make the time unknown. The answer names each and why.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidInput`] as [`SlotQuery`] says, before anything is sent; [`ErrorKind::Storage`]. Where Google
    /// fails, the others are unknown.
    pub async fn find_slots(&self, user: &UserId, query: &SlotQuery) -> Result<Slots> {
        busy::slots(&*self.store, &self.client, &*self.zones, user, query).await
    }

    /// Puts the real id in the place of `primary`.
    async fn resolve_calendars(&self, calendars: &mut Option<Vec<CalendarKey>>) -> Result<()> {
        for key in calendars.iter_mut().flatten() {
            *key = self.calendar(key).await?.key;
        }
        Ok(())
    }

    /// What `draft` would take up, as an event of `calendar`: for [`detect_conflicts`](Self::detect_conflicts).
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`] for an unknown calendar; [`ErrorKind::InvalidInput`] for a draft without times, with an
    /// empty range, or with a local time in no or an unknown zone.
    pub async fn propose(&self, calendar: &CalendarKey, draft: &EventDraft) -> Result<Proposal> {
        let calendar = self.calendar(calendar).await?;
        let zone = self.zones.zone_or_utc(calendar.entry.time_zone.as_deref());
        Proposal::of_draft(draft, zone, &*self.zones)
    }

    /// Asks for a change: nothing changes until the person approves it and it is executed.
    ///
    /// # Errors
    /// Those of [`Approvals::request`].
    pub async fn request(&self, by: &Principal, mut request: ActionRequest) -> Result<Approval> {
        self.resolve(&mut request.action).await?;
        self.approvals.request(by, request).await
    }

    /// Asks anew for a change that went stale, against the event as it is now.
    ///
    /// # Errors
    /// Those of [`Approvals::request_again`].
    pub async fn request_again(&self, by: &Principal, id: &ApprovalId) -> Result<Approval> {
        self.approvals.request_again(by, id).await
    }

    /// Takes the person's decision. An agent's is refused.
    ///
    /// # Errors
    /// Those of [`Approvals::decide`].
    pub async fn decide(&self, by: &Principal, id: &ApprovalId, mut decision: Decision) -> Result<Approval> {
        if let Decision::EditAndApprove { request, .. } = &mut decision {
            self.resolve(&mut request.action).await?;
        }
        self.approvals.decide(by, id, decision).await
    }

    /// Makes an approved change at Google, once, however often it is called.
    ///
    /// # Errors
    /// Those of [`Approvals::execute`].
    pub async fn execute(&self, user: &UserId, id: &ApprovalId) -> Result<Approval> {
        self.approvals.execute(user, id).await
    }

    /// One approval.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`], also for another user's.
    pub async fn approval(&self, user: &UserId, id: &ApprovalId) -> Result<Approval> {
        self.store.approval(user, id).await
    }

    /// What waits for a decision of `user`, newest first.
    ///
    /// # Errors
    /// [`ErrorKind::Storage`].
    pub async fn pending_approvals(&self, user: &UserId) -> Result<Vec<Approval>> {
        self.approvals.pending(user).await
    }

    /// Approvals of `user`, whatever became of them, newest first. Those that nobody decided in time are pending until
    /// [`expire_due`](Self::expire_due) closes them.
    ///
    /// # Errors
    /// [`ErrorKind::Storage`].
    pub async fn approvals(&self, user: &UserId, query: &ApprovalQuery) -> Result<Vec<Approval>> {
        self.store.approvals(user, query).await
    }

    /// At most `limit` audit records of `user` after number `after`, oldest first.
    ///
    /// # Errors
    /// [`ErrorKind::Storage`].
    pub async fn audit(&self, user: &UserId, after: u64, limit: usize) -> Result<Vec<AuditRecord>> {
        self.store.audit(user, after, limit).await
    }

    /// Checks every audit record of `user`, a page at a time, and says where their chain ends.
    ///
    /// A record that was changed, moved, removed or cut off the end is found. Who can write the database as its
    /// administrator can write the whole chain anew: keep the end that this returns elsewhere, and compare.
    ///
    /// # Errors
    /// [`ErrorKind::Storage`], naming the first record that does not fit.
    pub async fn verify_audit(&self, user: &UserId) -> Result<ChainEnd> {
        verify_stored(&*self.store, user).await
    }

    /// Syncs one resource where it is due: what a job does for a notification.
    ///
    /// # Errors
    /// Those of [`SyncRunner::sync_resource`].
    pub async fn sync_resource(&self, resource: &SyncResource) -> Result<SyncReport> {
        self.sync.sync_resource(resource).await
    }

    /// A tick: syncs at most `limit` resources, of any user, that are due.
    ///
    /// # Errors
    /// [`ErrorKind::Storage`].
    pub async fn sync_due(&self, limit: usize) -> Result<SyncTick> {
        self.sync.sync_due(limit).await
    }

    /// A tick: expires at most `limit` approvals that are past their time, and forgets as many consents that are.
    ///
    /// # Errors
    /// [`ErrorKind::Storage`].
    pub async fn expire_due(&self, limit: usize) -> Result<ApprovalRun> {
        self.accounts.forget_expired(limit).await?;
        self.approvals.expire_due(limit).await
    }

    /// A tick: reads back at most `limit` approvals of which nobody knows whether they were done.
    ///
    /// # Errors
    /// [`ErrorKind::Storage`].
    pub async fn reconcile_due(&self, limit: usize) -> Result<ApprovalRun> {
        self.approvals.reconcile_due(limit).await
    }

    /// A tick: embeds what changed, for at most `limit` users; does nothing without an embedder.
    ///
    /// # Errors
    /// Those of [`Search::embed_due`].
    pub async fn embed_due(&self, limit: usize) -> Result<EmbedTick> {
        self.search.embed_due(limit).await
    }

    /// Forgets all embeddings by a model that is no longer used; gives how many went.
    ///
    /// # Errors
    /// Those of [`Search::drop_embeddings`].
    pub async fn drop_embeddings(&self, model: &str) -> Result<u64> {
        self.search.drop_embeddings(model).await
    }

    /// Names the calendar of `action` by its own id where it is named `primary`.
    async fn resolve(&self, action: &mut Action) -> Result<()> {
        match action {
            Action::Create { calendar, .. } => *calendar = self.named(calendar).await?,
            Action::Update { event, .. } | Action::Delete { event, .. } | Action::Respond { event, .. } => {
                event.calendar = self.named(&event.calendar_key()).await?.calendar;
            }
        }
        Ok(())
    }

    /// `key` with the calendar's own id: whether there is such a calendar, whoever reads it will say.
    async fn named(&self, key: &CalendarKey) -> Result<CalendarKey> {
        if key.calendar.as_str() == PRIMARY { Ok(self.calendar(key).await?.key) } else { Ok(key.clone()) }
    }
}
