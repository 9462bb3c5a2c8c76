"""What the stubs say of a field is what it holds: of every class, in objects that a service gave."""

import ast
import asyncio
import typing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from conftest import ADA, timed

import theo_calendar
from theo_calendar import (
    Agent,
    Approve,
    CalendarKey,
    ConflictPolicy,
    Create,
    Delete,
    Embedder,
    Participant,
    Respond,
    Update,
    User,
    WorkingHours,
    _native,
    expand,
    parse_events_page,
)

typeguard = pytest.importorskip("typeguard")

EVERY = typeguard.CollectionCheckStrategy.ALL_ITEMS
STUBS = sorted(Path(theo_calendar.__file__).parent.glob("_native*.pyi"))
NAMES = {
    **vars(typing),
    **vars(_native),
    **vars(theo_calendar),
    "date": date,
    "_date": date,
    "datetime": datetime,
    "timedelta": timedelta,
}
PRIMARY = CalendarKey("ada", ADA, "primary")
WINDOW = (datetime(2025, 3, 28, 8, tzinfo=UTC), datetime(2025, 3, 28, 20, tzinfo=UTC))
MEETING = timed("Meeting", "2025-03-28T15:30", "2025-03-28T16:30")
PARTY = timed(
    "Party",
    "2025-03-28T19:00",
    "2025-03-28T23:00",
    organizer={"email": "bea@example.com", "displayName": "Bea"},
    attendees=[{"email": ADA, "self": True, "responseStatus": "needsAction"}, {"email": "bea@example.com"}],
)


def fields_of_stubs():
    """By class, each field and what it is said to hold."""
    fields = {}
    for stub in STUBS:
        for node in ast.parse(stub.read_text()).body:
            if isinstance(node, ast.ClassDef):
                said = [line for line in node.body if isinstance(line, ast.AnnAssign)]
                fields[node.name] = {line.target.id: ast.unparse(line.annotation.slice) for line in said}
    return {getattr(_native, name): said for name, said in fields.items() if said}


FIELDS = fields_of_stubs()


def reached(thing, found):
    """Adds the class of every object that can be reached from `thing`, and checks its fields."""
    said = FIELDS.get(type(thing), {})
    if said:
        found.add(type(thing))
    for name, annotation in said.items():
        value = getattr(thing, name)
        try:
            typeguard.check_type(value, eval(annotation, NAMES), collection_check_strategy=EVERY)
        except typeguard.TypeCheckError as error:
            raise AssertionError(f"{type(thing).__name__}.{name} is said to be {annotation}: {error}") from None
        reached(value, found)
    if isinstance(thing, (tuple, list)) or (said and hasattr(thing, "__getitem__")):
        for item in thing:
            reached(item, found)
    for name in getattr(thing, "__dataclass_fields__", ()):
        reached(getattr(thing, name), found)
    return found


async def given(service, google):
    """One of everything that a service gives."""
    pages = [page async for page in service.full_sync("ada", accounts=[ADA])]
    yield pages
    google.control("faults", operation="events.list", kind="status", status=403, reason="forbidden", times=1)
    yield await service.full_sync("ada", force_refresh=True)
    yield await service.full_sync("ada")
    yield await service.sync_status("ada")
    yield await service.calendars("ada")
    events = {event.summary: event for event in await service.list_events("ada")}
    yield list(events.values())
    yield await service.embed_due()
    yield await service.search("ada", "dentist")
    yield await service.agenda("ada", date(2025, 3, 27), date(2025, 3, 30))
    yield [change async for change in service.changes("ada")]
    yield await service.detect_conflicts("ada", *WINDOW)
    people = ["me", Participant("nobody@example.com", optional=True)]
    yield await service.find_slots("ada", *WINDOW, timedelta(hours=1), participants=people, count_all_day=False)
    changes = [
        (Agent("theo", "ada"), Create(PRIMARY, MEETING)),
        (User("ada"), Update(events["Dentist"].key, {"location": "Elsewhere"})),
        (User("ada"), Update(events["Dentist"].key, {"location": "Nowhere"})),
        (User("ada"), Delete(events["Fair"].key)),
        (User("ada"), Respond(events["Party"].key, "accepted")),
    ]
    asked = [await service.request(by, action) for by, action in changes]
    for one in asked:
        await service.decide(User("ada"), one.id, Approve())
    yield [await service.execute("ada", one.id) for one in asked]
    yield await service.audit("ada")
    yield await service.verify_audit("ada")
    yield await service.register_webhook(PRIMARY)
    yield await service.sync_due()
    yield await service.renew_due()
    yield await service.expire_due()
    yield await service.reconcile_due()


def test_each_field_holds_what_its_stub_says(open_service, google):
    google.control("create-event", calendar=ADA, event=PARTY)

    async def job():
        found = set()
        embedder = Embedder(lambda texts: [[1.0, 0.0] for _ in texts], model="tiny", dimensions=2)
        async with open_service(embedder=embedder, webhooks="http://127.0.0.1:9/hook") as service:
            async for thing in given(service, google):
                reached(thing, found)
        return found

    found = asyncio.run(job())
    page = parse_events_page({"items": [PARTY | {"id": "party"}, {"id": 5}]})
    reached(page, found)
    reached(expand(page, *WINDOW), found)
    reached(WorkingHours.on_workdays("UTC", "09:00-17:00"), found)
    reached(ConflictPolicy(exclude="party"), found)
    assert {one.__name__ for one in FIELDS} - {one.__name__ for one in found} == set()
