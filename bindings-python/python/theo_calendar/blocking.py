"""The service for hosts without an event loop: each call returns when it is done.

>>> from theo_calendar import StaticToken
>>> from theo_calendar.blocking import CalendarService
>>> with CalendarService.open(tokens=StaticToken("ya29.secret")) as service:
...     service.calendars("ada")
[]
"""

from __future__ import annotations

import asyncio
import functools
import os
import threading
from collections.abc import Awaitable, Callable, Iterator
from datetime import timedelta
from types import TracebackType
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar
from zoneinfo import ZoneInfo

from . import service
from ._native import Change
from ._options import Clock
from .errors import InvalidInputError

if TYPE_CHECKING:
    from . import tools

P = ParamSpec("P")
T = TypeVar("T")


class _Loop:
    """An event loop on a thread of its own."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._process = os.getpid()
        self._thread = threading.Thread(target=self._loop.run_forever, name="theo-calendar-blocking", daemon=True)
        self._thread.start()

    @property
    def is_open(self) -> bool:
        return self._thread.is_alive()

    def run(self, call: Callable[[], Awaitable[T]]) -> T:
        """What `call` gives. Interrupted, as by Ctrl-C, it is cancelled before the interrupt goes on."""
        if self._process != os.getpid():
            raise InvalidInputError("the service was opened before this process was forked: open one here")
        if not self.is_open:
            raise InvalidInputError("the service is closed: open another")
        tasks: list[asyncio.Task[T]] = []
        ended = threading.Event()

        async def awaited() -> T:
            return await call()

        def begin() -> None:
            tasks.append(self._loop.create_task(awaited()))
            tasks[0].add_done_callback(lambda _: ended.set())

        self._loop.call_soon_threadsafe(begin)
        try:
            ended.wait()
        except BaseException:
            self._loop.call_soon_threadsafe(lambda: tasks[0].cancel())
            ended.wait()
            raise
        return tasks[0].result()

    def close(self) -> None:
        self.run(self._cancelled)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _cancelled(self) -> None:
        """Ends what a function of the host's left running."""
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _blocking(
    method: Callable[Concatenate[service.CalendarService, P], Awaitable[T]],
) -> Callable[Concatenate[CalendarService, P], T]:
    @functools.wraps(method)
    def blocking(self: CalendarService, *arguments: P.args, **named: P.kwargs) -> T:
        return self._loop.run(lambda: method(self._service, *arguments, **named))

    return blocking


def _opening(open_: Callable[P, Awaitable[service.CalendarService]]) -> Callable[P, CalendarService]:
    @functools.wraps(open_)
    def opening(*arguments: P.args, **named: P.kwargs) -> CalendarService:
        loop = _Loop()
        try:
            return CalendarService(loop.run(lambda: open_(*arguments, **named)), loop)
        except BaseException:
            loop.close()
            raise

    return opening


class CalendarService:
    """:class:`theo_calendar.CalendarService`, whose calls return when they are done.

    They run on an event loop of its own, on a thread of its own; any threads may call beside each other. Functions of the
    host's (tokens, embedder, progress) run on that thread, asynchronous or not, and must not call the service themselves.
    """

    def __init__(self, opened: service.CalendarService, loop: _Loop) -> None:
        self._service = opened
        self._loop = loop

    open = staticmethod(_opening(service.CalendarService.open))

    def close(self) -> None:
        """Closes its connections, and ends its thread. Twice is as once."""
        if self._loop.is_open:
            self._loop.run(self._service.close)
            self._loop.close()

    def __enter__(self) -> CalendarService:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def changes(
        self, user: str, cursor: int = 0, *, poll: Callable[[], object] | None = None, page: int = 500
    ) -> Iterator[Change]:
        """As :meth:`theo_calendar.CalendarService.changes`; `poll` waits here: `lambda: time.sleep(5)`."""
        while True:
            feed = self._service.changes(user, cursor, page=page)
            while (change := self._loop.run(lambda: anext(feed, None))) is not None:
                cursor = change.cursor
                yield change
            if poll is None:
                return
            poll()

    def tools(
        self,
        user: str,
        *,
        agent: str,
        time_zone: str | ZoneInfo,
        expires_in: timedelta | None = None,
        clock: Clock | None = None,
    ) -> Tools:
        """As :meth:`theo_calendar.CalendarService.tools`."""
        made = self._service.tools(user, agent=agent, time_zone=time_zone, expires_in=expires_in, clock=clock)
        return Tools(made, self._loop)

    full_sync = _blocking(service.CalendarService.full_sync)
    incremental_sync = _blocking(service.CalendarService.incremental_sync)
    account_connected = _blocking(service.CalendarService.account_connected)
    store_grant = _blocking(service.CalendarService.store_grant)
    granted_accounts = _blocking(service.CalendarService.granted_accounts)
    delete_grant = _blocking(service.CalendarService.delete_grant)
    sync_status = _blocking(service.CalendarService.sync_status)
    calendars = _blocking(service.CalendarService.calendars)
    calendar = _blocking(service.CalendarService.calendar)
    set_calendar_settings = _blocking(service.CalendarService.set_calendar_settings)
    list_events = _blocking(service.CalendarService.list_events)
    event = _blocking(service.CalendarService.event)
    event_counts = _blocking(service.CalendarService.event_counts)
    search = _blocking(service.CalendarService.search)
    agenda = _blocking(service.CalendarService.agenda)
    detect_conflicts = _blocking(service.CalendarService.detect_conflicts)
    find_slots = _blocking(service.CalendarService.find_slots)
    request = _blocking(service.CalendarService.request)
    request_again = _blocking(service.CalendarService.request_again)
    decide = _blocking(service.CalendarService.decide)
    execute = _blocking(service.CalendarService.execute)
    approval = _blocking(service.CalendarService.approval)
    pending_approvals = _blocking(service.CalendarService.pending_approvals)
    audit = _blocking(service.CalendarService.audit)
    verify_audit = _blocking(service.CalendarService.verify_audit)
    receive_webhook = _blocking(service.CalendarService.receive_webhook)
    register_webhook = _blocking(service.CalendarService.register_webhook)
    sync_resource = _blocking(service.CalendarService.sync_resource)
    sync_due = _blocking(service.CalendarService.sync_due)
    renew_due = _blocking(service.CalendarService.renew_due)
    expire_due = _blocking(service.CalendarService.expire_due)
    reconcile_due = _blocking(service.CalendarService.reconcile_due)
    embed_due = _blocking(service.CalendarService.embed_due)
    drop_embeddings = _blocking(service.CalendarService.drop_embeddings)


class Tools:
    """:class:`theo_calendar.tools.Tools`, whose calls return when they are done."""

    def __init__(self, made: tools.Tools, loop: _Loop) -> None:
        self._tools = made
        self._loop = loop
        self.openai = made.openai
        self.anthropic = made.anthropic
        self.is_read_only = made.is_read_only
        self.instructions = made.instructions

    def call(self, name: str, arguments: Any = None) -> dict[str, Any]:
        """As :meth:`theo_calendar.tools.Tools.call`."""
        return self._loop.run(lambda: self._tools.call(name, arguments))

    def call_text(self, name: str, arguments: Any = None) -> str:
        """As :meth:`theo_calendar.tools.Tools.call_text`."""
        return self._loop.run(lambda: self._tools.call_text(name, arguments))
