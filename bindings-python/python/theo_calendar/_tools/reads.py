"""The tools that read."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from .._native import ConflictPolicy, Event, EventKey, WorkingHours
from .._slots import Participant
from ..errors import InvalidInputError, NotFoundError
from . import shown
from .behalf import Behalf
from .definition import Answer, Arguments, Definition, Schema
from .ids import calendar_key, event_key
from .refusal import Refusal
from .times import DAY, WORDS, after, read, shown as time_shown
from .untrusted import NOTE, harmless, untrusted

_LONGEST = timedelta(days=92)
_CONFLICTS = 30
_USUAL_HOURS = "08:00-18:00"
_WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

EVENT: Schema = {"type": "string", "description": "The event's id, as agenda or search_events gave it."}
_START: Schema = {"type": "string", "description": f"From when on. {WORDS}"}
_END: Schema = {"type": "string", "description": f"Until when; a day is included. {WORDS}"}


_BUFFER: Schema = {
    "type": "integer",
    "minimum": 0,
    "maximum": 480,
    "description": "How much time is to be free before and after it; none where nothing is said.",
}
_IGNORE: Schema = {
    "type": "array",
    "items": {"type": "string"},
    "description": "Ids of events that are not in the way: those that are to be moved.",
}


def _limit(most: int, usual: int) -> Schema:
    description = f"How many at most; {usual} where nothing is said."
    return {"type": "integer", "minimum": 1, "maximum": most, "description": description}


async def _list_calendars(behalf: Behalf, _: Arguments) -> Answer:
    status = await behalf.service.sync_status(behalf.user)
    synced = status.last_sync_at
    return {
        "calendars": [shown.calendar(one) for one in await behalf.service.calendars(behalf.user)],
        "synced": None if synced is None else time_shown(synced, behalf.zone),
        "now": time_shown(behalf.now(), behalf.zone),
        **untrusted({"sync_problem": status.error}),
    }


async def _agenda(behalf: Behalf, given: Arguments) -> Answer:
    start = behalf.now().date() if given["start"] is None else read(given["start"], "start", behalf.zone)
    last = (start.date() if isinstance(start, datetime) else start) + 6 * DAY
    end = last if given["end"] is None else read(given["end"], "end", behalf.zone)
    window = _window(behalf, start, end)
    ids = given["calendars"]
    calendars = None if ids is None else [calendar_key(behalf.user, id, "calendars") for id in ids]
    agenda = await behalf.service.agenda(behalf.user, *window, time_zone=behalf.zone, calendars=calendars)
    most = int(given["limit"] or 50)
    days: list[Answer] = []
    told = all_items = 0
    for day in agenda:
        items = list(day)
        all_items += len(items)
        items = items[: most - told]
        told += len(items)
        if items:
            events = [shown.event(it.event, behalf.zone, id=it.event_id, start=it.start, end=it.end) for it in items]
            days.append({**time_shown(day.date, behalf.zone), "events": events})
    return {
        "days": days,
        "left_out": all_items - told,
        "is_complete": not agenda.truncated and not agenda.unreadable and told == all_items,
        "now": time_shown(behalf.now(), behalf.zone),
    }


async def _search_events(behalf: Behalf, given: Arguments) -> Answer:
    start, end = (given[name] and read(given[name], name, behalf.zone) for name in ("start", "end"))
    found = await behalf.service.search(
        behalf.user,
        given["query"],
        start=start,
        end=end and after(end),
        time_zone=behalf.zone,
        attendee=given["attendee"],
        limit=int(given["limit"] or 10),
    )
    return {
        "events": [shown.event(hit.event, behalf.zone) for hit in found],
        "found_by": "words and meaning" if found.model else "words",
    }


async def _get_event(behalf: Behalf, given: Arguments) -> Answer:
    event = await behalf.service.event(event_key(behalf.user, given["event"], "event"))
    return {"event": shown.whole_event(event, behalf.zone, series=await _series(behalf, event))}


async def _find_slots(behalf: Behalf, given: Arguments) -> Answer:
    window = _window(behalf, *(read(given[name], name, behalf.zone) for name in ("start", "end")))
    buffer = timedelta(minutes=int(given["buffer_minutes"] or 0))
    slots = await behalf.service.find_slots(
        behalf.user,
        *window,
        timedelta(minutes=int(given["minutes"])),
        participants=[Participant("me", working_hours=_hours(behalf, given)), *(given["participants"] or [])],
        time_zone=behalf.zone,
        buffer_before=buffer,
        buffer_after=buffer,
        exclude=_ignored(behalf, given),
        limit=int(given["limit"] or 5),
    )
    return {
        "slots": [
            {
                "start": time_shown(slot.start, behalf.zone),
                "end": time_shown(slot.end, behalf.zone),
                "everybody_is_known_to_be_free": slot.is_known,
                "reasons": [str(reason) for reason in slot.reasons],
                "not_simply_free": [
                    {"who": harmless(note.who, "email"), "must_come": note.is_required, "is": str(note.standing)}
                    for note in slot.notes
                ],
            }
            for slot in slots
        ],
        "has_more": slots.has_more,
        "unknown": [
            {
                "who": harmless(span.who, "email"),
                "start": time_shown(span.start, behalf.zone),
                "end": time_shown(span.end, behalf.zone),
                **untrusted({"why": span.why}),
            }
            for span in slots.unknown
        ],
    }


def _hours(behalf: Behalf, given: Arguments) -> WorkingHours:
    hours = given["hours"] or _USUAL_HOURS
    days = _WEEK if given["weekend"] else _WEEK[:5]
    try:
        return WorkingHours(behalf.zone, **dict.fromkeys(days, hours))
    except InvalidInputError as error:
        raise Refusal(f"hours: {hours!r} are none: write them as {_USUAL_HOURS} ({error})") from None


async def _check_conflicts(behalf: Behalf, given: Arguments) -> Answer:
    window = _window(behalf, *(read(given[name], name, behalf.zone) for name in ("start", "end")))
    found = await behalf.service.detect_conflicts(
        behalf.user, *window, time_zone=behalf.zone, policy=_policy(behalf, given)
    )
    return {
        "is_free": found.is_free,
        "is_complete": found.is_complete,
        "worst": None if found.worst is None else str(found.worst),
        "conflicts": [shown.conflict(one, behalf.zone) for one in found[:_CONFLICTS]],
        "left_out": max(0, len(found) - _CONFLICTS),
    }


def _policy(behalf: Behalf, given: Arguments) -> ConflictPolicy:
    buffer = timedelta(minutes=int(given["buffer_minutes"] or 0))
    return ConflictPolicy(buffer_before=buffer, buffer_after=buffer, exclude=_ignored(behalf, given))


def _ignored(behalf: Behalf, given: Arguments) -> list[str]:
    ids: list[str] = given["ignore"] or []
    return [event_key(behalf.user, id, "ignore").event for id in ids]


async def _pending_approvals(behalf: Behalf, _: Arguments) -> Answer:
    pending = await behalf.service.pending_approvals(behalf.user)
    return {
        "approvals": [shown.approval(one, behalf.zone) for one in pending[:20]],
        "left_out": max(0, len(pending) - 20),
    }


async def _get_approval(behalf: Behalf, given: Arguments) -> Answer:
    return {"approval": shown.approval(await behalf.service.approval(behalf.user, given["approval"]), behalf.zone)}


async def _series(behalf: Behalf, event: Event) -> Event | None:
    """The series it is an occurrence of, where that is mirrored."""
    if event.key is None or event.recurring_event_id is None:
        return None
    calendar = event.key.calendar_key
    try:
        return await behalf.service.event(
            EventKey(calendar.user, calendar.account, calendar.calendar, event.recurring_event_id)
        )
    except NotFoundError:
        return None


def _window(behalf: Behalf, start: date | datetime, end: date | datetime) -> tuple[date | datetime, date | datetime]:
    """What lies between them, where that is not too much for one answer."""
    midnight = datetime.min.time()
    begin, until = (
        at if isinstance(at, datetime) else datetime.combine(at, midnight, behalf.zone) for at in (start, after(end))
    )
    if until <= begin:
        raise Refusal("end: is not after start")
    if until - begin > _LONGEST:
        raise Refusal(f"end: is more than {_LONGEST.days} days after start: ask for less at once")
    return start, after(end)


READS = (
    Definition(
        "list_calendars",
        f"The person's calendars, of all their accounts, what time it is for them, and when their calendars were last "
        f"brought up to date. {NOTE}",
        {},
        (),
        _list_calendars,
    ),
    Definition(
        "agenda",
        f"What is in the person's calendars, day by day, each occurrence of a series by itself, and what time it is for "
        f"them. A day on which nothing happens is not there. {NOTE}",
        {
            "start": {**_START, "description": f"From when on; today where nothing is said. {WORDS}"},
            "end": {**_END, "description": f"Until when; a day is included. A week where nothing is said. {WORDS}"},
            "calendars": {
                "type": "array",
                "items": {"type": "string"},
                "description": "Only these, by the ids that list_calendars gives; else all that the person does not hide.",
            },
            "limit": _limit(200, 50),
        },
        (),
        _agenda,
    ),
    Definition(
        "search_events",
        f"Events that fit some words or a question, best first. Of a series it gives the whole; agenda gives the ids of "
        f"its occurrences. {NOTE}",
        {
            "query": {
                "type": "string",
                "description": "What to look for: words of a title, a place, a person, a topic.",
            },
            "start": _START,
            "end": _END,
            "attendee": {"type": "string", "description": "Only events with this address as organizer or guest."},
            "limit": _limit(30, 10),
        },
        ("query",),
        _search_events,
    ),
    Definition(
        "get_event",
        f"One event with its description, guests and their answers. {NOTE}",
        {"event": EVENT},
        ("event",),
        _get_event,
    ),
    Definition(
        "check_conflicts",
        f"What of the person's is in the way of a time, how badly (low, medium, high) and why. Free is only what is_free "
        f"says is free: with is_complete false not everything could be looked at. {NOTE}",
        {
            "start": _START,
            "end": _END,
            "buffer_minutes": _BUFFER,
            "ignore": _IGNORE,
        },
        ("start", "end"),
        _check_conflicts,
    ),
    Definition(
        "find_slots",
        f"Times at which the person, and others, have time for a meeting, best first. Unknown is not free: whose time is "
        f"not known is said. {NOTE}",
        {
            "start": _START,
            "end": _END,
            "minutes": {"type": "integer", "minimum": 1, "maximum": 1440, "description": "How long it is to last."},
            "participants": {
                "type": "array",
                "items": {"type": "string"},
                "description": "The addresses of others who must come; the person themselves always does.",
            },
            "hours": {
                "type": "string",
                "pattern": r"^\d\d:\d\d-\d\d:\d\d$",
                "description": f"Between which times of a day, for the person; {_USUAL_HOURS} where nothing is said.",
            },
            "weekend": {
                "type": "boolean",
                "description": "Whether Saturdays and Sundays will do; not where nothing is said.",
            },
            "buffer_minutes": _BUFFER,
            "ignore": _IGNORE,
            "limit": _limit(20, 5),
        },
        ("start", "end", "minutes"),
        _find_slots,
    ),
    Definition(
        "pending_approvals",
        f"The changes that wait for the person's decision, newest first. {NOTE}",
        {},
        (),
        _pending_approvals,
    ),
    Definition(
        "get_approval",
        f"Where a proposed change stands: whether the person approved it, and whether it is made. {NOTE}",
        {"approval": {"type": "string", "description": "The approval's id, as the proposal's answer gave it."}},
        ("approval",),
        _get_approval,
    ),
)
