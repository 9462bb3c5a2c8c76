# The native half, by hand: `make test` holds it to the module with mypy's stubtest. What things do is in their
# docstrings.

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta, tzinfo
from typing import Any, Final, Generic, SupportsIndex, TypeAlias, TypeVar, final, overload, type_check_only

from ._native_changes import (
    Agent as Agent,
    Approval as Approval,
    AuditRecord as AuditRecord,
    ChainEnd as ChainEnd,
    Channel as Channel,
    Create as Create,
    Delete as Delete,
    Drift as Drift,
    Emails as Emails,
    FieldChange as FieldChange,
    Outcome as Outcome,
    Preview as Preview,
    Respond as Respond,
    Slot as Slot,
    SlotNote as SlotNote,
    Slots as Slots,
    UnknownSpan as UnknownSpan,
    Update as Update,
    User as User,
)
from ._native_service import (
    Agenda as Agenda,
    AgendaDay as AgendaDay,
    AgendaItem as AgendaItem,
    Calendar as Calendar,
    CalendarReport as CalendarReport,
    Change as Change,
    SearchHit as SearchHit,
    SearchResults as SearchResults,
    Service as Service,
    SyncCounts as SyncCounts,
    SyncFailure as SyncFailure,
    SyncProgress as SyncProgress,
    SyncReport as SyncReport,
    SyncStatus as SyncStatus,
)
from ._native_words import (
    AccessRole as AccessRole,
    ApprovalState as ApprovalState,
    ConflictReason as ConflictReason,
    Disbelief as Disbelief,
    DuplicateReason as DuplicateReason,
    EventStatus as EventStatus,
    EventType as EventType,
    Overlook as Overlook,
    RecurrenceScope as RecurrenceScope,
    ResponseStatus as ResponseStatus,
    SearchField as SearchField,
    SearchMode as SearchMode,
    SendUpdates as SendUpdates,
    Severity as Severity,
    SlotReason as SlotReason,
    SlotStanding as SlotStanding,
    SyncActivity as SyncActivity,
    Transparency as Transparency,
    Visibility as Visibility,
)
from ._records import Duplicate, ScopeStatus, TimeRange

_Item = TypeVar("_Item", covariant=True)

# Google's JSON: a dict whose values may be dates, datetimes and objects of this package, or text.
_Json: TypeAlias = Mapping[str, Any] | str | bytes | bytearray
# A date is its midnight; text is RFC 3339.
_Time: TypeAlias = datetime | date | str
_Zone: TypeAlias = str | tzinfo
_Events: TypeAlias = _Json | EventsPage | Event | Iterable[Mapping[str, Any] | Event]
_Texts: TypeAlias = str | Iterable[str]

# What a value of the core is in Python: equal, hashed and pickled by its JSON.
@type_check_only
class _Value:
    def to_dict(self) -> dict[str, Any]: ...

# A result that is a list with facts beside it.
@type_check_only
class _Items(Generic[_Item]):
    def __len__(self) -> int: ...
    @overload
    def __getitem__(self, index: SupportsIndex, /) -> _Item: ...
    @overload
    def __getitem__(self, index: slice, /) -> tuple[_Item, ...]: ...
    def __iter__(self) -> Iterator[_Item]: ...

ERROR_KINDS: Final[tuple[str, ...]]

@final
class AccountKey(_Value):
    def __new__(cls, user: str, account: str) -> AccountKey: ...
    user: Final[str]
    account: Final[str]
    def calendar(self, calendar: str) -> CalendarKey: ...

@final
class CalendarKey(_Value):
    def __new__(cls, user: str, account: str, calendar: str) -> CalendarKey: ...
    user: Final[str]
    account: Final[str]
    calendar: Final[str]
    account_key: Final[AccountKey]
    def event(self, event: str) -> EventKey: ...

@final
class EventKey(_Value):
    def __new__(cls, user: str, account: str, calendar: str, event: str) -> EventKey: ...
    user: Final[str]
    account: Final[str]
    calendar: Final[str]
    event: Final[str]
    account_key: Final[AccountKey]
    calendar_key: Final[CalendarKey]

