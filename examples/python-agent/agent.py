"""The loop: a model is asked until it has nothing more to look up."""

from __future__ import annotations

import json
from typing import Any

from model import Message, Model

from theo_calendar.tools import Tools

#: How often a model may call tools for one question: one that goes round in circles is stopped.
ROUNDS = 12


async def converse(model: Model, tools: Tools, messages: list[Message]) -> str:
    """What the model says to the last message, after it called the tools it wanted. `messages` grows by all of it."""
    definitions = tools.openai()
    for _ in range(ROUNDS):
        message = await model.reply(messages, definitions)
        messages.append(message)
        calls: list[dict[str, Any]] = message.get("tool_calls") or []
        if not calls:
            return str(message.get("content") or "")
        for call in calls:
            function = call["function"]
            print(f"  {function['name']} {told(function['arguments'])}")
            answer = await tools.call_text(function["name"], function["arguments"])
            messages.append({"role": "tool", "tool_call_id": call["id"], "content": answer})
    return "I looked up too much and found no end; please ask for less at once."


def told(arguments: str) -> str:
    """The arguments of a call for the terminal, without those that say nothing."""
    try:
        given = json.loads(arguments or "{}")
        return json.dumps({name: value for name, value in given.items() if value is not None})
    except (AttributeError, ValueError):
        return json.dumps(arguments)
