"""Small facts that the native half gives: each is a tuple with names."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from ._native import DuplicateReason


class TimeRange(NamedTuple):
    """A stretch of time: aware times, the first one in it, the second not."""

    start: datetime
    end: datetime


class Duplicate(NamedTuple):
    """The meeting of a conflict as it is seen elsewhere."""

    #: Its id there; of an occurrence of a series, its master's.
    event_id: str
    #: The calendar it is in there, where that was named.
    calendar_id: str | None
    #: The account it is seen through there, where that was named.
    account_id: str | None
    #: Why it is taken for the same.
    reason: DuplicateReason


class ScopeStatus(NamedTuple):
    """What a grant is good for."""

    #: Whether all calendars may be mirrored: their list and their events.
    has_read: bool
    #: Whether events may be changed.
    has_write: bool
    #: Whether settings may be read.
    has_settings: bool
    #: The scopes to ask the person for next.
    missing: tuple[str, ...]


for _class in (TimeRange, Duplicate, ScopeStatus):
    _class.__module__ = "theo_calendar"
