"""Ids as a model is given them: a calendar is `account/calendar`, and an event of it `account/calendar/event`.

They hold no user: whatever a model sends, it is looked up among the calendars of the one person it acts for.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import quote, unquote

from .._native import CalendarKey, EventKey
from .refusal import Refusal

# Google's id of an occurrence is that of its series and when it was to start.
_OCCURRENCE = re.compile(r"(?P<series>.+)_(?P<at>\d{8})(?:T\d{6}Z)?", re.DOTALL)


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


def series_of(event: str) -> tuple[str, datetime] | None:
    """The series that an occurrence's id names, and the day on which it was to be; `None` where it names none.

    >>> series_of("standup_20250328T080000Z")
    ('standup', datetime.datetime(2025, 3, 28, 0, 0, tzinfo=datetime.timezone.utc))
    """
    found = _OCCURRENCE.fullmatch(event)
    try:
        return found and (found["series"], datetime.strptime(found["at"], "%Y%m%d").replace(tzinfo=UTC))
    except ValueError:  # 20251399 is no day.
        return None


#: How far an occurrence may lie from the day in its id: zones differ by less than a day and a bit.
NEARBY = timedelta(days=2)


def _parts(id: str, count: int, argument: str, where: str) -> list[str]:
    parts = [unquote(part) for part in id.split("/")]
    if len(parts) != count or not all(parts):
        raise Refusal(f"{argument}: {id[:200]!r} is no id: {where}, to be copied as they are")
    return parts


def quoted(part: str) -> str:
    """One part of an id, as it stands between slashes."""
    return quote(part, safe="@:+,=!~")
