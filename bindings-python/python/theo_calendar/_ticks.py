"""What the ticks did, and when each next wants to run."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from .errors import CalendarError

if TYPE_CHECKING:
    from ._native import AccountKey, Approval, CalendarKey, Channel, EventKey, SyncReport


@dataclass(frozen=True, slots=True)
class SyncTick:
    """What :meth:`CalendarService.sync_due` did."""

    #: What was due: calendars, and accounts whose lists of calendars were.
    resources: tuple[CalendarKey | AccountKey, ...]
    #: What came of it; what another worker was on is left out.
    report: SyncReport
    #: When to tick again: at once where more may be due.
    next_at: datetime


@dataclass(frozen=True, slots=True)
class ApprovalTick:
    """What :meth:`CalendarService.expire_due` or :meth:`CalendarService.reconcile_due` did."""

    #: The approvals it took a step of, as they now are.
    changed: tuple[Approval, ...]
    #: Ids of approvals it could not bring forward, and why; they are tried again.
    failed: tuple[tuple[str, CalendarError], ...]
    #: When to tick again.
    next_at: datetime


@dataclass(frozen=True, slots=True)
class EmbedTick:
    """What :meth:`CalendarService.embed_due` did."""

    #: Events that were embedded.
    embedded: int
    #: Events that changed, and whose text did not.
    unchanged: int
    #: Events whose text the model refused: passed over until it changes.
    refused: tuple[EventKey, ...]
    #: Users whose events could not be embedded, and why; tried again later, ever less often.
    failures: tuple[tuple[str, CalendarError], ...]
    #: When to tick again: at once where more is to be done.
    next_at: datetime


@dataclass(frozen=True, slots=True)
class RenewalTick:
    """What :meth:`CalendarService.renew_due` did."""

    #: The channels it opened.
    opened: tuple[Channel, ...]
    #: What Google refuses push for: it is polled.
    refused: tuple[CalendarKey | AccountKey, ...]
    #: What got no channel, and why; tried again later, and polled meanwhile.
    failed: tuple[tuple[CalendarKey | AccountKey, CalendarError], ...]
    #: When to tick again: at once where more may be due.
    next_at: datetime
