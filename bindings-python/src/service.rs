//! `CalendarService`, as the Python half holds it: each method gives an awaitable of what the core's gives.
//!
//! Arguments come prepared by `service.py`, which says what they are; here they are only converted.

mod action;
mod agenda;
mod approval;
mod handle;
mod open;
mod reads;
mod seams;
mod slots;
mod sync;
mod ticks;
mod webhooks;
pub(crate) mod words;

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use pyo3::prelude::*;
use theo_calendar::{
    agenda::AgendaQuery,
    recurrence::Zone,
    search::{SearchMode, SearchQuery},
    storage::{CalendarSettings, ChangeCursor, EventQuery, StoredGrant},
    sync::SyncOptions,
};

pub(crate) use self::{
    action::{Agent, Create, Delete, Respond, Update, User},
    agenda::{Agenda, AgendaDay, AgendaItem},
    approval::{Approval, AuditRecord, ChainEnd, Drift, Emails, FieldChange, Outcome, Preview},
    reads::{Change, SearchHit, SearchResults},
    slots::{Slot, SlotNote, Slots, UnknownSpan},
    sync::{Calendar, CalendarReport, SyncCounts, SyncFailure, SyncProgress, SyncReport, SyncStatus},
    webhooks::Channel,
};
use self::{
    action::{Decision, Principal, Request},
    agenda::Days,
    handle::{Parts, Resource, keys, range},
    open::Options,
    reads::Listed,
    seams::timed,
    slots::{Found, SlotQuestion},
    sync::Pages,
    webhooks::header_map,
    words::Known,
};
use crate::{
    conflict::{Conflicts, Question},
    key::{AccountKey, CalendarKey, EventKey},
    runtime::awaitable,
    time::{instant_argument, range_argument, zone_argument},
};

/// The native half of `CalendarService`.
#[pyclass(frozen, module = "theo_calendar._native")]
pub(crate) struct Service {
    parts: Parts,
    is_closed: AtomicBool,
    /// The process it was opened in: no other has its threads and connections.
    process: u32,
}

#[pymethods]
impl Service {
    #[staticmethod]
    fn open(py: Python<'_>, options: Options) -> PyResult<Bound<'_, PyAny>> {
        awaitable(py, timed(open::open(options)))
    }

    fn close<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.check_process()?;
        self.is_closed.store(true, Ordering::Relaxed);
        let postgres = self.parts.postgres.clone();
        awaitable(py, async move {
            if let Some(postgres) = postgres {
                postgres.close().await;
            }
            Ok(())
        })
    }

