"""Who is to meet, for how long and when."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from ._arguments import items
from ._native import WorkingHours


@dataclass(frozen=True, slots=True)
class Participant:
    """One who takes part.

    >>> Participant("bea@example.com", optional=True)
    Participant(who='bea@example.com', optional=True, working_hours=None)
    """

    #: The address of their calendar; `me` for the person who asks.
    who: str
    #: Whether they may stay away: slots at which they can come are better.
    optional: bool = False
    #: When they work: they must come only then. At any time by default.
    working_hours: WorkingHours | None = None

    def __post_init__(self) -> None:
        if not isinstance(self.working_hours, WorkingHours | None):
            raise TypeError(f"working_hours: must be a WorkingHours, not {type(self.working_hours).__name__}")

    @classmethod
    def of(cls, one: Participant | str) -> Participant:
        """One who must take part where only an address is given."""
        if isinstance(one, str):
            return cls(one)
        if not isinstance(one, cls):
            raise TypeError(f"participants: must hold str or Participant, not {type(one).__name__}")
        return one


@dataclass(frozen=True, slots=True)
class SlotQuery:
    """What the native half is asked."""

    start: date | datetime | str
    end: date | datetime | str
    time_zone: str | ZoneInfo | None
    duration: timedelta
    participants: list[Participant]
    step: timedelta
    buffer_before: timedelta
    buffer_after: timedelta
    overlook: str
    count_all_day: bool
    allow_unknown: bool
    overlapping: bool
    exclude: list[str]
    limit: int


def participants_of(participants: Iterable[Participant | str]) -> list[Participant]:
    """Each as a :class:`Participant`."""
    if isinstance(participants, Participant):
        participants = [participants]
    return [Participant.of(one) for one in items("participants", participants)]
