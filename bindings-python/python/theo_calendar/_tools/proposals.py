"""The tools that propose. None of them changes anything: each makes an approval for the person to decide."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from .._decisions import Action
from .._native import CalendarKey, Create, Delete, Event, Respond, Update
from ..errors import NotFoundError
from . import shown
from .behalf import Behalf
from .definition import Answer, Arguments, Definition, Schema
from .ids import calendar_key, event_key
from .reads import EVENT
from .refusal import Refusal
from .times import WORDS, after, read
from .untrusted import NOTE

_NEXT = (
    "Nothing has changed. It waits for the person, who alone can approve it; get_approval says when they did and what came "
    "of it."
)
_PROMISE = f"Changes nothing by itself: it makes a proposal that the person approves or rejects. {NOTE}"

_WHEN = f"{WORDS} For whole days write days, and the last one as the end."
_TEXT: Schema = {"type": "string"}
_ADDRESSES: Schema = {"type": "array", "items": {"type": "string", "pattern": r"^[^@\s]+@[^@\s]+$"}}
_SCOPE: Schema = {
    "type": "string",
    "enum": ["this", "this_and_following", "all"],
    "description": "How much of a series: this occurrence, it and all after it, or all. `this` where nothing is said.",
}
_UPDATES: Schema = {
    "type": "string",
    "enum": ["none", "externalOnly", "all"],
    "description": "Which guests Google emails about it. `none` where nothing is said.",
}
_REASON: Schema = {"type": "string", "description": "Why, in a sentence for the person who decides."}


async def _propose_event(behalf: Behalf, given: Arguments) -> Answer:
    start, end = (read(given[name], name, behalf.zone) for name in ("start", "end"))
    fields = {
        "summary": given["title"],
        "description": given["description"],
        "location": given["location"],
        "attendees": _guests(given["guests"]),
        "recurrence": given["recurrence"],
        **_span(start, end),
    }
    calendar = await _calendar(behalf, given["calendar"])
    draft = {name: value for name, value in fields.items() if value is not None}
    return await _proposed(behalf, Create(calendar, draft), given)


async def _propose_change(behalf: Behalf, given: Arguments) -> Answer:
    key = event_key(behalf.user, given["event"], "event")
    fields = {
        "summary": given["title"],
        "description": given["description"],
        "location": given["location"],
        "attendees": _guests(given["add_guests"]),
    }
    changes: dict[str, Any] = {name: value for name, value in fields.items() if value is not None}
    if given["start"] is not None or given["end"] is not None:
        changes |= _moved(given, await behalf.service.event(key), behalf.zone)
    changes |= dict.fromkeys(given["clear"] or [])
    if not changes and not given["remove_guests"]:
        raise Refusal("arguments: name at least one thing that is to change")
    update = Update(key, changes, scope=given["scope"] or "this", remove_attendees=given["remove_guests"])
    return await _proposed(behalf, update, given)


async def _propose_deletion(behalf: Behalf, given: Arguments) -> Answer:
    key = event_key(behalf.user, given["event"], "event")
    return await _proposed(behalf, Delete(key, scope=given["scope"] or "this"), given)


async def _propose_response(behalf: Behalf, given: Arguments) -> Answer:
    key = event_key(behalf.user, given["event"], "event")
    response = Respond(key, given["response"], comment=given["comment"], scope=given["scope"] or "this")
    return await _proposed(behalf, response, given)


async def _proposed(behalf: Behalf, action: Action, given: Arguments) -> Answer:
    updates = given["send_updates"] or "none"
    approval = await behalf.service.request(
        behalf.agent, action, send_updates=updates, reason=given["reason"], expires_in=behalf.expires_in
    )
    return {"approval": shown.approval(approval, behalf.zone), "next": _NEXT}


async def _calendar(behalf: Behalf, id: str | None) -> CalendarKey:
    if id is not None:
        return calendar_key(behalf.user, id, "calendar")
    for calendar in await behalf.service.calendars(behalf.user):
        if calendar.is_primary:
            return calendar.key
    raise NotFoundError("calendar: the person has no primary one: name another, as list_calendars gives them")


def _guests(addresses: list[str] | None) -> list[dict[str, str]] | None:
    return None if addresses is None else [{"email": address} for address in addresses]


def _span(start: date | datetime, end: date | datetime) -> dict[str, date | datetime]:
    if isinstance(start, datetime) != isinstance(end, datetime):
        raise Refusal("end: write it as start is written: both as days, or both as times")
    return {"start": start, "end": after(end)}


def _moved(given: Arguments, event: Event, zone: ZoneInfo) -> dict[str, date | datetime]:
    """When it is to be. Where only its start is named it lasts as long as before; it stays on the clocks it is on."""
    was_start, was_end = event.start, event.end
    start, end = (given[name] and read(given[name], name, zone) for name in ("start", "end"))
    if was_start is None or was_end is None:
        raise Refusal("event: it has no time that could be changed")
    if end is not None:
        times = _span(was_start if start is None else start, end)
    elif isinstance(start, datetime) and isinstance(was_start, datetime) and isinstance(was_end, datetime):
        # By way of UTC: it lasts as long as before, whatever the clocks do meanwhile.
        lasted = was_end.astimezone(UTC) - was_start.astimezone(UTC)
        times = {"start": start, "end": start.astimezone(UTC) + lasted}
    elif start is not None and not isinstance(start, datetime) and not isinstance(was_start, datetime):
        times = {"start": start, "end": start + timedelta(days=was_end.toordinal() - was_start.toordinal())}
    else:
        raise Refusal("end: is missing: name it where days become times, or times days")
    clocks = (event.start.tzinfo if isinstance(event.start, datetime) else None) or zone
    return {name: at.astimezone(clocks) if isinstance(at, datetime) else at for name, at in times.items()}


PROPOSALS = (
    Definition(
        "propose_event",
        f"Proposes a new event. {_PROMISE}",
        {
            "calendar": {
                "type": "string",
                "description": "In which calendar, as list_calendars gives it; the person's primary one where nothing is said.",
            },
            "title": {**_TEXT, "description": "Its title."},
            "start": {**_TEXT, "description": f"When it starts. {_WHEN}"},
            "end": {**_TEXT, "description": f"When it ends. {_WHEN}"},
            "location": {**_TEXT, "description": "Where it is."},
            "description": {**_TEXT, "description": "What it is about."},
            "guests": {**_ADDRESSES, "description": "The addresses of those to invite."},
            "recurrence": {
                "type": "array",
                "items": {"type": "string", "pattern": "^(RRULE|RDATE|EXDATE)[:;]"},
                "description": "Where it repeats: lines such as RRULE:FREQ=WEEKLY;COUNT=4.",
            },
            "send_updates": _UPDATES,
            "reason": _REASON,
        },
        ("title", "start", "end", "reason"),
        _propose_event,
        reads=False,
    ),
    Definition(
        "propose_change",
        f"Proposes to change or move an event; what is not named stays as it is. {_PROMISE}",
        {
            "event": EVENT,
            "title": {**_TEXT, "description": "A new title."},
            "start": {
                **_TEXT,
                "description": f"A new start. Without an end the event lasts as long as before. {_WHEN}",
            },
            "end": {**_TEXT, "description": f"A new end. {_WHEN}"},
            "location": {**_TEXT, "description": "A new place."},
            "description": {**_TEXT, "description": "A new description."},
            "clear": {
                "type": "array",
                "items": {"type": "string", "enum": ["location", "description"]},
                "description": "What is to be empty.",
            },
            "add_guests": {**_ADDRESSES, "description": "The addresses of those to invite too."},
            "remove_guests": {**_ADDRESSES, "description": "The addresses of those to take off."},
            "scope": _SCOPE,
            "send_updates": _UPDATES,
            "reason": _REASON,
        },
        ("event", "reason"),
        _propose_change,
        reads=False,
    ),
    Definition(
        "propose_deletion",
        f"Proposes to delete an event. {_PROMISE}",
        {"event": EVENT, "scope": _SCOPE, "send_updates": _UPDATES, "reason": _REASON},
        ("event", "reason"),
        _propose_deletion,
        reads=False,
    ),
    Definition(
        "propose_response",
        f"Proposes to answer an invitation for the person. {_PROMISE}",
        {
            "event": EVENT,
            "response": {"type": "string", "enum": ["accepted", "declined", "tentative"], "description": "The answer."},
            "comment": {**_TEXT, "description": "Words with it, for the organizer."},
            "scope": _SCOPE,
            "send_updates": _UPDATES,
            "reason": _REASON,
        },
        ("event", "response", "reason"),
        _propose_response,
        reads=False,
    ),
)
