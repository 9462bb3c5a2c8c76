"""Models that call tools, in the shape of OpenAI's chat completions."""

from __future__ import annotations

import asyncio
import json
import urllib.request
from typing import Any, Protocol

#: A message of a conversation, as JSON.
Message = dict[str, Any]


class Model(Protocol):
    """What answers."""

    async def reply(self, messages: list[Message], tools: list[dict[str, Any]]) -> Message:
        """The next message of the assistant: words, or calls of tools."""
        ...


class ChatModel:
    """A model behind any server that speaks OpenAI's chat completions."""

    def __init__(self, url: str, name: str, key: str | None) -> None:
        self._url = f"{url.rstrip('/')}/chat/completions"
        self._name = name
        self._key = key

    async def reply(self, messages: list[Message], tools: list[dict[str, Any]]) -> Message:
        return await asyncio.to_thread(self._sent, {"model": self._name, "messages": messages, "tools": tools})

    def _sent(self, body: dict[str, Any]) -> Message:
        headers = {"Content-Type": "application/json"}
        if self._key:
            headers["Authorization"] = f"Bearer {self._key}"
        request = urllib.request.Request(self._url, json.dumps(body).encode(), headers)
        with urllib.request.urlopen(request, timeout=120) as answer:
            return json.load(answer)["choices"][0]["message"]
