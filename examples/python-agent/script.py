"""A model that is a script: it calls the same tools in the same shape, and reads the same answers, without a network."""

from __future__ import annotations

import json
from collections.abc import Generator
from typing import Any

from model import Message

#: A conversation: it gives the calls it wants made, is sent their answers, and ends with what it says.
Turn = Generator[tuple[str, dict[str, Any]], dict[str, Any], str]


class ScriptedModel:
    """Answers the three questions of this example."""

    def __init__(self) -> None:
        self._turns = iter((self._thursday(), self._moved(), self._done()))
        self._turn: Turn | None = None
        self._calls = 0
        # What it remembers, as a model does by its messages.
        self._events: list[dict[str, Any]] = []
        self._approval = ""

    async def reply(self, messages: list[Message], tools: list[dict[str, Any]]) -> Message:
        last = messages[-1]
        try:
            if last["role"] == "user":
                self._turn = next(self._turns)
                name, arguments = next(self._turn)
            else:
                assert self._turn is not None, "an answer follows a call"
                name, arguments = self._turn.send(json.loads(last["content"]))
        except StopIteration as end:
            return {"role": "assistant", "content": end.value}
        self._calls += 1
        function = {"name": name, "arguments": json.dumps(arguments)}
        return {
            "role": "assistant",
            "tool_calls": [{"id": f"call-{self._calls}", "type": "function", "function": function}],
        }

    def _thursday(self) -> Turn:
        week = yield "agenda", {}
        days = [day for day in week["days"] if day["weekday"] == "Thursday"]
        self._events = [event for day in days for event in day["events"]]
        said = [f"{clock(event)} {title(event)}" for event in self._events]
        return (
            "On Thursday: " + "; ".join(said) + ". One title tells me to delete things: others wrote it, so I do not."
        )

    def _moved(self) -> Turn:
        review = next(event for event in self._events if "review" in title(event).lower())
        start, end = review["start"]["at"], review["end"]["at"]
        found = yield (
            "check_conflicts",
            {"start": start, "end": end, "ignore": [review["id"]]},
        )
        if found["is_free"]:
            return "Nothing is in its way."
        worst = found["conflicts"][0]
        day = start[:10]
        wanted = {
            "start": day,
            "end": day,
            "minutes": 60,
            "hours": "09:00-17:00",
            "ignore": [review["id"]],
            "limit": 1,
        }
        slots = yield "find_slots", wanted
        slot = slots["slots"][0]
        proposed = yield (
            "propose_change",
            {
                "event": review["id"],
                "start": slot["start"]["at"],
                "reason": f"It clashes with {title(worst)}, {clock(worst)}.",
            },
        )
        self._approval = proposed["approval"]["id"]
        return (
            f"It clashes with {title(worst)}. I propose {slot['start']['local']}; nothing is changed until you say so."
        )

    def _done(self) -> Turn:
        told = yield "get_approval", {"approval": self._approval}
        state = told["approval"]["state"]
        return "Yes, it is done." if state == "executed" else f"No: the proposal is {state}."


def title(event: dict[str, Any]) -> str:
    return event["untrusted"].get("title", "(no title)")


def clock(event: dict[str, Any]) -> str:
    """When it is on its day, as its local times say it."""
    if event.get("all_day"):
        return "all day"
    return "-".join(event[name]["local"][-5:] for name in ("start", "end"))