    fn sync<'py>(
        &self,
        py: Python<'py>,
        user: &str,
        force_refresh: bool,
        calendar_ids: Option<Vec<String>>,
        accounts: Option<Vec<String>>,
        on_page: Py<PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let user = user.into();
        let calendar_ids = calendar_ids.map(|ids| ids.into_iter().map(Into::into).collect());
        let accounts = accounts.map(|accounts| accounts.into_iter().map(Into::into).collect());
        let options = SyncOptions { force_refresh, calendar_ids, accounts };
        let pages = Pages(Arc::new(on_page));
        self.call(py, "sync", async move |it| it.service.full_sync(&user, &options, &pages).await)
    }

    fn sync_status<'py>(&self, py: Python<'py>, user: &str) -> PyResult<Bound<'py, PyAny>> {
        let user = user.into();
        self.call(py, "sync_status", async move |it| it.service.sync_status(&user).await)
    }

    fn account_connected<'py>(&self, py: Python<'py>, account: AccountKey) -> PyResult<Bound<'py, PyAny>> {
        self.call(py, "account_connected", async move |it| it.service.account_connected(&account.0).await)
    }

    fn store_grant<'py>(
        &self,
        py: Python<'py>,
        account: AccountKey,
        access_token: String,
        expires_at: &Bound<'py, PyAny>,
        refresh_token: Option<String>,
        scopes: Vec<String>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let expires_at = instant_argument(expires_at, "expires_at", &Zone::utc())?;
        let (access_token, refresh_token) = (access_token.into(), refresh_token.map(Into::into));
        let grant = StoredGrant { access_token, expires_at, refresh_token, scopes };
        self.call(py, "store_grant", async move |it| it.store.put_grant(&account.0, &grant).await)
    }

    fn granted_accounts<'py>(&self, py: Python<'py>, user: &str) -> PyResult<Bound<'py, PyAny>> {
        let user = user.into();
        self.call(py, "granted_accounts", async move |it| it.store.granted_accounts(&user).await.map(Listed))
    }

    fn delete_grant<'py>(&self, py: Python<'py>, account: AccountKey) -> PyResult<Bound<'py, PyAny>> {
        self.call(py, "delete_grant", async move |it| it.store.delete_grant(&account.0).await)
    }

    fn calendars<'py>(&self, py: Python<'py>, user: &str) -> PyResult<Bound<'py, PyAny>> {
        let user = user.into();
        self.call(py, "calendars", async move |it| it.service.calendars(&user).await.map(Listed))
    }

    fn calendar<'py>(&self, py: Python<'py>, key: CalendarKey) -> PyResult<Bound<'py, PyAny>> {
        self.call(py, "calendar", async move |it| it.service.calendar(&key.0).await)
    }

    fn set_calendar_settings<'py>(
        &self,
        py: Python<'py>,
        key: CalendarKey,
        is_selected: Option<bool>,
        is_hidden: Option<bool>,
    ) -> PyResult<Bound<'py, PyAny>> {
        self.call(py, "set_calendar_settings", async move |it| {
            let now = it.service.calendar(&key.0).await?.settings;
            let settings = CalendarSettings {
                is_selected: is_selected.unwrap_or(now.is_selected),
                is_hidden: is_hidden.unwrap_or(now.is_hidden),
            };
            it.service.set_calendar_settings(&key.0, settings).await
        })
    }

    #[expect(clippy::too_many_arguments, reason = "one for each that the Python half names")]
    fn list_events<'py>(
        &self,
        py: Python<'py>,
        user: &str,
        calendars: Option<Vec<CalendarKey>>,
        start: Option<Bound<'py, PyAny>>,
        end: Option<Bound<'py, PyAny>>,
        time_zone: Option<Bound<'py, PyAny>>,
        include_series: bool,
        text: Option<String>,
        include_cancelled: bool,
        limit: Option<usize>,
        offset: usize,
    ) -> PyResult<Bound<'py, PyAny>> {
        let user = user.into();
        let range = range(start, end, time_zone)?;
        let calendars = keys(calendars);
        let query = EventQuery { calendars, range, include_series, text, include_cancelled, limit, offset };
        self.call(py, "list_events", async move |it| it.service.list_events(&user, &query).await.map(Listed))
    }

    fn event<'py>(&self, py: Python<'py>, key: EventKey) -> PyResult<Bound<'py, PyAny>> {
        self.call(py, "event", async move |it| it.service.event(&key.0).await)
    }

    fn event_counts<'py>(&self, py: Python<'py>, user: &str) -> PyResult<Bound<'py, PyAny>> {
        let user = user.into();
        self.call(py, "event_counts", async move |it| it.service.event_counts(&user).await.map(Listed))
    }

    #[expect(clippy::too_many_arguments, reason = "one for each that the Python half names")]
    fn search<'py>(
        &self,
        py: Python<'py>,
        user: &str,
        text: String,
        mode: &str,
        calendars: Option<Vec<CalendarKey>>,
        start: Option<Bound<'py, PyAny>>,
        end: Option<Bound<'py, PyAny>>,
        time_zone: Option<Bound<'py, PyAny>>,
        attendee: Option<String>,
        limit: usize,
    ) -> PyResult<Bound<'py, PyAny>> {
        let user = user.into();
        let (mode, range) = (SearchMode::argument(mode, "mode")?, range(start, end, time_zone)?);
        let query = SearchQuery { text, mode, range, calendars: keys(calendars), attendee, limit };
        self.call(py, "search", async move |it| it.service.search(&user, &query).await)
    }

    fn agenda<'py>(
        &self,
        py: Python<'py>,
        user: &str,
        start: &Bound<'py, PyAny>,
        end: &Bound<'py, PyAny>,
        time_zone: Option<Bound<'py, PyAny>>,
        calendars: Option<Vec<CalendarKey>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let user = user.into();
        let zone = zone_argument(time_zone.as_ref())?;
        let range = range_argument(start, end, zone)?;
        let query =
            AgendaQuery { range, time_zone: Some(zone.name().to_owned()), calendars: keys(calendars) };
        self.call(py, "agenda", async move |it| {
            Ok(Days::shown_in(zone, it.service.agenda(&user, &query).await?))
        })
    }

    fn changes_since<'py>(
        &self,
        py: Python<'py>,
        user: &str,
        cursor: u64,
        page: usize,
    ) -> PyResult<Bound<'py, PyAny>> {
        let (user, cursor) = (user.into(), ChangeCursor(cursor));
        self.call(py, "changes", async move |it| it.service.changes_since(&user, cursor, page).await)
    }

    #[expect(clippy::too_many_arguments, reason = "one for each that the Python half names")]
    fn detect_conflicts<'py>(
        &self,
        py: Python<'py>,
        user: &str,
        start: Option<&Bound<'py, PyAny>>,
        end: Option<&Bound<'py, PyAny>>,
        draft: Option<&Bound<'py, PyAny>>,
        horizon: Option<&Bound<'py, PyAny>>,
        time_zone: Option<&Bound<'py, PyAny>>,
        policy: Option<&Bound<'py, PyAny>>,
        calendars: Option<Vec<CalendarKey>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let (user, zone) = (user.into(), zone_argument(time_zone)?);
        let Question { proposal, policy } = Question::of(start, end, draft, horizon, zone, policy)?;
        let calendars = keys(calendars);
        self.call(py, "detect_conflicts", async move |it| {
            let found = match calendars {
                None => it.service.detect_conflicts(&user, &proposal, &policy).await?,
                Some(keys) => it.service.detect_conflicts_in(&user, &keys, &proposal, &policy).await?,
            };
            Ok(Conflicts::new(found, zone))
        })
    }

    fn find_slots<'py>(
        &self,
        py: Python<'py>,
        user: &str,
        question: SlotQuestion<'py>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let (user, (query, zone)) = (user.into(), question.into_core()?);
        self.call(py, "find_slots", async move |it| {
            it.service.find_slots(&user, &query).await.map(|found| Found::new(found, zone))
        })
    }

    fn request<'py>(&self, py: Python<'py>, by: Principal, request: Request) -> PyResult<Bound<'py, PyAny>> {
        let (by, request) = (by.into(), request.into_core()?);
        self.call(py, "request", async move |it| it.service.request(&by, request).await)
    }

    fn request_again<'py>(
        &self,
        py: Python<'py>,
        by: Principal,
        approval_id: &str,
    ) -> PyResult<Bound<'py, PyAny>> {
        let (by, id) = (by.into(), approval_id.into());
        self.call(py, "request_again", async move |it| it.service.request_again(&by, &id).await)
    }

    fn decide<'py>(
        &self,
        py: Python<'py>,
        by: Principal,
        approval_id: &str,
        decision: Decision,
    ) -> PyResult<Bound<'py, PyAny>> {
        let (by, id, decision) = (by.into(), approval_id.into(), decision.into_core()?);
        self.call(py, "decide", async move |it| it.service.decide(&by, &id, decision).await)
    }

    fn execute<'py>(&self, py: Python<'py>, user: &str, approval_id: &str) -> PyResult<Bound<'py, PyAny>> {
        let (user, id) = (user.into(), approval_id.into());
        self.call(py, "execute", async move |it| it.service.execute(&user, &id).await)
    }

    fn approval<'py>(&self, py: Python<'py>, user: &str, approval_id: &str) -> PyResult<Bound<'py, PyAny>> {
        let (user, id) = (user.into(), approval_id.into());
        self.call(py, "approval", async move |it| it.service.approval(&user, &id).await)
    }

    fn pending_approvals<'py>(&self, py: Python<'py>, user: &str) -> PyResult<Bound<'py, PyAny>> {
        let user = user.into();
        self.call(py, "pending_approvals", async move |it| {
            it.service.pending_approvals(&user).await.map(Listed)
        })
    }

    fn audit<'py>(
        &self,
        py: Python<'py>,
        user: &str,
        after: u64,
        limit: usize,
    ) -> PyResult<Bound<'py, PyAny>> {
        let user = user.into();
        self.call(py, "audit", async move |it| it.service.audit(&user, after, limit).await.map(Listed))
    }

    fn verify_audit<'py>(&self, py: Python<'py>, user: &str) -> PyResult<Bound<'py, PyAny>> {
        let user = user.into();
        self.call(py, "verify_audit", async move |it| it.service.verify_audit(&user).await)
    }

    fn sync_resource<'py>(&self, py: Python<'py>, resource: Resource) -> PyResult<Bound<'py, PyAny>> {
        let resource = resource.into();
        self.call(py, "sync_resource", async move |it| it.service.sync_resource(&resource).await)
    }

    fn receive_webhook<'py>(
        &self,
        py: Python<'py>,
        headers: Vec<(String, String)>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let headers = header_map(&headers);
        self.call(py, "receive_webhook", async move |it| it.service.receive_webhook(&headers).await)
    }

    fn register_webhook<'py>(&self, py: Python<'py>, resource: Resource) -> PyResult<Bound<'py, PyAny>> {
        let resource = resource.into();
        self.call(py, "register_webhook", async move |it| it.service.register_webhook(&resource).await)
    }

    fn sync_due<'py>(&self, py: Python<'py>, limit: usize) -> PyResult<Bound<'py, PyAny>> {
        self.call(py, "sync_due", async move |it| it.service.sync_due(limit).await)
    }

    fn renew_due<'py>(&self, py: Python<'py>, limit: usize) -> PyResult<Bound<'py, PyAny>> {
        self.call(py, "renew_due", async move |it| it.service.renew_due(limit).await)
    }

    fn expire_due<'py>(&self, py: Python<'py>, limit: usize) -> PyResult<Bound<'py, PyAny>> {
        self.call(py, "expire_due", async move |it| it.service.expire_due(limit).await)
    }

    fn reconcile_due<'py>(&self, py: Python<'py>, limit: usize) -> PyResult<Bound<'py, PyAny>> {
        self.call(py, "reconcile_due", async move |it| it.service.reconcile_due(limit).await)
    }

    fn embed_due<'py>(&self, py: Python<'py>, limit: usize) -> PyResult<Bound<'py, PyAny>> {
        self.call(py, "embed_due", async move |it| it.service.embed_due(limit).await)
    }

    fn drop_embeddings<'py>(&self, py: Python<'py>, model: String) -> PyResult<Bound<'py, PyAny>> {
        self.call(py, "drop_embeddings", async move |it| it.service.drop_embeddings(&model).await)
    }
}
