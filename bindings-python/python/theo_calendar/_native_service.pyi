# The classes of the native half that a service gives: a part of `_native.pyi`, and no module of its own.

from collections.abc import Awaitable, Callable
from datetime import date, date as _date, datetime
from typing import Any, Final, final

from ._decisions import Decision, Request
from ._native import (
    AccessRole,
    AccountKey,
    CalendarKey,
    ConflictPolicy,
    Conflicts,
    Event,
    EventKey,
    SearchField,
    SyncActivity,
    _Items,
    _Json,
    _Time,
    _Value,
    _Zone,
)
from ._native_changes import Agent, Approval, AuditRecord, ChainEnd, Channel, Slots, User
from ._options import Options
from ._slots import SlotQuery
from ._ticks import ApprovalTick, EmbedTick, RenewalTick, SyncTick
from ._webhooks import Received

@final
class Agenda(_Items[AgendaDay]):
    truncated: Final[bool]
    unreadable: Final[tuple[EventKey, ...]]

@final
class AgendaDay(_Items[AgendaItem]):
    date: Final[_date]

@final
class AgendaItem:
    event_id: Final[str]
    start: Final[datetime | date]
    end: Final[datetime | date]
    event: Final[Event]

@final
class Calendar(_Value):
    key: Final[CalendarKey]
    id: Final[str]
    title: Final[str | None]
    description: Final[str | None]
    time_zone: Final[str | None]
    access_role: Final[AccessRole | str | None]
    is_primary: Final[bool]
    is_selected: Final[bool]
    is_hidden: Final[bool]
    background_color: Final[str | None]
    foreground_color: Final[str | None]
    def to_google(self) -> dict[str, Any]: ...

@final
class SyncProgress(_Value):
    resource: Final[AccountKey | CalendarKey]
    title: Final[str | None]
    calendar: Final[int]
    calendars: Final[int]
    full: Final[bool]
    pages: Final[int]
    items: Final[int]
    counts: Final[SyncCounts]
    finished: Final[bool]

@final
class SyncCounts(_Value):
    added: Final[int]
    updated: Final[int]
    deleted: Final[int]
    unchanged: Final[int]
    quarantined: Final[int]

@final
class SyncReport(_Value):
    is_complete: Final[bool]
    calendars_processed: Final[int]
    events_processed: Final[int]
    events_added: Final[int]
    events_updated: Final[int]
    events_deleted: Final[int]
    events_unchanged: Final[int]
    events_quarantined: Final[int]
    calendars: Final[tuple[CalendarReport, ...]]
    failures: Final[tuple[SyncFailure, ...]]

@final
class CalendarReport(_Value):
    calendar: Final[CalendarKey]
    full: Final[bool]
    pages: Final[int]
    events: Final[int]
    counts: Final[SyncCounts]
    finished: Final[bool]

@final
class SyncFailure(_Value):
    resource: Final[AccountKey | CalendarKey]
    kind: Final[str]
    message: Final[str]
    at: Final[datetime]

@final
class SyncStatus(_Value):
    status: Final[SyncActivity]
    error: Final[str | None]
    event_count: Final[int]
    calendar_count: Final[int]
    last_sync_at: Final[datetime | None]
    last_full_sync_at: Final[datetime | None]
    full_sync_started_at: Final[datetime | None]
    full_sync_progress: Final[int]
    sync_calendar_ids: Final[tuple[str, ...]]
    exclude_calendar_ids: Final[tuple[str, ...]]

@final
class SearchHit:
    event: Final[Event]
    score: Final[float]
    text_rank: Final[int | None]
    text_share: Final[float | None]
    fields: Final[tuple[SearchField, ...]]
    meaning_rank: Final[int | None]
    similarity: Final[float | None]

@final
class SearchResults(_Items[SearchHit]):
    model: Final[str | None]
    is_embedded: Final[bool | None]
    meaning_missing: Final[str | None]

@final
class Change:
    cursor: Final[int]
    key: Final[EventKey]
    event: Final[Event | None]
    at: Final[datetime]