@final
class Event:
    @staticmethod
    def from_google(event: _Json) -> Event: ...
    def to_google(self) -> dict[str, Any]: ...
    def to_json(self) -> str: ...
    key: Final[EventKey | None]
    id: Final[str]
    etag: Final[str | None]
    # Here and below: a word that this version does not know is a plain str.
    status: Final[EventStatus | str | None]
    summary: Final[str | None]
    description: Final[str | None]
    location: Final[str | None]
    start: Final[datetime | date | None]
    end: Final[datetime | date | None]
    original_start: Final[datetime | date | None]
    all_day: Final[bool]
    time_zone: Final[str | None]
    created: Final[datetime | None]
    updated: Final[datetime | None]
    creator: Final[Person | None]
    organizer: Final[Person | None]
    attendees: Final[list[Attendee]]
    attendees_omitted: Final[bool]
    my_response: Final[ResponseStatus | str | None]
    recurrence: Final[list[str]]
    recurring_event_id: Final[str | None]
    ical_uid: Final[str | None]
    sequence: Final[int | None]
    event_type: Final[EventType | str | None]
    transparency: Final[Transparency | str | None]
    visibility: Final[Visibility | str | None]
    color_id: Final[str | None]
    html_link: Final[str | None]
    hangout_link: Final[str | None]
    reminders: Final[dict[str, Any] | None]
    conference_data: Final[dict[str, Any] | None]
    extended_properties: Final[dict[str, Any] | None]
    attachments: Final[list[dict[str, Any]] | None]

@final
class Attendee:
    @staticmethod
    def from_google(attendee: _Json) -> Attendee: ...
    def to_google(self) -> dict[str, Any]: ...
    email: Final[str | None]
    display_name: Final[str | None]
    response_status: Final[ResponseStatus | str | None]
    comment: Final[str | None]
    is_self: Final[bool]
    organizer: Final[bool]
    optional: Final[bool]
    resource: Final[bool]
    additional_guests: Final[int]

@final
class Person:
    @staticmethod
    def from_google(person: _Json) -> Person: ...
    def to_google(self) -> dict[str, Any]: ...
    email: Final[str | None]
    display_name: Final[str | None]
    is_self: Final[bool]

@final
class EventsPage:
    events: Final[tuple[Event, ...]]
    quarantined: Final[tuple[QuarantinedEvent, ...]]
    next_page_token: Final[str | None]
    next_sync_token: Final[str | None]
    time_zone: Final[str | None]
    def __len__(self) -> int: ...

@final
class QuarantinedEvent:
    index: Final[int]
    id: Final[str | None]
    reason: Final[str]
    raw: Final[str]

def parse_event(event: _Json | Event) -> Event: ...
def parse_events_page(page: _Json) -> EventsPage: ...

@final
class Occurrence:
    id: Final[str]
    event_id: Final[str]
    event: Final[Event]
    summary: Final[str | None]
    start: Final[datetime | date]
    end: Final[datetime | date]
    span: Final[TimeRange]
    original_start: Final[datetime | date | None]
    all_day: Final[bool]

@final
class Expansion(_Items[Occurrence]):
    time_zone: Final[str]
    # A pandas.DataFrame and a pyarrow.Table: neither need be installed.
    def to_pandas(self) -> Any: ...
    def to_arrow(self) -> Any: ...
    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object: ...
    def _columns(self) -> dict[str, list[Any]]: ...
    truncated: Final[bool]
    unreadable: Final[dict[str, str]]
    quarantined: Final[tuple[QuarantinedEvent, ...]]

def expand(events: _Events, start: _Time, end: _Time, *, time_zone: _Zone | None = None) -> Expansion: ...

