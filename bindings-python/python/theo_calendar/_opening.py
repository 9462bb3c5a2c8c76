"""What `CalendarService.open` gives: a service that is being opened."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Generator
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Any, Generic, Protocol, TypeVar

from . import _native
from ._arguments import told
from ._embedded import EmbeddedServer
from ._options import Options


class Closing(Protocol):
    """What ends when it is closed."""

    async def close(self) -> None: ...


Opened = TypeVar("Opened", bound=Closing)


class Opening(Generic[Opened]):
    """A service that is being opened: await it, or enter it with `async with`."""

    def __init__(
        self,
        service: Callable[[_native.Service, float, Callable[[], Awaitable[None]] | None], Opened],
        options: Options,
    ) -> None:
        self._new = service
        self._options = options
        self._service: Opened | None = None

    def __await__(self) -> Generator[Any, None, Opened]:
        return self._open().__await__()

    async def __aenter__(self) -> Opened:
        self._service = await self._open()
        return self._service

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._service is not None:
            await self._service.close()

    async def _open(self) -> Opened:
        options, stop = self._options, None
        if options.store.startswith("embedded:"):
            server = await asyncio.to_thread(EmbeddedServer.start, Path(options.store.removeprefix("embedded:")))
            options, stop = replace(options, store=server.url), server.stopped
        try:
            return self._new(await _opened(options), options.timeout, stop)
        except BaseException:
            if stop is not None:
                await stop()
            raise


def _opened(options: Options) -> Awaitable[_native.Service]:
    try:
        return _native.Service.open(options)
    except (TypeError, OverflowError) as error:
        raise told(error) from None