# What `CalendarService` calls, with arguments that it has prepared.
@final
class Service:
    @staticmethod
    def open(options: Options) -> Awaitable[Service]: ...
    def close(self) -> Awaitable[None]: ...
    def sync(
        self,
        user: str,
        force_refresh: bool,
        calendar_ids: list[str] | None,
        accounts: list[str] | None,
        on_page: Callable[[SyncProgress | None], object],
    ) -> Awaitable[SyncReport]: ...
    def sync_status(self, user: str) -> Awaitable[SyncStatus]: ...
    def account_connected(self, account: AccountKey) -> Awaitable[None]: ...
    def store_grant(
        self,
        account: AccountKey,
        access_token: str,
        expires_at: _Time,
        refresh_token: str | None,
        scopes: list[str],
    ) -> Awaitable[None]: ...
    def granted_accounts(self, user: str) -> Awaitable[list[AccountKey]]: ...
    def delete_grant(self, account: AccountKey) -> Awaitable[None]: ...
    def calendars(self, user: str) -> Awaitable[list[Calendar]]: ...
    def calendar(self, key: CalendarKey) -> Awaitable[Calendar]: ...
    def set_calendar_settings(
        self, key: CalendarKey, is_selected: bool | None, is_hidden: bool | None
    ) -> Awaitable[None]: ...
    def list_events(
        self,
        user: str,
        calendars: list[CalendarKey] | None,
        start: _Time | None,
        end: _Time | None,
        time_zone: _Zone | None,
        include_series: bool,
        text: str | None,
        include_cancelled: bool,
        limit: int | None,
        offset: int,
    ) -> Awaitable[list[Event]]: ...
    def event(self, key: EventKey) -> Awaitable[Event]: ...
    def event_counts(self, user: str) -> Awaitable[list[tuple[CalendarKey, int]]]: ...
    def search(
        self,
        user: str,
        text: str,
        mode: str,
        calendars: list[CalendarKey] | None,
        start: _Time | None,
        end: _Time | None,
        time_zone: _Zone | None,
        attendee: str | None,
        limit: int,
    ) -> Awaitable[SearchResults]: ...
    def agenda(
        self,
        user: str,
        start: _Time,
        end: _Time,
        time_zone: _Zone | None,
        calendars: list[CalendarKey] | None,
    ) -> Awaitable[Agenda]: ...
    def detect_conflicts(
        self,
        user: str,
        start: _Time | None,
        end: _Time | None,
        draft: _Json | Event | None,
        horizon: tuple[_Time, _Time] | None,
        time_zone: _Zone | None,
        policy: ConflictPolicy | None,
        calendars: list[CalendarKey] | None,
    ) -> Awaitable[Conflicts]: ...
    def changes_since(self, user: str, cursor: int, page: int) -> Awaitable[tuple[tuple[Change, ...], int]]: ...
    def find_slots(self, user: str, question: SlotQuery) -> Awaitable[Slots]: ...
    def request(self, by: User | Agent, request: Request) -> Awaitable[Approval]: ...
    def request_again(self, by: User | Agent, approval_id: str) -> Awaitable[Approval]: ...
    def decide(self, by: User | Agent, approval_id: str, decision: Decision) -> Awaitable[Approval]: ...
    def execute(self, user: str, approval_id: str) -> Awaitable[Approval]: ...
    def approval(self, user: str, approval_id: str) -> Awaitable[Approval]: ...
    def pending_approvals(self, user: str) -> Awaitable[list[Approval]]: ...
    def audit(self, user: str, after: int, limit: int) -> Awaitable[list[AuditRecord]]: ...
    def verify_audit(self, user: str) -> Awaitable[ChainEnd]: ...
    def sync_resource(self, resource: CalendarKey | AccountKey) -> Awaitable[SyncReport]: ...
    def receive_webhook(self, headers: list[tuple[str, str]]) -> Awaitable[Received]: ...
    def register_webhook(self, resource: CalendarKey | AccountKey) -> Awaitable[Channel | None]: ...
    def sync_due(self, limit: int) -> Awaitable[SyncTick]: ...
    def renew_due(self, limit: int) -> Awaitable[RenewalTick]: ...
    def expire_due(self, limit: int) -> Awaitable[ApprovalTick]: ...
    def reconcile_due(self, limit: int) -> Awaitable[ApprovalTick]: ...
    def embed_due(self, limit: int) -> Awaitable[EmbedTick]: ...
    def drop_embeddings(self, model: str) -> Awaitable[int]: ...
