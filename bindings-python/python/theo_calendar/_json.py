"""JSON that is handed to the native half: Google's own shapes, with Python's days and times in them."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any


def dumps(value: object, argument: str) -> str:
    """`value` as JSON; `argument` names it in errors."""
    try:
        return json.dumps(value, default=_google, allow_nan=False, ensure_ascii=False)
    except (TypeError, ValueError, RecursionError) as error:
        # A number that is none, a circle, or an object that has no JSON.
        raise type(error)(f"{argument}: {error}") from None


def _google(value: object) -> Any:
    if isinstance(value, datetime):
        return google_time(value)
    if isinstance(value, date):
        return {"date": value.isoformat()}
    to_google = getattr(value, "to_google", None)
    if to_google is not None:
        return to_google()
    raise TypeError(f"{value!r} is neither JSON nor a date, a datetime or an object of theo_calendar")


def google_time(value: datetime) -> dict[str, str]:
    """`value` as Google's `dateTime` with its offset, and its zone where that has an IANA name.

    >>> from zoneinfo import ZoneInfo
    >>> google_time(datetime(2025, 3, 28, 15, tzinfo=ZoneInfo("Europe/Berlin")))
    {'dateTime': '2025-03-28T15:00:00+01:00', 'timeZone': 'Europe/Berlin'}
    """
    if value.utcoffset() is None:
        raise ValueError(f"{value!r} has no time zone: give it one, such as tzinfo=ZoneInfo('Europe/Berlin')")
    time = {"dateTime": value.isoformat()}
    name = getattr(value.tzinfo, "key", None)
    if name is not None:
        time["timeZone"] = name
    return time
