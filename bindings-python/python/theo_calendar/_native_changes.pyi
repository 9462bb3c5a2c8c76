# The classes of the native half that changes, free time and channels are made of: a part of `_native.pyi`, and no
# module of its own.

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final, Literal, final

from ._native import (
    AccountKey,
    ApprovalState,
    CalendarKey,
    Conflict,
    Event,
    EventKey,
    RecurrenceScope,
    ResponseStatus,
    SendUpdates,
    SlotReason,
    SlotStanding,
    _Items,
    _Json,
    _Value,
)

@final
class User(_Value):
    def __new__(cls, id: str) -> User: ...
    id: Final[str]

@final
class Agent(_Value):
    def __new__(cls, name: str, user: str) -> Agent: ...
    name: Final[str]
    user: Final[str]

@final
class Create(_Value):
    def __new__(cls, calendar: CalendarKey, event: _Json | Event) -> Create: ...
    calendar: Final[CalendarKey]
    event: Final[dict[str, Any]]

@final
class Update(_Value):
    def __new__(
        cls,
        event: EventKey,
        changes: _Json,
        *,
        scope: RecurrenceScope | str = "all",
        remove_attendees: Sequence[str] | None = None,
    ) -> Update: ...
    event: Final[EventKey]
    changes: Final[dict[str, Any]]
    remove_attendees: Final[tuple[str, ...]]
    scope: Final[RecurrenceScope]

@final
class Delete(_Value):
    def __new__(cls, event: EventKey, *, scope: RecurrenceScope | str = "all") -> Delete: ...
    event: Final[EventKey]
    scope: Final[RecurrenceScope]

@final
class Respond(_Value):
    def __new__(
        cls,
        event: EventKey,
        response: ResponseStatus | str,
        *,
        comment: str | None = None,
        scope: RecurrenceScope | str = "all",
    ) -> Respond: ...
    event: Final[EventKey]
    response: Final[ResponseStatus | str]
    comment: Final[str | None]
    scope: Final[RecurrenceScope]

@final
class Approval(_Value):
    id: Final[str]
    state: Final[ApprovalState]
    user: Final[str]
    action: Final[Create | Update | Delete | Respond]
    send_updates: Final[SendUpdates | str]
    reason: Final[str | None]
    preview: Final[Preview]
    snapshot: Final[Event | None]
    requested_by: Final[User | Agent]
    requested_at: Final[datetime]
    expires_at: Final[datetime]
    decided_by: Final[User | Agent | None]
    decided_at: Final[datetime | None]
    notes: Final[str | None]
    supersedes: Final[str | None]
    outcome: Final[Outcome | None]
    attempts: Final[int]
    updated_at: Final[datetime]
    version: Final[int]
    payload_hash: Final[bytes]

@final
class Preview(_Value):
    summary: Final[str]
    calendar: Final[str]
    time_zone: Final[str]
    changes: Final[tuple[FieldChange, ...]]
    occurrences: Final[tuple[str, ...]]
    occurrence_count: Final[int]
    occurrences_truncated: Final[bool]
    emails: Final[Emails]
    conflicts_caused: Final[tuple[Conflict, ...]]
    conflicts_solved: Final[tuple[Conflict, ...]]
    conflicts_incomplete: Final[bool]

@final
class FieldChange(_Value):
    field: Final[str]
    before: Final[str | None]
    after: Final[str | None]

@final
class Emails(_Value):
    inside: Final[tuple[str, ...]]
    outside: Final[tuple[str, ...]]

@final
class Outcome(_Value):
    kind: Final[Literal["done", "not_done", "partly_done", "drifted"]]
    event: Final[str | None]
    duplicates: Final[tuple[str, ...]]
    error_kind: Final[str | None]
    message: Final[str | None]
    drift: Final[Drift | None]

@final
class Drift(_Value):
    theirs: Final[tuple[str, ...]]
    collisions: Final[tuple[str, ...]]
    is_gone: Final[bool]
    can_merge: Final[bool]

@final
class AuditRecord(_Value):
    number: Final[int]
    actor: Final[User | Agent | None]
    action: Final[str]
    approval: Final[str | None]
    summary: Final[str]
    at: Final[datetime]
    previous: Final[bytes]
    hash: Final[bytes]

@final
class ChainEnd:
    number: Final[int]
    hash: Final[bytes]

@final
class Slots(_Items[Slot]):
    has_more: Final[bool]
    unknown: Final[tuple[UnknownSpan, ...]]

@final
class Slot:
    start: Final[datetime]
    end: Final[datetime]
    is_known: Final[bool]
    reasons: Final[tuple[SlotReason, ...]]
    notes: Final[tuple[SlotNote, ...]]

@final
class SlotNote(_Value):
    who: Final[str]
    is_required: Final[bool]
    standing: Final[SlotStanding]

@final
class UnknownSpan:
    who: Final[str]
    start: Final[datetime]
    end: Final[datetime]
    why: Final[str]

@final
class Channel(_Value):
    id: Final[str]
    resource: Final[CalendarKey | AccountKey]
    resource_id: Final[str]
    expires_at: Final[datetime]
