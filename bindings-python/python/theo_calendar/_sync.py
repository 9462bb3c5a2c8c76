"""A sync while it runs."""

from __future__ import annotations

import asyncio
import builtins
from collections.abc import AsyncIterator, Awaitable, Callable, Generator
from typing import Any

from ._callbacks import call
from ._native import SyncProgress, SyncReport
from .errors import TimeoutError

#: Told of each page, in the event loop; may be asynchronous.
ProgressFunction = Callable[[SyncProgress], Awaitable[object] | object]

#: Begins a sync that tells a function of each page, and of nothing when it let go of everything.
Begin = Callable[[Callable[[SyncProgress | None], object]], Awaitable[SyncReport]]


class SyncRun:
    """A sync: await it for its report, or iterate over it for its pages first.

    It begins with the first of either. A task that is cancelled while it awaits it stops it, and the next sync goes on
    after the last page stored. Who leaves the iteration early lets it go on, until it is awaited or :meth:`cancel`\\ ed.

    >>> import asyncio
    >>> async def example(service):
    ...     run = service.full_sync("ada", accounts=["ada@example.com"])
    ...     async for page in run:
    ...         print(f"{page.title}: {page.items} events so far")
    ...     return await run
    """

    def __init__(self, begin: Begin, on_progress: ProgressFunction | None, patience: float) -> None:
        self._begin = begin
        self._on_progress = on_progress
        self._patience = patience
        self._pages: asyncio.Queue[SyncProgress | None] = asyncio.Queue()
        self._task: asyncio.Task[SyncReport] | None = None

    def __await__(self) -> Generator[Any, None, SyncReport]:
        return self._report().__await__()

    async def __aiter__(self) -> AsyncIterator[SyncProgress]:
        task = self._started()
        task.add_done_callback(lambda _: self._pages.put_nowait(None))
        try:
            while (page := await self._pages.get()) is not None:
                if self._on_progress is not None:
                    await self._tell(self._on_progress, page)
                yield page
            await task
        except GeneratorExit:
            raise
        except BaseException:
            await self._stopped(task)
            raise

    def cancel(self) -> None:
        """Stops it: the next sync goes on after the last page stored."""
        if self._task is not None:
            self._task.cancel()

    async def _stopped(self, task: asyncio.Task[SyncReport]) -> None:
        task.cancel()
        await asyncio.wait([task])

    async def _report(self) -> SyncReport:
        if self._on_progress is not None:
            async for _ in self:
                pass
        return await self._started()

    def _started(self) -> asyncio.Task[SyncReport]:
        if self._task is None:
            self._task = asyncio.get_running_loop().create_task(self._run())
        return self._task

    async def _run(self) -> SyncReport:
        loop, ended = asyncio.get_running_loop(), asyncio.Event()

        def told(page: SyncProgress | None) -> None:
            if page is None:
                ended.set()
            else:
                self._pages.put_nowait(page)

        try:
            return await self._begin(lambda page: loop.call_soon_threadsafe(told, page))
        except asyncio.CancelledError:
            # Until then another sync would find the calendar taken.
            await ended.wait()
            raise

    async def _tell(self, on_progress: ProgressFunction, page: SyncProgress) -> None:
        patience = asyncio.timeout(self._patience)
        try:
            async with patience:
                await call(on_progress, page)
        except builtins.TimeoutError:
            if not patience.expired():
                raise
            raise TimeoutError(f"on_progress gave nothing within {self._patience:g} seconds") from None
