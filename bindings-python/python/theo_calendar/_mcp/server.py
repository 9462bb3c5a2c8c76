"""The tools, served over the Model Context Protocol on standard input and output."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from importlib.metadata import version
from typing import Any

from mcp.server import Server, ServerRequestContext
from mcp.server.stdio import stdio_server
from mcp.types import (
    CallToolRequestParams,
    CallToolResult,
    ListToolsResult,
    PaginatedRequestParams,
    TextContent,
    Tool,
    ToolAnnotations,
)

from ..errors import CalendarError
from ..service import CalendarService
from ..tools import Tools
from .settings import Settings


async def serve(settings: Settings) -> None:
    """Serves until the other side ends. Answers wait for the first sync, and for no later one."""
    async with settings.opening() as service:
        tools = service.tools(settings.user, agent=settings.agent, time_zone=settings.time_zone)
        async with _synced(service, settings) as first_sync, stdio_server() as (read, write):
            server = _server(tools, first_sync)
            await server.run(read, write, server.create_initialization_options())


def _server(tools: Tools, ready: asyncio.Event) -> Server[Any]:
    async def list_tools(_: ServerRequestContext[Any], __: PaginatedRequestParams | None) -> ListToolsResult:
        return ListToolsResult(tools=[_tool(one, tools.is_read_only(one["name"])) for one in tools.anthropic()])

    async def call_tool(_: ServerRequestContext[Any], call: CallToolRequestParams) -> CallToolResult:
        await ready.wait()
        answer = await tools.call(call.name, call.arguments)
        text = json.dumps(answer, ensure_ascii=False, separators=(",", ":"))
        return CallToolResult(content=[TextContent(type="text", text=text)], is_error="error" in answer)

    return Server(
        "theo-calendar",
        version=version("theo-calendar"),
        # It is told once, and may be read days later.
        instructions=tools.instructions(tells_time=False),
        on_list_tools=list_tools,
        on_call_tool=call_tool,
    )


def _tool(definition: dict[str, Any], reads: bool) -> Tool:
    return Tool(
        name=definition["name"],
        description=definition["description"],
        input_schema=definition["input_schema"],
        # A proposal is a row in the host's own store, and takes nothing away.
        annotations=ToolAnnotations(
            read_only_hint=reads, destructive_hint=False, open_world_hint=definition["name"] == "find_slots"
        ),
    )


@asynccontextmanager
async def _synced(service: CalendarService, settings: Settings) -> AsyncGenerator[asyncio.Event, None]:
    """Keeps the mirror equal to Google meanwhile. The event is set when it was synced once, or could not be."""
    ready = asyncio.Event()
    if settings.sync_every is None:
        ready.set()
        yield ready
        return
    task = asyncio.create_task(_sync(service, settings, settings.sync_every, ready))
    try:
        yield ready
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def _sync(service: CalendarService, settings: Settings, every: float, ready: asyncio.Event) -> None:
    while True:
        try:
            report = await service.full_sync(settings.user, accounts=settings.accounts)
            for failure in report.failures:
                print(f"sync: {failure.message}", file=sys.stderr, flush=True)
        except CalendarError as error:
            print(f"sync: {error}", file=sys.stderr, flush=True)
        ready.set()
        await asyncio.sleep(every)