@final
class Conflict:
    event_id: Final[str]
    instance_id: Final[str | None]
    original_start: Final[datetime | date | None]
    calendar_id: Final[str | None]
    account_id: Final[str | None]
    ical_uid: Final[str | None]
    summary: Final[str | None]
    start: Final[datetime | date]
    end: Final[datetime | date]
    span: Final[TimeRange]
    proposed: Final[TimeRange]
    overlap: Final[TimeRange | None]
    guests: Final[int]
    severity: Final[Severity]
    reasons: Final[tuple[ConflictReason, ...]]
    duplicates: Final[tuple[Duplicate, ...]]
    def to_dict(self) -> dict[str, Any]: ...
    def to_json(self) -> str: ...

@final
class Conflicts(_Items[Conflict]):
    truncated: Final[bool]
    unreadable: Final[tuple[str, ...]]
    quarantined: Final[tuple[QuarantinedEvent, ...]]
    looked_at: Final[TimeRange]
    outside_hours: Final[tuple[TimeRange, ...]]
    is_complete: Final[bool]
    is_free: Final[bool]
    worst: Final[Severity | None]
    def to_json(self) -> str: ...

def detect_conflicts(
    events: _Events,
    start: _Time | None = None,
    end: _Time | None = None,
    *,
    draft: _Json | Event | None = None,
    horizon: tuple[_Time, _Time] | None = None,
    time_zone: _Zone | None = None,
    policy: ConflictPolicy | None = None,
) -> Conflicts: ...
def has_high_severity_conflicts(conflicts: Iterable[Conflict]) -> bool: ...
def format_conflict(conflict: Conflict, *, time_zone: _Zone | None = None) -> str: ...

@final
class ConflictPolicy:
    def __new__(
        cls,
        *,
        buffer_before: timedelta = ...,
        buffer_after: timedelta = ...,
        travel_time: timedelta = ...,
        count_all_day: bool = True,
        count_tentative: bool = True,
        count_unanswered: bool = True,
        working_hours: WorkingHours | None = None,
        exclude: _Texts = (),
    ) -> ConflictPolicy: ...
    buffer_before: Final[timedelta]
    buffer_after: Final[timedelta]
    travel_time: Final[timedelta]
    count_all_day: Final[bool]
    count_tentative: Final[bool]
    count_unanswered: Final[bool]
    working_hours: Final[WorkingHours | None]
    exclude: Final[tuple[str, ...]]
    def __getnewargs_ex__(self) -> tuple[tuple[()], dict[str, Any]]: ...

@final
class WorkingHours:
    def __new__(
        cls,
        time_zone: _Zone,
        *,
        monday: _Texts = (),
        tuesday: _Texts = (),
        wednesday: _Texts = (),
        thursday: _Texts = (),
        friday: _Texts = (),
        saturday: _Texts = (),
        sunday: _Texts = (),
    ) -> WorkingHours: ...
    @staticmethod
    def on_workdays(time_zone: _Zone, *spans: str) -> WorkingHours: ...
    time_zone: Final[str]
    days: Final[dict[str, tuple[str, ...]]]
    def __getnewargs_ex__(self) -> tuple[tuple[str], dict[str, tuple[str, ...]]]: ...

@final
class ConflictIndex:
    def __new__(cls) -> ConflictIndex: ...
    def add(
        self,
        events: _Events,
        *,
        calendar_id: str | None = None,
        account_id: str | None = None,
        time_zone: _Zone | None = None,
    ) -> tuple[QuarantinedEvent, ...]: ...
    def remove(self, event_id: str, *, calendar_id: str | None = None, account_id: str | None = None) -> bool: ...
    def remove_calendar(self, *, calendar_id: str | None = None, account_id: str | None = None) -> None: ...
    def check(
        self,
        start: _Time | None = None,
        end: _Time | None = None,
        *,
        draft: _Json | Event | None = None,
        horizon: tuple[_Time, _Time] | None = None,
        time_zone: _Zone | None = None,
        policy: ConflictPolicy | None = None,
    ) -> Conflicts: ...
    def __len__(self) -> int: ...

def parse_scopes(scope: str) -> list[str]: ...
def scope_status(scopes: _Texts) -> ScopeStatus: ...
