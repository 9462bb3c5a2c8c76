"""Functions of the host's, as the native half has them called."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable
from typing import Any, Protocol


class Reply(Protocol):
    """Who waits for it."""

    def begun(self, task: asyncio.Task[Any]) -> None: ...
    def done(self, task: asyncio.Task[Any]) -> None: ...


def start(function: Callable[..., Any], arguments: tuple[Any, ...], reply: Reply) -> None:
    """Calls `function`, awaits what it gives where that can be awaited, and tells `reply`. Runs in the event loop."""
    task = asyncio.get_running_loop().create_task(call(function, *arguments))
    reply.begun(task)
    task.add_done_callback(reply.done)


async def call(function: Callable[..., Any], *arguments: Any) -> Any:
    """What `function` gives, be it asynchronous or not."""
    given = function(*arguments)
    return await given if inspect.isawaitable(given) else given
