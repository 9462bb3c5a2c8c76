"""What comes through push channels."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, cast

from ._arguments import items

if TYPE_CHECKING:
    from ._native import AccountKey, CalendarKey, Disbelief

#: The headers of a request, as frameworks have them: a mapping, or pairs of name and value.
Headers = Mapping[str, str] | Iterable[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Received:
    """What :meth:`CalendarService.receive_webhook` made of a notification; nothing where Google only opened a channel."""

    #: What changed: a calendar, or an account whose list of calendars did. It is due from now on, whatever happens.
    resource: CalendarKey | AccountKey | None = None
    #: When a burst of notifications is over: :meth:`CalendarService.sync_resource` then asks Google once for it.
    sync_at: datetime | None = None
    #: Why it was ignored, and did nothing.
    ignored: Disbelief | None = None


def pairs(headers: Headers) -> list[tuple[str, str]]:
    """`headers` one by one."""
    if isinstance(headers, Mapping):
        # Pairs might be the keys of a mapping, too, for all that types know.
        return list(cast("Mapping[str, str]", headers).items())
    return items("headers", headers)
