"""Ids as a model is given them: a calendar is `account/calendar`, and an event of it `account/calendar/event`.

They hold no user: whatever a model sends, it is looked up among the calendars of the one person it acts for.
"""

from __future__ import annotations

from urllib.parse import quote, unquote

from .._native import CalendarKey, EventKey
from .refusal import Refusal


def calendar_id(account: str, calendar: str) -> str:
    """The id of a calendar.

    >>> calendar_id("ada@example.com", "team@group.calendar.google.com")
    'ada@example.com/team@group.calendar.google.com'
    """
    return f"{quoted(account)}/{quoted(calendar)}"


def event_id(key: EventKey, event: str | None = None) -> str:
    """The id of an event, or of that occurrence of it."""
    return f"{calendar_id(key.account, key.calendar)}/{quoted(event or key.event)}"


def calendar_key(user: str, id: str, argument: str) -> CalendarKey:
    """Which calendar of `user` is meant."""
    account, calendar = _parts(id, 2, argument, "list_calendars gives them")
    return CalendarKey(user, account, calendar)


def event_key(user: str, id: str, argument: str) -> EventKey:
    """Which event of `user` is meant."""
    account, calendar, event = _parts(id, 3, argument, "agenda and search_events give them")
    return EventKey(user, account, calendar, event)


def _parts(id: str, count: int, argument: str, where: str) -> list[str]:
    parts = [unquote(part) for part in id.split("/")]
    if len(parts) != count or not all(parts):
        raise Refusal(f"{argument}: {id[:200]!r} is no id: {where}, to be copied as they are")
    return parts


def quoted(part: str) -> str:
    """One part of an id, as it stands between slashes."""
    return quote(part, safe="@:+,=!~")
