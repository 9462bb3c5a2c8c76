"""For whom a tool runs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from .._native import Agent
from .._options import Clock

if TYPE_CHECKING:
    from ..service import CalendarService


@dataclass(frozen=True, slots=True)
class Behalf:
    """An agent that acts for one person, whatever a model sends it."""

    service: CalendarService
    #: Who asks, and for whom.
    agent: Agent
    #: On whose clocks times are told and meant.
    zone: ZoneInfo
    #: What time it is.
    clock: Clock
    #: How long the person has to decide; the service's own where none is said.
    expires_in: timedelta | None

    @property
    def user(self) -> str:
        """Whose calendars these are."""
        return self.agent.user

    def now(self) -> datetime:
        """What time it is there."""
        return self.clock().astimezone(self.zone)
