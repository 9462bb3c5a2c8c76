//! A person with a calendar, and short words for what happens to it.

use std::{sync::Arc, time::Duration};

use chrono::{DateTime, TimeDelta, Utc};

use crate::{
    Error, ErrorKind, Result,
    approval::{ActionRequest, Approval, ApprovalState, ApprovalVersion, Preview, Principal},
    audit::{Actor, AuditEntry},
    id::{AccountKey, CalendarKey, EventId},
    model::{CalendarListEntry, Event, EventStatus, RawJson},
    storage::{
        CalendarListPage, Change, ChangeCursor, CommitCounts, EventQuery, EventRow, Fence, Listing,
        QuarantinedEvent, Storage, SyncPage, Transition,
    },
    sync::{QueryFingerprint, SyncPhase, SyncResource, SyncState},
    time::{EventTime, TimeRange, Timestamp},
};

/// A mirrored calendar, and the leases to write to it.
pub(super) struct Scene {
    pub(super) store: Arc<dyn Storage>,
    pub(super) account: AccountKey,
    pub(super) calendar: CalendarKey,
    pub(super) fence: Fence,
    pub(super) list_fence: Fence,
}

pub(super) const HOUR: Duration = Duration::from_secs(3600);

impl Scene {
    /// Ada's calendar `work@example.com`.
    pub(super) async fn new(store: &Arc<dyn Storage>) -> Result<Self> {
        Self::of(store, "ada", "work@example.com").await
    }

    pub(super) async fn of(store: &Arc<dyn Storage>, user: &str, calendar: &str) -> Result<Self> {
        let account = AccountKey::new(user, format!("{user}@example.com"));
        let calendar = account.calendar(calendar);
        let fence = fence(store, &SyncResource::Events(calendar.clone()).lease_name()).await?;
        let list_fence = fence_of_list(store, &account).await?;
        let scene = Self { store: store.clone(), account, calendar, fence, list_fence };
        scene.list(vec![entry(scene.calendar.calendar.as_str(), "Work")], Listing::Delta).await?;
        scene.store.create_sync_state(&scene.state(0)).await?;
        Ok(scene)
    }

    /// The state of the calendar after a finished listing.
    pub(super) fn state(&self, generation: u64) -> SyncState {
        let resource = SyncResource::Events(self.calendar.clone());
        let phase = SyncPhase::Incremental { token: format!("token-{generation}").into() };
        SyncState { phase, generation, ..SyncState::new(resource, query()) }
    }

    pub(super) fn list_state(&self, generation: u64) -> SyncState {
        let resource = SyncResource::CalendarList(self.account.clone());
        SyncState { generation, ..SyncState::new(resource, query()) }
    }

    pub(super) fn page(&self, listing: Listing, generation: u64) -> SyncPage {
        SyncPage {
            calendar: self.calendar.clone(),
            events: Vec::new(),
            deletions: Vec::new(),
            quarantined: Vec::new(),
            listing,
            state: self.state(generation),
            fence: self.fence.clone(),
        }
    }

    /// A page of changes that brings `events`.
    pub(super) async fn bring(&self, events: Vec<EventRow>) -> Result<CommitCounts> {
        self.store.commit_page(&SyncPage { events, ..self.page(Listing::Delta, 0) }).await
    }

    /// A page of changes that takes `ids` away.
    pub(super) async fn take(&self, ids: &[&str]) -> Result<CommitCounts> {
        let deletions = ids.iter().map(|id| EventId::from(*id)).collect();
        self.store.commit_page(&SyncPage { deletions, ..self.page(Listing::Delta, 0) }).await
    }

    /// A page of a complete listing.
    pub(super) async fn page_of_all(
        &self,
        generation: u64,
        place: (bool, bool),
        events: Vec<EventRow>,
    ) -> Result<CommitCounts> {
        let listing = Listing::Full { first: place.0, last: place.1 };
        self.store.commit_page(&SyncPage { events, ..self.page(listing, generation) }).await
    }

    /// A page of the account's calendar list.
    pub(super) async fn list(
        &self,
        entries: Vec<CalendarListEntry>,
        listing: Listing,
    ) -> Result<CommitCounts> {
        self.store.commit_calendar_list(&self.list_page(entries, listing)).await
    }

    pub(super) fn list_page(&self, entries: Vec<CalendarListEntry>, listing: Listing) -> CalendarListPage {
        let generation = match listing {
            Listing::Delta => 0,
            Listing::Full { .. } => 1,
        };
        CalendarListPage {
            entries: entries
                .into_iter()
                .map(|entry| (self.account.calendar(entry.id.clone()), entry))
                .collect(),
            deletions: Vec::new(),
            listing,
            state: self.list_state(generation),
            fence: self.list_fence.clone(),
        }
    }

    /// The ids of all mirrored events, cancelled ones too, by id.
    pub(super) async fn ids(&self) -> Result<Vec<String>> {
        let query = EventQuery {
            calendars: Some(vec![self.calendar.clone()]),
            include_cancelled: true,
            ..EventQuery::default()
        };
        let events = self.store.events(&self.calendar.user, &query).await?;
        let mut ids: Vec<String> = events.iter().map(|found| found.key.event.to_string()).collect();
        ids.sort();
        Ok(ids)
    }

    /// All changes of the user after `cursor`.
    pub(super) async fn changes(&self, cursor: ChangeCursor) -> Result<Vec<Change>> {
        Ok(self.store.changes_since(&self.calendar.user, cursor, 10_000).await?.changes)
    }

