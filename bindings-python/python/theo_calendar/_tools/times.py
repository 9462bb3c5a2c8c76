"""Times as a model reads and writes them: never an instant without its weekday and what the person's clock shows."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from .refusal import Refusal

#: What is said of an argument that is a time.
WORDS = (
    "A day (2026-01-08), a time on the person's clocks (2026-01-08T09:00), or an instant with its offset "
    "(2026-01-08T09:00:00+01:00)."
)

_YEARS = range(1900, 2201)
DAY = timedelta(days=1)


def shown(at: date | datetime, zone: ZoneInfo) -> dict[str, str]:
    """A day with its weekday; an instant with that, and with the time there.

    >>> shown(datetime(2026, 1, 8, 8, tzinfo=UTC), ZoneInfo("Europe/Berlin"))["local"]
    'Thu 2026-01-08 09:00'
    >>> shown(date(2026, 1, 8), ZoneInfo("Europe/Berlin"))
    {'date': '2026-01-08', 'weekday': 'Thursday'}
    """
    if not isinstance(at, datetime):
        return {"date": at.isoformat(), "weekday": weekday(at)}
    local = at.astimezone(zone)
    return {
        "at": local.isoformat(timespec="seconds"),
        "local": f"{weekday(local)[:3]} {local:%Y-%m-%d %H:%M}",
        "weekday": weekday(local),
        "time_zone": zone.key,
    }


def span(start: date | datetime | None, end: date | datetime | None, zone: ZoneInfo) -> dict[str, Any]:
    """From when until when. Of whole days the end is the last one, as people say it."""
    all_day = start is not None and not isinstance(start, datetime)
    if start is not None and end is not None and all_day:
        end = max(start, end - DAY)
    ends = {"start": start, "end": end}
    return {name: None if at is None else shown(at, zone) for name, at in ends.items()} | {"all_day": all_day}


def read(text: str, argument: str, zone: ZoneInfo) -> date | datetime:
    """The day or the instant that a model wrote; without an offset it is a time of `zone`."""
    try:
        at = date.fromisoformat(text) if len(text) == 10 else datetime.fromisoformat(text)
        if at.year not in _YEARS:
            raise ValueError(f"a year from {_YEARS[0]} to {_YEARS[-1]} is meant")
    except ValueError as error:
        raise Refusal(f"{argument}: {text[:100]!r} is no time ({error}). Write one of: {WORDS}") from None
    if not isinstance(at, datetime):
        return at
    # By way of UTC, so that a time which the clock skips becomes the one it shows instead.
    return (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC).astimezone(zone)


def after(end: date | datetime) -> date | datetime:
    """Where a span ends that ends with `end`: a day is part of it, an instant is not."""
    return end if isinstance(end, datetime) else end + DAY


def weekday(day: date) -> str:
    """Its name, whatever the machine's language is."""
    return ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")[day.weekday()]