    /// Where the user's feed ends.
    pub(super) async fn cursor(&self) -> Result<ChangeCursor> {
        Ok(self.store.changes_since(&self.calendar.user, ChangeCursor::default(), 10_000).await?.next)
    }

    /// A pending approval of this user.
    pub(super) fn approval(&self, id: &str) -> Approval {
        let action =
            crate::approval::Action::Delete { event: self.calendar.event("e"), scope: Default::default() };
        let user = self.calendar.user.clone();
        Approval {
            id: id.into(),
            version: ApprovalVersion(1),
            user: user.clone(),
            state: ApprovalState::Pending,
            request: ActionRequest::new(action),
            payload_hash: [7; 32],
            snapshot: None,
            occurrence: None,
            preview: Preview::default(),
            requested_by: Principal::Agent { user, name: "theo".into() },
            requested_at: at(0),
            expires_at: at(60),
            decided_by: None,
            decided_at: None,
            notes: None,
            supersedes: None,
            execution: None,
            outcome: None,
            updated_at: at(0),
        }
    }

    pub(super) fn audit(&self, action: &str) -> AuditEntry {
        AuditEntry {
            user: self.calendar.user.clone(),
            actor: Actor::Service,
            action: action.into(),
            approval: None,
            summary: format!("{action} happened"),
            at: at(0),
        }
    }

    /// The step of `approval` to `state`.
    pub(super) fn step(&self, approval: &Approval, state: ApprovalState) -> Transition {
        let version = ApprovalVersion(approval.version.0 + 1);
        let next = Arc::new(Approval { state, version, ..approval.clone() });
        let audit = AuditEntry { approval: Some(approval.id.clone()), ..self.audit(state.as_str()) };
        Transition { expected: approval.version, next, audit, mirror: Vec::new() }
    }
}

pub(super) fn query() -> QueryFingerprint {
    QueryFingerprint("query".into())
}

/// The fence of `name`, just taken.
pub(super) async fn fence(store: &Arc<dyn Storage>, name: &str) -> Result<Fence> {
    let lease = store.acquire(name, "suite", HOUR).await?;
    let busy = || Error::new(ErrorKind::Busy, "somebody else holds the lease: the store was not empty");
    Ok(lease.ok_or_else(busy)?.fence)
}

async fn fence_of_list(store: &Arc<dyn Storage>, account: &AccountKey) -> Result<Fence> {
    fence(store, &SyncResource::CalendarList(account.clone()).lease_name()).await
}

/// Friday 28 March 2025, 9:00 UTC, and some minutes.
pub(super) fn at(minutes: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_743_152_400, 0).unwrap_or_default() + TimeDelta::minutes(minutes)
}

/// A one-off of half an hour, `minutes` after [`at`]`(0)`; its etag is its title.
pub(super) fn one_off(id: &str, title: &str, minutes: i64) -> EventRow {
    let (start, end) = (at(minutes), at(minutes + 30));
    let event = Event {
        etag: Some(format!("\"{title}\"").as_str().into()),
        status: Some(EventStatus::Confirmed),
        summary: Some(title.into()),
        start: Some(EventTime::at(start)),
        end: Some(EventTime::at(end)),
        updated: Some(Timestamp::from(at(0))),
        ..Event::new(id)
    };
    EventRow { event: Arc::new(event), span: TimeRange::new(start, end).ok() }
}

/// The same row with a changed event.
pub(super) fn changed(row: &EventRow, change: impl FnOnce(&mut Event)) -> EventRow {
    let mut event = (*row.event).clone();
    change(&mut event);
    EventRow { event: Arc::new(event), span: row.span }
}

/// The master of a daily series.
pub(super) fn master(id: &str) -> EventRow {
    let row = changed(&one_off(id, "Standup", 0), |event| {
        event.recurrence = Some(vec!["RRULE:FREQ=DAILY".into()]);
    });
    EventRow { span: None, ..row }
}

/// An exception to the series `master`.
pub(super) fn exception(master: &str, id: &str) -> EventRow {
    changed(&one_off(id, "Standup, moved", 60), |event| event.recurring_event_id = Some(master.into()))
}

/// A cancelled exception to the series `master`.
pub(super) fn cancelled(master: &str, id: &str) -> EventRow {
    let event = Event {
        etag: Some("\"cancelled\"".into()),
        status: Some(EventStatus::Cancelled),
        recurring_event_id: Some(master.into()),
        ..Event::new(id)
    };
    EventRow { event: Arc::new(event), span: None }
}

pub(super) fn unmappable(calendar: &CalendarKey, id: Option<&str>, raw: &str) -> Result<QuarantinedEvent> {
    let raw: RawJson = serde_json::from_str(raw)
        .map_err(|error| Error::new(ErrorKind::InvalidInput, "the sample is no JSON").with_source(error))?;
    let reason = "start is no time".into();
    Ok(QuarantinedEvent { calendar: calendar.clone(), event: id.map(EventId::from), raw, reason })
}

pub(super) fn entry(id: &str, title: &str) -> CalendarListEntry {
    CalendarListEntry {
        etag: Some(format!("\"{title}\"").as_str().into()),
        summary: Some(title.into()),
        ..CalendarListEntry::new(id)
    }
}

/// Asserts that `result` failed with `kind`.
#[track_caller]
pub(super) fn assert_refused<T: std::fmt::Debug>(result: Result<T>, kind: ErrorKind) {
    match result {
        Ok(value) => panic!("this must be refused as {kind:?}, and gave {value:?}"),
        Err(error) => assert_eq!(error.kind(), kind, "{error}"),
    }
}
